package serve

import (
	"slices"
	"testing"
)

func TestWordsAreThoseOfAShell(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{"", nil},
		{"  list   customers\n", []string{"list", "customers"}},
		{`list --where 'arr:>1k or "x"' ''`, []string{"list", "--where", `arr:>1k or "x"`, ""}},
		{`a\ b "c \" d" e'f'"g"`, []string{"a b", `c " d`, "efg"}},
		{`'open quote`, []string{"open quote"}},
		{`$HOME;rm *`, []string{"$HOME;rm", "*"}},
	} {
		if got := words(c.line); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.line, got, c.want)
		}
	}
}

func FuzzQuotedWordsComeBack(f *testing.F) {
	f.Add("a", "", "'\"\\ \n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		args := []string{a, b, c}
		for i := range args {
			args[i] = string([]rune(args[i])) // A command line is text.
		}
		if got := words(quoteAll(args)); !slices.Equal(got, args) {
			t.Errorf("%q comes back as %q", args, got)
		}
	})
}
