package ui_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsdeck/ui"
)

var update = flag.Bool("update", false, "write the files that the tests compare with")

// golden compares a text with its file, or writes the file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./ui -update writes it)", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is not what the program shows (go test ./ui -update writes it; -file +program):\n%s", path, diff)
	}
}

func TestKeySheetIsCurrent(t *testing.T) {
	sheet := ui.KeySheet()
	golden(t, filepath.Join("..", "docs", "keys.md"), sheet)
	for _, b := range ui.Bindings() {
		if !strings.Contains(sheet, "| "+string(b.Action)+" | "+b.Help+" |") || !strings.Contains(sheet, "`"+b.Keys[0]+"`") {
			t.Errorf("the sheet lacks %s", b.Action)
		}
	}
}
