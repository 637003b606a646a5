package ui

import "testing"

// FuzzConfig hands in any text as somebody's configuration, which an engine takes from whoever attaches.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{"", "theme = \"dark\"", "theme = 1", "[keys]\n\"ctrl+k\" = \"palette\"", "lang = \"\\u202e\"", "ascii = true", "[[keys]]", "\xff", "a = [[[[[["} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseConfig(text)
		if err != nil && err.Error() == "" {
			t.Errorf("%+v: an error without words", c)
		}
	})
}
