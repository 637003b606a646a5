package model

import (
	"errors"
	"strings"
	"testing"
)

func acme(fields ...string) *Record {
	r := NewRecord(Customer, ID{1})
	r.Set("name", Text("Acme"))
	for i := 0; i < len(fields); i += 2 {
		r.Set(fields[i], Text(fields[i+1]))
	}
	return r
}

// Quick ways for creations and removals that fit must refuse what the long way refuses.
func TestOpsThatDoNotFitAreRefused(t *testing.T) {
	steel := acme("industry", "Steel")
	for name, c := range map[string]struct {
		op   Op
		on   *Record
		want string
	}{
		"removal after a change":         {RemoveOp(steel), acme("industry", "Wool"), `customer "Acme": industry has been changed meanwhile: it was "Steel" and is now "Wool"`},
		"removal after an addition":      {RemoveOp(acme()), steel, `customer "Acme": industry has been changed meanwhile: it was "" and is now "Steel"`},
		"removal after another addition": {RemoveOp(steel), acme("team", "North"), `customer "Acme": industry has been changed meanwhile: it was "Steel" and is now ""`},
		"removal that leaves a value": {
			Op{Verb: Remove, Kind: Customer, ID: ID{1}, Changes: []Change{{Field: "name", From: Text("Acme"), To: Text("Acne")}}},
			acme(),
			`customer "Acme": name has been changed meanwhile: it was "" and is now "Acne"`,
		},
		"creation over something": {
			Op{Verb: Create, Kind: Customer, ID: ID{1}, Changes: []Change{{Field: "name", From: Text("Acne"), To: Text("Acme")}}},
			nil,
			`name has been changed meanwhile: it was "Acne" and is now ""`,
		},
		"creation without a name":  {CreateOp(NewRecord(Customer, ID{1})), nil, "name: is required"},
		"change of nothing":        {Op{Verb: Update, Kind: Customer, ID: ID{1}}, acme(), "the change changes nothing"},
		"change without an id":     {Op{Verb: Update, Kind: Customer, Changes: []Change{{Field: "team", To: Text("North")}}}, acme(), "without an id"},
		"change of a figure":       {Op{Verb: Update, Kind: Customer, ID: ID{1}, Changes: []Change{{Field: "tier", To: Pick("KA")}}}, acme(), "tier: is computed and cannot be set"},
		"change to nothing needed": {Op{Verb: Update, Kind: Customer, ID: ID{1}, Changes: []Change{{Field: "name", From: Text("Acme")}}}, acme(), "name: is required"},
	} {
		before := c.on.Clone()
		_, err := c.op.Apply(c.on)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if !c.on.Equal(before) {
			t.Errorf("%s: the record given was changed", name)
		}
	}
}

func TestACreationInAnyOrderMakesTheSameRecord(t *testing.T) {
	op := CreateOp(acme("industry", "Steel", "team", "North"))
	for _, changes := range [][]Change{
		{op.Changes[2], op.Changes[0], op.Changes[1]},
		{{Field: "team", To: Text("South")}, op.Changes[0], op.Changes[1], {Field: "team", From: Text("South"), To: Text("North")}},
	} {
		got, err := Op{Verb: Create, Kind: Customer, ID: ID{1}, Changes: changes}.Apply(nil)
		if err != nil || !got.Equal(acme("industry", "Steel", "team", "North")) {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// A log outlives the rules of its time: what was let through once is replayed, what is new is checked.
func TestReplayKnowsNoRules(t *testing.T) {
	op := Op{Verb: Create, Kind: Customer, ID: ID{1}, Changes: []Change{{Field: "name", To: Text("Acme")}, {Field: "tier_override", To: Pick("gigantic")}}}
	var field *FieldError
	if _, err := op.Apply(nil); !errors.As(err, &field) || field.Field != "tier_override" {
		t.Errorf("today: %v", err)
	}
	r, err := op.Replay(nil)
	if err != nil || r.Get("tier_override").Str() != "gigantic" {
		t.Errorf("replayed: %+v, %v", r, err)
	}
	// The old value stands in nobody's way who changes something else.
	if _, err := (Op{Verb: Update, Kind: Customer, ID: ID{1}, Changes: []Change{{Field: "team", To: Text("North")}}}).Apply(r); err != nil {
		t.Errorf("a change beside it: %v", err)
	}
}
