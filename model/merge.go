package model

import (
	"errors"
	"slices"
)

// Merging: a duplicate stays where it is, points at its survivor, and lends it its customers and what
// they said. What it lent is written down on it (merged_customers, and from_item of each voice), so that
// it can take that back at any time, whatever has happened since. A survivor may become a duplicate in
// turn; then all of it moves on.

var (
	errOfItself = errors.New("an item cannot be a duplicate of itself")
	errCircle   = errors.New("that item is itself a duplicate of this one; swap makes this one the duplicate's survivor")
)

// survivor follows the duplicates to the item that stands for them.
func (s *sketch) survivor(id ID) (*Record, error) {
	seen := map[ID]bool{}
	for {
		r, err := s.get(Item, id)
		if err != nil {
			return nil, err
		}
		next := r.Get("duplicate_of").ID()
		if WorkflowState(r) != "duplicate" || next.IsZero() || seen[next] {
			return r, nil
		}
		seen[id] = true
		id = next
	}
}

// merge makes an item, as its step has left it, a duplicate of the survivor of another.
func (s *sketch) merge(dup *Record, of ID) error {
	if of == dup.ID {
		return &FieldError{Field: "of", Err: errOfItself}
	}
	// While the survivor is looked for, the item is not yet anybody's duplicate.
	dup.Set("duplicate_of", Value{})
	into, err := s.survivor(of)
	switch {
	case err != nil:
		return err
	case into.ID == dup.ID:
		return &FieldError{Field: "of", Err: errCircle}
	}
	dup.Set("duplicate_of", Ref(into.ID))
	s.lend(dup, into)
	return nil
}

// lend moves customers and voices of a duplicate to its survivor.
func (s *sketch) lend(dup, into *Record) {
	have := into.Get("customers").IDs()
	var moved []ID
	for _, c := range dup.Get("customers").IDs() {
		if !slices.Contains(have, c) {
			moved = append(moved, c)
		}
	}
	dup.Set("merged_customers", Refs(moved...))
	into.Set("customers", Refs(append(have, moved...)...))
	for _, v := range s.pointing(Voice, "item", dup.ID) {
		if v.Get("from_item").IsZero() {
			v.Set("from_item", Ref(dup.ID))
		}
		v.Set("item", Ref(into.ID))
	}
}

// family lists an item with the duplicates below it.
func (s *sketch) family(id ID) []ID {
	out := []ID{id}
	for i := 0; i < len(out); i++ {
		for _, r := range s.pointing(Item, "duplicate_of", out[i]) {
			if WorkflowState(r) == "duplicate" && !slices.Contains(out, r.ID) {
				out = append(out, r.ID)
			}
		}
	}
	return out
}

// unmerge takes back what a duplicate, as it was, has lent; out is the item as the step leaves it.
func (s *sketch) unmerge(was, out *Record) {
	s.now[out.ID] = out
	family := s.family(out.ID)
	for _, member := range family {
		for _, v := range s.pointing(Voice, "from_item", member) {
			v.Set("item", Ref(out.ID))
			if member == out.ID {
				v.Set("from_item", Value{})
			}
		}
	}
	moved := was.Get("merged_customers").IDs()
	at := was.Get("duplicate_of").ID()
	for seen := map[ID]bool{}; !at.IsZero() && len(moved) > 0 && !seen[at]; {
		seen[at] = true
		into, err := s.get(Item, at)
		if err != nil {
			return // The survivor is gone, and with it what was lent.
		}
		moved = s.giveBack(into, moved, family)
		at = ID{}
		if WorkflowState(into) == "duplicate" {
			at = into.Get("duplicate_of").ID()
			lent := into.Get("merged_customers").IDs()
			moved = slices.DeleteFunc(moved, func(c ID) bool { return !slices.Contains(lent, c) })
			into.Set("merged_customers", Refs(slices.DeleteFunc(lent, func(c ID) bool { return slices.Contains(moved, c) })...))
		}
	}
}

// giveBack takes customers off a survivor, but for those that it also has from somewhere else: another
// duplicate, which then is the one to have lent them, or their own words about it.
func (s *sketch) giveBack(into *Record, moved, family []ID) (gone []ID) {
	others := slices.DeleteFunc(s.pointing(Item, "duplicate_of", into.ID), func(r *Record) bool {
		return slices.Contains(family, r.ID) || WorkflowState(r) != "duplicate"
	})
	voices := s.pointing(Voice, "item", into.ID)
	for _, c := range moved {
		if i := slices.IndexFunc(others, func(r *Record) bool { return slices.Contains(r.Get("customers").IDs(), c) }); i >= 0 {
			others[i].Set("merged_customers", Refs(append(others[i].Get("merged_customers").IDs(), c)...))
			continue
		}
		if !slices.ContainsFunc(voices, func(v *Record) bool { return v.Get("customer").ID() == c }) {
			gone = append(gone, c)
		}
	}
	into.Set("customers", Refs(slices.DeleteFunc(into.Get("customers").IDs(), func(c ID) bool { return slices.Contains(gone, c) })...))
	return gone
}

// swap makes a duplicate the survivor and its survivor the duplicate. How far the work has come goes
// over to the new survivor.
func (t *Taking) swap(s *sketch, out *Record) error {
	old, err := s.get(Item, t.Record.Get("duplicate_of").ID())
	if err != nil {
		return err
	}
	if WorkflowState(old) == "duplicate" {
		return &FieldError{Field: "of", Err: errors.New("its survivor has become a duplicate itself; unmerge one of them first")}
	}
	s.unmerge(t.Record, out)
	for _, name := range []string{"state", "owner", "responded", "resolved", "asked", "replies", "handed_over", "urgent", "waiting", "released_in", "until", "paused_since", "pauses"} {
		out.Set(name, old.Get(name))
	}
	old.Set("state_before", Text(WorkflowState(old)))
	old.Set("state", Pick("duplicate"))
	old.Set("state_since", Time(t.Now))
	old.Set("resolved", Time(t.Now))
	old.Set("duplicate_of", Ref(out.ID))
	s.lend(old, out)
	return nil
}

// restart lets the clocks of an item go on from where they were when it was taken out of the queue.
func restart(before, after *Record, m Moment) {
	if end, ok := before.Get("resolved").Millis(); ok {
		after.Set("pauses", appendSpan(after.Get("pauses"), end, m.Now))
	}
}
