package ui

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/store"
	"opsdeck/ui/lang"
)

// TestWhyIsSaidInTheReadersLanguage explains every field of some records of each kind and wants no
// sentence left in English.
func TestWhyIsSaidInTheReadersLanguage(t *testing.T) {
	b := smallCompany(t)
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	l := lang.New("zh")
	explained := 0
	for _, k := range []model.Kind{model.Customer, model.Contract, model.Item, model.Invoice, model.Contact} {
		n := 0
		s.Table(k).Rows(func(row int32) bool {
			for i := range model.SchemaOf(k).Fields {
				f := &model.SchemaOf(k).Fields[i]
				if e, err := b.Why(k, s.Table(k).ID(row), f.Name); err == nil {
					explained++
					sentencesSaid(t, f.Name, saidWhy(l, e))
				}
			}
			n++
			return n < 10
		})
	}
	for _, d := range s.Due("") {
		sentencesSaid(t, "rank", saidWhy(l, rankWhy(l, s, d)))
	}
	if explained < 500 {
		t.Errorf("only %d figures were explained", explained)
	}
}

func sentencesSaid(t *testing.T, figure string, e model.Why) {
	t.Helper()
	texts := append([]string{e.Formula}, e.Notes...)
	for _, in := range e.Lines {
		if texts = append(texts, in.Source, in.Age); in.Kind == model.KNone {
			texts = append(texts, in.Label, in.Note)
		}
	}
	for _, text := range texts {
		if run := englishRun(text); run != "" && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s: %q is said in English", figure, text)
		}
	}
}

// smallCompany is a book with a sample company, written as one step.
func smallCompany(t *testing.T) *store.Book {
	t.Helper()
	today, n := day.Of(2026, time.November, 22), uint64(0)
	b, err := store.NewMemory(store.Options{
		Create: true, User: "ana", Now: func() time.Time { return today.Time() }, Today: func() day.Day { return today },
		NewID: func() model.ID {
			n++
			id := model.ID{1, 0x9f, 0xff}
			binary.BigEndian.PutUint64(id[8:], n)
			return id
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var ops []model.Op
	err = sample.Generate(sample.Options{Customers: 120, Seed: 1, Today: today}, func(r *model.Record) error {
		ops = append(ops, model.CreateOp(r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "sample", Label: "sample company", Source: "sample", Ops: ops}); err != nil {
		t.Fatal(err)
	}
	return b
}

// englishRun returns three words of small letters that follow each other.
func englishRun(line string) string {
	var run []string
	for _, w := range strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' }) {
		if len(w) > 1 && strings.IndexFunc(w, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLower(r) }) < 0 {
			if run = append(run, w); len(run) == 3 {
				return strings.Join(run, " ")
			}
			continue
		}
		run = nil
	}
	return ""
}
