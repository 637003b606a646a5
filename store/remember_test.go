package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
)

func TestLinesAreRememberedForEachPerson(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ owner, what, line string }{
		{"ana", "filter", "tier:KA"},
		{"ana", "filter", "x"},
		{"ana", "filter", "tier:KA"},
		{"ana", "command", "undo"},
		{"bo", "filter", "y"},
		{"ana", "filter", strings.Repeat("long", maxLine)},
		{"ana", "filter", ""},
	} {
		if err := b.Remember(c.owner, c.what, c.line); err != nil {
			t.Fatal(err)
		}
	}
	for i := range maxRemembered + 5 {
		if err := b.Remember("eve", "filter", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.SaveDraft(model.Draft{ID: b.NewID(), Owner: "ana", Typed: map[string]string{"name": "x"}}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err = Open(path, testOptions()); err != nil {
		t.Fatal(err)
	}
	got, err := b.Remembered("ana", "filter")
	if want := []string{"x", "tier:KA"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("ana's filters are %q (%v), want %q", got, err, want)
	}
	if got, _ := b.Remembered("eve", "filter"); len(got) != maxRemembered || got[len(got)-1] != fmt.Sprint(maxRemembered+4) {
		t.Errorf("%d lines are remembered, the last is %q", len(got), got[len(got)-1])
	}
	if drafts, err := b.Drafts("ana"); err != nil || len(drafts) != 1 {
		t.Errorf("lines stand among the drafts: %v, %v", drafts, err)
	}
	checkAll(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}
