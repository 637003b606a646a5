package tabular

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func splitAll(t rapid.TB, s *splitter) (recs []record) {
	t.Helper()
	for {
		rec, err := s.next()
		if errors.Is(err, io.EOF) {
			return recs
		}
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, rec)
	}
}

// TestSplitterAgreesWithEncodingCSV holds the splitter to the standard library on every text that
// the library accepts, cut into pieces of any size.
func TestSplitterAgreesWithEncodingCSV(t *testing.T) {
	piece := rapid.SampledFrom([]string{`"`, `"`, `""`, ",", "\n", "\r\n", "a", "bc", " ", "é", "中"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "pieces"), "")
		lib := csv.NewReader(strings.NewReader(text))
		lib.FieldsPerRecord = -1
		want, err := lib.ReadAll()
		if err != nil {
			t.Skip("not by the RFC")
		}
		var in io.Reader = strings.NewReader(text)
		if rapid.Bool().Draw(t, "in single bytes") {
			in = iotest.OneByteReader(in)
		}
		s := newSplitter(in, ',', Options{}.withDefaults())
		var got [][]string
		for _, rec := range splitAll(t, s) {
			if rec.problem != nil {
				t.Fatalf("%q: %v", text, rec.problem)
			}
			if len(rec.cells) == 1 && rec.cells[0] == "" && !strings.Contains(text, `""`) {
				continue // the library leaves blank lines out; so does the reader above
			}
			// The library turns CRLF into LF inside quotes.
			for i, c := range rec.cells {
				rec.cells[i] = strings.ReplaceAll(c, "\r\n", "\n")
			}
			got = append(got, rec.cells)
		}
		if strings.Contains(text, `""`) {
			got, want = withoutBlank(got), withoutBlank(want)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
	})
}

func withoutBlank(recs [][]string) (out [][]string) {
	for _, r := range recs {
		if len(r) > 1 || r[0] != "" {
			out = append(out, r)
		}
	}
	return out
}

// TestSplitterLosesNothing: whatever the text, every character that is neither a quote nor a
// separator nor a line end comes out again, in order.
func TestSplitterLosesNothing(t *testing.T) {
	piece := rapid.SampledFrom([]string{`"`, `"`, `"`, ",", "\n", "\r", "\r\n", "a", "b", " x", "\n\""})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces"), "")
		s := newSplitter(iotest.HalfReader(strings.NewReader(text)), ',', Options{}.withDefaults())
		s.cr = rapid.Bool().Draw(t, "cr")
		var out strings.Builder
		for _, rec := range splitAll(t, s) {
			out.WriteString(strings.Join(rec.cells, ""))
		}
		keep := func(s string) string {
			return strings.Map(func(r rune) rune {
				if strings.ContainsRune("abx", r) {
					return r
				}
				return -1
			}, s)
		}
		if keep(out.String()) != keep(text) {
			t.Fatalf("%q came out as %q", text, out.String())
		}
	})
}

// TestSplitterLines counts lines the way an editor does.
func TestSplitterLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SampledFrom([]string{"a,b", "\"x\ny\",z", "\"1\r\n2\n3\"", ""}), 1, 20).Draw(t, "rows")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		recs := splitAll(t, newSplitter(strings.NewReader(strings.Join(rows, end)+end), ',', Options{}.withDefaults()))
		line := 1
		for i, row := range rows {
			if recs[i].line != line {
				t.Fatalf("row %d of %q is on line %d, want %d", i, rows, recs[i].line, line)
			}
			line += strings.Count(row, "\n") + 1
		}
	})
}

func TestSplitterTolerates(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       [][]string
		problems   map[int]error // by line
	}{
		{"stray quote in a bare cell", "a,5\" pipe\nb,c\n", [][]string{{"a", `5" pipe`}, {"b", "c"}}, map[int]error{1: ErrStrayQuote}},
		{"stray quotes in a quoted cell", "\"Foo \"Bar\" Inc\",x\ny,z\n", [][]string{{`Foo "Bar" Inc`, "x"}, {"y", "z"}}, map[int]error{1: ErrStrayQuote}},
		{"spaces behind a closing quote", "\"a,b\"  ,x\n\"c\" \n", [][]string{{"a,b", "x"}, {"c"}}, nil},
		{"a quote never closed", "a,b\n\"c,d\ne,f\n", [][]string{{"a", "b"}, {`"c`, "d"}, {"e", "f"}}, map[int]error{2: ErrOpenQuote}},
		{"a quote never closed before quoted rows", "\"a,b\n\"c\",\"d\"\ne,\"f\"\n", [][]string{{`"a`, "b"}, {"c", "d"}, {"e", "f"}}, map[int]error{1: ErrOpenQuote}},
		{"a quote never closed behind a good one", "\"x\ny\",\"b\nc,d\n", [][]string{{"x\ny", `"b`}, {"c", "d"}}, map[int]error{2: ErrOpenQuote}},
		{"a quote alone at the end", "a,\"", [][]string{{"a", `"`}}, map[int]error{1: ErrOpenQuote}},
		{"no line break at the end", "a,b", [][]string{{"a", "b"}}, nil},
		{"a carriage return at the end", "a,b\r", [][]string{{"a", "b"}}, nil},
		{"empty cells", ",,\n\"\",\n", [][]string{{"", "", ""}, {"", ""}}, nil},
	} {
		recs := splitAll(t, newSplitter(strings.NewReader(c.text), ',', Options{}.withDefaults()))
		var got [][]string
		problems := 0
		for _, rec := range recs {
			got = append(got, rec.cells)
			if rec.problem == nil {
				continue
			}
			problems++
			found := false
			for line, want := range c.problems {
				found = found || errors.Is(rec.problem, want) && strings.Contains(rec.problem.Error(), fmt.Sprintf("line %d:", line))
			}
			if !found {
				t.Errorf("%s: %v, want one of %v", c.name, rec.problem, c.problems)
			}
		}
		if problems != len(c.problems) {
			t.Errorf("%s: %d problems, want %v", c.name, problems, c.problems)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestSplitterCaps(t *testing.T) {
	o := Options{MaxField: 1000, MaxRow: 5000}.withDefaults()
	for name, text := range map[string]string{
		"a cell":          "a,b\n" + strings.Repeat("x", 1001) + "\n",
		"a quoted cell":   "a,b\n\"" + strings.Repeat("x", 1001) + "\"\n",
		"a row":           "a,b\n" + strings.Repeat("x,", 4000) + "\n",
		"an endless line": "a,b\n" + strings.Repeat("x,", 1<<20),
	} {
		s := newSplitter(strings.NewReader(text), ',', o)
		if _, err := s.next(); err != nil {
			t.Fatal(err)
		}
		_, err := s.next()
		if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.buf) > 256<<10 {
			t.Errorf("%s: the buffer grew to %d bytes", name, len(s.buf))
		}
	}
}

// endless hands out one long line without ever having it in memory.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'x'
	}
	e.left -= int64(len(p))
	return len(p), nil
}

func TestSplitterRefusesAGigabyteLineEarly(t *testing.T) {
	in := &endless{left: 1 << 30}
	_, err := newSplitter(in, ',', Options{}.withDefaults()).next()
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("error is %v", err)
	}
	if read := 1<<30 - in.left; read > 3*DefaultMaxRow {
		t.Errorf("%d bytes were read before refusing", read)
	}
}

// TestOpenQuotesDoNotTakeSquareTime reads a file whose every line opens a quote and never closes it:
// each must be looked at on its own, but not each to the end of the file.
func TestOpenQuotesDoNotTakeSquareTime(t *testing.T) {
	for name, line := range map[string]string{"one a line": "\"a,b\n", "many a line": strings.Repeat("\"a,", 2000) + "\n"} {
		o := Options{MaxField: 64 << 10}.withDefaults()
		lines := (4 << 20) / len(line)
		s := newSplitter(strings.NewReader(strings.Repeat(line, lines)), ',', o)
		start := time.Now()
		recs := splitAll(t, s)
		if len(recs) != lines {
			t.Errorf("%s: %d records of %d lines", name, len(recs), lines)
		}
		if most := 4*s.maxField + 2*s.consumed + s.maxField; s.rescued > most {
			t.Errorf("%s: %d bytes were read twice, at most %d are allowed", name, s.rescued, most)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}
