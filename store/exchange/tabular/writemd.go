package tabular

import (
	"bufio"
	"io"
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// markdownWriter writes a table for people. Columns are lined up by the first rows, which wait in
// memory for that; later ones are as wide as they are.
type markdownWriter struct {
	*base
	w      *bufio.Writer
	rows   [][]string
	right  []bool // columns of numbers
	typed  []bool // columns that have a value at all
	widths []int
}

// linedUp is how many rows are looked at to line up the columns, widest how wide one is made.
const (
	linedUp = 500
	widest  = 60
)

func newMarkdownWriter(b *base, w io.Writer) *markdownWriter {
	n := len(b.header)
	m := &markdownWriter{base: b, w: bufio.NewWriterSize(w, 64<<10), right: make([]bool, n), typed: make([]bool, n)}
	cells := make([]string, n)
	for i, h := range b.header {
		cells[i] = escapeMarkdown(b.valid(0, i, h))
	}
	m.rows = [][]string{cells}
	return m
}

// Write implements Writer.
func (m *markdownWriter) Write(row []Value) error {
	if err := m.begin(row); err != nil {
		return err
	}
	cells := make([]string, len(row))
	for i, v := range row {
		if v.Null || v.Text == "" {
			continue
		}
		if m.widths == nil {
			m.right[i] = v.isNumber() && (m.right[i] || !m.typed[i])
			m.typed[i] = true
		}
		cells[i] = escapeMarkdown(m.valid(m.report.Rows, i, v.Text))
	}
	if m.widths == nil {
		m.rows = append(m.rows, cells)
		if len(m.rows) > linedUp {
			m.start()
		}
		return nil
	}
	m.line(cells)
	return nil
}

// start writes the header and the rows that waited.
func (m *markdownWriter) start() {
	m.widths = make([]int, len(m.header))
	for _, row := range m.rows {
		for i, c := range row {
			m.widths[i] = max(m.widths[i], min(displaywidth.String(c), widest), 3)
		}
	}
	m.line(m.rows[0])
	for i, w := range m.widths {
		rule := strings.Repeat("-", w)
		if m.right[i] {
			rule = rule[1:] + ":"
		}
		m.w.WriteString("| " + rule + " ")
	}
	m.w.WriteString("|\n")
	for _, row := range m.rows[1:] {
		m.line(row)
	}
	m.rows = nil
}

func (m *markdownWriter) line(cells []string) {
	for i, c := range cells {
		pad := strings.Repeat(" ", max(0, m.widths[i]-displaywidth.String(c)))
		m.w.WriteString("| ")
		if m.right[i] {
			m.w.WriteString(pad + c + " ")
		} else {
			m.w.WriteString(c + pad + " ")
		}
	}
	m.w.WriteString("|\n")
}

// Close implements Writer. The first failed write is told of here.
func (m *markdownWriter) Close() error {
	if m.widths == nil {
		m.start()
	}
	return flush(m.w)
}

// escapeMarkdown keeps foreign text from being anything but text: no cell ends, no markup, no HTML,
// no characters that move the cursor or turn the direction of writing around.
func escapeMarkdown(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	var b strings.Builder
	var before rune
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteString("<br>")
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			b.WriteByte(' ')
		case r == '<':
			b.WriteString("&lt;")
		case r == '&' && isEntity(runes[i+1:]):
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*[]|~", r), r == '_' && !(wordRune(before) && i+1 < len(runes) && wordRune(runes[i+1])):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// isEntity tells whether what follows an ampersand would make it a character of HTML.
func isEntity(runes []rune) bool {
	for i, r := range runes {
		if r == ';' {
			return i > 0
		}
		if r != '#' && !wordRune(r) {
			return false
		}
	}
	return false
}

// wordRune tells whether an underscore beside r may be inside a word, where it marks nothing up.
func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
