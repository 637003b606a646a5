package tabular

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readAll reads every row of the only table and closes it.
func readAll(t testing.TB, rs []Reader, err error) (*Table, []Row) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) != 1 {
		t.Fatalf("%d tables, want one", len(rs))
	}
	rows, err := drain(rs[0])
	if err != nil {
		t.Fatal(err)
	}
	return rs[0].Table(), rows
}

func drain(r Reader) (rows []Row, err error) {
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, r.Close()
		}
		if err != nil {
			return rows, errors.Join(err, r.Close())
		}
		rows = append(rows, row)
	}
}

func readText(t testing.TB, text string, o Options) (*Table, []Row) {
	t.Helper()
	rs, err := OpenBytes(context.Background(), "test.csv", []byte(text), o)
	return readAll(t, rs, err)
}

func cellsOf(rows []Row) [][]string {
	out := [][]string{}
	for _, r := range rows {
		out = append(out, r.Cells)
	}
	return out
}

func TestRowsKeepTheirLines(t *testing.T) {
	tab, rows := readText(t, "a,b\n\n1,\"x\ny\"\n2,z\n", Options{})
	if diff := cmp.Diff([]string{"a", "b"}, tab.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{{"1", "x\ny"}, {"2", "z"}}, cellsOf(rows)); diff != "" {
		t.Error(diff)
	}
	if rows[0].Line != 3 || rows[1].Line != 5 {
		t.Errorf("rows start on lines %d and %d, want 3 and 5", rows[0].Line, rows[1].Line)
	}
}

func TestDelimiterIsFound(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       rune
		width      int
	}{
		{"commas", "a,b,c\n1,2,3\n", ',', 3},
		{"header alone", "a;b;c", ';', 3},
		{"semicolons around decimal commas", "name;price;cost\nx;1,5;2,5\ny;3,5;4,25\n", ';', 3},
		{"tabs", "a\tb\n1,5\t2\n", '\t', 2},
		{"pipes", "a|b|c\nx, y|2|3\n", '|', 3},
		{"carets", "a^b\n1^2\n", '^', 2},
		{"pipes inside commas", "summary,id\n\"Port |Bug 1| x\",1\nPort |Bug 2| y,2\n", ',', 2},
		{"one column", "name\nAda\nBob\n", 0, 1},
		{"names with commas", "name\n\"Foo, Inc.\"\nBar, Ltd.\nQux, LLC\n", 0, 1},
		{"some rows wider", "a,b,c\n1,2,3\n1,2,3,4\n1,2,3\n", ',', 3},
	} {
		tab, _ := readText(t, c.text, Options{})
		if tab.Delimiter != c.want || len(tab.Header) != c.width {
			t.Errorf("%s: %q and %q", c.name, tab.Delimiter, tab.Header)
		}
	}
	if tab, _ := readText(t, "a;x,b\n1;x,2\n3;y,4\n", Options{}); warningKinds(tab) != "delimiter" {
		t.Errorf("two that cut equally well are a close call, got %v", tab.Warnings)
	}
	if tab, rows := readText(t, "a`b\n1`2\n", Options{Delimiter: '`'}); len(tab.Header) != 2 || rows[0].Cells[1] != "2" {
		t.Errorf("a given delimiter: %q", tab.Header)
	}
	if tab, _ := readText(t, "a；b\n1；2\n", Options{Delimiter: '；'}); len(tab.Header) != 2 {
		t.Errorf("a delimiter of several bytes: %q", tab.Header)
	}
}

func TestHeaderIsFound(t *testing.T) {
	for _, c := range []struct {
		name, text string
		line       int
		header     string
		warnings   string
	}{
		{"first line", "id,name\n1,x\n", 1, "id|name", ""},
		{"blank lines above", "\n\nid,name\n1,x\n", 3, "id|name", ""},
		{"a title above", "Customer report\n\nid,name,city\n1,x,y\n2,x,y\n", 3, "id|name|city", "preamble"},
		{"a narrower line above", "run on,2018-08-13,rows,2\nid,name,city,zip,street,phone,fax,mail,web\n1,2,3,4,5,6,7,8,9\n1,2,3,4,5,6,7,8,9\n", 2, "id|name|city|zip|street|phone|fax|mail|web", "preamble"},
		{"a title padded with commas", "Report,,,\nid,name,city,zip\n1,x,y,2\n", 2, "id|name|city|zip", "preamble"},
		{"header narrower than the rows", "id,name\n1,x,\n2,y,\n", 1, "id|name", ""},
		{"repeats and blanks", "id,Labels,Labels,\n1,x,y,z\n", 1, "id|Labels|Labels|", "header header"},
		{"no header", "2007-01-01,5,3\n2007-01-02,6,4\n", 1, "2007-01-01|5|3", "no-header"},
	} {
		tab, _ := readText(t, c.text, Options{})
		if got := strings.Join(tab.Header, "|"); tab.HeaderLine != c.line || got != c.header || warningKinds(tab) != c.warnings {
			t.Errorf("%s: line %d, %q, %v", c.name, tab.HeaderLine, got, tab.Warnings)
		}
	}
}

func TestIndexes(t *testing.T) {
	tab := &Table{Header: []string{"id", "Labels", " labels ", "Label"}}
	if diff := cmp.Diff([]int{1, 2}, tab.Indexes("Labels")); diff != "" {
		t.Error(diff)
	}
	if got := tab.Indexes("none"); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestSkipAndColumns(t *testing.T) {
	tab, rows := readText(t, "title, with comma\n2022\n\nFoo, Inc.\nBar\n", Options{Columns: []string{"name"}, Skip: 3})
	if diff := cmp.Diff([][]string{{"Foo, Inc."}, {"Bar"}}, cellsOf(rows)); diff != "" || tab.HeaderLine != 0 || rows[0].Line != 4 {
		t.Error(diff, tab)
	}
	tab, rows = readText(t, "x,y,z\n1,2,3\n", Options{Columns: []string{"a", "b", "c"}})
	if diff := cmp.Diff([][]string{{"x", "y", "z"}, {"1", "2", "3"}}, cellsOf(rows)); diff != "" || tab.Format != FormatDelimited {
		t.Error(diff, tab)
	}
	tab, rows = readText(t, " 00004 0001 19970101  2   29.33\r\n 00021 0002 19970101  3   63.34\r\n", Options{Columns: []string{"id", "n", "date", "count", "amount"}})
	if diff := cmp.Diff([]string{"00004", "0001", "19970101", "2", "29.33"}, rows[0].Cells); diff != "" || tab.Format != FormatWhitespace {
		t.Error(diff, tab)
	}
	tab, rows = readText(t, "junk,junk\nid,name\n1,x\n", Options{Skip: 1})
	if tab.HeaderLine != 2 || tab.Header[0] != "id" || len(rows) != 1 {
		t.Errorf("header behind skipped lines: %+v %v", tab, rows)
	}
}

func TestShortAndWideRows(t *testing.T) {
	tab, rows := readText(t, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,,\n,,\n", Options{})
	want := [][]string{{"1", "2", "3"}, {"4", "5", ""}, {"6", "7", "8", "9"}, {"1", "2", "3"}}
	if diff := cmp.Diff(want, cellsOf(rows)); diff != "" {
		t.Error(diff)
	}
	for i, want := range []error{nil, ErrShortRow, ErrWideRow, nil} {
		if !errors.Is(rows[i].Problem, want) {
			t.Errorf("row %d: %v, want %v", i, rows[i].Problem, want)
		}
	}
	if !rows[1].IsNull(2) || rows[1].IsNull(1) || rows[0].IsNull(2) || !rows[0].IsNull(3) {
		t.Error("only the missing cell of the short row is null")
	}
	if warningKinds(tab) != "blank" || tab.Warnings[0].Line != 6 {
		t.Errorf("the row without values is reported, got %v", tab.Warnings)
	}
}

func TestFooterOfAReport(t *testing.T) {
	body := "Account,Stage,Amount\nAcme,Won,5\n"
	footer := "\n\nGrand Totals (1 records)\nConfidential Information - Do Not Distribute\nCopyright (c) 2000-2024 salesforce.com, inc. All rights reserved.\nGenerated By: Ada 5/6/2024\nMy Company\n"
	tab, rows := readText(t, body+footer, Options{})
	if len(rows) != 1 || warningKinds(tab) != "footer footer footer footer footer" || tab.Warnings[0].Line != 5 {
		t.Errorf("%v, %v", rows, tab.Warnings)
	}
	// A lone cell that is no footer stays, and keeps its place.
	_, rows = readText(t, body+"Lonely\nBeta,Lost,6\nGamma\n", Options{})
	want := [][]string{{"Acme", "Won", "5"}, {"Lonely", "", ""}, {"Beta", "Lost", "6"}, {"Gamma", "", ""}}
	if diff := cmp.Diff(want, cellsOf(rows)); diff != "" {
		t.Error(diff)
	}
	// Neither is a name in a file of names.
	if _, rows := readText(t, "name\nCopyright (c) Ltd.\n", Options{}); len(rows) != 1 {
		t.Errorf("a name was taken for a footer: %v", rows)
	}
}

func TestLineEnds(t *testing.T) {
	for name, text := range map[string]string{
		"LF": "a,b\n1,\"x\ny\"\n2,z\n", "CRLF": "a,b\r\n1,\"x\ny\"\r\n2,z\r\n", "CR": "a,b\r1,\"x\ny\"\r2,z\r", "none at the end": "a,b\n1,\"x\ny\"\n2,z",
	} {
		_, rows := readText(t, text, Options{})
		if diff := cmp.Diff([][]string{{"1", "x\ny"}, {"2", "z"}}, cellsOf(rows)); diff != "" || rows[0].Line != 2 || rows[1].Line != 4 {
			t.Errorf("%s: %s %+v", name, diff, rows)
		}
	}
}

func TestFilesThatHoldNoTable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path string
		want error
		says string
	}{
		"a directory":    {dir, ErrNotATable, "directory"},
		"a pipe":         {pipe, ErrNotATable, "pipe"},
		"no file":        {filepath.Join(dir, "none.csv"), os.ErrNotExist, "none.csv"},
		"an empty file":  {write("empty.csv", ""), ErrEmpty, "empty.csv"},
		"blank lines":    {write("blank.csv", "\n \n\n"), ErrEmpty, "blank.csv"},
		"only a mark":    {write("bom.csv", "\ufeff"), ErrEmpty, "bom.csv"},
		"all skipped":    {write("skip.csv", "a,b\n"), ErrEmpty, "skip.csv"},
		"an old Excel":   {write("a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 etc"), ErrNotATable, ".xlsx"},
		"gzip":           {write("a.csv.gz", "\x1f\x8b\x08"), ErrNotATable, "unpack"},
		"a PDF":          {write("a.pdf", "%PDF-1.7"), ErrNotATable, "PDF"},
		"not an archive": {write("a.xlsx", "PK\x03\x04 etc"), ErrTruncated, "damaged"},
	} {
		o := Options{}
		if name == "all skipped" {
			o.Skip = 5
		}
		_, err := Open(context.Background(), c.path, o)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHeaderAlone(t *testing.T) {
	tab, rows := readText(t, "id,name\n", Options{})
	if len(rows) != 0 || len(tab.Header) != 2 {
		t.Errorf("%v %v", tab.Header, rows)
	}
}

func TestFileThatShrinksWhileItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("a,b\n"+strings.Repeat("1,2\n", 1<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	rs, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := drain(rs[0]); !errors.Is(err, ErrFileChanged) {
		t.Errorf("error is %v", err)
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	rs, err := OpenBytes(ctx, "a.csv", []byte("a,b\n"+strings.Repeat("1,2\n", 1<<20)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := drain(rs[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if _, err := OpenBytes(ctx, "a.csv", []byte("a,b\n"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("opening: error is %v", err)
	}
}

func TestProgress(t *testing.T) {
	rs, err := OpenBytes(context.Background(), "a.csv", []byte("a,b\n1,2\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(rs[0]); err != nil {
		t.Fatal(err)
	}
	if done, total := rs[0].Progress(); done != 8 || total != 8 {
		t.Errorf("%d of %d bytes at the end", done, total)
	}
}

func TestUnneutraliseOption(t *testing.T) {
	text := "'=name,b\n'=1+1,'tis\n"
	tab, rows := readText(t, text, Options{Unneutralise: true})
	if diff := cmp.Diff([]string{"=1+1", "'tis"}, rows[0].Cells); diff != "" || tab.Header[0] != "=name" {
		t.Error(diff, tab.Header)
	}
	if _, rows := readText(t, text, Options{}); rows[0].Cells[0] != "'=1+1" {
		t.Errorf("a foreign file keeps its apostrophes, got %q", rows[0].Cells)
	}
}
