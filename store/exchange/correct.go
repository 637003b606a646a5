package exchange

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"opsdeck/store/exchange/tabular"
)

// RowRef names a row of a file. Line counts as Verdict.Line does; Table is the row's table as
// Verdict.Table writes it, or a sheet's name alone, or empty for every table of the file.
type RowRef struct {
	Table string
	Line  int
}

// Fix is what a cell should have said. Column is a name of the header, or "#3" for the third column,
// which tells columns with the same name apart.
type Fix struct {
	Row    RowRef
	Column string
	Value  string
}

// ParseRows reads rows to leave out: "12,30-32" or "Sheet2#12".
func ParseRows(text string) ([]RowRef, error) {
	var out []RowRef
	for part := range strings.SplitSeq(text, ",") {
		table, lines := splitTable(strings.TrimSpace(part))
		first, last, ranged := strings.Cut(lines, "-")
		from, err := strconv.Atoi(first)
		to := from
		if ranged && err == nil {
			to, err = strconv.Atoi(last)
		}
		const most = 1_000_000
		if err != nil || from < 1 || to < from || to-from >= most {
			return nil, &UsageError{Flag: "--leave", Err: fmt.Errorf("%q is no line; write lines as in 12,30-32", part)}
		}
		for n := from; n <= to; n++ {
			out = append(out, RowRef{table, n})
		}
	}
	return out, nil
}

// ParseFix reads "12:amount=100" or "Sheet2#12:amount=100".
func ParseFix(text string) (Fix, error) {
	row, rest, ok := strings.Cut(text, ":")
	column, value, named := strings.Cut(rest, "=")
	table, digits := splitTable(strings.TrimSpace(row))
	line, err := strconv.Atoi(digits)
	if !ok || !named || err != nil || line < 1 || strings.TrimSpace(column) == "" {
		return Fix{}, &UsageError{Flag: "--fix", Err: fmt.Errorf("%q is not LINE:COLUMN=VALUE", text)}
	}
	return Fix{RowRef{table, line}, strings.TrimSpace(column), value}, nil
}

func splitTable(text string) (table, rest string) {
	if i := strings.LastIndex(text, "#"); i >= 0 {
		return text[:i], text[i+1:]
	}
	return "", text
}

// names tells whether the row of a table is meant.
func (r RowRef) names(table string, line int) bool {
	if r.Line != line {
		return false
	}
	_, sheet, _ := strings.Cut(table, "#")
	return r.Table == "" || r.Table == table || sheet != "" && r.Table == sheet
}

// corrections are what a person has said about single rows, by line.
type corrections struct {
	leave map[int][]RowRef
	fixes map[int][]Fix
	done  map[int]bool // lines that were found
}

func (o Options) corrections() corrections {
	c := corrections{map[int][]RowRef{}, map[int][]Fix{}, map[int]bool{}}
	for _, r := range o.Leave {
		c.leave[r.Line] = append(c.leave[r.Line], r)
	}
	for _, f := range o.Fixes {
		c.fixes[f.Row.Line] = append(c.fixes[f.Row.Line], f)
	}
	return c
}

// apply corrects a row; keep is false for one to leave out. A row that is corrected is a copy.
func (c corrections) apply(file string, t *rawTable, row tabular.Row) (out tabular.Row, keep bool, err error) {
	if slices.ContainsFunc(c.leave[row.Line], func(r RowRef) bool { return r.names(t.name, row.Line) }) {
		c.done[row.Line] = true
		return row, false, nil
	}
	copied := false
	for _, f := range c.fixes[row.Line] {
		if !f.Row.names(t.name, row.Line) {
			continue
		}
		at, err := columnAt(t.header, f.Column)
		if err != nil {
			return row, true, &UsageError{File: file, Flag: "--fix", Column: f.Column, Err: err}
		}
		if !copied {
			row.Cells, row.Null, row.Types = slices.Clone(row.Cells), slices.Clone(row.Null), slices.Clone(row.Types)
			copied, c.done[row.Line] = true, true
		}
		row.Cells[at] = f.Value
		if at < len(row.Null) {
			row.Null[at] = false
		}
		if at < len(row.Types) {
			row.Types[at] = tabular.Untyped
		}
		if errors.Is(row.Problem, tabular.ErrErrorCell) {
			row.Problem = nil
		}
	}
	return row, true, nil
}

// unused warns of lines that were corrected and are not in the file.
func (c corrections) unused() []string {
	var lines []int
	for _, said := range []iter.Seq[int]{maps.Keys(c.leave), maps.Keys(c.fixes)} {
		for line := range said {
			if !c.done[line] && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	slices.Sort(lines)
	const most = 5
	var out []string
	for i, line := range lines {
		if i == most {
			return append(out, fmt.Sprintf("%d more lines that were corrected are not in the file", len(lines)-most))
		}
		out = append(out, fmt.Sprintf("line %d was corrected, and no row begins there", line))
	}
	return out
}

// columnAt finds the column of a fix.
func columnAt(header []string, name string) (int, error) {
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= len(header) {
			return n - 1, nil
		}
	}
	for i, h := range header {
		if strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%q: %w; it has %s", name, errNoColumn, listed(header))
}

// mostSamples is how many values of a column are kept to be shown.
const mostSamples = 3

// longestSample bounds a sample, in characters.
const longestSample = 60

// sample keeps the first different values of each column.
func (t *rawTable) sample(row tabular.Row) {
	for i := range t.header {
		if len(t.samples[i]) == mostSamples || row.IsNull(i) || tabular.IsEmpty(row.Cells[i]) {
			continue
		}
		if text := clip(strings.TrimSpace(row.Cells[i]), longestSample); !slices.Contains(t.samples[i], text) {
			t.samples[i] = append(t.samples[i], text)
		}
	}
}
