package lang

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// verbs of fmt in a text, with the place of the argument each one takes.
func verbs(t *testing.T, text string) []string {
	t.Helper()
	var out []string
	next := 1
	for _, m := range regexp.MustCompile(`%(\[(\d)\])?[-+# 0]*(\d|\.\d)*([a-zA-Z%])`).FindAllStringSubmatch(text, -1) {
		if m[4] == "%" {
			continue
		}
		if m[2] != "" {
			next = int(m[2][0] - '0')
		}
		out = append(out, string(rune('0'+next))+m[4])
		next++
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestEveryEntryIsWhole(t *testing.T) {
	seen := map[string]entry{}
	for _, e := range entries() {
		if first, double := seen[e.english]; double {
			t.Errorf("%s:%d: %q stands in %s:%d already", e.file, e.line, e.english, first.file, first.line)
		}
		seen[e.english] = e
		for _, code := range Codes()[1:] {
			text, ok := e.text(code)
			if !ok || strings.TrimSpace(text) == "" {
				t.Errorf("%s:%d: %q has no %s", e.file, e.line, e.english, code)
				continue
			}
			checkVerbs(t, e, code, text)
		}
		if len(e.texts) != len(Codes())-1 {
			t.Errorf("%s:%d: %q has %d translations: %q", e.file, e.line, e.english, len(e.texts), e.texts)
		}
	}
	if len(seen) < 100 {
		t.Errorf("the catalogue has only %d entries", len(seen))
	}
}

// checkVerbs wants the arguments of the English text in each form of the translation. The singular may
// leave the number out: it is one.
func checkVerbs(t *testing.T, e entry, code, text string) {
	t.Helper()
	parts := strings.Split(e.english, plural)
	want := verbs(t, parts[len(parts)-1])
	forms := strings.Split(text, plural)
	if len(forms) > len(parts) {
		t.Errorf("%s:%d: %s has more forms than the English: %q", e.file, e.line, code, text)
	}
	if got := verbs(t, forms[len(forms)-1]); !slices.Equal(got, want) {
		t.Errorf("%s:%d: %s takes %v and the English %v: %q", e.file, e.line, code, got, want, text)
	}
	for _, v := range verbs(t, forms[0]) {
		if !slices.Contains(want, v) {
			t.Errorf("%s:%d: %s takes %s, which the English does not: %q", e.file, e.line, code, v, text)
		}
	}
	if ends := func(s string) bool { return strings.HasSuffix(s, "…") }; ends(e.english) != ends(text) {
		t.Errorf("%s:%d: only one of %q and %q ends in …", e.file, e.line, e.english, text)
	}
	if strings.Count(e.english, `\n`) != strings.Count(text, `\n`) && !strings.Contains(e.english, plural) {
		t.Errorf("%s:%d: %s has other line breaks: %q", e.file, e.line, code, text)
	}
}

func TestALanguageSaysItsWords(t *testing.T) {
	for _, c := range []struct{ code, text, want string }{
		{"en", "Customers", "Customers"},
		{"zh", "Customers", "客户"},
		{"ja", "Customers", "顧客"},
		{"es", "Customers", "Clientes"},
		{"fr", "Customers", "Customers"},
		{"zh", "a text without an entry", "a text without an entry"},
	} {
		if got := New(c.code).T(c.text); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.code, c.text, got, c.want)
		}
	}
	if got := New("zh").T("%d of %s", 3, "x"); got != "3 of x" {
		t.Errorf("verbs are filled in only with an entry: %q", got)
	}
}

func TestALanguageIsChosen(t *testing.T) {
	for _, c := range []struct {
		wishes []string
		want   string
	}{
		{nil, "en"},
		{[]string{"", "", "zh_CN.UTF-8"}, "zh"},
		{[]string{"ja-JP", "zh"}, "ja"},
		{[]string{"es_MX@euro"}, "es"},
		{[]string{"C", "zh_CN"}, "en"},
		{[]string{"de_DE.UTF-8", "es_ES"}, "es"},
		{[]string{"ZH-hans"}, "zh"},
		{[]string{"\x1b[2J"}, "en"},
	} {
		if got := Choose(c.wishes...); got != c.want {
			t.Errorf("Choose(%q) = %s, want %s", c.wishes, got, c.want)
		}
	}
}

func TestNumbersAndDatesAreTheReaders(t *testing.T) {
	for _, c := range []struct{ code, number, money, date, within string }{
		{"en", "1,234,567", "1,234.50", "2026-11-22", "from 2026-11-22 on"},
		{"zh", "1,234,567", "1,234.50", "2026-11-22", "from 2026-11-22 on"},
		{"ja", "1,234,567", "1,234.50", "2026/11/22", "from 2026/11/22 on"},
		{"es", "1.234.567", "1234,50", "22/11/2026", "from 22/11/2026 on"},
	} {
		l := New(c.code)
		if got := l.Int(1234567); got != c.number {
			t.Errorf("%s writes 1234567 as %s, want %s", c.code, got, c.number)
		}
		if got := l.Number("1234.50"); got != c.money {
			t.Errorf("%s writes 1234.50 as %s, want %s", c.code, got, c.money)
		}
		if got := l.Date("2026-11-22"); got != c.date {
			t.Errorf("%s writes the day as %s, want %s", c.code, got, c.date)
		}
		if got := l.Dates("from 2026-11-22 on"); got != c.within {
			t.Errorf("%s writes %q, want %q", c.code, got, c.within)
		}
	}
	if got := New("es").Dates("id 12026-11-22 2026-11-221 2026-11-2"); got != "id 12026-11-22 2026-11-221 2026-11-2" {
		t.Errorf("what is no day was changed: %q", got)
	}
	if got := New("es").Int(-12345); got != "-12.345" {
		t.Errorf("-12345 is %s", got)
	}
}
