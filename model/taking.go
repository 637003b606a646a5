package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Around is what a step needs to see of the book besides its own record.
type Around interface {
	Get(k Kind, id ID) (*Record, error)
	// Pointing lists the records of a kind whose reference field holds a record.
	Pointing(k Kind, field string, at ID) []ID
}

// Taking is an action about to be taken on a record.
type Taking struct {
	Action *Action
	Record *Record
	Values []FieldValue // what is said with it
	Annual Value        // a contract's yearly amount, empty where it is not known
	Facts  ItemFacts    // of an item
	Rules  *SLARules    // of an item: when its clocks stand still
	NewID  func() ID
	Moment
}

// Ops works out what the action changes, on every record that it concerns, as one step, and returns the
// record that it was about: the one it makes, else its own as it is afterwards.
func (t *Taking) Ops(book Around) ([]Op, *Record, error) {
	if err := t.Facts.Refuse(t.Action, t.Record); err != nil {
		return nil, nil, err
	}
	s := &sketch{book: book, now: map[ID]*Record{}, was: map[ID]*Record{}}
	id := t.Record.ID
	if t.Action.Makes != KNone {
		id = t.NewID()
	}
	out, err := t.Action.Take(t.Record, id, t.Values, t.Moment)
	if err != nil {
		return nil, nil, err
	}
	s.was[t.Record.ID], s.now[t.Record.ID] = t.Record, t.Record.Clone()
	s.now[id] = out
	s.order = append(s.order, t.Record.ID)
	if id != t.Record.ID {
		s.order = append(s.order, id)
	}
	if t.Record.Kind == Item {
		if err := t.item(s, out); err != nil {
			return nil, nil, err
		}
	}
	return s.ops(t.Rules, t.Now), s.now[id], nil
}

// item does what an action on an item implies for others.
func (t *Taking) item(s *sketch, out *Record) error {
	own := s.now[t.Record.ID]
	switch t.Action.Name {
	case "link":
		own.Set("customers", Refs(append(own.Get("customers").IDs(), out.Get("customer").ID())...))
	case "unlink":
		gone := out.Get("customers").IDs()
		left := slices.DeleteFunc(t.Record.Get("customers").IDs(), func(id ID) bool { return slices.Contains(gone, id) })
		out.Set("customers", Refs(left...))
		for _, v := range s.pointing(Voice, "item", out.ID) {
			if slices.Contains(gone, v.Get("customer").ID()) {
				s.gone = append(s.gone, v.ID)
			}
		}
	case "tell", "waive":
		return t.tell(s, out)
	case "duplicate":
		return s.merge(out, out.Get("duplicate_of").ID())
	case "unmerge":
		s.unmerge(t.Record, out)
		restart(t.Record, out, t.Moment)
	case "swap":
		return t.swap(s, out)
	}
	return nil
}

// Round names the news that an item's customers are told: its state and since when it is in it, so that
// a second release is told anew.
func Round(item *Record) string {
	since, ok := item.Get("state_since").Millis()
	if !ok {
		since, _ = item.Get("resolved").Millis()
	}
	return WorkflowState(item) + "@" + strconv.FormatInt(since, 10)
}

func (t *Taking) tell(s *sketch, out *Record) error {
	customer := out.Get("customer").ID()
	if !slices.Contains(t.Record.Get("customers").IDs(), customer) {
		return &FieldError{Field: "customer", Err: errors.New("is not linked to the item")}
	}
	round := Round(t.Record)
	for _, id := range s.book.Pointing(Telling, "item", t.Record.ID) {
		if other, err := s.book.Get(Telling, id); err == nil && other.Get("customer").ID() == customer && other.Get("round").Str() == round {
			return &FieldError{Field: "customer", Err: fmt.Errorf("has been told already, on %s", other.Get("date").Format())}
		}
	}
	out.Set("state", Text(WorkflowState(t.Record)))
	out.Set("round", Text(round))
	if t.Action.Name == "tell" {
		answered(t.Record, s.now[t.Record.ID], t.Now)
	}
	return nil
}

// sketch is a part of the book while a step is worked out on it.
type sketch struct {
	book     Around
	was, now map[ID]*Record
	order    []ID
	gone     []ID // records that the step removes
}

// get returns a record to be changed.
func (s *sketch) get(k Kind, id ID) (*Record, error) {
	if r := s.now[id]; r != nil {
		return r, nil
	}
	r, err := s.book.Get(k, id)
	if err != nil {
		return nil, err
	}
	s.was[id], s.now[id] = r, r.Clone()
	s.order = append(s.order, id)
	return s.now[id], nil
}

// pointing lists the records that point at one now, as the step has left them so far.
func (s *sketch) pointing(k Kind, field string, at ID) []*Record {
	var out []*Record
	seen := map[ID]bool{}
	for _, id := range s.book.Pointing(k, field, at) {
		if r, err := s.get(k, id); err == nil && slices.Contains(r.Get(field).IDs(), at) {
			out = append(out, r)
			seen[id] = true
		}
	}
	for _, id := range s.order {
		if r := s.now[id]; r.Kind == k && !seen[id] && slices.Contains(r.Get(field).IDs(), at) {
			out = append(out, r)
		}
	}
	return out
}

// ops lists what has changed.
func (s *sketch) ops(rules *SLARules, now int64) []Op {
	var out []Op
	for _, id := range s.order {
		after := s.now[id]
		if after.Kind == Item && rules != nil {
			FollowItem(s.was[id], after, rules.Pausing, now)
		}
		if slices.Contains(s.gone, id) {
			out = append(out, RemoveOp(s.was[id]))
		} else if s.was[id] == nil {
			out = append(out, CreateOp(after))
		} else if op, changed := UpdateOp(s.was[id], after); changed {
			out = append(out, op)
		}
	}
	return out
}
