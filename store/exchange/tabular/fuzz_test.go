package tabular

import (
	"context"
	"errors"
	"io"
	"testing"
	"unicode/utf8"
)

// FuzzOpen hands in bytes as a file of any kind: whatever they are, reading ends, does not panic, and
// every row that comes out is one that later code can rely on.
func FuzzOpen(f *testing.F) {
	for _, text := range tables {
		f.Add([]byte(text))
	}
	for _, text := range []string{
		"", "\n", "a", "a,b\n\"x", "\"\"\"", "\xff\xfea\x00", "\ufeff", "a\x00b,c\n", "[", "[{}]", `[{"a":[{"b":1}]}]`, `{"records":[{"a":1}]}`,
		"{\"a\":1}\n{", "PK\x03\x04", "a;b\r1;2\r", "x,y\n\xe5\xf8\n", "Report\n\na,b,c\n1,2,3\nGrand Totals\n",
	} {
		f.Add([]byte(text))
	}
	f.Add(zipOf(f, minimal(headRow+`<row r="2"><c r="A2"><v>1</v></c></row>`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{MaxField: 1 << 16, MaxRow: 1 << 18, MaxUnzip: 1 << 20}
		rs, err := OpenBytes(context.Background(), "f", data, o)
		if err != nil {
			if len(rs) > 0 {
				t.Fatalf("%d tables beside the error %v", len(rs), err)
			}
			return
		}
		for _, r := range rs {
			checkReader(t, r)
		}
	})
}

func checkReader(t *testing.T, r Reader) {
	inf := NewInferrer(r.Table().Header)
	last := 0
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			break // later rows cannot be read, which the error says
		}
		if row.Line <= last {
			t.Fatalf("line %d comes behind line %d", row.Line, last)
		}
		last = row.Line
		if len(row.Cells) < len(r.Table().Header) {
			t.Fatalf("line %d has %d cells for %d columns", row.Line, len(row.Cells), len(r.Table().Header))
		}
		for _, c := range row.Cells {
			if !utf8.ValidString(c) {
				t.Fatalf("line %d: %q is no UTF-8", row.Line, c)
			}
		}
		inf.Add(row)
	}
	inf.Columns()
	if done, total := r.Progress(); done < 0 || done > total {
		t.Fatalf("%d of %d bytes", done, total)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

// FuzzValues hands in texts as cells. What parses must print and parse again to the same.
func FuzzValues(f *testing.F) {
	for _, s := range []string{"", "1,234.50", "R$ 5,00", "12%", "(1)", "31/12/2024", "11/May/24 03:26 PM", "2023年5月31日", "2016-04-28T11:19:34 -10:00", "１２", "1E5", "是"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for style := UnknownNumbers; style <= DecimalComma; style++ {
			d, err := ParseNumber(s, style)
			if err != nil {
				continue
			}
			if back, err := ParseNumber(d.String(), DecimalPoint); err != nil || back != d {
				t.Fatalf("%q is %s, which is %v, %v", s, d, back, err)
			}
		}
		for order := UnknownOrder; order <= YMD; order++ {
			y, m, d, err := ParseDate(s, order)
			if err != nil {
				continue
			}
			iso := date{y, m, d}.String()
			if y2, m2, d2, err := ParseDate(iso, UnknownOrder); err != nil || y2 != y || m2 != m || d2 != d {
				t.Fatalf("%q is %s, which reads as %d-%d-%d, %v", s, iso, y2, m2, d2, err)
			}
		}
		inferOne(s, s)
	})
}
