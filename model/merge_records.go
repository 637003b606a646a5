package model

import (
	"fmt"
	"slices"
	"strings"
)

// MergedKeys is the field that remembers which source keys a record has got by merging. A row of an import
// under such a key is the duplicate's: it fills what is empty and overwrites nothing.
const MergedKeys = "merged_keys"

// Merge is the merging of a duplicate into the record that stays, worked out and not yet done.
type Merge struct {
	From, Into *Record // as they are now
	After      *Record // the survivor as it will be
	Moves      []MergeMove
	Fills      []Change // of the survivor: what it has (nothing, as a rule) and what it will have
	Stays      []Change // fields in which both differ: From is what stays, To what goes with the duplicate
	Ops        []Op     // the one step

	below bool // the duplicate stands somewhere below the survivor
}

// MergeMove counts the records of a kind that will point at the survivor.
type MergeMove struct {
	Kind  Kind
	Count int
}

// MergeError says why two records cannot be merged.
type MergeError struct {
	From, Into string
	Reason     string
}

// Error implements error.
func (e *MergeError) Error() string {
	return fmt.Sprintf("%q cannot be merged into %q: %s", e.From, e.Into, e.Reason)
}

// CanMerge tells whether records of a kind can be merged: those that suspected duplicates are listed of.
func CanMerge(k Kind) bool { return k == Customer || k == Contact }

// PlanMerge works out how a duplicate goes into another record of its kind. Pointers are all records that
// point at the duplicate, kin those that point at the survivor; above reads the record that one of the kind
// stands under, nil for none. A *MergeError says why it cannot be.
func PlanMerge(from, into *Record, pointers, kin []*Record, above func(ID) *Record) (*Merge, error) {
	m := &Merge{From: from, Into: into, After: into.Clone()}
	if err := m.check(above); err != nil {
		return nil, err
	}
	m.fill()
	m.keepKeys()
	usage := newUsageMerge(from.ID, into.ID, kin)
	counts := map[Kind]int{}
	for _, r := range pointers {
		if r.ID == from.ID || r.ID == into.ID {
			continue
		}
		counts[r.Kind]++
		if usage.take(r) {
			continue
		}
		after := r.Clone()
		repoint(after, from.ID, into.ID)
		m.update(r, after)
	}
	for _, k := range Kinds() {
		if counts[k] > 0 && k != Mapping { // What imports remember is nobody's business.
			m.Moves = append(m.Moves, MergeMove{k, counts[k]})
		}
	}
	m.Ops = append(m.Ops, usage.ops()...)
	m.Ops = append(m.Ops, RemoveOp(from))
	m.update(into, m.After)
	return m, m.After.Validate()
}

// Label names the step for the history.
func (m *Merge) Label() string {
	return fmt.Sprintf("merge %s %s into %s", m.From.Kind, m.From.Title(), m.Into.Title())
}

func (m *Merge) update(before, after *Record) {
	if op, changed := UpdateOp(before, after); changed {
		m.Ops = append(m.Ops, op)
	}
}

// upward is the field by which records of a kind stand under each other.
func upward(k Kind) string {
	if k == Contact {
		return "reports_to"
	}
	return "parent"
}

// check refuses what makes no sense, and what would close a ring: a survivor that stands below the
// duplicate with others between them.
func (m *Merge) check(above func(ID) *Record) error {
	switch {
	case !CanMerge(m.From.Kind) || m.From.Kind != m.Into.Kind:
		return &MergeError{m.From.Title(), m.Into.Title(), "only two customers or two contacts are merged"}
	case m.From.ID == m.Into.ID:
		return &MergeError{m.From.Title(), m.Into.Title(), "they are one record"}
	}
	field := upward(m.From.Kind)
	if n := m.steps(m.Into, m.From, above); n > 1 {
		return &MergeError{m.From.Title(), m.Into.Title(), fmt.Sprintf(
			"%q stands between them and would stand above and below one record; change its %s first", above(m.Into.Get(field).ID()).Title(), field)}
	}
	m.below = m.steps(m.From, m.Into, above) > 0
	return nil
}

// steps counts how far one record stands below another; 0 where it does not.
func (m *Merge) steps(low, high *Record, above func(ID) *Record) int {
	field := upward(low.Kind)
	seen := map[ID]bool{low.ID: true}
	for n := 1; ; n++ {
		low = above(low.Get(field).ID())
		if low == nil || seen[low.ID] {
			return 0
		}
		if low.ID == high.ID {
			return n
		}
		seen[low.ID] = true
	}
}

// together are fields that only mean something beside each other: all are taken, or none.
var together = [][]string{
	{"tier_override", "tier_override_reason", "tier_override_by", "tier_override_until"},
	{"sentiment", "sentiment_date"},
	{"nps", "nps_date"},
}

// fill gives the survivor what it lacks.
func (m *Merge) fill() {
	stub := m.gives()
	up := upward(m.From.Kind)
	for _, fv := range m.From.Fields {
		now := m.Into.Get(fv.Name)
		switch {
		case fv.Name == "keys" || fv.Name == MergedKeys || fv.Name == "stub" || fv.Name == up:
		case now == fv.Value:
		case fv.Value.Type() == TList:
			m.put(fv.Name, now.Plus(fv.Value))
		case (now.IsZero() || stub) && m.fits(fv):
			m.put(fv.Name, fv.Value)
		default:
			m.Stays = append(m.Stays, Change{Field: fv.Name, From: now, To: fv.Value})
		}
	}
	if stub {
		m.put("stub", Value{})
	}
	switch to := m.From.Get(up); {
	case m.Into.Get(up).ID() == m.From.ID: // It takes the duplicate's place.
		if to.ID() == m.Into.ID {
			to = Value{}
		}
		m.put(up, to)
	case m.below: // What it stands under stands under the survivor, or is the survivor.
	case m.Into.Get(up).IsZero() && !to.IsZero():
		m.put(up, to)
	case !to.IsZero() && to != m.Into.Get(up):
		m.Stays = append(m.Stays, Change{Field: up, From: m.Into.Get(up), To: to})
	}
}

func (m *Merge) put(field string, v Value) {
	if was := m.Into.Get(field); was != v {
		m.After.Set(field, v)
		m.Fills = append(m.Fills, Change{Field: field, From: was, To: v})
	}
}

// fits tells whether a field of the duplicate still means the same on the survivor: an amount does not in
// another currency, half of a judgement does not, and that somebody has left one company says nothing
// about another.
func (m *Merge) fits(fv FieldValue) bool {
	for _, group := range together {
		if slices.Contains(group, fv.Name) {
			return !slices.ContainsFunc(group, func(f string) bool { return !m.Into.Get(f).IsZero() })
		}
	}
	amounts := func(r *Record) bool {
		return slices.ContainsFunc(r.Fields, func(f FieldValue) bool { return f.Value.Type() == TMoney })
	}
	switch same := m.From.Get("currency") == m.Into.Get("currency"); {
	case fv.Value.Type() == TMoney:
		return same || !amounts(m.Into) && m.Into.Get("currency").IsZero()
	case fv.Name == "currency":
		return !amounts(m.Into)
	case fv.Name == "left_on":
		return m.From.Get("customer") == m.Into.Get("customer")
	}
	return true
}

// keepKeys lets the survivor be known by what sources call the duplicate. Where it has had keys itself,
// theirs lead and those of the duplicate come second; a stub gives way in this too.
func (m *Merge) keepKeys() {
	ours, theirs := m.Into.Get("keys"), m.From.Get("keys")
	m.After.Set("keys", ours.Plus(theirs))
	second := m.Into.Get(MergedKeys).Plus(m.From.Get(MergedKeys))
	switch {
	case ours.IsZero():
	case m.gives():
		second = second.Plus(ours)
	default:
		second = second.Plus(theirs)
	}
	m.After.Set(MergedKeys, second)
}

// gives tells whether the survivor is a stub, which an import has made because a record pointed at it, and
// gives way to what is known of a real one.
func (m *Merge) gives() bool {
	return m.Into.Get("stub").IsTrue() && !m.From.Get("stub").IsTrue()
}

// repoint makes every reference to one record a reference to another. A record that would point at itself
// points at nothing. What imports remember of the rows of a file names records too.
func repoint(r *Record, from, into ID) {
	for _, fv := range slices.Clone(r.Fields) {
		switch ids := fv.Value.IDs(); {
		case r.Kind == Mapping && fv.Name == "toml":
			r.Set(fv.Name, Long(strings.ReplaceAll(fv.Value.Str(), from.String(), into.String())))
		case !slices.Contains(ids, from):
		case fv.Value.Type() == TRef && into == r.ID:
			r.Set(fv.Name, Value{})
		case fv.Value.Type() == TRef:
			r.Set(fv.Name, Ref(into))
		default:
			var out []ID
			for _, id := range ids {
				if id == from {
					id = into
				}
				if !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
			r.Set(fv.Name, Refs(out...))
		}
	}
}
