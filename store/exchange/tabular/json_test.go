package tabular

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJSONShapes(t *testing.T) {
	for _, c := range []struct {
		name, text, format string
		header             []string
		rows               [][]string
	}{
		{"array", `[{"a":1,"b":"x"},{"b":"y","c":true}]`, FormatJSON, []string{"a", "b", "c"}, [][]string{{"1", "x", ""}, {"", "y", "true"}}},
		{"lines", "{\"a\":1}\n\n{\"b\":2}\n", FormatNDJSON, []string{"a", "b"}, [][]string{{"1", ""}, {"", "2"}}},
		{"one object", `{"a":1}`, FormatJSON, []string{"a"}, [][]string{{"1"}}},
		{"objects over several lines", "{\n\"a\":1}\n{\n\"a\":2}\n", FormatJSON, []string{"a"}, [][]string{{"1"}, {"2"}}},
		{"with a mark", "\ufeff[{\"a\":1}]", FormatJSON, []string{"a"}, [][]string{{"1"}}},
		{
			"salesforce tree", "{\n  \"records\": [{\"attributes\":{\"type\":\"Account\",\"referenceId\":\"AccountRef1\"},\"Name\":\"Acme\"}]\n}", FormatJSON,
			[]string{"attributes.type", "attributes.referenceId", "Name"},
			[][]string{{"Account", "AccountRef1", "Acme"}},
		},
		{
			"github issues", `[{"number":1,"labels":[{"name":"bug","color":"red"},{"name":"p1","color":null}],"user":{"login":"ada"},"assignees":["x","y"]},{"number":2,"labels":[],"author":{"login":"bob"}}]`, FormatJSON,
			[]string{"number", "labels[].name", "labels[].color", "user.login", "assignees", "author.login"},
			[][]string{{"1", "bug; p1", "red", "ada", "x; y", ""}, {"2", "", "", "", "", "bob"}},
		},
		{"one issue on a line", "{\"n\":1,\"labels\":[{\"name\":\"a\"}]}\n{\"n\":2,\"labels\":[]}\n", FormatNDJSON, []string{"n", "labels[].name"}, [][]string{{"1", "a"}, {"2", ""}}},
		{"exact numbers", `[{"a":3.5E8,"b":12345678901234567.8,"c":1e400,"d":-0.0,"e":2.50}]`, FormatJSON, []string{"a", "b", "c", "d", "e"}, [][]string{{"350000000", "12345678901234567.8", "1e400", "0.0", "2.50"}}},
		{"a key twice", `[{"a":1,"a":2}]`, FormatJSON, []string{"a"}, [][]string{{"2"}}},
		{"lists in lists", `[{"a":[[1,2],[3]]}]`, FormatJSON, []string{"a"}, [][]string{{"1; 2; 3"}}},
		{"too deep to flatten", `[{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}]`, FormatJSON, []string{"a.b.c.d.e.f.g.h"}, [][]string{{`{"i":1}`}}},
	} {
		tab, rows := readText(t, c.text, Options{})
		if tab.Format != c.format {
			t.Errorf("%s: format %s", c.name, tab.Format)
		}
		if diff := cmp.Diff(c.header, tab.Header); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.rows, cellsOf(rows)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestJSONTypesAndNulls(t *testing.T) {
	_, rows := readText(t, `[{"s":"1","n":1,"b":false,"z":null,"e":""},{"x":"a\u0000b"}]`, Options{})
	if diff := cmp.Diff([]CellType{TextCell, NumberCell, BoolCell, Untyped, TextCell, Untyped}, rows[0].Types); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]bool{false, false, false, true, false, true}, rows[0].Null); diff != "" {
		t.Error(diff)
	}
	if rows[0].Line != 1 || rows[1].Line != 2 || rows[1].Cells[5] != "ab" || !errors.Is(rows[1].Problem, ErrNUL) {
		t.Errorf("%+v", rows[1])
	}
}

func TestNDJSONGoesOnBehindABadLine(t *testing.T) {
	_, rows := readText(t, "{\"a\":1}\n{\"a\":\n[1]\n{\"a\":2} x\n{\"a\":3}\n", Options{})
	for i, want := range []error{nil, ErrBadRecord, ErrBadRecord, ErrBadRecord, nil} {
		if !errors.Is(rows[i].Problem, want) || rows[i].Line != i+1 {
			t.Errorf("line %d: %v, want %v", rows[i].Line, rows[i].Problem, want)
		}
	}
	if rows[4].Cells[0] != "3" {
		t.Errorf("the last row is %v", rows[4])
	}
}

func TestJSONThatIsHostileOrDamaged(t *testing.T) {
	keys := make([]string, maxColumns+1)
	for i := range keys {
		keys[i] = `{"k` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `":1}`
	}
	for _, c := range []struct {
		name, text string
		want       error
		says       string
	}{
		{"cut off in a record", `[{"a":1},{"b":`, ErrTruncated, "record 2"},
		{"cut off behind a record", `[{"a":1}`, ErrTruncated, "record 2"},
		{"cut off tree", `{"records":[{"a":1}]`, ErrTruncated, ""},
		{"more behind the list", `[{"a":1}] {"a":2}`, ErrNotATable, "more"},
		{"more behind the tree", `{"records":[{"a":1}]}{"records":[{"a":1}]}`, ErrNotATable, "more"},
		{"no comma", `[{"a":1} {"b":2}]`, ErrNotATable, "record 2"},
		{"an empty list", `[]`, ErrEmpty, ""},
		{"plain values", `[1,2,3]`, ErrNotATable, ""},
		{"lists", `[[1,2],[3,4]]`, ErrNotATable, ""},
		{"a record too long", `[{"a":"` + strings.Repeat("x", 90<<10) + `"}]`, ErrTooLarge, "record 1"},
		{"a cell too long", `[{"a":"` + strings.Repeat("x", 20<<10) + `"}]`, ErrTooLarge, "a has more"},
		{"nested without end", `[{"a":` + strings.Repeat("[", 20000) + `}]`, ErrNotATable, "record 1"},
		{"ever new keys", "[" + strings.Join(keys, ",") + "]", ErrTooLarge, "keys"},
	} {
		rs, err := OpenBytes(context.Background(), "t.json", []byte(c.text), Options{MaxField: 10 << 10, MaxRow: 64 << 10})
		if err == nil {
			_, err = drain(rs[0])
		}
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.says)
		}
	}
}

func TestJSONTreeNamesWhatItLeavesOut(t *testing.T) {
	tab, rows := readText(t, `{"count":3,"tickets":[{"id":1}],"users":[{"z":1}],"next":null,"meta":{"x":[1]}}`, Options{})
	if len(rows) != 1 || warningKinds(tab) != "sheet sheet" || !strings.Contains(tab.Warnings[0].Text, `"users"`) {
		t.Errorf("%v %v", rows, tab.Warnings)
	}
}

func TestJSONOptions(t *testing.T) {
	if _, rows := readText(t, `[{"a":1},{"a":2}]`, Options{Skip: 1}); len(rows) != 1 || rows[0].Line != 2 {
		t.Errorf("skipping records: %v", rows)
	}
	if tab, _ := readText(t, `{"a",b`, Options{Delimiter: ','}); tab.Format != FormatDelimited {
		t.Errorf("a delimiter makes it a table of text, got %s", tab.Format)
	}
}

// Programs that fetch page by page write one list behind the other.
func TestPagesOneBehindTheOtherAreOneTable(t *testing.T) {
	text := `[{"a":1},{"a":"` + strings.Repeat("x", 9000) + `"}]` + "\n" + `[] [{"a":3,"b":4}]` + "\n"
	rs, err := OpenBytes(context.Background(), "pages.json", []byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := drain(rs[0])
	if err != nil || len(rows) != 3 || rows[2].Cells[0] != "3" || rows[2].Cells[1] != "4" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}
