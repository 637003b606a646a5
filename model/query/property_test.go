package query

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// canonical maps filters to the form in which they print.
var canonical = map[string]string{
	"  acme   GmbH ":             "acme GmbH",
	"(a (b c))":                  "a b c",
	"a or (b or c d)":            "a or b or c d",
	"(a or b) c":                 "(a or b) c",
	"-(a b)":                     "-(a b)",
	"-(-a)":                      "a",
	"---a":                       "-a",
	"-(a)":                       "-a",
	`"acme"`:                     "acme",
	`"or"`:                       `"or"`,
	`"a*b"`:                      `"a*b"`,
	"a＊b":                        "a*b",
	`"say \"hi\" c:\dir \\"`:     `"say \"hi\" c:\\dir \\"`,
	`“say hi”`:                   `"say hi"`,
	"TIER:ka,Mid":                "tier:KA,mid",
	`tier:"gone",ka`:             `tier:"gone",KA`,
	`tags:"a,b",c`:               `tags:"a,b",c`,
	`tags:"none","any",none,ANY`: `tags:"none","any",none,any`,
	"tags:*,a*":                  "tags:any,a*",
	"owner:ME":                   "owner:me",
	`owner:"me"`:                 `owner:"me"`,
	"name:=acme":                 "name:=acme",
	"name:=none":                 `name:="none"`,
	"name:=a*":                   "name:a*",
	"arr:>100K":                  "arr:>100000",
	"arr:=1.5m":                  "arr:1500000",
	"arr:-0":                     "arr:0",
	"arr:+5":                     "arr:5",
	"arr:.5":                     "arr:0.5",
	"arr:4.35k":                  "arr:4350",
	"arr:1,234.5":                "arr:1234.5",
	"arr:1,234,567":              "arr:1234567",
	"arr:1,2345":                 "arr:1,2345",
	`seats:"1","200"`:            `seats:1,"200"`,
	"seats:1,200..3,000":         "seats:1200..3000",
	"seats:5,1..2":               "seats:5,1..2",
	"auto:TRUE,0":                "auto:yes,no",
	"renews:+0w":                 "renews:today",
	"renews:<90d":                "renews:<+90d",
	"renews:-1d..+1D":            "renews:yesterday..tomorrow",
	"renews:2026-11..":           "renews:2026-11..",
	"renews:..2026":              "renews:..2026",
	"renews:>=2026-11-22":        "renews:>=2026-11-22",
	`"x.sla status":a`:           `"x.SLA Status":a`,
	"owner：me （tier：ＫＡ，mid or －a）": "owner:me (tier:KA,mid or -a)",
}

func TestCanonicalForm(t *testing.T) {
	for text, want := range canonical {
		e, err := Parse(text, fields)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := e.String(); got != want {
			t.Errorf("%s prints as %s, want %s", text, got, want)
		}
		if again, err := Parse(want, fields); err != nil || !reflect.DeepEqual(e, again) {
			t.Errorf("%s: the canonical form reads back as %v (%v)", text, again, err)
		}
	}
}

func TestFieldsAndEmpty(t *testing.T) {
	e, err := Parse("a (tier:KA or -(arr:>1 tier:mid)) or owner:me", fields)
	if err != nil {
		t.Fatal(err)
	}
	if got := e.Fields(); !slices.Equal(got, []string{"arr", "owner", "tier"}) {
		t.Error(got)
	}
	if e.Empty() {
		t.Error("not empty")
	}
	var none *Expr
	if !none.Empty() || none.String() != "" || none.Fields() != nil || !none.Compile(table{{}}, env)(0) {
		t.Error("the nil filter does not match everything")
	}
}

// anyQuery draws well-formed filters.
func anyQuery() *rapid.Generator[string] {
	leaf := rapid.SampledFrom([]string{
		"acme", "glo*x", `"acme corp"`, "tier:KA", "tier:mid,small", "tier:none", `tier:"x"`, "tags:vip", "tags:v*,none",
		"owner:me", "owner:any", "arr:>100k", "arr:1..2k", `arr:1,"200",none`, "seats:<=10", "auto:yes", "auto:none",
		"renews:<90d", "renews:2026", "renews:-2w..today", "last_touch:>=2026-11", "name:acme", "name:=acme", "name:*e,x",
		"or*", `"or"`, "http://x", `"x.SLA Status":a`,
	})
	var build func(depth int) *rapid.Generator[string]
	build = func(depth int) *rapid.Generator[string] {
		if depth == 0 {
			return leaf
		}
		sub := build(depth - 1)
		return rapid.OneOf(
			leaf,
			rapid.Custom(func(t *rapid.T) string { return "-(" + sub.Draw(t, "a") + ")" }),
			rapid.Custom(func(t *rapid.T) string { return sub.Draw(t, "a") + " " + sub.Draw(t, "b") }),
			rapid.Custom(func(t *rapid.T) string { return "(" + sub.Draw(t, "a") + " or " + sub.Draw(t, "b") + ")" }),
		)
	}
	return build(4)
}

// anyTable draws rows in which every field may be missing.
func anyTable() *rapid.Generator[table] {
	pick := func(t *rapid.T, name string, values ...string) string {
		return rapid.SampledFrom(append(values, "")).Draw(t, name)
	}
	row := rapid.Custom(func(t *rapid.T) record {
		return record{
			"name": pick(t, "name", "Acme", "Acme Corp", "Globex", "x"), "note": pick(t, "note", "or else", "http://x"),
			"arr": pick(t, "arr", "1", "200", "1500", "100000", "250000"), "seats": pick(t, "seats", "5", "10", "20"),
			"auto": pick(t, "auto", "0", "1"), "tier": pick(t, "tier", "KA", "mid", "small", "x"),
			"tags": pick(t, "tags", "vip", "a|vip", "none"), "owner": pick(t, "owner", "ana", "bob|me"),
			"renews":     pick(t, "renews", "2026-11-10", "2026-11-22", "2027-02-20", "2027-02-21"),
			"last_touch": pick(t, "last_touch", secs(2026, 10, 31, 23), secs(2026, 11, 1, 0)),
		}
	})
	return rapid.Custom(func(t *rapid.T) table { return rapid.SliceOfN(row, 1, 20).Draw(t, "rows") })
}

func rows(t *rapid.T, text string, in table) []int {
	e, err := Parse(text, fields)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	holds := e.Compile(in, env)
	var out []int
	for i := range in {
		if holds(i) {
			out = append(out, i)
		}
	}
	return out
}

func TestPrintedFilterIsTheSameFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, in := anyQuery().Draw(t, "query"), anyTable().Draw(t, "rows")
		e, err := Parse(text, fields)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		again, err := Parse(e.String(), fields)
		if err != nil {
			t.Fatalf("%s prints as %s: %v", text, e, err)
		}
		if !reflect.DeepEqual(e, again) {
			t.Fatalf("%s prints as %s, which is another filter: %s", text, e, again)
		}
		if a, b := rows(t, text, in), rows(t, e.String(), in); !slices.Equal(a, b) {
			t.Fatalf("%s finds %v, printed %v", text, a, b)
		}
	})
}

func TestLogicOfSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, in := anyQuery().Draw(t, "a"), anyQuery().Draw(t, "b"), anyTable().Draw(t, "rows")
		for _, law := range [][2]string{
			{"-(" + a + " or " + b + ")", "-(" + a + ") -(" + b + ")"},
			{"-((" + a + ") (" + b + "))", "-(" + a + ") or -(" + b + ")"},
			{"(" + a + ") (" + b + ")", "(" + b + ") (" + a + ")"},
			{"(" + a + ") or (" + b + ")", "(" + b + ") or (" + a + ")"},
			{"--(" + a + ")", a},
			{"(" + a + ") or -(" + a + ")", ""},
		} {
			if left, right := rows(t, law[0], in), rows(t, law[1], in); !slices.Equal(left, right) {
				t.Fatalf("%s finds %v, but %s finds %v", law[0], left, law[1], right)
			}
		}
		if slices.ContainsFunc(rows(t, "("+a+") -("+a+")", in), func(int) bool { return true }) {
			t.Fatalf("%s and its negation hold together", a)
		}
	})
}

// check holds what is true of every text, well-formed or not.
func check(t interface{ Fatalf(string, ...any) }, text string) {
	e, err := Parse(text, fields)
	if err == nil {
		again, err := Parse(e.String(), fields)
		if err != nil {
			// Only the printed form may outgrow the limit: 0.5m prints longer than it was typed.
			if len([]rune(e.String())) > MaxLength {
				return
			}
			t.Fatalf("%q prints as %q: %v", text, e, err)
		}
		if !reflect.DeepEqual(e, again) {
			t.Fatalf("%q prints as %q, which is another filter: %q", text, e, again)
		}
		holds := e.Compile(table{{}, {"name": "Acme", "arr": "5", "tags": "a|b"}}, env)
		holds(0)
		holds(1)
		return
	}
	var qe *Error
	if !errors.As(err, &qe) {
		t.Fatalf("%q: %T", text, err)
	}
	if n := len([]rune(text)); qe.Pos < 0 || qe.Len < 1 || qe.Pos+qe.Len > n {
		t.Fatalf("%q (%d runes): the error is at %d+%d", text, n, qe.Pos, qe.Len)
	}
	if qe.Msg == "" || qe.Hint == "" || qe.Error() == "" {
		t.Fatalf("%q: the error does not say what to do: %v", text, qe)
	}
}

func TestAnyTextIsReadOrRefused(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"(", ")", "-", `"`, ":", ",", "..", ">", "<", "=", "*", "\\", " ", "or", "none", "me", "arr", "tier", "name", "tags",
			"renews", "owner", "auto", "seats", "1", "234", "k", "2026", "-11", "2w", "today", "KA", "（", "：", "”", "\x00", "\xff", "多",
			`"x.SLA Status":`, "K", "\u0301", "\u202e", "//",
		}),
		rapid.StringN(0, 3, 9),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces") {
			text += p
		}
		check(t, text)
		cursor := rapid.IntRange(-1, 40).Draw(t, "cursor")
		for _, c := range Complete(text, cursor, fields, nil) {
			if c.From < 0 || c.From > c.To || c.To > len([]rune(text)) {
				t.Fatalf("%q, cursor %d: candidate %+v lies outside", text, cursor, c)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "acme", `-(a or "b c") tier:KA,mid`, "arr:>100k renews:<90d", "arr:1,234.5..2m", `tags:none or owner:me`,
		"((((", `"`, "name:=*x*", "renews:2026-11..", "http://a:b", "-", "x:y", "seats:1,\"200\"", "（：”＊",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { check(t, text) })
}

func TestANarrowerFilterFindsNothingElse(t *testing.T) {
	tables, narrow := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tables++
		a, b, in := anyQuery().Draw(t, "a"), anyQuery().Draw(t, "b"), anyTable().Draw(t, "table")
		for _, pair := range [][2]string{{a, b}, {a + " " + b, a}, {b + "c", b}, {a + " ac", a + " a"}, {"name:acm", "name:ac"}, {a, a}} {
			x, errX := Parse(pair[0], fields)
			y, errY := Parse(pair[1], fields)
			if errX != nil || errY != nil || !x.Narrows(y) {
				continue
			}
			narrow++
			wider := rows(t, pair[1], in)
			for _, row := range rows(t, pair[0], in) {
				if !slices.Contains(wider, row) {
					t.Fatalf("%q is said to narrow %q, and finds row %d besides", pair[0], pair[1], row)
				}
			}
		}
	})
	if narrow < 3*tables { // Two of the six pairs are narrower whatever is drawn.
		t.Errorf("only %d filters over %d tables were narrower: the test shows little", narrow, tables)
	}
	for _, c := range []struct {
		text, wider string
		want        bool
	}{
		{"amb", "am", true},
		{"amb tier:KA", "tier:KA am", true},
		{"am", "amb", false},
		{"a or b", "a", false},
		{"-am", "-a", false},
		{"tier:KA", "tier:KA,mid", false},
		{"name:amb", "name:am", true},
		{"a*b", "a", false},
		{"", "a", false},
		{"a", "", true},
	} {
		x, _ := Parse(c.text, fields)
		y, _ := Parse(c.wider, fields)
		if got := x.Narrows(y); got != c.want {
			t.Errorf("%q narrows %q: %v", c.text, c.wider, got)
		}
	}
}
