package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonPrinter writes one object to a line, in an array or one after the other.
type jsonPrinter struct {
	w     *bufio.Writer
	cols  []column
	array bool
	rows  int
	line  []byte
}

func (p *jsonPrinter) row(_ string, cells []cell) error {
	obj := make(object, len(cells))
	for i, c := range cells {
		obj[i] = member{p.cols[i].name, c.json}
	}
	return p.object(obj)
}

func (p *jsonPrinter) object(obj any) error {
	p.line = p.line[:0]
	switch {
	case p.array && p.rows == 0:
		p.line = append(p.line, "[\n "...)
	case p.array:
		p.line = append(p.line, ",\n "...)
	}
	var err error
	if p.line, err = appendJSON(p.line, obj); err != nil {
		return err
	}
	if !p.array {
		p.line = append(p.line, '\n')
	}
	p.rows++
	_, err = p.w.Write(p.line)
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

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

// appendJSON appends a value as JSON. It does the common values itself, because a list of 100,000
// customers has six million of them.
func appendJSON(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendQuoted(b, v), nil
	case json.Number:
		return append(b, v...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int:
		return strconv.AppendInt(b, int64(v), 10), nil
	case object:
		return appendObject(b, v)
	case []string:
		return appendArray(b, v)
	case []object:
		return appendArray(b, v)
	case [][]string:
		return appendArray(b, v)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return b, fmt.Errorf("JSON: %w", err)
	}
	return append(b, raw...), nil
}

func appendObject(b []byte, o object) ([]byte, error) {
	b = append(b, '{')
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, m.name), ':')
		var err error
		if b, err = appendJSON(b, m.value); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

func appendArray[T any](b []byte, items []T) ([]byte, error) {
	b = append(b, '[')
	for i, it := range items {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendJSON(b, it); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

// appendQuoted appends a text as a JSON string that is safe to look at in a terminal: characters that
// control it, hide text or turn its direction are escaped, so that the data stays what it is.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= ' ' && r < 0x7f:
			b = append(b, byte(r))
		case r >= ' ' && !isUnsafe(r):
			b = utf8.AppendRune(b, r)
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return append(b, '"')
}

// isUnsafe tells the characters beyond ASCII that a terminal acts upon or does not show.
func isUnsafe(r rune) bool {
	return r >= 0x7f && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
}
