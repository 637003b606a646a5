package query

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// parseError parses what has to be refused.
func parseError(t *testing.T, text string) *Error {
	t.Helper()
	e, err := Parse(text, fields)
	if err == nil {
		t.Fatalf("%q is accepted as %q", text, e)
	}
	var qe *Error
	if !errors.As(err, &qe) {
		t.Fatalf("%q: %T is not an *Error", text, err)
	}
	return qe
}

// refused are filters with an error: the carets mark the runes of wrong; msg and hint are parts of
// what is said.
var refused = []struct{ text, wrong, msg, hint string }{
	{"acme ar:>100k", "ar", "no field “ar”", "arr"},
	{"-(acme or tire:KA)", "tire", "no field “tire”", "tier"},
	{"helth:red", "helth", "no field “helth”", "health"},
	{"顧客 備考:x", "備考", "no field “備考”", "quotes"},
	{`"x.SLA":a`, `"x.SLA"`, "no field", "x.SLA Status"},
	{"mailto:a@b.example", "mailto", "no field", "quotes"},
	{"arr:", "arr:", "value is missing", "arr:none"},
	{"arr: 5", "arr:", "value is missing", "without a space"},
	{"(tier:)", "tier:", "value is missing", "tier:none"},
	{"tier:KA,", ",", "after the comma", "quotes"},
	{"tier:KA, mid", ",", "after the comma", "quotes"},
	{"tier:lagre", "lagre", "never “lagre”", "KA, mid, small"},
	{"health:rad", "rad", "never", "did you mean red"},
	{"arr:lots", "lots", "not a number", "100k"},
	{"arr:1e5", "1e5", "not a number", "100k"},
	{"arr:>€5", "€5", "not a number", "100k"},
	{"arr:1,23,", ",", "after the comma", ""},
	{"arr:0x10", "0x10", "not a number", ""},
	{"arr:nan", "nan", "not a number", ""},
	{"arr:" + strings.Repeat("9", 400), strings.Repeat("9", 400), "not a number", ""},
	{"renews:soon", "soon", "not a date", "-2w"},
	{"renews:2026-02-30", "2026-02-30", "not a date", ""},
	{"renews:>22.11.2026", "22.11.2026", "not a date", ""},
	{"auto:maybe", "maybe", "yes or no", "auto:yes"},
	{"name:>m", ">", "no larger and smaller", "name:value"},
	{"tier:<KA", "<", "no larger and smaller", ""},
	{"arr:><5", "><", "does not exist", ""},
	{"name:==x", "==", "does not exist", ""},
	{"arr:!=5", "!=", "no “!=”", "-arr:value"},
	{"arr:>", ">", "not a number", ""},
	{"arr:..", "..", "both ends", "a..b"},
	{"arr:10..5", "10..5", "ends before it begins", "swap"},
	{"renews:2027..2026-12-31", "2027..2026-12-31", "ends before it begins", ""},
	{"renews:+2w..-1w", "+2w..-1w", "ends before it begins", ""},
	{"arr:>5..6", ">5..", "do not go together", ""},
	{"arr:=5..6", "=5..", "do not go together", ""},
	{"arr > 5", ">", "needs a field in front", "arr:>100k"},
	{"arr>5", "arr>5", "“:” is missing", "arr:>5"},
	{"tier=KA", "tier=KA", "“:” is missing", "tier:=KA"},
	{"(acme", "(", "not closed", ""},
	{"acme)", ")", "nothing was opened", ""},
	{")", ")", "nothing was opened", ""},
	{"()", ")", "condition is missing", ""},
	{"(a or )", ")", "condition is missing", ""},
	{"or acme", "or", "before “or”", ""},
	{"a or or b", "or", "before “or”", ""},
	{"acme or", "r", "missing at the end", ""},
	{`"acme`, `"acme`, "not closed", `add "`},
	{`name:"acme`, `"acme`, "not closed", ""},
	{`""`, `""`, "nothing to search for", ""},
	{`name:""`, `""`, "nothing to search for", "field:none"},
	{"***", "***", "nothing to search for", ""},
	{"acme - foo", "-", "nothing follows “-”", "quotes"},
	{"acme -", "-", "nothing follows", ""},
	{"(-)", "-", "nothing follows", ""},
	{strings.Repeat("(", MaxDepth+1) + "a", "(", "too many parentheses", ""},
	{strings.Repeat("a ", MaxLength), "", "too long", "4096"},
}

func TestErrorsPointAtTheMistake(t *testing.T) {
	for _, c := range refused {
		e := parseError(t, c.text)
		r := []rune(c.text)
		if got := string(r[e.Pos : e.Pos+e.Len]); c.wrong != "" && got != c.wrong {
			t.Errorf("%q: marks %q, want %q", c.text, got, c.wrong)
		}
		if !strings.Contains(e.Msg, c.msg) || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%q: %q, hint %q", c.text, e.Msg, e.Hint)
		}
	}
	if e := parseError(t, strings.Repeat("(", MaxDepth+1)+"a"); e.Pos != MaxDepth {
		t.Errorf("depth error at %d", e.Pos)
	}
}

func TestDepthLimitAllowsWhatItSays(t *testing.T) {
	text := strings.Repeat("(", MaxDepth) + "a" + strings.Repeat(")", MaxDepth)
	e, err := Parse(text, fields)
	if err != nil || e.String() != "a" {
		t.Fatalf("%v %v", e, err)
	}
	// Parentheses side by side are not nested.
	if _, err := Parse(strings.Repeat("(a)", 500), fields); err != nil {
		t.Fatal(err)
	}
}

func TestErrorPrintsACaretLine(t *testing.T) {
	for text, want := range map[string]string{
		"acme ar:>100k": "filter, column 6: there is no field “ar”\n" +
			"  acme ar:>100k\n" +
			"       ^^\n" +
			"did you mean arr? Otherwise put it in quotes to search for the text",
		// Wide characters take two columns each.
		"顧客 arr:多い": "filter, column 8: “多い” is not a number\n" +
			"  顧客 arr:多い\n" +
			"           ^^^^\n" +
			"write 250, 1,234.5, 100k or 1.5m",
	} {
		if got := parseError(t, text).Error(); got != want {
			t.Errorf("%s", got)
		}
	}
}

func TestErrorShowsHostileTextHarmlessly(t *testing.T) {
	e := parseError(t, "a\x1b[31m\u202eb\x00 x\x07y\u200b\n\xff z:"+strings.Repeat("多", 300))
	for _, s := range []string{e.Msg, e.Hint, e.Caret()} {
		for _, r := range strings.ReplaceAll(s, "\n", "") {
			if r != ' ' && visible([]rune{r}) != string(r) {
				t.Errorf("%q holds %q", s, r)
			}
		}
		if !utf8.ValidString(s) || len(s) > 800 {
			t.Errorf("%d bytes: %q", len(s), s)
		}
	}
	if lines := strings.Split(e.Caret(), "\n"); len(lines) != 2 || !strings.Contains(lines[1], "^") {
		t.Errorf("%q", e.Caret())
	}
	far := parseError(t, strings.Repeat("a ", 200)+"zzzz:1")
	if lines := strings.Split(far.Caret(), "\n"); !strings.HasPrefix(lines[0], "…") || strings.Index(lines[1], "^") > 50 {
		t.Errorf("%q", far.Caret())
	}
}

func TestNearest(t *testing.T) {
	names := []string{"arr", "tier", "owner", "renews", "health", "last_touch", "tags"}
	for in, want := range map[string][]string{
		"ar": {"arr"}, "teir": {"tier"}, "OWNR": {"owner"}, "last": {"last_touch"}, "renewal": {"renews"},
		"heath": {"health"}, "zzzzzz": nil, "": nil, strings.Repeat("x", 5000): nil,
	} {
		if got := nearest(in, names); !slices.Equal(got, want) {
			t.Errorf("%.20s: %v, want %v", in, got, want)
		}
	}
}

func TestWordsThatLookLikeFields(t *testing.T) {
	for _, text := range []string{
		"http://acme.example/a?b=c:d", "10:30", "::", ":x", "a@b.example:25", "foo=bar", "1>0", `"ar:5"`, "-http://x",
	} {
		if _, err := Parse(text, fields); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
