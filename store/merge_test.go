package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
)

// imported adds a record as an import brings it: a tier by hand may lack its reason.
func imported(t *testing.T, b *Book, k model.Kind, content map[string]model.Value) *model.Record {
	t.Helper()
	r := model.NewRecord(k, b.NewID())
	for n, v := range content {
		r.Set(n, v)
	}
	step := model.Step{ID: b.NewID(), Actor: "ana", Label: "import", Kind: model.Import, Source: "crm", Ops: []model.Op{model.CreateOp(r)}}
	if _, err := b.Do(t.Context(), step); err != nil {
		t.Fatal(err)
	}
	return r
}

// allRecords writes all records of a book, one a line.
func allRecords(t *testing.T, b *Book) []string {
	t.Helper()
	var out []string
	for _, k := range model.Kinds() {
		err := b.Each(k, func(r *model.Record) bool {
			line := k.String() + " " + r.ID.String()
			for _, fv := range r.Fields {
				line += " " + fv.Name + "=" + fv.Value.Format()
			}
			out = append(out, line)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

type fields = map[string]model.Value

// merge plans and does a merge.
func merge(t *testing.T, b *Book, from, into *model.Record) *model.Merge {
	t.Helper()
	m, err := b.PlanMerge(from.Kind, from.ID, into.ID)
	if err != nil {
		t.Fatal(err)
	}
	do(t, b, "ana", m.Label(), m.Ops...)
	return m
}

// kin is a customer, its duplicate, and a record of every kind that points at the duplicate.
type kin struct {
	top, acme, dup, child, ann, con, ours, item, rows *model.Record
}

func newKin(t *testing.T, b *Book) kin {
	t.Helper()
	var k kin
	k.top = add(t, b, "ana", model.Customer, fields{"name": model.Text("Group")})
	k.acme = imported(t, b, model.Customer, fields{
		"name": model.Text("Acme"), "city": model.Text("Hof"), "tags": model.List("a"), "keys": model.List("crm|1"), "currency": model.Text("USD"),
		"tier_override": model.Pick("KA"), "annual_revenue": model.Money(5),
	})
	k.dup = add(t, b, "ana", model.Customer, fields{
		"name": model.Text("ACME Inc"), "phone": model.Text("5550100"), "tags": model.List("b", "a"), "keys": model.List("bill|9"), "parent": model.Ref(k.top.ID),
		"currency": model.Text("JPY"), "gross_profit": model.Money(700), "tier_override_reason": model.Text("of the other"), "x.sla": model.Text("gold"),
	})
	day1, of := model.Date(day.Of(2026, 1, 1)), model.Ref(k.dup.ID)
	month := func(of *model.Record, n float64, rows string) *model.Record {
		return add(t, b, "ana", model.Usage, fields{
			"customer": model.Ref(of.ID), "feature": model.Text("search"), "month": day1, "count": model.Number(n), "users": model.Number(n),
			"keys": model.List("app|usage|" + of.ID.String() + "|search"), "rows": model.PartRows([][]string{{rows, "2026-01-01", "1"}}),
		})
	}
	k.ours = month(k.acme, 3, "r1")
	month(k.dup, 4, "r2")
	k.child = add(t, b, "ana", model.Customer, fields{"name": model.Text("Child"), "parent": of})
	k.ann = add(t, b, "ana", model.Contact, fields{"name": model.Text("Ann"), "customer": of})
	k.con = add(t, b, "ana", model.Contract, fields{"customer": of, "start": day1})
	add(t, b, "ana", model.Order, fields{"customer": of, "date": day1})
	add(t, b, "ana", model.Invoice, fields{"customer": of, "date": day1, "amount": model.Money(1)})
	k.item = add(t, b, "ana", model.Item, fields{"summary": model.Text("Slow"), "customers": model.Refs(k.dup.ID, k.acme.ID, k.child.ID)})
	add(t, b, "ana", model.Touch, fields{"customer": of, "date": day1, "type": model.Pick("call")})
	add(t, b, "ana", model.Task, fields{"title": model.Text("Call"), "customer": of})
	add(t, b, "ana", model.Deal, fields{"name": model.Text("More"), "customer": of})
	add(t, b, "ana", model.Churn, fields{"customer": of, "date": day1})
	k.rows = add(t, b, "ana", model.Mapping, fields{"signature": model.Text("rows of x"), "toml": model.Long("rows = [\n\t\"" + k.dup.ID.String() + "\",\n]\n")})
	return k
}

func TestAMergeMovesFillsAndIsTakenBack(t *testing.T) {
	b := memoryBook(t)
	k := newKin(t, b)
	before := allRecords(t, b)
	m := merge(t, b, k.dup, k.acme)
	for _, line := range allRecords(t, b) {
		if strings.Contains(line, k.dup.ID.String()) {
			t.Errorf("the duplicate is still named: %s", line)
		}
	}
	acme := k.acme.ID.String()
	for _, c := range []struct {
		r           *model.Record
		field, want string
	}{
		{k.acme, "name", "Acme"},
		{k.acme, "city", "Hof"},
		{k.acme, "phone", "5550100"},
		{k.acme, "tags", "a; b"},
		{k.acme, "parent", k.top.ID.String()},
		{k.acme, "x.sla", "gold"},
		{k.acme, "keys", "crm|1; bill|9"},
		{k.acme, model.MergedKeys, "bill|9"},
		{k.acme, "currency", "USD"},
		{k.acme, "gross_profit", ""},
		{k.acme, "tier_override_reason", ""},
		{k.ann, "customer", acme},
		{k.con, "customer", acme},
		{k.item, "customers", acme + "; " + k.child.ID.String()},
		{k.ours, "count", "7"},
		{k.ours, "users", "4"},
		{k.rows, "toml", "rows = [\n\t\"" + acme + "\",\n]\n"},
	} {
		if got := text(t, b, c.r.Kind, c.r.ID, c.field); got != c.want {
			t.Errorf("%s of the %s is %q, want %q", c.field, c.r.Kind, got, c.want)
		}
	}
	stays := []string{}
	for _, c := range m.Stays {
		stays = append(stays, c.Field)
	}
	if want := []string{"currency", "gross_profit", "name", "tier_override_reason"}; !slices.Equal(stays, want) {
		t.Errorf("told to differ and stay: %v, want %v", stays, want)
	}
	checkAll(t, b)
	if _, err := b.Undo(t.Context(), "ana", b.NewID()); err != nil {
		t.Fatal(err)
	}
	if after := allRecords(t, b); !slices.Equal(before, after) {
		t.Errorf("undo left\n%s\nwant\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	if _, err := b.Redo(t.Context(), "ana", b.NewID()); err != nil {
		t.Error(err)
	}
}

func TestAMergeThatMakesNoSenseIsRefused(t *testing.T) {
	b := memoryBook(t)
	top := add(t, b, "ana", model.Customer, fields{"name": model.Text("Top")})
	mid := add(t, b, "ana", model.Customer, fields{"name": model.Text("Mid"), "parent": model.Ref(top.ID)})
	low := add(t, b, "ana", model.Customer, fields{"name": model.Text("Low"), "parent": model.Ref(mid.ID)})
	for _, c := range []struct {
		from, into *model.Record
		want       string
	}{{top, low, `"Mid" stands between them`}, {low, low, "they are one record"}} {
		var refused *model.MergeError
		_, err := b.PlanMerge(model.Customer, c.from.ID, c.into.ID)
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s into %s: %v", c.from.Title(), c.into.Title(), err)
		}
	}
	if _, err := b.PlanMerge(model.Customer, top.ID, b.NewID()); !errors.Is(err, ErrNotFound) {
		t.Errorf("into nobody: %v", err)
	}
	merge(t, b, low, top)
	if got := text(t, b, model.Customer, top.ID, "parent"); got != "" {
		t.Errorf("top now stands under %s", got)
	}
	merge(t, b, top, mid) // Directly above it: mid takes its place.
	if got := text(t, b, model.Customer, mid.ID, "parent"); got != "" {
		t.Errorf("mid now stands under %s", got)
	}
}

func TestAStubGivesWay(t *testing.T) {
	b := memoryBook(t)
	stub := add(t, b, "ana", model.Customer, fields{"name": model.Text("A-17"), "stub": model.Bool(true), "keys": model.List("bill|A-17")})
	acme := add(t, b, "ana", model.Customer, fields{"name": model.Text("Acme"), "keys": model.List("crm|1")})
	merge(t, b, acme, stub)
	for field, want := range map[string]string{"name": "Acme", "stub": "", "keys": "bill|A-17; crm|1", model.MergedKeys: "bill|A-17"} {
		if got := text(t, b, model.Customer, stub.ID, field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

func TestContactsAreMerged(t *testing.T) {
	b := memoryBook(t)
	acme := add(t, b, "ana", model.Customer, fields{"name": model.Text("Acme")})
	ann := add(t, b, "ana", model.Contact, fields{"name": model.Text("Ann"), "customer": model.Ref(acme.ID)})
	dup := add(t, b, "ana", model.Contact, fields{"name": model.Text("Ann Lee"), "reports_to": model.Ref(ann.ID), "left_on": model.Date(day.Of(2020, 1, 1))})
	bob := add(t, b, "ana", model.Contact, fields{"name": model.Text("Bob"), "reports_to": model.Ref(dup.ID)})
	touch := add(t, b, "ana", model.Touch, fields{
		"customer": model.Ref(acme.ID), "date": model.Date(day.Of(2026, 1, 1)), "type": model.Pick("call"), "contacts": model.Refs(ann.ID, dup.ID),
	})
	merge(t, b, dup, ann)
	if got := text(t, b, model.Contact, ann.ID, "left_on") + text(t, b, model.Contact, ann.ID, "reports_to"); got != "" {
		t.Errorf("Ann has %q", got)
	}
	if got := text(t, b, model.Contact, bob.ID, "reports_to"); got != ann.ID.String() {
		t.Errorf("Bob reports to %s", got)
	}
	if got := text(t, b, model.Touch, touch.ID, "contacts"); got != ann.ID.String() {
		t.Errorf("the touch was with %s", got)
	}
}
