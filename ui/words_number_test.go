package ui

import (
	"testing"

	"opsdeck/ui/lang"
)

// TestNothingIsNotNegative: what rounds to nothing has no sign.
func TestNothingIsNotNegative(t *testing.T) {
	for f, want := range map[float64]string{-0.03: "0", 0: "0", -0.06: "-0.1", -3: "-3", 2.5: "2.5"} {
		if got := number(lang.New("en"), f); got != want {
			t.Errorf("%v is written as %s, want %s", f, got, want)
		}
	}
}
