package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/erase"
	"opsdeck/store/engine"
)

// jane is a person with traces in every corner of a book.
type jane struct {
	book             *Book
	path             string
	acme, other      *model.Record
	contact, removed *model.Record
	contract, touch  *model.Record
	item             *model.Record
	edited           model.Batch
}

// secrets are what tells who Jane is, and what may not be found anywhere afterwards.
var secrets = []string{"Jane Doering", "Doering-Smith", "jane.doering", "4711-0815", "likes sailing", "JD-000017", "Mrs. D", "\uff2a\uff21\uff2e\uff25", "Jane\u00a0"}

func newJane(t *testing.T) jane {
	t.Helper()
	path := filepath.Join(t.TempDir(), "book.db")
	o := testOptions()
	o.leastCached, o.Cache = 1, KeepCache
	b, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	j := jane{book: b, path: path}
	str := model.Text
	j.acme = add(t, b, "ana", model.Customer, map[string]model.Value{"name": str("Acme"), "currency": str("EUR"), "description": model.Long("Ask for JANE  DOERING at the gate; Doeringstrasse is another thing. \uff2a\uff21\uff2e\uff25\u3000Doering, Jane\u00a0Do\u200bering.")})
	j.other = add(t, b, "ana", model.Customer, map[string]model.Value{"name": str("Janeway")})
	j.contact = add(t, b, "ana", model.Contact, map[string]model.Value{
		"name": str("Jane Doering"), "email": str("jane.doering@acme.example"), "phone": str("+49 4711-0815"), "external_id": str("JD-000017"),
		"customer": model.Ref(j.acme.ID), "notes": model.Long("likes sailing"), "x.nick": str("Mrs. D"), "keys": model.List("crm|JD-000017"),
		"role": model.Pick("champion"), "left_on": model.Date(day.Of(2026, 10, 1)),
	})
	set(t, b, "ana", model.Contact, j.contact.ID, "name", str("Jane Doering-Smith"))
	before, _ := b.Get(model.Contact, j.contact.ID)
	after := before.Clone()
	after.Set("name", str("Jane Doering"))
	op, _ := model.UpdateOp(before, after)
	j.edited = do(t, b, "ana", "set name of Jane Doering-Smith", op)
	j.contract = add(t, b, "ana", model.Contract, map[string]model.Value{"name": str("Acme 2026"), "customer": model.Ref(j.acme.ID), "start": model.Date(day.Of(2026, 1, 1)), "notes": model.Long("signed by Jane Doering")})
	j.touch = add(t, b, "ben", model.Touch, map[string]model.Value{
		"customer": model.Ref(j.acme.ID), "date": model.Date(day.Of(2026, 11, 1)), "type": model.Pick("call"), "contacts": model.Refs(j.contact.ID),
		"subject": str("Jane Doering wants a discount"),
	})
	j.item = add(t, b, "ben", model.Item, map[string]model.Value{"summary": str("Export fails"), "reporter": str("jane.doering@acme.example"), "customers": model.Refs(j.acme.ID, j.other.ID)})
	j.removed = add(t, b, "ben", model.Task, map[string]model.Value{"title": str("Call Jane Doering back"), "customer": model.Ref(j.acme.ID)})
	do(t, b, "ben", "remove task Call Jane Doering back", model.RemoveOp(j.removed))
	for _, err := range []error{
		b.SaveDraft(model.Draft{ID: j.contact.ID, Owner: "ana", Kind: model.Contact, Title: "Edit Jane Doering", Typed: map[string]string{"notes": "likes sailing a lot"}}),
		b.SaveDraft(model.Draft{ID: b.NewID(), Owner: "ana", Kind: model.Task, Adds: true, Typed: map[string]string{"title": "Write to jane doering soon"}}),
		b.Remember("ana", "filter", `name:"Jane Doering"`), b.Remember("ana", "filter", "acme"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Snapshot(); err != nil {
		t.Fatal(err)
	}
	b.writeCache(true)
	return j
}

func (j jane) ask() erase.Ask {
	return erase.Ask{Kind: model.Contact, ID: j.contact.ID, Actor: "root", Reason: "letter of 3 November"}
}

// grep lists which words are in the files beside a book.
func grep(t *testing.T, dir string, words []string) []string {
	t.Helper()
	var found []string
	names, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if bytes.Contains(bytes.ToLower(raw), []byte(strings.ToLower(w))) {
				found = append(found, filepath.Base(name)+": "+w)
			}
		}
	}
	return found
}

func TestEraseLeavesNothingInAnyFile(t *testing.T) {
	j := newJane(t)
	b, ctx := j.book, context.Background()
	if n := len(grep(t, filepath.Dir(j.path), secrets)); n < len(secrets)+3 {
		t.Fatalf("only %d traces before: the test would show nothing", n)
	}
	chain, err := b.VerifyLog(ctx, func(p string) { t.Error(p) })
	if err != nil {
		t.Fatal(err)
	}
	preview, err := b.EraseHits(ctx, j.ask())
	if err != nil || len(preview.Own) != 1 || len(preview.Others) != 4 || preview.Drafts != 2 || preview.Lines != 1 || preview.Labels != 5 {
		t.Errorf("the preview is %+v, %v", preview, err)
	}
	done, err := b.Erase(ctx, j.ask(), b.NewID())
	if err != nil || done.Values != preview.Values {
		t.Fatalf("%+v, %v", done, err)
	}
	checkAll(t, b)
	after, err := b.VerifyLog(ctx, func(p string) { t.Error(p) })
	if err != nil || after.Steps != chain.Steps+1 {
		t.Errorf("%+v, %v", after, err)
	}
	_ = b.Each(model.Erasure, func(r *model.Record) bool {
		if r.Get("chain").Str() != chain.Chain {
			t.Errorf("the chain was %s before and is said to have been %s: hashes of entries have changed", chain.Chain, r.Get("chain").Str())
		}
		return true
	})
	j.looks(t)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if found := grep(t, filepath.Dir(j.path), secrets); len(found) > 0 {
		t.Errorf("still there: %s", strings.Join(found, "; "))
	}
	b, err = Open(j.path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	checkAll(t, b)
}

// looks holds the book after the erasing against what has to have stayed.
func (j jane) looks(t *testing.T) {
	t.Helper()
	b := j.book
	pseudonym := erase.Pseudonym(j.contact.ID)
	for _, c := range []struct {
		r           *model.Record
		field, want string
	}{
		{j.contact, "name", pseudonym},
		{j.contact, "email", ""},
		{j.contact, "role", "champion"},
		{j.contact, "left_on", "2026-10-01"},
		{j.contact, "keys", ""},
		{j.contact, model.ErasedOn, "2026-11-22"},
		{j.contact, "customer", j.acme.ID.String()},
		{j.acme, "description", "Ask for [erased] at the gate; Doeringstrasse is another thing. [erased]."},
		{j.contract, "notes", "signed by [erased]"},
		{j.touch, "subject", "[erased] wants a discount"},
		{j.touch, "contacts", j.contact.ID.String()},
		{j.item, "reporter", "[erased]"},
		{j.other, "name", "Janeway"},
	} {
		if got := text(t, b, c.r.Kind, c.r.ID, c.field); got != c.want {
			t.Errorf("%s of the %s is %q, want %q", c.field, c.r.Kind, got, c.want)
		}
	}
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	contacts := s.Table(model.Contact)
	contacts.Rows(func(row int32) bool {
		if got := contacts.Str(row, "name"); got != pseudonym {
			t.Errorf("the lists show %q", got)
		}
		return true
	})
	drafts, _ := b.Drafts("ana")
	lines, _ := b.Remembered("ana", "filter")
	if len(drafts) != 1 || drafts[0].Typed["title"] != "Write to [erased] soon" || len(lines) != 1 || lines[0] != "acme" {
		t.Errorf("drafts %+v, lines %q", drafts, lines)
	}
}

func TestErasedCannotBeUndoneNorWrittenAgain(t *testing.T) {
	j := newJane(t)
	b, ctx := j.book, context.Background()
	if _, err := b.Erase(ctx, j.ask(), b.NewID()); err != nil {
		t.Fatal(err)
	}
	_, err := b.Undo(ctx, "root", b.NewID())
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "cannot be taken back") {
		t.Errorf("undo of the erasing: %v", err)
	}
	_, err = b.UndoBatch(ctx, j.edited.ID, "ana", b.NewID())
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "have been erased since") {
		t.Errorf("undo of an earlier step: %v", err)
	}
	before, _ := b.Get(model.Contact, j.contact.ID)
	after := before.Clone()
	after.Set("email", model.Text("new@acme.example"))
	op, _ := model.UpdateOp(before, after)
	if _, err := b.Do(ctx, model.Step{ID: b.NewID(), Actor: "ana", Label: "set email", Ops: []model.Op{op}}); !isConflict(err) {
		t.Errorf("a field of an erased person was filled again: %v", err)
	}
	// What tells of the erasing stays too.
	_ = b.Each(model.Erasure, func(r *model.Record) bool { op = model.RemoveOp(r); return true })
	if _, err := b.Do(ctx, model.Step{ID: b.NewID(), Actor: "ana", Label: "remove", Ops: []model.Op{op}}); !isConflict(err) {
		t.Errorf("the record of the erasing was removed: %v", err)
	}
	checkAll(t, b)
}

func TestEraseNeedsAnAdministrator(t *testing.T) {
	j := newJane(t)
	for _, role := range model.Roles() {
		add(t, j.book, "root", model.User, map[string]model.Value{"handle": model.Text("u-" + role.Name), "role": model.Pick(role.Name)})
	}
	for _, role := range model.Roles() {
		h := j.book.For(Caller{User: "u-" + role.Name})
		_, err := h.EraseHits(context.Background(), j.ask())
		var right *model.RightError
		if role.Name == model.Administrator && err != nil || role.Name != model.Administrator && !errors.As(err, &right) {
			t.Errorf("%s: %v", role.Name, err)
		}
		if role.Name == model.Administrator {
			continue
		}
		if _, err := h.Erase(context.Background(), j.ask(), h.NewID()); !errors.As(err, &right) {
			t.Errorf("%s erases: %v", role.Name, err)
		}
	}
}

func TestEraseOfACustomerKeepsTheSums(t *testing.T) {
	b, ctx := memoryBook(t), context.Background()
	acme := add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme GmbH"), "industry": model.Text("Steel"), "owner": model.Person("ana"), "currency": model.Text("EUR"), "tags": model.List("vip")})
	contract := add(t, b, "ana", model.Contract, map[string]model.Value{
		"name": model.Text("Acme frame"), "customer": model.Ref(acme.ID), "start": model.Date(day.Of(2026, 1, 1)), "end": model.Date(day.Of(2026, 12, 31)),
		"amount": model.Money(120000 * model.MoneyScale), "currency": model.Text("EUR"),
	})
	person := add(t, b, "ana", model.Contact, map[string]model.Value{"name": model.Text("Li"), "customer": model.Ref(acme.ID)})
	own := add(t, b, "ana", model.Item, map[string]model.Value{"summary": model.Text("Export fails"), "reporter": model.Text("the boss"), "words": model.Long("it hurts"), "customers": model.Refs(acme.ID)})
	before, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	was := before.Table(model.Customer).Units(0, "arr")
	if _, err := b.Erase(ctx, erase.Ask{Kind: model.Customer, ID: acme.ID, Actor: "root"}, b.NewID()); err != nil {
		t.Fatal(err)
	}
	after, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if is := after.Table(model.Customer).Units(0, "arr"); is != was || was == 0 {
		t.Errorf("ARR was %d and is %d", was, is)
	}
	for _, c := range []struct {
		r           *model.Record
		field, want string
	}{
		{acme, "name", erase.Pseudonym(acme.ID)},
		{acme, "industry", "Steel"},
		{acme, "owner", "ana"},
		{acme, "tags", ""},
		{contract, "name", ""},
		{own, "summary", "Export fails"},
		{own, "words", ""},
		{own, "reporter", ""},
		{contract, "amount", "120000.00"},
		{person, "name", erase.Pseudonym(person.ID)},
	} {
		if got := text(t, b, c.r.Kind, c.r.ID, c.field); got != c.want {
			t.Errorf("%s of the %s is %q, want %q", c.field, c.r.Kind, got, c.want)
		}
	}
}

// oldBook unpacks a book that a program of schema 1 wrote.
func oldBook(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/schema1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "book.db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestABookOfSchema1IsTakenOnAndErasedFrom(t *testing.T) {
	path, ctx := oldBook(t), context.Background()
	b, err := Open(path, testOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	checkAll(t, b)
	add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Newcomer")})
	checkAll(t, b)
	copied, err := Open(path+".schema1", Options{ReadOnly: true, Now: testOptions().Now, NewID: testOptions().NewID, Today: testOptions().Today})
	if err != nil {
		t.Fatalf("there is no copy of the book as it was: %v", err)
	}
	if err := copied.Close(); err != nil {
		t.Fatal(err)
	}
	var contact *model.Record
	_ = b.Each(model.Contact, func(r *model.Record) bool { contact = r; return true })
	done, err := b.Erase(ctx, erase.Ask{Kind: model.Contact, ID: contact.ID, Actor: "root"}, b.NewID())
	if err != nil {
		t.Fatal(err)
	}
	if !done.Anew || !strings.Contains(strings.Join(done.Copies, " "), "book.db.schema1") {
		t.Errorf("%+v", done)
	}
	checkAll(t, b)
	if _, err := b.VerifyLog(ctx, func(p string) { t.Error(p) }); err != nil {
		t.Error(err)
	}
	if err := errors.Join(b.Close(), os.Remove(path+".schema1")); err != nil {
		t.Fatal(err)
	}
	if found := grep(t, filepath.Dir(path), []string{"Jane", "jane@"}); len(found) > 0 {
		t.Errorf("still there: %s", strings.Join(found, "; "))
	}
}

func TestNobodyErasesBesideTheLog(t *testing.T) {
	for name, forge := range map[string]func(e *entry) error{
		"a value put where one was erased": func(e *entry) error {
			_, err := e.erase(func(_ *model.Op, field string, v model.Value) model.Value {
				if field == "name" && v.Str() == "Acme" {
					return model.Text("[erased]")
				}
				return v
			})
			e.ops[0].Changes[0].To = model.Text("Forged Ltd")
			return err
		},
		"a value taken out without an erasing": func(e *entry) error {
			_, err := e.erase(func(_ *model.Op, _ string, v model.Value) model.Value {
				if v.Str() == "Acme" {
					return model.Text("[erased]")
				}
				return v
			})
			return err
		},
		"a value changed": func(e *entry) error { e.ops[0].Changes[0].To = model.Text("Forged Ltd"); return nil },
	} {
		b, err := NewMemory(testOptions())
		if err != nil {
			t.Fatal(err)
		}
		add(t, b, "ana", model.Customer, map[string]model.Value{"name": model.Text("Acme")})
		must(b.eng.Update(func(tx engine.Tx) error {
			raw, _ := tx.Get(bucketLog, seqKey(1))
			e, err := readEntry(bytes.Clone(raw))
			if err == nil {
				err = forge(&e)
			}
			if err != nil {
				return err
			}
			link := bytes.Clone(raw[:chainSize])
			forged, _ := e.encode(nil)
			return tx.Put(bucketLog, seqKey(1), append(link, forged[chainSize:]...))
		}))
		found := 0
		if _, err := b.VerifyLog(context.Background(), func(string) { found++ }); err != nil || found == 0 {
			t.Errorf("%s: not noticed (%v)", name, err)
		}
	}
}

func FuzzEntry(f *testing.F) {
	e := entry{secret: make([]byte, keySize), ops: []model.Op{model.CreateOp(&model.Record{Kind: model.Customer, ID: model.ID{1}, Fields: []model.FieldValue{{Name: "name", Value: model.Text("Acme")}}})}}
	whole, err := e.encode(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	if _, err := e.erase(func(*model.Op, string, model.Value) model.Value { return model.Value{} }); err != nil {
		f.Fatal(err)
	}
	part, err := e.encode(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(part)
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := readEntry(raw)
		if err != nil {
			return
		}
		if _, err := e.link(nil); err != nil {
			return
		}
		e.shown()
		if e.plain != nil {
			return
		}
		again, err := e.encode(nil)
		if err != nil {
			t.Skip("a value stands where one was erased")
		}
		if back, err := readEntry(again); err != nil || back.hasErased() != e.hasErased() {
			t.Errorf("an entry does not come back: %v", err)
		}
	})
}
