package query

import (
	"slices"
	"testing"
)

func known(field string) []string {
	return map[string][]string{
		"owner": {"ana", "Bob Stone"}, "tags": {"vip", "none", "a,b"}, "tier": {"not asked for"},
	}[field]
}

func TestComplete(t *testing.T) {
	// The bar is the cursor; want are the first candidates' texts.
	for _, c := range []struct {
		before, after string
		want          []string
		from          int
	}{
		{"", "", []string{"name:", "seats:", "arr:"}, 0},
		{"ar", "", []string{"arr:"}, 0},
		{"AR", "", []string{"arr:"}, 0},
		{"touch", "", []string{"last_touch:"}, 0},
		{"acme te", "", nil, 5},
		{"acme ti", " x", []string{"tier:"}, 5},
		{"acme or -(ti", "", []string{"tier:"}, 10},
		{"x.", "", []string{`"x.SLA Status":`}, 0},
		{`"x.`, "", nil, 0},
		{"tier:", "", []string{"KA", "mid", "small", "none", "any"}, 5},
		{"tier:k", "", []string{"KA"}, 5},
		{"-tier:KA,", "", []string{"KA", "mid", "small", "none", "any"}, 9},
		{"tier:KA,s", "", []string{"small"}, 8},
		{"tier:ll", "", []string{"small"}, 5},
		{"tier:KA ", "", []string{"name:"}, 8},
		{"OWNER:", "", []string{"ana", `"Bob Stone"`, "me", "none", "any"}, 6},
		{`owner:"b`, "", []string{`"Bob Stone"`}, 6},
		{`owner:"Bob Stone"`, "", []string{"name:"}, 17},
		{`"x.SLA Status":n`, "", []string{"none", "any"}, 15},
		{"tags:", "", []string{"vip", `"none"`, `"a,b"`, "none", "any"}, 5},
		{"auto:", "", []string{"yes", "no", "none", "any"}, 5},
		{"renews:<to", "", []string{"today", "tomorrow"}, 8},
		{"renews:today..to", "", []string{"today", "tomorrow"}, 14},
		{"arr:>1", "", nil, 5},
		{"nope:x", "", nil, 0},
		{"name:a b:c ti", "", []string{"tier:"}, 11},
		{"顧客 ti", "", []string{"tier:"}, 3},
	} {
		got := Complete(c.before+c.after, len([]rune(c.before)), fields, known)
		var texts []string
		for _, g := range got {
			texts = append(texts, g.Text)
			if g.From != c.from || g.To != len([]rune(c.before)) {
				t.Errorf("%s|%s: replaces %d..%d, want from %d", c.before, c.after, g.From, g.To, c.from)
			}
		}
		if c.want == nil && len(texts) > 0 || !slices.Equal(texts[:min(len(c.want), len(texts))], c.want) {
			t.Errorf("%s|%s: %q, want %q", c.before, c.after, texts, c.want)
		}
	}
}

func TestCompletedFilterParses(t *testing.T) {
	for _, before := range []string{"", "tier:", "owner:", "tags:", "auto:", "renews:", "renews:<", "renews:-1y..", "name:=", `owner:"b`, "-x", "acme (tags:vip,"} {
		for _, c := range Complete(before, -1, fields, known) {
			text := string([]rune(before)[:c.From]) + c.Text
			if c.Text[len(c.Text)-1] == ':' {
				text += "none"
			}
			if before == "acme (tags:vip," {
				text += ")"
			}
			if _, err := Parse(text, fields); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}
