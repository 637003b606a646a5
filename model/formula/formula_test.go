package formula

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func names() map[string]Type {
	return map[string]Type{"arr": Number, "seats": Number, "overdue": Number, "industry": Text, "partner": Bool}
}

func TestFormulas(t *testing.T) {
	env := map[string]any{"arr": 1200.0, "seats": 10.0, "overdue": nil, "industry": "Software", "partner": true}
	for _, c := range []struct {
		text  string
		want  float64
		word  string
		known bool
	}{
		{"arr / seats", 120, "", true},
		{"5 / 2", 2.5, "", true}, // whole numbers divide as numbers do
		{"(arr - (overdue ?? 0)) / 100", 12, "", true},
		{"arr - overdue", 0, "", false},
		{"overdue > 0 ? 1 : 2", 0, "", false},
		{"partner ? 10 : 20", 10, "", true},
		{"partner && arr > 1000", 1, "", true},
		{"not partner", 0, "", true},
		{"min(arr, seats) + max(1, 2) + abs(-3) + floor(1.9) + ceil(1.1) + round(2.5)", 10 + 2 + 3 + 1 + 2 + 3, "", true},
		{"sqrt(4) + log10(1000) + 2 ** 3 + 2 ^ 2", 2 + 3 + 8 + 4, "", true},
		{`lower(industry) == "software" ? arr : 0`, 1200, "", true},
		{`industry contains "oft"`, 1, "", true},
		{`arr > 1000 ? "large" : "small"`, 0, "large", true},
	} {
		f, err := Compile(c.text, names())
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var m Machine
		got, known, err := m.Run(f, env)
		if err != nil || known != c.known || got.Number != c.want || got.Text != c.word {
			t.Errorf("%s: %+v %v %v; want %v %q", c.text, got, known, err, c.want, c.word)
		}
	}
}

// Every error says where it is and in words of this program, not of the library.
func TestErrorsHaveAPlace(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		part   string
	}{
		{"", 0, "empty"},
		{"arr / sets", 7, `no field "sets"`},
		{"arr + industry", 5, "text"},
		{"arr / ", 6, ""},
		{"arr / 0", 5, "division by zero"},
		{"arr + 1 / (seats - 10)", 9, "division by zero"},
		{"sqrt(-1)", 1, "square root"},
		{"10 ** 400", 4, "power"},
		{"1e308 * 10", 1, "not a number"},
		{"sum(map([1], # * 2))", 0, ""},
		{"1..100", 2, "loop"},
		{"[1, 2]", 1, "lists"},
		{"let x = 1; x", 12, ""},
		{"arr % 2", 5, "%"},
		{"now()", 1, ""},
		{`repeat("a", 1000000)`, 1, ""},
		{`industry matches "("`, 10, "matches"},
		{"{}", 1, ""},
		{"arr.x", 5, "point"},
		{strings.Repeat("1 + ", 300) + "1", 0, ""},
		{strings.Repeat("(", 300) + "1", 0, ""},
	} {
		f, err := Compile(c.text, names())
		if err == nil {
			var m Machine
			_, _, err = m.Run(f, map[string]any{"arr": 1.0, "seats": 10.0, "industry": "x", "partner": false, "overdue": 1.0})
		}
		var at *Error
		if !errors.As(err, &at) {
			t.Errorf("%.40q: %v", c.text, err)
			continue
		}
		if c.column > 0 && at.Column != c.column || !strings.Contains(at.Reason, c.part) || strings.Contains(at.Reason, "float64") || strings.Contains(at.Reason, "\n") {
			t.Errorf("%.40q: column %d, %q; want column %d and %q", c.text, at.Column, at.Reason, c.column, c.part)
		}
	}
}

// Whatever is typed, there is an answer or an error, never a crash.
func TestAnyTextIsAnswered(t *testing.T) {
	part := rapid.SampledFrom([]string{"arr", "seats", "industry", "partner", "overdue", "1", "0", "2.5", "+", "-", "*", "/", "**", "(", ")", "?", ":", "??", "&&", "not", ">", "==", `"x"`, "min(", ",", "sqrt(", "#", "..", "|", "[", "]", "{", "}", "let", "=", ";", "$env", "map("})
	rapid.Check(t, func(t *rapid.T) {
		f, err := Compile(strings.Join(rapid.SliceOfN(part, 1, 12).Draw(t, "parts"), " "), names())
		if err != nil {
			return
		}
		var m Machine
		_, _, _ = m.Run(f, map[string]any{"arr": 1.0, "seats": nil, "industry": "x", "partner": false, "overdue": 0.0})
	})
}

func BenchmarkRun(b *testing.B) {
	f, err := Compile("(arr - (overdue ?? 0)) / seats", names())
	if err != nil {
		b.Fatal(err)
	}
	var m Machine
	env := map[string]any{"arr": 1200.0, "seats": 10.0}
	for b.Loop() {
		if _, _, err := m.Run(f, env); err != nil {
			b.Fatal(err)
		}
	}
}
