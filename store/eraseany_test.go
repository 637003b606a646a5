package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/erase"
)

// someone is a person or a company that a test has made up.
type someone struct {
	kind             model.Kind
	name             string
	email, alias, id string
	phone, secret    string
}

// anyone draws people and customers. What tells them is long enough to be found by chance nowhere.
func anyone(t *rapid.T) someone {
	latin := rapid.StringMatching(`[A-Z][a-zäéöüñ]{6,9}`)
	wide := rapid.StringMatching(`[一-龥]{2,3}`)
	word := rapid.SampledFrom([]*rapid.Generator[string]{latin, wide}).Draw(t, "script")
	address := rapid.StringMatching(`[a-z]{6}[0-9]{4}@[a-z]{7}\.example`)
	return someone{
		kind: rapid.SampledFrom([]model.Kind{model.Contact, model.Customer}).Draw(t, "kind"),
		name: word.Draw(t, "first") + " " + word.Draw(t, "last"), email: address.Draw(t, "email"), alias: address.Draw(t, "alias"),
		id: rapid.StringMatching(`[A-Z]{3}-[0-9]{7}`).Draw(t, "id"), phone: rapid.StringMatching(`\+49[0-9]{9}`).Draw(t, "phone"),
		secret: rapid.StringMatching(`[a-z]{12}`).Draw(t, "secret"),
	}
}

// said are the strings that may be nowhere once the person is erased.
func (s someone) said() []string {
	first, last, _ := strings.Cut(s.name, " ")
	return []string{s.name, last + " " + first, last + ", " + first, s.email, s.alias, s.id, s.phone, s.secret}
}

// write puts the person into a book, and mentions of it into every corner.
func (s someone) write(ctx context.Context, b *Book) (*model.Record, error) {
	field := "email"
	if s.kind == model.Customer {
		field = "x.email"
	}
	r := model.NewRecord(s.kind, b.NewID())
	for name, text := range map[string]string{"name": s.name, field: s.email, "x.other mail": s.alias, "external_id": s.id, "phone": s.phone, "x.nick": s.secret} {
		r.Set(name, model.Text(text))
	}
	r.Set("keys", model.List("crm|"+s.id))
	steps := []model.Step{{Label: "add " + s.name, Ops: []model.Op{model.CreateOp(r)}}}
	changed := r.Clone()
	changed.Set("x.nick", model.Text("another"))
	op, _ := model.UpdateOp(r, changed)
	steps = append(steps, model.Step{Label: "set " + s.name, Source: s.id + ".csv", Ops: []model.Op{op}})
	for i, text := range s.said()[:6] {
		other := model.NewRecord(model.Task, b.NewID())
		other.Set("title", model.Text(fmt.Sprintf("Ask %s (%d)", text, i)))
		other.Set("notes", model.Long("then\n"+text+"\nagain"))
		steps = append(steps, model.Step{Label: "add task Ask " + text, Ops: []model.Op{model.CreateOp(other)}})
	}
	for i := range steps {
		steps[i].ID, steps[i].Actor = b.NewID(), "ana"
		if _, err := b.Do(ctx, steps[i]); err != nil {
			return nil, err
		}
	}
	return r, errors.Join(
		b.SaveDraft(model.Draft{ID: b.NewID(), Owner: "ana", Kind: model.Task, Adds: true, Typed: map[string]string{"title": "Write to " + s.name}}),
		b.Remember("ana", "filter", s.email),
	)
}

// TestNothingOfAnybodyErasedIsLeft: whoever it was and however others have written the name, no file of the book has a
// string of it: not the book with its log, not the cache, not the lock, not the copy that is made when it is closed.
func TestNothingOfAnybodyErasedIsLeft(t *testing.T) {
	people := rapid.Custom(anyone)
	for seed := range 12 { // Each is a book of its own, with its syncs.
		t.Run(fmt.Sprint(seed), func(t *testing.T) { eraseAnyone(t, people.Example(seed)) })
	}
}

func eraseAnyone(t *testing.T, who someone) {
	path := filepath.Join(t.TempDir(), "book.db")
	o := testOptions()
	o.leastCached, o.Cache = 1, KeepCache
	b, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	r, err := who.write(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	cached := func() {
		if _, err := b.Snapshot(); err != nil {
			t.Fatal(err)
		}
		b.writeCache(true)
	}
	cached()
	if n := len(grep(t, filepath.Dir(path), who.said())); n < len(who.said()) {
		t.Fatalf("only %d traces before: the test would show nothing", n)
	}
	if _, err := b.Erase(t.Context(), erase.Ask{Kind: r.Kind, ID: r.ID, Actor: "root", Reason: "asked by " + who.name}, b.NewID()); err != nil {
		t.Fatal(err)
	}
	cached()
	checkAll(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if found := grep(t, filepath.Dir(path), who.said()); len(found) > 0 {
		t.Errorf("%+v: still there: %s", who, strings.Join(found, "; "))
	}
}
