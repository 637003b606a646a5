package model

import "strings"

// usageMerge moves months of use. A month is known by its customer among others, so its key follows the
// move; where the survivor has the same month of the same feature already, both become one.
type usageMerge struct {
	from, into ID
	months     map[string]*Record // the survivor's, by source key
	before     []*Record
	after      map[ID]*Record // nil for months that went into another
}

func newUsageMerge(from, into ID, kin []*Record) *usageMerge {
	u := &usageMerge{from: from, into: into, months: map[string]*Record{}, after: map[ID]*Record{}}
	for _, r := range kin {
		if r.Kind != Usage {
			continue
		}
		for _, key := range r.Get("keys").Items() {
			u.months[key] = r
		}
	}
	return u
}

// take takes a month of use; false leaves the record to others.
func (u *usageMerge) take(r *Record) bool {
	if r.Kind != Usage {
		return false
	}
	moved := r.Clone()
	repoint(moved, u.from, u.into)
	keys := moved.Get("keys").Items()
	for i := range keys {
		keys[i] = strings.ReplaceAll(keys[i], u.from.String(), u.into.String())
	}
	moved.Set("keys", List(keys...))
	u.before = append(u.before, r)
	u.after[r.ID] = moved
	for _, key := range keys {
		if twin := u.months[key]; twin != nil {
			u.join(twin, moved)
			u.after[r.ID] = nil
			return true
		}
	}
	return true
}

// join adds a month of use to the same month of the survivor. Of users, who may be the same ones, the most
// seen are kept, as where rows are gathered.
func (u *usageMerge) join(twin, moved *Record) {
	sum := u.after[twin.ID]
	if sum == nil {
		sum = twin.Clone()
		u.before = append(u.before, twin)
		u.after[twin.ID] = sum
	}
	for _, name := range []string{"count", "seconds", "failures", "users"} {
		a, okA := sum.Get(name).Float()
		b, okB := moved.Get(name).Float()
		switch {
		case !okA && !okB:
		case name == "users":
			sum.Set(name, Number(max(a, b)))
		default:
			sum.Set(name, Number(a+b))
		}
	}
	sum.Set("rows", PartRows(append(sum.Get("rows").Rows(), moved.Get("rows").Rows()...)))
	sum.Set("keys", sum.Get("keys").Plus(moved.Get("keys")))
}

// ops are the changes of the months, those that go before those that stay: no two may have one key.
func (u *usageMerge) ops() []Op {
	var gone, stay []Op
	for _, r := range u.before {
		after := u.after[r.ID]
		if after == nil {
			gone = append(gone, RemoveOp(r))
		} else if op, changed := UpdateOp(r, after); changed {
			stay = append(stay, op)
		}
	}
	return append(gone, stay...)
}
