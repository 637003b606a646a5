package tabular

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// xmlPart reads one XML part of a workbook token by token. It never builds a tree, never expands
// entities beyond the five of XML, and caps how long a single token may get, so that a hostile part
// costs no more memory than an honest one.
type xmlPart struct {
	dec  *xml.Decoder
	in   *cappedReader
	name string
	// depth is how many elements are open.
	depth int
}

// cappedReader fails when more than most bytes are asked for between two resets.
type cappedReader struct {
	r          io.Reader
	used, most int64
	total      int64
}

func (c *cappedReader) Read(p []byte) (int, error) {
	if c.used > c.most {
		return 0, fmt.Errorf("%w: one value has more than %d bytes", ErrTooLarge, c.most)
	}
	n, err := c.r.Read(p)
	c.used += int64(n)
	c.total += int64(n)
	return n, err
}

func newXMLPart(r io.Reader, name string, most int64) *xmlPart {
	in := &cappedReader{r: r, most: most}
	return &xmlPart{dec: xml.NewDecoder(in), in: in, name: name}
}

// token returns the next start or end element or text. Names keep their local part only: prefixes
// differ between programs that write workbooks.
func (p *xmlPart) token() (xml.Token, error) {
	p.in.used = 0
	t, err := p.dec.RawToken()
	switch t.(type) {
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	}
	if err == nil {
		return t, nil
	}
	if errors.Is(err, io.EOF) {
		if p.depth != 0 {
			err = fmt.Errorf("%w: part %s breaks off", ErrTruncated, p.name)
		}
		return nil, err
	}
	line, _ := p.dec.InputPos()
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%w: part %s breaks off in line %d", ErrTruncated, p.name, line)
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("%w: part %s, line %d: %s", ErrNotATable, p.name, syntax.Line, syntax.Msg)
	}
	return nil, fmt.Errorf("part %s: %w", p.name, err)
}

// each calls f with every start element until the part ends.
func (p *xmlPart) each(f func(xml.StartElement) error) error {
	for {
		t, err := p.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(e); err != nil {
				return err
			}
		}
	}
}

// text returns the text up to the end element of the given name: a bare value ("v"), or what stands
// in the t elements of a text. How a Japanese name is pronounced (rPh) is not part of it.
func (p *xmlPart) text(end string) (string, error) {
	var b strings.Builder
	inside, reading := end == "v", false
	for {
		t, err := p.token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = inside || t.Name.Local == "t"
			reading = reading || t.Name.Local == "rPh"
		case xml.EndElement:
			switch t.Name.Local {
			case end:
				return unescapeXLSX(b.String()), nil
			case "t":
				inside = false
			case "rPh":
				reading = false
			}
		case xml.CharData:
			if inside && !reading {
				b.Write(t)
			}
			if int64(b.Len()) > p.in.most {
				return "", fmt.Errorf("%w: one value has more than %d bytes", ErrTooLarge, p.in.most)
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// unescapeXLSX reads _x000D_ as the character with that number, as Excel writes those that XML
// cannot hold.
func unescapeXLSX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		k := strings.Index(s, "_x")
		if k < 0 || len(s) < k+7 {
			break
		}
		n, err := strconv.ParseUint(s[k+2:k+6], 16, 16)
		if err != nil || s[k+6] != '_' {
			b.WriteString(s[:k+2])
			s = s[k+2:]
			continue
		}
		b.WriteString(s[:k])
		b.WriteRune(rune(n))
		s = s[k+7:]
	}
	b.WriteString(s)
	return b.String()
}
