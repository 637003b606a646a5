package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/table"
)

// team makes a book with a user of each role, who is called like it and in team "core".
func team(t *testing.T) *Book {
	t.Helper()
	b := memoryBook(t)
	for _, r := range model.Roles() {
		add(t, b, "owner", model.User, map[string]model.Value{"handle": model.Text(r.Name), "role": model.Pick(r.Name), "team": model.Text("core")})
	}
	return b
}

func customerOf(t *testing.T, b *Book, owner, team string) *model.Record {
	t.Helper()
	return add(t, b, "owner", model.Customer, map[string]model.Value{"name": model.Text("Acme of " + owner), "owner": model.Person(owner), "team": model.Text(team)})
}

// change tries to set a field and says how it went: "" when it is done, else the right that is missing.
func change(t *testing.T, h *Book, k model.Kind, id model.ID, field string, v model.Value) string {
	t.Helper()
	before, err := h.Get(k, id)
	if err != nil {
		t.Fatal(err)
	}
	after := before.Clone()
	after.Set(field, v)
	op, _ := model.UpdateOp(before, after)
	_, err = h.Do(t.Context(), model.Step{ID: h.NewID(), Actor: "root", Label: "try", Ops: []model.Op{op}})
	var right *model.RightError
	switch {
	case errors.As(err, &right):
		return right.Error()
	case err != nil:
		t.Fatal(err)
	}
	return ""
}

func TestReachesHoldForEveryStep(t *testing.T) {
	b := team(t)
	for _, c := range []struct {
		role, owner, team string
		may               bool
	}{
		{"csm", "csm", "x", true},
		{"csm", "other", "core", true},
		{"csm", "other", "x", false},
		{"csm", "", "x", true}, // what belongs to nobody
		{"sales", "sales", "x", true},
		{"sales", "other", "core", false},
		{"engineer", "engineer", "core", false},
		{"lead", "other", "x", true},
		{"guest", "guest", "core", false},
		{"nobody we know", "", "", false},
	} {
		r := customerOf(t, b, c.owner, c.team)
		if got := change(t, b.For(Caller{User: c.role}), model.Customer, r.ID, "city", model.Text("Lima")); (got == "") != c.may {
			t.Errorf("%s edits a customer of %q in team %q: %q", c.role, c.owner, c.team, got)
		}
	}
}

func TestNobodyTakesARecordByChangingItsOwner(t *testing.T) {
	b := team(t)
	r := customerOf(t, b, "other", "x")
	if got := change(t, b.For(Caller{User: "csm"}), model.Customer, r.ID, "owner", model.Person("csm")); !strings.Contains(got, "belongs to other") {
		t.Errorf("the refusal says %q", got)
	}
}

func TestAStepIsDoneInWholeOrRefusedInWhole(t *testing.T) {
	b := team(t)
	mine, theirs := customerOf(t, b, "csm", "x"), customerOf(t, b, "other", "x")
	var ops []model.Op
	for _, r := range []*model.Record{mine, theirs} {
		after := r.Clone()
		after.Set("city", model.Text("Lima"))
		op, _ := model.UpdateOp(r, after)
		ops = append(ops, op)
	}
	h := b.For(Caller{User: "csm"})
	if _, err := h.Do(t.Context(), model.Step{ID: h.NewID(), Ops: ops}); err == nil {
		t.Fatal("a step over somebody else's record is done")
	}
	if got := text(t, b, model.Customer, mine.ID, "city"); got != "" {
		t.Errorf("half of the step is done: %q", got)
	}
}

func TestTheActorIsTheCaller(t *testing.T) {
	b := team(t)
	r := customerOf(t, b, "csm", "x")
	h := b.For(Caller{User: "csm", From: "uid 1000"})
	change(t, h, model.Customer, r.ID, "city", model.Text("Lima")) // as "root", it says
	entries, err := b.History(r.ID)
	if err != nil || entries[0].Batch.Actor != "csm" || entries[0].Batch.From != "uid 1000" {
		t.Fatalf("the log says %+v, %v", entries[0].Batch, err)
	}
	for user, from := range map[string]string{"csm": "", "lead": "uid 1000", "administrator": "uid 1000"} {
		entries, err := b.For(Caller{User: user}).History(r.ID)
		if err != nil || entries[0].Batch.From != from {
			t.Errorf("%s reads that it was from %q, %v; want %q", user, entries[0].Batch.From, err, from)
		}
	}
}

func TestOnlyWhoMayUndoesStepsOfOthers(t *testing.T) {
	b := team(t)
	r := customerOf(t, b, "csm", "core")
	change(t, b.For(Caller{User: "csm"}), model.Customer, r.ID, "city", model.Text("Lima"))
	var last model.Batch
	if err := b.Batches(func(h model.Batch) bool { last = h; return false }); err != nil {
		t.Fatal(err)
	}
	var right *model.RightError
	hotline := b.For(Caller{User: "hotline"})
	if _, err := hotline.UndoBatch(t.Context(), last.ID, "csm", hotline.NewID()); !errors.As(err, &right) {
		t.Errorf("the hotline undoes a step of another: %v", err)
	}
	if _, err := hotline.Undo(t.Context(), "csm", hotline.NewID()); err == nil {
		t.Error("who says to be another undoes the other's last step")
	}
	lead := b.For(Caller{User: "lead"})
	if _, err := lead.UndoBatch(t.Context(), last.ID, "lead", lead.NewID()); err != nil {
		t.Errorf("a lead cannot undo a step of another: %v", err)
	}
}

func TestARightThatIsTakenAwayIsGoneAtOnce(t *testing.T) {
	b := team(t)
	r := customerOf(t, b, "", "")
	h := b.For(Caller{User: "csm"})
	if got := change(t, h, model.Customer, r.ID, "city", model.Text("Lima")); got != "" {
		t.Fatal(got)
	}
	var csm *model.Record
	if err := b.Each(model.User, func(u *model.Record) bool {
		if u.Get("handle").Str() == "csm" {
			csm = u
		}
		return csm == nil
	}); err != nil {
		t.Fatal(err)
	}
	set(t, b, "owner", model.User, csm.ID, "disabled", model.Bool(true))
	if got := change(t, h, model.Customer, r.ID, "city", model.Text("Quito")); got == "" {
		t.Error("an open handle of somebody who is disabled still writes")
	}
}

// secrets are values that somebody must not find by any way.
const (
	secretMail  = "hidden@leak.example"
	secretPhone = "+49 555 0199"
	secretUnits = 7654321
)

var secretWords = []string{secretMail, "leak.example", secretPhone, "7654321", "7,654,321", "765.4321", "765.43"}

func leak(text string) string {
	for _, w := range secretWords {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// TestHiddenFieldsAreHiddenOnEveryWay: an engineer sees neither amounts nor how people are reached.
func TestHiddenFieldsAreHiddenOnEveryWay(t *testing.T) {
	b := team(t)
	c := add(t, b, "owner", model.Customer, map[string]model.Value{"name": model.Text("Acme"), "currency": model.Text("USD"), "annual_revenue": model.Money(secretUnits)})
	p := add(t, b, "owner", model.Contact, map[string]model.Value{
		"name": model.Text("Zoë"), "customer": model.Ref(c.ID), "email": model.Text(secretMail), "phone": model.Text(secretPhone), "notes": model.Long(secretMail),
	})
	k := add(t, b, "owner", model.Contract, map[string]model.Value{
		"customer": model.Ref(c.ID), "start": model.Date(day.Of(2026, 1, 1)), "end": model.Date(day.Of(2026, 12, 31)), "amount": model.Money(secretUnits), "per": model.Pick("year"),
	})
	set(t, b, "owner", model.Contact, p.ID, "email", model.Text("x"+secretMail))
	set(t, b, "owner", model.Contract, k.ID, "amount", model.Money(secretUnits*10))
	for _, role := range []string{"engineer", "guest", "nobody we know"} {
		h := b.For(Caller{User: role})
		told := func(where, text string) {
			t.Helper()
			if w := leak(text); w != "" {
				t.Errorf("%s learns %q from %s", role, w, where)
			}
		}
		recordsTellNothing(t, h, c.ID, []*model.Record{c, p, k}, told)
		logTellsNothing(t, h, told)
		pictureTellsNothing(t, h, told)
		for field, seen := range map[string]model.Value{"email": model.Text("guess"), "phone": model.Text("guess")} {
			_, err := h.Do(t.Context(), model.Step{ID: h.NewID(), Ops: []model.Op{{
				Verb: model.Update, Kind: model.Contact, ID: p.ID, Changes: []model.Change{{Field: field, From: seen, To: model.Text("y")}},
			}}})
			if err == nil {
				t.Errorf("%s changes %s", role, field)
			}
			told("a conflict over "+field, fmt.Sprint(err))
		}
	}
}

func recordsTellNothing(t *testing.T, h *Book, customer model.ID, records []*model.Record, told func(where, text string)) {
	t.Helper()
	for _, r := range records {
		got, err := h.Get(r.Kind, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		told("Get", words(got))
		kids, err := h.Kids(customer, r.Kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, kid := range kids {
			told("Kids", words(kid))
		}
		if err := h.Each(r.Kind, func(r *model.Record) bool { told("Each", words(r)); return true }); err != nil {
			t.Fatal(err)
		}
		entries, err := h.History(r.ID)
		if err != nil || len(entries) == 0 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		for _, e := range entries {
			told("History", fmt.Sprint(opWords(e.Op), e.Batch))
		}
		s := model.SchemaOf(r.Kind)
		for i := range s.Fields {
			w, err := h.Why(r.Kind, r.ID, s.Fields[i].Name)
			if err == nil {
				told("Why "+s.Fields[i].Name, fmt.Sprintf("%+v", w))
			}
		}
	}
}

func logTellsNothing(t *testing.T, h *Book, told func(where, text string)) {
	t.Helper()
	var heads []model.Batch
	if err := h.Batches(func(head model.Batch) bool { heads = append(heads, head); return true }); err != nil {
		t.Fatal(err)
	}
	for _, head := range heads {
		told("Batches", fmt.Sprint(head))
		ops, err := h.Ops(head)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range ops {
			told("Ops", opWords(op))
		}
	}
}

// pictureTellsNothing looks for the secrets in what lists show, and finds nothing by them.
func pictureTellsNothing(t *testing.T, h *Book, told func(where, text string)) {
	t.Helper()
	s, err := h.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range model.Kinds() {
		tab := s.Table(k)
		schema := model.SchemaOf(k)
		tab.Rows(func(row int32) bool {
			for i := range schema.Fields {
				told("the list of "+schema.Plural, s.Shown(k, row, schema.Fields[i].Name))
			}
			return true
		})
	}
	finds := func(k model.Kind, filter string) int {
		t.Helper()
		expr, err := query.Parse(filter, s.FilterSchema(k))
		if err != nil {
			return 0
		}
		return len(s.Table(k).View(s, expr, query.Env{Today: s.Today}, nil))
	}
	for k, filters := range map[model.Kind][]string{
		model.Contact:  {"hidden", "email:hidden", "leak.example", "phone:555"},
		model.Customer: {"annual_revenue:>1", "arr:>1", "hidden"},
		model.Contract: {"amount:>1", "arr:>1", "target:>1", "expected:>1"},
	} {
		for _, f := range filters {
			if n := finds(k, f); n != 0 {
				t.Errorf("the filter %s finds %d %s", f, n, model.SchemaOf(k).Plural)
			}
		}
	}
	if rows := s.Find(model.Contact, "hidden", 10); len(rows) != 0 {
		t.Errorf("a search finds %d contacts by their mail", len(rows))
	}
	told("the values of a field", strings.Join(append(s.Values(model.Contact, "email", 10), s.Values(model.Contact, "phone", 10)...), " "))
}

func words(r *model.Record) string {
	var out strings.Builder
	for _, fv := range r.Fields {
		fmt.Fprintln(&out, fv.Name, fv.Value.Format())
	}
	return out.String()
}

func opWords(op model.Op) string {
	var out strings.Builder
	for _, c := range op.Changes {
		fmt.Fprintln(&out, c.Field, c.From.Format(), c.To.Format())
	}
	return out.String()
}

// TestSortsByHiddenFieldsTellNothing: an order is as good as the figures it is by.
func TestSortsByHiddenFieldsTellNothing(t *testing.T) {
	b := team(t)
	for i, units := range []int64{30, 10, 20} {
		add(t, b, "owner", model.Customer, map[string]model.Value{"name": model.Text(fmt.Sprint("c", i)), "currency": model.Text("USD"), "annual_revenue": model.Money(units * 10000)})
	}
	order := func(h *Book) (out []string) {
		s, err := h.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		tab := s.Table(model.Customer)
		for _, row := range tab.View(s, nil, query.Env{Today: s.Today}, []table.Sort{{Field: "annual_revenue"}}) {
			out = append(out, tab.Str(row, "name"))
		}
		return out
	}
	if got := order(b); !slices.Equal(got, []string{"c1", "c2", "c0"}) {
		t.Fatalf("the owner's order is %q", got)
	}
	if got := order(b.For(Caller{User: "engineer"})); !slices.Equal(got, []string{"c0", "c1", "c2"}) {
		t.Errorf("an engineer's order is %q", got)
	}
}
