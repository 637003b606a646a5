package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/store/exchange/tabular"
	"opsdeck/ui/kit"
)

// The formats of -o.
const (
	asTable  = "table"
	asCSV    = "csv"
	asJSON   = "json"
	asNDJSON = "ndjson"
	asIDs    = "ids"
	asMD     = "md"
	asText   = "text"
)

// outputFlag adds -o with the formats that a verb has; the first is the default.
func outputFlag(c *cobra.Command, formats ...string) *string {
	f := &format{value: formats[0], allowed: formats}
	c.Flags().VarP(f, "output", "o", "`format`: "+strings.Join(formats, ", "))
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
	return &f.value
}

// format is the value of -o; it refuses formats that the verb does not have.
type format struct {
	value   string
	allowed []string
}

// String implements pflag.Value.
func (f *format) String() string { return f.value }

// Type implements pflag.Value.
func (f *format) Type() string { return "format" }

// Set implements pflag.Value.
func (f *format) Set(s string) error {
	for _, a := range f.allowed {
		if s == a {
			f.value = s
			return nil
		}
	}
	return fmt.Errorf("there is %s", listed(f.allowed))
}

// printer writes lines in one of the formats.
type printer interface {
	row(id string, cells []cell) error
	end() error
}

func (a *app) printer(format string, cols []column) (printer, error) {
	switch format {
	case asCSV:
		names := make([]string, len(cols))
		for i, c := range cols {
			names[i] = c.name
		}
		w, err := tabular.NewWriter(tabular.FormatDelimited, a.out, names, tabular.WriteOptions{})
		return &csvPrinter{w: w, app: a, clean: a.toTerminal()}, err
	case asJSON:
		return &jsonPrinter{w: a.out, cols: cols, array: true}, nil
	case asNDJSON:
		return &jsonPrinter{w: a.out, cols: cols}, nil
	case asIDs:
		return idPrinter{a.out}, nil
	}
	return &tablePrinter{w: a.out, cols: cols}, nil
}

type idPrinter struct{ w io.Writer }

func (p idPrinter) row(id string, _ []cell) error {
	_, err := fmt.Fprintln(p.w, id)
	return err
}

func (p idPrinter) end() error { return nil }

// csvPrinter writes RFC 4180 and tells of the cells that a spreadsheet would have run.
type csvPrinter struct {
	w     tabular.Writer
	app   *app
	clean bool // into a terminal
	cells []tabular.Value
}

func (p *csvPrinter) row(_ string, cells []cell) error {
	p.cells = p.cells[:0]
	for _, c := range cells {
		text := c.text
		if p.clean {
			text = kit.Clean(text)
		}
		p.cells = append(p.cells, tabular.Text(text))
	}
	return p.w.Write(p.cells)
}

func (p *csvPrinter) end() error {
	if err := p.w.Close(); err != nil {
		return err
	}
	p.app.sayDefused(p.w.Report())
	return nil
}

// sayDefused tells which cells got an apostrophe, so that a spreadsheet does not run them.
func (a *app) sayDefused(r tabular.Report) {
	n := r.Counts[tabular.ChangedFormula]
	if n == 0 {
		return
	}
	var where []string
	for _, c := range r.Changes {
		if c.Why == tabular.ChangedFormula && len(where) < 5 {
			where = append(where, fmt.Sprintf("row %d %s", c.Row, c.Column))
		}
	}
	more := ""
	if n > len(where) {
		more = fmt.Sprintf(" and %d more", n-len(where))
	}
	a.say("a spreadsheet would run these cells, so they got an apostrophe: %s%s", strings.Join(where, ", "), more)
}

// widestCell keeps one long text from pushing the other columns out of sight; csv and json have it all.
const widestCell = 48

// tablePrinter aligns columns for people.
type tablePrinter struct {
	w    *bufio.Writer
	cols []column
	rows [][]string
}

func (p *tablePrinter) row(_ string, cells []cell) error {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = kit.Truncate(kit.Clean(c.text), widestCell)
	}
	p.rows = append(p.rows, out)
	return nil
}

func (p *tablePrinter) end() error {
	widths := make([]int, len(p.cols))
	head := make([]string, len(p.cols))
	for i, c := range p.cols {
		head[i] = kit.Clean(c.label)
		widths[i] = kit.Width(head[i])
	}
	for _, row := range p.rows {
		for i, text := range row {
			widths[i] = max(widths[i], kit.Width(text))
		}
	}
	err := p.print(head, widths)
	for _, row := range p.rows {
		if err != nil {
			break
		}
		err = p.print(row, widths)
	}
	return err
}

func (p *tablePrinter) print(row []string, widths []int) error {
	var b strings.Builder
	for i, text := range row {
		if i > 0 {
			b.WriteString("  ")
		}
		if p.cols[i].right {
			b.WriteString(kit.PadLeft(text, widths[i]))
		} else {
			b.WriteString(kit.PadRight(text, widths[i]))
		}
	}
	_, err := fmt.Fprintln(p.w, strings.TrimRight(b.String(), " "))
	return err
}
