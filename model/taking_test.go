package model

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shelf is a small book of records.
type shelf struct {
	all  map[ID]*Record
	last byte
}

func newShelf() *shelf { return &shelf{all: map[ID]*Record{}} }

var errGone = errors.New("not there")

func (s *shelf) Get(_ Kind, id ID) (*Record, error) {
	if r := s.all[id]; r != nil {
		return r, nil
	}
	return nil, errGone
}

func (s *shelf) Pointing(k Kind, field string, at ID) []ID {
	var out []ID
	for id, r := range s.all {
		if r.Kind == k && slices.Contains(r.Get(field).IDs(), at) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b ID) int { return cmp.Compare(a.String(), b.String()) })
	return out
}

func (s *shelf) newID() ID {
	s.last++
	return ID{15: s.last}
}

func (s *shelf) add(k Kind, fields ...FieldValue) *Record {
	r := NewRecord(k, s.newID())
	for _, f := range fields {
		r.Set(f.Name, f.Value)
	}
	s.all[r.ID] = r
	return r
}

// do takes an action and returns the way back.
func (s *shelf) do(id ID, name string, facts ItemFacts, values ...FieldValue) ([]Op, error) {
	a, known, err := FindAction(s.all[id], name, facts.Severity)
	if err != nil || !known {
		return nil, err
	}
	t := Taking{Action: a, Record: s.all[id], Values: values, Facts: facts, Rules: NewSettings(nil).SLARules(), NewID: s.newID, Moment: workflowMoment}
	ops, _, err := t.Ops(s)
	if err != nil {
		return nil, err
	}
	return ops, s.apply(ops)
}

func (s *shelf) apply(ops []Op) error {
	for _, op := range ops {
		r, err := op.Apply(s.all[op.ID])
		if err != nil {
			return err
		}
		if r == nil {
			delete(s.all, op.ID)
			continue
		}
		s.all[op.ID] = r
	}
	return nil
}

func (s *shelf) back(ops []Op) error {
	slices.Reverse(ops)
	for i := range ops {
		ops[i] = ops[i].Reverse()
	}
	return s.apply(ops)
}

// content is everything but when things happened and in which order customers stand.
func (s *shelf) content() string {
	var out []string
	for id, r := range s.all {
		for _, f := range r.Fields {
			switch f.Name {
			case "state_since", "state_before", "course", "pauses", "paused_since", "replies":
				continue
			}
			text := f.Value.Format()
			if ids := f.Value.IDs(); len(ids) > 1 {
				slices.SortFunc(ids, func(a, b ID) int { return cmp.Compare(a.String(), b.String()) })
				text = Refs(ids...).Format()
			}
			out = append(out, id.String()+" "+f.Name+" "+text)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// argumentsOf says what each action wants to hear.
func argumentsOf(a *Action, other, customer ID) []FieldValue {
	var out []FieldValue
	for _, arg := range a.Args {
		kind := a.Kind
		if a.Makes != KNone {
			kind = a.Makes
		}
		f, _ := SchemaOf(kind).Field(arg.Field)
		if !arg.Required {
			continue
		}
		v := Text("because")
		switch {
		case f.Ref == Item:
			v = Ref(other)
		case f.Type == TRefs:
			v = Refs(customer)
		case f.Type == TRef:
			v = Ref(customer)
		case f.Type == TDate:
			v = Date(workflowMoment.Today + 7)
		case f.Type == TPick:
			v = Pick(f.Options[0])
		}
		out = append(out, FieldValue{arg.Field, v})
	}
	return out
}

// Every action is tried from every state, for each kind of item, grave or not: what is allowed works and
// can be taken back to the letter; what is not says why and changes nothing.
func TestEveryStateAndAction(t *testing.T) {
	allowed := 0
	for _, state := range ItemStates() {
		for _, kind := range ItemKinds() {
			for _, severity := range []string{"S1", "S3", ""} {
				for _, name := range actionNamesOf(Item) {
					s := newShelf()
					customer := s.add(Customer, FieldValue{"name", Text("Acme")})
					other := s.add(Item, FieldValue{"summary", Text("the other")}, FieldValue{"state", Pick("confirmed")})
					r := s.add(Item, FieldValue{"summary", Text("it")}, FieldValue{"kind", Pick(kind)}, FieldValue{"state", Pick(state)},
						FieldValue{"customers", Refs(customer.ID)}, FieldValue{"opened", Time(1)})
					if state == "duplicate" {
						r.Set("duplicate_of", Ref(other.ID))
					}
					if name == "resume" {
						r.Set("waiting", Bool(true))
					}
					before := s.content()
					a, _, err := FindAction(r, name, severity)
					if err != nil {
						if !strings.Contains(err.Error(), "does not fit") || !strings.Contains(err.Error(), state) {
							t.Errorf("%s from %s: %v", name, state, err)
						}
						continue
					}
					allowed++
					ops, err := s.do(r.ID, name, ItemFacts{Severity: severity}, argumentsOf(a, other.ID, customer.ID)...)
					if err != nil {
						t.Errorf("%s of a %s %s from %s: %v", name, severity, kind, state, err)
						continue
					}
					if err := s.back(ops); err != nil || s.content() != before {
						t.Errorf("%s from %s cannot be taken back: %v", name, state, err)
					}
				}
			}
		}
	}
	if allowed < 500 {
		t.Errorf("%d combinations are allowed: the walk has seen too little", allowed)
	}
}

func actionNamesOf(k Kind) []string {
	var names []string
	for _, a := range Actions(k) {
		if !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}

func TestCloseWaitsForTheLastCustomer(t *testing.T) {
	s := newShelf()
	r := s.add(Item, FieldValue{"summary", Text("it")}, FieldValue{"state", Pick("released")})
	_, err := s.do(r.ID, "close", ItemFacts{Untold: []string{"A", "B", "C", "D"}})
	if want := `item "it" cannot be taken by close: 4 still to be told: A, B, C and 1 more; tell them, or waive it with a reason`; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if _, err := s.do(r.ID, "close", ItemFacts{}); err != nil || s.all[r.ID].Get("state").Str() != "closed" {
		t.Errorf("with everybody told: %v", err)
	}
}

// Merges in any order, with customers of their own and in common, come apart again in any order, and
// then everything is where it was.
func TestMergesComeApartInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShelf()
		var customers, items []ID
		for range 4 {
			customers = append(customers, s.add(Customer, FieldValue{"name", Text("c")}).ID)
		}
		for range rapid.IntRange(2, 5).Draw(t, "items") {
			linked := rapid.SliceOfDistinct(rapid.SampledFrom(customers), rapid.ID[ID]).Draw(t, "customers")
			r := s.add(Item, FieldValue{"summary", Text("i")}, FieldValue{"state", Pick("new")}, FieldValue{"customers", Refs(linked...)})
			items = append(items, r.ID)
			for _, c := range linked {
				if rapid.Bool().Draw(t, "says something") {
					s.add(Voice, FieldValue{"item", Ref(r.ID)}, FieldValue{"customer", Ref(c)}, FieldValue{"importance", Pick("2")})
				}
			}
		}
		before := s.content()
		var merged []ID
		for range rapid.IntRange(1, 6).Draw(t, "merges") {
			a, b := rapid.SampledFrom(items).Draw(t, "a"), rapid.SampledFrom(items).Draw(t, "b")
			if s.all[a].Get("state").Str() == "duplicate" || a == b {
				continue
			}
			union := append(s.all[a].Get("customers").IDs(), s.customersOfSurvivor(b)...)
			if _, err := s.do(a, "duplicate", ItemFacts{}, FieldValue{"duplicate_of", Ref(b)}); err != nil {
				continue // a circle
			}
			merged = append(merged, a)
			have := s.customersOfSurvivor(a)
			for _, c := range union {
				if !slices.Contains(have, c) {
					t.Fatal("a customer was lost in a merge")
				}
			}
		}
		for len(merged) > 0 {
			i := rapid.IntRange(0, len(merged)-1).Draw(t, "next")
			if _, err := s.do(merged[i], "unmerge", ItemFacts{}); err != nil {
				t.Fatal(err)
			}
			merged = slices.Delete(merged, i, i+1)
		}
		if got := s.content(); got != before {
			t.Fatalf("after all merges were taken back:\n%s\nbefore:\n%s", got, before)
		}
	})
}

func (s *shelf) customersOfSurvivor(id ID) []ID {
	r := s.all[id]
	for r.Get("state").Str() == "duplicate" {
		r = s.all[r.Get("duplicate_of").ID()]
	}
	return r.Get("customers").IDs()
}

func TestSwapKeepsEverybody(t *testing.T) {
	s := newShelf()
	a, b, c := s.add(Customer, FieldValue{"name", Text("a")}), s.add(Customer, FieldValue{"name", Text("b")}), s.add(Customer, FieldValue{"name", Text("c")})
	old := s.add(Item, FieldValue{"summary", Text("old")}, FieldValue{"state", Pick("in progress")}, FieldValue{"owner", Person("tom")}, FieldValue{"customers", Refs(a.ID, b.ID)})
	dup := s.add(Item, FieldValue{"summary", Text("dup")}, FieldValue{"state", Pick("new")}, FieldValue{"customers", Refs(b.ID, c.ID)})
	before := s.content()
	for _, step := range []struct {
		on     ID
		name   string
		values []FieldValue
	}{{dup.ID, "duplicate", []FieldValue{{"duplicate_of", Ref(old.ID)}}}, {dup.ID, "swap", nil}} {
		if _, err := s.do(step.on, step.name, ItemFacts{}, step.values...); err != nil {
			t.Fatal(err)
		}
	}
	now, was := s.all[dup.ID], s.all[old.ID]
	if now.Get("state").Str() != "in progress" || now.Get("owner").Str() != "tom" || len(now.Get("customers").IDs()) != 3 {
		t.Errorf("the new survivor: %v", now.Fields)
	}
	if was.Get("state").Str() != "duplicate" || was.Get("duplicate_of").ID() != dup.ID || len(was.Get("customers").IDs()) != 2 {
		t.Errorf("the old survivor: %v", was.Fields)
	}
	if _, err := s.do(old.ID, "unmerge", ItemFacts{}); err != nil {
		t.Fatal(err)
	}
	s.all[dup.ID].Set("state", Pick("new"))
	s.all[dup.ID].Set("owner", Value{})
	if got := s.content(); got != before {
		t.Errorf("after the way back:\n%s\nbefore:\n%s", got, before)
	}
}
