package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/sample"
	"opsdeck/store"
)

// hostileTexts are what no honest program would have in a field: commands for terminals, marks that turn the direction
// of writing or are not seen, formulas, tables of Markdown, pages of HTML, broken encodings.
var hostileTexts = []string{
	"evil\x1b[2J\x1b]0;title\x07\x1b[31mred", "\u009b31m\u0090q\u009c", "\u202egnp.exe\u202c \u2066x\u2069\u200f", "zero\u200b\u200d\ufeff\u2060width", "back\b\b\bspace\r\x7f\x00",
	"=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "a|b\n|---|\n<script>alert(1)</script>", "two\nlines\ttab\u2028sep\u0085", "\xff\xfe\xe6\x97", "\"quoted\",';\\", "株式会社\U000e0067", "_x001B_",
}

// hostileBook makes a book of a sample company in which every text is hostile.
func hostileBook(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := store.Open(path, store.Options{User: "eve\x1b[31m", Create: true, Now: time.Now, NewID: newIDs(), Today: today})
	if err != nil {
		t.Fatal(err)
	}
	var ops []model.Op
	n, set := 0, 0
	err = sample.Generate(sample.Options{Customers: 12, Seed: 3, Today: today()}, func(r *model.Record) error {
		for _, f := range model.SchemaOf(r.Kind).Stored() {
			if r.Kind == model.User || r.Kind == model.Setting || f.Has(model.FHidden) || f.Name == "currency" || f.Name == "external_id" {
				continue
			}
			n += 7 // A prime step leads each field of each kind through all the texts.
			text := hostileTexts[n%len(hostileTexts)]
			v := model.Value{}
			switch f.Type {
			case model.TText:
				v = model.Text(fmt.Sprint(text, n))
			case model.TLong:
				v = model.Long(text)
			case model.TPerson:
				v = model.Person(text)
			case model.TList:
				v = model.List(text, "b")
			}
			if v.Type() != model.TNone && model.ValidateField(r.Kind, f.Name, v) == nil {
				r.Set(f.Name, v)
				set++
			}
		}
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "eve\x1b[31m", Label: "label\u202e\x1b[2J\nforged", Kind: model.Import, Ops: ops}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil || set < 1000 {
		t.Fatalf("%d fields took a hostile text, %v", set, err)
	}
	return path
}

// obeyed finds what a terminal would obey, or what would change how a line is read.
func obeyed(out []byte) string {
	for i, r := range string(out) {
		switch {
		case r == '\n' || r == '\t' || r == '\r' && i+1 < len(out) && out[i+1] == '\n': // The lines of CSV end so.
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == unicode.ReplacementChar && bytes.HasPrefix(out[i:], []byte{0xff}):
			return fmt.Sprintf("%q in %q", r, out[max(0, i-40):min(len(out), i+40)])
		}
	}
	return ""
}

// TestHostileTextInEveryListAndExport prints a book of hostile texts in every way that the command line has: nothing of it
// is obeyed by a terminal, JSON is JSON, and the book comes back from its export as it was.
func TestHostileTextInEveryListAndExport(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program some four hundred times, which the race detector makes ten minutes of")
	}
	book := hostileBook(t)
	var lines []string
	for _, kind := range []string{"customers", "contacts", "contracts", "renewals", "deals", "orders", "invoices", "churns", "items", "voices", "tellings", "articles", "touches", "tasks", "usage", "views", "snapshots", "scorecards", "batches", "users"} {
		for _, format := range []string{"table", "csv", "json", "ndjson", "ids"} {
			lines = append(lines, "list "+kind+" -o "+format)
		}
		if slices.Contains([]string{"renewals", "batches", "users", "views", "snapshots", "scorecards"}, kind) {
			continue
		}
		for _, format := range []string{"csv", "json", "ndjson", "md"} {
			lines = append(lines, "export "+kind+" -o "+format, "export "+kind+" --redact -o "+format)
		}
		if ids, err := opsdeck("--book", book, "list", kind, "--limit", "2", "-o", "ids"); err == nil {
			for _, id := range strings.Fields(string(ids)) {
				lines = append(lines, "show "+strings.TrimSuffix(kind, "s")+" "+id, "show "+strings.TrimSuffix(kind, "s")+" "+id+" -o md", "history "+strings.TrimSuffix(kind, "s")+" "+id)
			}
		}
	}
	for _, report := range strings.Fields("ageing churn concentration coverage demand duplicates flows forecast handbook health load movers prepaid queue renewals revenue rfm segments sla tell today usage weeks") {
		for _, format := range []string{"table", "md", "csv", "json"} {
			lines = append(lines, "report "+report+" -o "+format)
		}
	}
	lines = append(lines, "history", "settings show", "export book", "list customers --group industry", "list items --group module", "check", "doctor")
	passed := 0
	for _, line := range lines {
		out, err := opsdeck(append([]string{"--book", book, "--today", "2026-11-22"}, strings.Fields(line)...)...)
		if err == nil {
			passed++
		} else if found := obeyed([]byte(strings.ReplaceAll(err.Error(), "\r", ""))); found != "" {
			t.Errorf("%s says %s", line, found)
		}
		if found := obeyed(out); found != "" {
			t.Errorf("%s prints %s", line, found)
		}
		if strings.HasSuffix(line, "-o json") && err == nil && !json.Valid(out) {
			t.Errorf("%s: not JSON: %.300s", line, out)
		}
	}
	if passed < len(lines)*9/10 {
		t.Errorf("only %d of %d command lines passed", passed, len(lines))
	}
	t.Logf("%d command lines, %d passed", len(lines), passed)
}

// TestHostileTextComesBack exports the book and takes it in again: it is the same to the byte.
func TestHostileTextComesBack(t *testing.T) {
	book, dir := hostileBook(t), t.TempDir()
	first, other, second := filepath.Join(dir, "first.ndjson"), filepath.Join(dir, "other.db"), filepath.Join(dir, "second.ndjson")
	for _, args := range [][]string{{"--book", book, "export", "book", "--out", first}, {"--book", other, "import", first}, {"--book", other, "export", "book", "--out", second}} {
		if out, err := opsdeck(args...); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	was, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	is, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(was, is) {
		t.Errorf("the first export has %d bytes, that of what came of it %d", len(was), len(is))
	}
}
