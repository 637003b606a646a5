package ui_test

import (
	"testing"

	"opsdeck/ui"
)

func TestFiltersAndCommandsOutliveTheSession(t *testing.T) {
	b := sampleBook(t)
	s := openKeeping(t, b, 160, 48, ui.Options{})
	s.Filter("tier:KA").Command("sort -arr").Filter("")
	before := steps(t, b)
	s = openKeeping(t, b, 160, 48, ui.Options{})
	s.Press("/", "up").Expect("/tier:KA").Press("esc").Press(":", "up").Expect(":sort -arr").Press("esc")
	if after := steps(t, b); after != before {
		t.Errorf("remembering made %d steps", after-before)
	}
	openKeeping(t, b, 160, 48, ui.Options{Actor: "bo"}).Press("/", "up").ExpectNot("/tier:KA")
}
