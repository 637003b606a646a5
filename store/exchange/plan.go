package exchange

import (
	"encoding/json"
	"fmt"
	"strings"

	"opsdeck/model"
)

// Result is what happens to one source row.
type Result uint8

// The results. Every row has exactly one; a suspected duplicate is created and listed besides.
const (
	Created Result = 1 + iota
	Updated
	Same     // the book has all that the row says
	Conflict // the file says two things under one key, or the book's identities forbid it
	Failed   // the row cannot be read or does not fit; it comes back with its reason
)

// String names the result as the dry run shows it.
func (r Result) String() string {
	return [...]string{"", "create", "update", "same", "conflict", "error"}[r%6]
}

// Verdict is what the plan does with one source row and why.
type Verdict struct {
	Result Result
	Line   int    // 1-based line in the file; the sheet row of a workbook, the record of JSON
	Table  string // file, or file#sheet
	Kind   model.Kind
	ID     model.ID // the record that the row is about; zero for rows that failed
	Column string   // the column that a failure or a conflict is about
	Reason string   // of a conflict or failure, or something worth noting
	// Changes are the differences that the row makes to a record that was there: From is what the
	// book has now. Created records have none; Plan.Record shows them.
	Changes []model.Change
}

// Suspect is a record that the plan creates although it may be another one.
type Suspect struct {
	Line       int
	Table      string
	Kind       model.Kind
	ID         model.ID // of the new record
	Title      string
	Other      model.ID // of the record that it may be
	OtherTitle string
	InFile     bool // the other one is new too
	Reason     string
}

// Stub is a customer that the plan makes because a row points at it.
type Stub struct {
	ID   model.ID
	Name string
	Key  string // what the source calls it
	Line int    // the first row that points at it
}

// Column tells what becomes of one column of the file.
type Column struct {
	Name string
	To   []string // fields; custom fields begin with "x.", empty when the column is left out
	Kind string   // what the values look like
	From string   // who says so: "map", "saved", "preset", "name", or nothing for custom fields
	// Samples are the first few different values, shortened.
	Samples []string
}

// Table tells how one table of the file was read.
type Table struct {
	Name      string // as in Verdict.Table
	Format    string // one of the formats of tabular
	Encoding  string // empty where the format has none of its own
	Delimiter rune   // zero where there is none
	Rows      int
}

// Plan is what an import would do. It has written nothing yet.
type Plan struct {
	File      string // base name
	Kind      model.Kind
	Source    string
	Preset    string // empty when no known header fits
	Signature string // of the header
	Columns   []Column
	Verdicts  []Verdict // one for each source row, in the order of the file
	Suspects  []Suspect
	Stubs     []Stub
	Warnings  []string
	Tables    []Table // how the file was read; none for a book file
	Left      int     // rows that Options.Leave left out

	records []*planned
	byID    map[model.ID]*model.Record // made when it is first asked for
	refused refused
}

// Summary is the answer of an import, in the order in which it is written. Counts are of source
// rows: rows = created + updated + same + conflicts + errors. Duplicates are suspected ones, which
// are created and so counted there too; stubs are records, not rows.
type Summary struct {
	Batch      string `json:"batch"` // empty when nothing was changed, or nothing yet
	Kind       string `json:"kind"`
	Source     string `json:"source"`
	Rows       int    `json:"rows"`
	Created    int    `json:"created"`
	Updated    int    `json:"updated"`
	Same       int    `json:"same"`
	Conflicts  int    `json:"conflicts"`
	Duplicates int    `json:"duplicates"`
	Errors     int    `json:"errors"`
	File       string `json:"file"`
	Stubs      int    `json:"stubs"`
}

// Summary counts the plan's verdicts. Batch is the id under which the plan was applied, zero for a
// dry run.
func (p *Plan) Summary(batch model.ID) Summary {
	s := Summary{
		Batch: batch.String(), Kind: plural(p.Kind), Source: p.Source, File: p.File,
		Rows: len(p.Verdicts), Duplicates: len(p.Suspects), Stubs: len(p.Stubs),
	}
	for i := range p.Verdicts {
		switch p.Verdicts[i].Result {
		case Created:
			s.Created++
		case Updated:
			s.Updated++
		case Same:
			s.Same++
		case Conflict:
			s.Conflicts++
		case Failed:
			s.Errors++
		}
	}
	return s
}

// String writes the summary as one line of JSON.
func (s Summary) String() string {
	b, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// plural names a kind; a file of several kinds is a book.
func plural(k model.Kind) string {
	if s := model.SchemaOf(k); s != nil {
		return s.Plural
	}
	return "book"
}

// Changes tells whether applying the plan would change the book at all.
func (p *Plan) Changes() bool { return len(p.records) > 0 }

// Complete tells whether every row can be applied: no errors and no conflicts.
func (p *Plan) Complete() bool {
	for i := range p.Verdicts {
		if r := p.Verdicts[i].Result; r == Failed || r == Conflict {
			return false
		}
	}
	return true
}

// Record shows a record as it will be when the plan is applied, nil when the plan leaves it alone.
func (p *Plan) Record(id model.ID) *model.Record {
	if p.byID == nil {
		p.byID = make(map[model.ID]*model.Record, len(p.records))
		for _, r := range p.records {
			p.byID[r.id] = r.after
		}
	}
	return p.byID[id]
}

// ops turns the records into changes, in the order of their rows.
func (p *Plan) ops() []model.Op {
	ops := make([]model.Op, 0, len(p.records))
	for _, r := range p.records {
		if r.before == nil {
			ops = append(ops, model.CreateOp(r.after))
		} else if op, ok := model.UpdateOp(r.before, r.after); ok {
			ops = append(ops, op)
		}
	}
	return ops
}

// Step turns the plan into the one step that applies it. A plan that changes nothing gives a step
// without ops, which the caller need not do. When somebody changes one of the records between planning
// and doing, the book refuses the step, and the file has to be planned again.
func (p *Plan) Step(actor string, batch model.ID) model.Step {
	s := p.Summary(batch)
	counts := map[string]int{
		"rows": s.Rows, "created": s.Created, "updated": s.Updated, "same": s.Same,
		"conflicts": s.Conflicts, "duplicates": s.Duplicates, "errors": s.Errors, "stubs": s.Stubs,
	}
	return model.Step{
		ID: batch, Actor: actor, Kind: model.Import, Ops: p.ops(), Counts: counts, Source: p.Source, Target: s.Kind,
		Label: fmt.Sprintf("import of %s from %s", p.made(), p.File),
	}
}

// made counts the records that the plan makes or changes, kind by kind and the rows' own kind first: it
// is these that undo takes back, and not the rows. What the book remembers of the columns goes along and
// is named only where it is all.
func (p *Plan) made() string {
	counts := map[model.Kind]int{}
	order := []model.Kind{p.Kind}
	for _, r := range p.records {
		if r.kind != model.Mapping && r.kind != p.Kind && counts[r.kind] == 0 {
			order = append(order, r.kind)
		}
		counts[r.kind]++
	}
	const most = 3
	var parts []string
	for _, k := range order {
		if counts[k] > 0 {
			parts = append(parts, counted(counts[k], k))
		}
	}
	switch {
	case len(parts) == 0:
		return "a mapping"
	case len(parts) > most:
		return fmt.Sprintf("%d records", len(p.records)-counts[model.Mapping])
	}
	return strings.Join(parts, ", ")
}

// counted writes "1 customer", "500 customers", "25000 rows of usage".
func counted(n int, k model.Kind) string {
	s := model.SchemaOf(k)
	switch {
	case s == nil:
		return fmt.Sprintf("%d rows", n)
	case s.Name == s.Plural:
		return fmt.Sprintf("%d rows of %s", n, s.Plural)
	case n == 1:
		return "1 " + s.Name
	}
	return fmt.Sprintf("%d %s", n, s.Plural)
}
