package tabular

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func written(t rapid.TB, format string, header []string, rows [][]Value) ([]byte, Report) {
	t.Helper()
	var buf bytes.Buffer
	w, err := NewWriter(format, &buf, header, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes(), w.Report()
}

// sampleRows has one value of each type, and texts that are awkward somewhere.
func sampleRows() (header []string, rows [][]Value) {
	return []string{"name", "seats", "arr", "live", "since", "seen"}, [][]Value{
		{Text("中文, Ltd."), Number(Decimal{Unscaled: 3}), Number(Decimal{-1250, 2}), Bool(true), Date("2024-02-29"), Timestamp("2024-02-29T13:14:15")},
		{Text("=1+1"), Null(), Null(), Bool(false), Date(""), Timestamp("2020-12-22T21:16:01Z")},
		{Text("a \"b\"\nc"), Number(Decimal{123456789012345678, 0}), Number(Decimal{0, 2}), Null(), Date("1900-01-05"), Null()},
	}
}

func TestWriteCSV(t *testing.T) {
	header, rows := sampleRows()
	got, report := written(t, FormatDelimited, header, rows)
	want := "name,seats,arr,live,since,seen\n" +
		"\"中文, Ltd.\",3,-12.50,true,2024-02-29,2024-02-29T13:14:15\n" +
		"'=1+1,,,false,,2020-12-22T21:16:01Z\n" +
		"\"a \"\"b\"\"\nc\",123456789012345678,0.00,,1900-01-05,\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	wantReport := Report{Rows: 3, Counts: map[ChangeKind]int{ChangedFormula: 1}, Changes: []Change{{2, "name", ChangedFormula}}}
	if diff := cmp.Diff(wantReport, report); diff != "" {
		t.Error(diff)
	}
}

func TestWriteJSON(t *testing.T) {
	header, rows := sampleRows()
	got, report := written(t, FormatJSON, header, rows)
	want := "[\n" +
		`{"name":"中文, Ltd.","seats":3,"arr":-12.50,"live":true,"since":"2024-02-29","seen":"2024-02-29T13:14:15"},` + "\n" +
		`{"name":"=1+1","seats":null,"arr":null,"live":false,"since":null,"seen":"2020-12-22T21:16:01Z"},` + "\n" +
		`{"name":"a \"b\"\nc","seats":123456789012345678,"arr":0.00,"live":null,"since":"1900-01-05","seen":null}` + "\n]\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if len(report.Changes) > 0 {
		t.Errorf("JSON needs no changes, got %v", report.Changes)
	}
	lines, _ := written(t, FormatNDJSON, header, rows)
	if want := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(want, "[\n"), "]\n"), "},\n", "}\n"); want != string(lines) {
		t.Errorf("NDJSON is the same objects, one a line:\n%s", lines)
	}
	if empty, _ := written(t, FormatJSON, header, nil); string(empty) != "[]\n" {
		t.Errorf("no rows are %q", empty)
	}
	if _, err := NewWriter(FormatJSON, &bytes.Buffer{}, []string{"a", "a"}, WriteOptions{}); err == nil {
		t.Error("JSON cannot hold a column twice")
	}
}

func TestWriteMarkdown(t *testing.T) {
	got, _ := written(t, FormatMarkdown, []string{"name", "arr"}, [][]Value{
		{Text("中文"), Number(Decimal{Unscaled: 5})},
		{Text("a|b <i> [x](y) feature_20 _em_ &lt; R&D\nsecond\u202e\x1b[31m"), Number(Decimal{-1050, 1})},
		{Null(), Null()},
	})
	lines := strings.Split(strings.TrimSuffix(string(got), "\n"), "\n")
	if len(lines) != 5 {
		t.Fatalf("%d lines:\n%s", len(lines), got)
	}
	if !strings.HasPrefix(lines[2], "| 中文 ") || !strings.HasSuffix(lines[2], "|      5 |") {
		t.Errorf("names stand left and numbers right: %q", lines[2])
	}
	for _, want := range []string{`a\|b`, `&lt;i>`, `\[x\](y)`, "feature_20", `\_em\_`, "&amp;lt;", "R&D", "<br>second"} {
		if !strings.Contains(lines[3], want) {
			t.Errorf("%q lacks %q", lines[3], want)
		}
	}
	if strings.ContainsAny(string(got), "\x1b\u202e") {
		t.Errorf("control characters are written: %q", got)
	}
}

func TestMarkdownBeyondTheLinedUpRows(t *testing.T) {
	rows := make([][]Value, 2*linedUp)
	for i := range rows {
		rows[i] = []Value{Number(Decimal{Unscaled: int64(i)})}
	}
	got, _ := written(t, FormatMarkdown, []string{"n"}, rows)
	if lines := strings.Count(string(got), "\n"); lines != len(rows)+2 {
		t.Errorf("%d lines for %d rows", lines, len(rows))
	}
}

func TestWriteXLSXIsReadBackTyped(t *testing.T) {
	header, rows := sampleRows()
	data, report := written(t, FormatXLSX, header, rows)
	again, _ := written(t, FormatXLSX, header, rows)
	if !bytes.Equal(data, again) {
		t.Error("the same rows give different files")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Errorf("%s carries the time %v", f.Name, f.Modified)
		}
	}
	if report.Counts[ChangedFormula] != 1 {
		t.Errorf("the formula is not reported: %+v", report)
	}
	tab, back := readSheet(t, data, Options{Unneutralise: true})
	want := [][]string{
		{"中文, Ltd.", "3", "-12.5", "true", "2024-02-29", "2024-02-29T13:14:15"},
		{"=1+1", "", "", "false", "", "2020-12-22T21:16:01Z"},
		{"a \"b\"\nc", "123456789012345678", "0", "", "1900-01-05", ""},
	}
	if diff := cmp.Diff(want, cellsOf(back)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(header, tab.Header); diff != "" {
		t.Error(diff)
	}
	wantTypes := []CellType{TextCell, NumberCell, NumberCell, BoolCell, DateCell, TimeCell}
	if diff := cmp.Diff(wantTypes, back[0].Types); diff != "" {
		t.Error(diff)
	}
	// Another program must see the same, and no formula.
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := f.GetCellValue("Sheet1", "E2"); err != nil || got != "2024-02-29" {
		t.Errorf("the date shows as %q, %v", got, err)
	}
	if got, err := f.GetCellFormula("Sheet1", "A3"); err != nil || got != "" {
		t.Errorf("a formula got through: %q, %v", got, err)
	}
}

func TestXLSXCellsThatDoNotFit(t *testing.T) {
	long := strings.Repeat("😀", 20000)
	data, report := written(t, FormatXLSX, []string{"a", "b"}, [][]Value{{Text(long), Text("bell\a")}, {Text("\xff"), Text("_x000D_")}})
	want := map[ChangeKind]int{ChangedLength: 1, ChangedCharacters: 2}
	if diff := cmp.Diff(want, report.Counts); diff != "" {
		t.Error(diff)
	}
	_, rows := readSheet(t, data, Options{})
	if got := rows[0].Cells[0]; len(got) != 4*(excelize.TotalCellChars/2) || !strings.HasPrefix(long, got) {
		t.Errorf("the long text has %d bytes after cutting", len(got))
	}
	if diff := cmp.Diff([]string{"\uFFFD", "_x000D_"}, rows[1].Cells); diff != "" || rows[0].Cells[1] != "bell\uFFFD" {
		t.Error(diff, rows[0].Cells[1])
	}
}

func TestSheetNames(t *testing.T) {
	for in, want := range map[string]string{"Renewals": "Renewals", "a/b[c]:*?": "a-b-c----", strings.Repeat("x", 40): strings.Repeat("x", 31)} {
		if got := sheetName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestWritersRefuse(t *testing.T) {
	if _, err := NewWriter("pdf", &bytes.Buffer{}, []string{"a"}, WriteOptions{}); err == nil {
		t.Error("an unknown format")
	}
	for _, format := range []string{FormatDelimited, FormatJSON, FormatNDJSON, FormatXLSX, FormatMarkdown} {
		if _, err := NewWriter(format, &bytes.Buffer{}, nil, WriteOptions{}); err == nil {
			t.Errorf("%s: no columns", format)
		}
		w, err := NewWriter(format, &bytes.Buffer{}, []string{"a"}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write([]Value{Null(), Null()}); err == nil {
			t.Errorf("%s: more values than columns", format)
		}
		if w, err = NewWriter(format, brokenDisk{}, []string{"a"}, WriteOptions{}); err == nil {
			err = errors.Join(w.Write([]Value{Text("x")}), w.Close())
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("%s: a disk that is full gives %v", format, err)
		}
	}
}

var errDisk = errors.New("no space left")

type brokenDisk struct{}

func (brokenDisk) Write([]byte) (int, error) { return 0, errDisk }

func TestNeutralise(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+cmd": "'+cmd", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r": "'\r", "＝1": "'＝1", "－x": "'－x", "＋x": "'＋x", "＠x": "'＠x",
		"  =1": "'  =1", "'=1": "''=1", "''=1": "'''=1", "-": "'-", "-1E02": "'-1E02", "+49 30 123": "'+49 30 123",
		"": "", "x=1": "x=1", "-12.5": "-12.5", "+3": "+3", "-1,234.50": "-1,234.50", "-5%": "-5%", "'": "'", "'tis": "'tis", "a@b": "a@b",
	} {
		got, changed := Neutralise(in)
		if got != want || changed != (in != want) {
			t.Errorf("Neutralise(%q) = %q, want %q", in, got, want)
		}
		if back, _ := Unneutralise(got); back != in {
			t.Errorf("%q comes back as %q", in, back)
		}
	}
}

// awkward draws texts with much of what breaks tables.
func awkward() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"'", "=", "+", "-", "@", "\t", "\r", "\n", "\r\n", `"`, `""`, ",", ";", "|", " ", "\u00a0", "\u3000", "\uFEFF", "中", "é", "😀", "0", "12", "_x000D_", "_x005F_", "\x1b[2J", "\u202e", "\u0085", "_x", "_", "＝", "a"}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		s := strings.Join(rapid.SliceOfN(piece, 0, 5).Draw(t, "pieces"), "")
		return strings.ReplaceAll(s, "\x00", "")
	})
}

func TestNeutraliseIsOneToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := awkward().Draw(t, "s")
		safe, _ := Neutralise(s)
		if runsAsFormula(safe) {
			t.Fatalf("%q becomes %q, which still runs", s, safe)
		}
		if back, _ := Unneutralise(safe); back != s {
			t.Fatalf("%q becomes %q and comes back as %q", s, safe, back)
		}
	})
}

// roundTrip writes arbitrary texts and reads them back.
func roundTrip(t *rapid.T, format string, fits func(string) bool) {
	columns := rapid.IntRange(1, 4).Draw(t, "columns")
	header := make([]string, columns)
	for i := range header {
		header[i] = string(rune('a' + i))
	}
	cell := awkward().Filter(fits)
	row := rapid.SliceOfN(cell, columns, columns).Filter(func(c []string) bool { return filled(c) > 0 })
	rows := rapid.SliceOfN(row, 0, 5).Draw(t, "rows")
	values := make([][]Value, len(rows))
	for i, r := range rows {
		for _, c := range r {
			values[i] = append(values[i], Text(c))
		}
	}
	data, _ := written(t, format, header, values)
	o := Options{Unneutralise: true}
	if format == FormatDelimited {
		o.Delimiter = ','
	}
	rs, err := OpenBytes(context.Background(), "x", data, o)
	if len(rows) == 0 && (format == FormatJSON || format == FormatNDJSON) && errors.Is(err, ErrEmpty) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	back, err := drain(rs[0])
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(header, rs[0].Table().Header); diff != "" {
		t.Fatal(diff)
	}
	if diff := cmp.Diff(rows, cellsOf(back), cmp.Transformer("some", func(s [][]string) [][]string { return slices.Clip(append([][]string{}, s...)) })); diff != "" {
		t.Fatalf("%s\nfrom %q", diff, data)
	}
	for _, r := range back {
		if r.Problem != nil {
			t.Fatalf("our own file has a problem: %v", r.Problem)
		}
	}
}

func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, FormatDelimited, func(string) bool { return true }) })
}

func TestJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, FormatJSON, func(string) bool { return true }) })
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, FormatNDJSON, func(string) bool { return true }) })
}

func TestXLSXRoundTrip(t *testing.T) {
	noControls := func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool {
			return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF'
		})
	}
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, FormatXLSX, noControls) })
}

func TestOtherProgramsReadOurCSVAndJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(awkward(), 2, 2).Draw(t, "cells")
		row := []Value{Text(cells[0]), Text(cells[1])}
		data, _ := written(t, FormatDelimited, []string{"a", "b"}, [][]Value{row})
		recs, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil || len(recs) != 2 {
			t.Fatalf("%v: %q", err, data)
		}
		for i, c := range recs[1] {
			if strings.ContainsFunc(c, isObeyed) {
				t.Fatalf("%q is obeyed by a terminal", c)
			}
			c = Original(FormatDelimited, c)
			// encoding/csv turns CRLF into LF inside quotes.
			if c != strings.ReplaceAll(cells[i], "\r\n", "\n") {
				t.Fatalf("%q was read as %q", cells[i], c)
			}
		}
		data, _ = written(t, FormatJSON, []string{"a", "b"}, [][]Value{row})
		var got []map[string]string
		if err := json.Unmarshal(data, &got); err != nil || got[0]["a"] != cells[0] || got[0]["b"] != cells[1] {
			t.Fatalf("%v: %q", err, data)
		}
	})
}

func TestNumbersSurviveXLSX(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decimal{rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "unscaled"), rapid.IntRange(0, 18).Draw(t, "scale")}
		data, _ := written(t, FormatXLSX, []string{"n"}, [][]Value{{Number(d)}})
		rs, err := OpenBytes(context.Background(), "x.xlsx", data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := drain(rs[0])
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseNumber(rows[0].Cells[0], DecimalPoint)
		if err == nil {
			back, err = back.Rescale(d.Scale)
		}
		if err != nil || back != d {
			t.Fatalf("%s comes back as %q, %v", d, rows[0].Cells[0], err)
		}
	})
}
