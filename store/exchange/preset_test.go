package exchange_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

var update = flag.Bool("update", false, "write the wanted texts anew")

// dump writes all records of a book as people would read them: references by title, no ids.
func dump(t testing.TB, b *store.Book) string {
	t.Helper()
	titles := map[model.ID]string{}
	for _, k := range model.Kinds() {
		for _, r := range each(t, b, k) {
			titles[r.ID] = r.Title()
		}
	}
	var out strings.Builder
	for _, k := range model.Kinds() {
		for _, r := range each(t, b, k) {
			fmt.Fprintf(&out, "%s %s\n", k, titles[r.ID])
			for _, fv := range r.Fields {
				if fv.Name == "course" || fv.Name == "state_since" || fv.Name == "state_before" {
					continue // They say when the test ran.
				}
				text := fv.Value.Format()
				var names []string
				for _, id := range fv.Value.IDs() {
					names = append(names, "→ "+titles[id])
				}
				if names != nil {
					text = strings.Join(names, ", ")
				}
				if k == model.Mapping {
					text = "…"
				}
				fmt.Fprintf(&out, "\t%s: %q\n", fv.Name, text)
			}
		}
	}
	return out.String()
}

// golden compares a text with the file that holds the wanted one.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gl, wl := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range gl {
		if i >= len(wl) || gl[i] != wl[i] {
			t.Fatalf("%s line %d:\n got %s\nwant %s", path, i+1, gl[i], append(wl, "")[min(i, len(wl))])
		}
	}
	if len(wl) != len(gl) {
		t.Fatalf("%s: got %d lines, want %d", path, len(gl), len(wl))
	}
}

// TestPresets imports small files of each source, one after the other, and holds what the book then
// has against want.txt. A second import of the last file must change nothing.
func TestPresets(t *testing.T) {
	dirs, err := filepath.Glob("testdata/presets/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no presets to test", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(dir, "[0-9]*"))
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(files)
			b := newBook(t)
			var answers strings.Builder
			var batches []model.ID
			for _, f := range files {
				p := plan(t, b, f, exchange.Options{})
				s := apply(t, b, p)
				if id, err := model.ParseID(s.Batch); err == nil {
					batches = append(batches, id)
				}
				s.Batch = ""
				fmt.Fprintf(&answers, "%s\n", s)
				for _, v := range p.Verdicts {
					if v.Reason != "" {
						fmt.Fprintf(&answers, "\tline %d: %s: %s\n", v.Line, v.Result, v.Reason)
					}
				}
				for _, w := range p.Warnings {
					fmt.Fprintf(&answers, "\t%s\n", w)
				}
				if plan(t, b, f, exchange.Options{}).Changes() {
					t.Errorf("%s: a second import changes something", f)
				}
			}
			golden(t, filepath.Join(dir, "want.txt"), answers.String()+dump(t, b))
			for _, id := range slices.Backward(batches) {
				if _, err := b.UndoBatch(t.Context(), id, "ana", b.NewID()); err != nil {
					t.Errorf("an import cannot be taken back: %v", err)
				}
			}
			if left := dump(t, b); left != "" {
				t.Errorf("after all imports were taken back there is still:\n%s", left)
			}
		})
	}
}
