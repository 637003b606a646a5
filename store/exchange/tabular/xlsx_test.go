package tabular

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// workbookOf lets another program write a workbook, so that the reader is not tested on its own
// idea of the format alone.
func workbookOf(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func set(t testing.TB, f *excelize.File, sheet, cell string, value any, format string) {
	t.Helper()
	if err := f.SetCellValue(sheet, cell, value); err != nil {
		t.Fatal(err)
	}
	if format == "" {
		return
	}
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err == nil {
		err = f.SetCellStyle(sheet, cell, cell, id)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func readSheet(t testing.TB, data []byte, o Options) (*Table, []Row) {
	t.Helper()
	rs, err := OpenBytes(context.Background(), "book.xlsx", data, o)
	return readAll(t, rs, err)
}

func TestXLSXCellsAreTyped(t *testing.T) {
	day := time.Date(2024, 6, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value  any
		format string
		want   string
		typ    CellType
	}{
		{"Ünïcode 中文", "", "Ünïcode 中文", TextCell},
		{"=not a formula", "", "=not a formula", TextCell},
		{12.5, "", "12.5", NumberCell},
		{12.5, "0", "12.5", NumberCell},
		{0.1 + 0.2, "", "0.3", NumberCell},
		{1e20, "", "100000000000000000000", NumberCell},
		{1e-7, "", "0.0000001", NumberCell},
		{123456789012345678, "", "123456789012345678", NumberCell},
		{-12.5, "#,##0.00;[Red](#,##0.00)", "-12.5", NumberCell},
		{0.12, "0%", "0.12", NumberCell},
		{1234, "0.00E+00", "1234", NumberCell},
		{12, `"day "0`, "12", NumberCell},
		{5021, "00000", "05021", TextCell},
		{true, "", "true", BoolCell},
		{day, "dd/mm/yy", "2024-06-05", DateCell},
		{day, "mm/dd/yyyy;@", "2024-06-05", DateCell},
		{day, `[$-409]mmm\-yy`, "2024-06-05", DateCell},
		{day, `yyyy"年"m"月"d"日"`, "2024-06-05", DateCell},
		{day.Add(90 * time.Minute), "dd.mm.yyyy hh:mm", "2024-06-05T01:30:00", TimeCell},
		{day, "dd.mm.yyyy hh:mm", "2024-06-05T00:00:00", TimeCell},
		{day.Add(1500 * time.Millisecond), "yyyy-mm-dd hh:mm:ss.000", "2024-06-05T00:00:01.500", TimeCell},
		{0.75, "h:mm AM/PM", "18:00:00", TextCell},
		{1.5, "[h]:mm", "36:00:00", TextCell},
		{1.0, "yyyy-mm-dd", "1900-01-01", DateCell},
		{59.0, "yyyy-mm-dd", "1900-02-28", DateCell},
		{61.0, "yyyy-mm-dd", "1900-03-01", DateCell},
		{-5.0, "yyyy-mm-dd", "-5", NumberCell},
	} {
		data := workbookOf(t, func(f *excelize.File) {
			set(t, f, "Sheet1", "A1", "h", "")
			set(t, f, "Sheet1", "A2", c.value, c.format)
		})
		_, rows := readSheet(t, data, Options{})
		if len(rows) != 1 || rows[0].Cells[0] != c.want || rows[0].Type(0) != c.typ || rows[0].Problem != nil {
			t.Errorf("%v shown as %q: got %+v, want %q of type %d", c.value, c.format, rows, c.want, c.typ)
		}
	}
}

func TestXLSXBuiltInDateFormatsAndThe1904Calendar(t *testing.T) {
	yes := true
	for _, c := range []struct {
		in1904 bool
		want   string
	}{{false, "2024-06-05"}, {true, "2028-06-06"}} {
		data := workbookOf(t, func(f *excelize.File) {
			if c.in1904 {
				if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
					t.Fatal(err)
				}
			}
			id, err := f.NewStyle(&excelize.Style{NumFmt: 14})
			if err == nil {
				err = f.SetCellStyle("Sheet1", "A2", "A2", id)
			}
			if err != nil {
				t.Fatal(err)
			}
			set(t, f, "Sheet1", "A1", "when", "")
			set(t, f, "Sheet1", "A2", 45448, "")
		})
		if _, rows := readSheet(t, data, Options{}); rows[0].Cells[0] != c.want {
			t.Errorf("1904 %v: %q, want %q", c.in1904, rows[0].Cells[0], c.want)
		}
	}
}

func TestXLSXHeaderBlanksAndMergedCells(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		set(t, f, "Sheet1", "A1", "Quarterly report", "")
		set(t, f, "Sheet1", "A3", "Name", "")
		set(t, f, "Sheet1", "B3", "City", "")
		set(t, f, "Sheet1", "C3", "Seats", "")
		set(t, f, "Sheet1", "A4", "Ada", "")
		set(t, f, "Sheet1", "C4", 3, "")
		set(t, f, "Sheet1", "A7", "Bob", "")
		set(t, f, "Sheet1", "B7", "Oslo", "")
		set(t, f, "Sheet1", "D7", "beyond", "")
		if err := f.MergeCell("Sheet1", "A4", "A5"); err != nil {
			t.Fatal(err)
		}
	})
	tab, rows := readSheet(t, data, Options{})
	if tab.HeaderLine != 3 || tab.Name != "book.xlsx#Sheet1" || tab.Format != FormatXLSX {
		t.Errorf("table is %+v", tab)
	}
	want := [][]string{{"Ada", "", "3"}, {"Bob", "Oslo", "", "beyond"}}
	if diff := cmp.Diff(want, cellsOf(rows)); diff != "" {
		t.Error(diff)
	}
	if rows[0].Line != 4 || rows[1].Line != 7 || !rows[0].IsNull(1) || rows[0].IsNull(2) || rows[0].Problem != nil {
		t.Errorf("rows are %+v", rows)
	}
	if !errors.Is(rows[1].Problem, ErrWideRow) {
		t.Errorf("a cell beyond the header is a problem, got %v", rows[1].Problem)
	}
	if kinds := warningKinds(tab); kinds != "preamble merged" {
		t.Errorf("warnings %s: %v", kinds, tab.Warnings)
	}
}

func warningKinds(tab *Table) string {
	var kinds []string
	for _, w := range tab.Warnings {
		kinds = append(kinds, string(w.Kind))
	}
	return strings.Join(kinds, " ")
}

func TestXLSXSheets(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		for _, name := range []string{"Zwei", "Leer", "Hidden"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		for i, name := range []string{"Sheet1", "Zwei", "Hidden"} {
			set(t, f, name, "A1", "h", "")
			set(t, f, name, "A2", i, "")
		}
		if err := f.SetSheetVisible("Hidden", false); err != nil {
			t.Fatal(err)
		}
	})
	rs, err := OpenBytes(context.Background(), "book.xlsx", data, Options{})
	if err != nil || len(rs) != 2 {
		t.Fatalf("%d sheets, %v", len(rs), err)
	}
	if kinds := warningKinds(rs[0].Table()); kinds != "sheet sheet" {
		t.Errorf("the empty and the hidden sheet are reported, got %v", rs[0].Table().Warnings)
	}
	// The sheets can be read one beside the other.
	for i, r := range rs {
		row, err := r.Next()
		if err != nil || row.Cells[0] != fmt.Sprint(i) {
			t.Errorf("sheet %d: %v %v", i, row, err)
		}
	}
	for _, r := range rs {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if tab, rows := readSheet(t, data, Options{Sheet: "hidden"}); len(rows) != 1 || tab.Name != "book.xlsx#Hidden" {
		t.Errorf("a hidden sheet asked for by name is read: %v", rows)
	}
	_, err = OpenBytes(context.Background(), "book.xlsx", data, Options{Sheet: "Drei"})
	if err == nil || !strings.Contains(err.Error(), "Zwei") {
		t.Errorf("an unknown sheet names those there are, got %v", err)
	}
}

func TestXLSXColumnsAndSkip(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		set(t, f, "Sheet1", "A1", "title", "")
		set(t, f, "Sheet1", "A3", "Ada", "")
		set(t, f, "Sheet1", "B3", 1, "")
	})
	tab, rows := readSheet(t, data, Options{Columns: []string{"name", "seats"}, Skip: 2})
	if tab.HeaderLine != 0 || len(rows) != 1 || rows[0].Cells[0] != "Ada" || rows[0].Line != 3 {
		t.Errorf("%+v %v", tab, rows)
	}
	if tab, rows := readSheet(t, data, Options{Skip: 2}); tab.HeaderLine != 3 || len(rows) != 0 {
		t.Errorf("the header is the first row behind those to skip: %+v %v", tab, rows)
	}
}

// zipOf makes a workbook by hand, for what no honest program writes.
func zipOf(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// minimal returns the parts of a workbook with one sheet.
func minimal(sheetData string) map[string]string {
	return map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData>` + sheetData + `</sheetData></worksheet>`,
	}
}

const headRow = `<row r="1"><c r="A1" t="inlineStr"><is><t>h</t></is></c></row>`

func TestXLSXWrittenInOddWays(t *testing.T) {
	parts := minimal(headRow + `
		<row><c t="s"><v>0</v></c></row>
		<row r="3"><c r="A3" t="str"><f>A1&amp;"x"</f><v>hx_x000D_</v></c></row>
		<row r="4"><c r="A4" t="e"><v>#REF!</v></c></row>
		<row r="5"><c r="A5"><f>1+1</f></c></row>
		<row r="6"><c r="A6" t="d"><v>2024-06-05T10:00:00</v></c></row>
		<row r="7"><c r="A7" t="s"><v>99</v></c></row>`)
	parts["xl/sharedStrings.xml"] = `<sst>
		<si> <r><t>山</t></r> <r><t xml:space="preserve">田 </t></r> <rPh sb="0"><t>ヤマダ</t></rPh> </si> </sst>`
	tab, rows := readSheet(t, zipOf(t, parts), Options{})
	want := [][]string{{"山田 "}, {"hx\r"}, {"#REF!"}, {""}, {"2024-06-05T10:00:00"}, {""}}
	if diff := cmp.Diff(want, cellsOf(rows)); diff != "" {
		t.Error(diff, tab.Warnings)
	}
	for i, want := range []error{nil, nil, ErrErrorCell, ErrErrorCell, nil, ErrBadRecord} {
		if got := rows[i].Problem; !errors.Is(got, want) {
			t.Errorf("row %d: problem %v, want %v", rows[i].Line, got, want)
		}
	}
}

func TestXLSXThatIsHostileOrDamaged(t *testing.T) {
	good := zipOf(t, minimal(headRow+`<row r="2"><c r="A2"><v>1</v></c></row>`))
	bomb := minimal(headRow + strings.Repeat(" ", 64<<20))
	entities := minimal(headRow + `<row r="2"><c r="A2" t="str"><v>&lol9;</v></c></row>`)
	entities["xl/worksheets/sheet1.xml"] = `<!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY lol9 "&lol;&lol;">]>` + entities["xl/worksheets/sheet1.xml"]
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"cut off", good[:len(good)/2], ErrTruncated},
		{"only the signature", []byte("PK\x03\x04"), ErrTruncated},
		{"no workbook inside", zipOf(t, map[string]string{"a.txt": "x"}), ErrNotATable},
		{"xlsb", zipOf(t, map[string]string{"xl/workbook.bin": "x"}), ErrNotATable},
		{"ods", zipOf(t, map[string]string{"content.xml": "x", "mimetype": "x"}), ErrNotATable},
		{"zip bomb", zipOf(t, bomb), ErrTooLarge},
		{"entities", zipOf(t, entities), ErrNotATable},
		{"no rows", zipOf(t, minimal("")), ErrEmpty},
		{"a sheet that breaks off", zipOf(t, minimal(headRow+`<row r="2"><c r="A2">`)), ErrTruncated},
		{"rows backwards", zipOf(t, minimal(headRow+`<row r="1"></row>`)), ErrNotATable},
		{"a row out of bounds", zipOf(t, minimal(headRow+`<row r="99999999"></row>`)), ErrNotATable},
		{"a column out of bounds", zipOf(t, minimal(headRow+`<row r="2"><c r="ZZZ2"><v>1</v></c></row>`)), ErrNotATable},
		{"a cell too long", zipOf(t, minimal(headRow+`<row r="2"><c r="A2"><v>`+strings.Repeat("9", 300<<10)+`</v></c></row>`)), ErrTooLarge},
	} {
		rs, err := OpenBytes(context.Background(), "book.xlsx", c.data, Options{MaxUnzip: 32 << 20, MaxField: 128 << 10})
		if err == nil {
			_, err = drain(rs[0])
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	for cut := len("PK\x03\x04"); cut < len(good); cut++ {
		if _, err := OpenBytes(context.Background(), "book.xlsx", good[:cut], Options{}); err == nil {
			t.Fatalf("a workbook cut off after %d of %d bytes was read", cut, len(good))
		}
	}
}

func TestXLSXBombCostsLittleMemory(t *testing.T) {
	data := zipOf(t, minimal(headRow+strings.Repeat(" ", 64<<20)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := OpenBytes(context.Background(), "b.xlsx", data, Options{MaxUnzip: 32 << 20}); !errors.Is(err, ErrTooLarge) {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("refusing a bomb of 64 MiB allocated %d bytes", got)
	}
}
