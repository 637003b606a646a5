package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

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
		return &csvPrinter{w: w, app: a, clean: isTerminal(a.Stdout)}, err
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

// jsonPrinter writes one object to a line, in an array or one after the other.
type jsonPrinter struct {
	w     *bufio.Writer
	cols  []column
	array bool
	rows  int
}

func (p *jsonPrinter) row(_ string, cells []cell) error {
	obj := make(object, len(cells))
	for i, c := range cells {
		obj[i] = member{p.cols[i].name, c.json}
	}
	return p.object(obj)
}

func (p *jsonPrinter) object(obj any) error {
	line, err := encode(obj)
	if err != nil {
		return err
	}
	lead := ""
	if p.array {
		lead = ",\n "
		if p.rows == 0 {
			lead = "[\n "
		}
	} else {
		line = append(line, '\n')
	}
	p.rows++
	_, _ = p.w.WriteString(lead)
	_, err = p.w.Write(line)
	return err
}

func (p *jsonPrinter) end() error {
	if !p.array {
		return nil
	}
	text := "\n]\n"
	if p.rows == 0 {
		text = "[]\n"
	}
	_, err := p.w.WriteString(text)
	return err
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range []any{m.name, m.value} {
			if j > 0 {
				b.WriteByte(':')
			}
			if err := encodeTo(&b, v); err != nil {
				return nil, err
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func encodeTo(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("JSON: %w", err)
	}
	b.Truncate(b.Len() - 1) // Encode ends with a line break.
	return nil
}

// encode writes a value as JSON that is safe to look at in a terminal: characters that control it,
// hide text or turn its direction are escaped, so that the data stays what it is.
func encode(v any) ([]byte, error) {
	var plain bytes.Buffer
	if err := encodeTo(&plain, v); err != nil {
		return nil, err
	}
	raw := plain.Bytes()
	if bytes.IndexFunc(raw, isUnsafe) < 0 {
		return raw, nil
	}
	var b bytes.Buffer
	for _, r := range string(raw) {
		switch {
		case !isUnsafe(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes(), nil
}

func isUnsafe(r rune) bool { return r >= 0x7f && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }

// printObjects writes objects as a JSON array.
func (a *app) printObjects(objects ...object) error {
	p := &jsonPrinter{w: a.out, array: true}
	for _, o := range objects {
		if err := p.object(o); err != nil {
			return err
		}
	}
	return p.end()
}

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
