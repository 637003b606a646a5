package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
)

// Owner is somebody who looks after customers, with what that takes.
type Owner struct {
	Handle    string // empty: nobody
	Team      string
	Seniority string
	Capacity  float64
	Load      float64
	Late      int // customers whose touch is overdue
	Customers []int32
	ByTier    map[string]int
	known     bool // is a user of the book
}

// Used is the load as a share of the capacity.
func (o *Owner) Used() float64 {
	if o.Capacity <= 0 {
		return 0
	}
	return o.Load / o.Capacity
}

// Owners lists everybody who owns a customer or could, those who carry most of their capacity first;
// what nobody owns comes last.
func (s *Snapshot) Owners() []Owner {
	by := map[string]*Owner{}
	users := s.tables[model.User]
	users.Rows(func(row int32) bool {
		role := users.Str(row, "role")
		if capacity, ok := users.Num(row, "capacity"); ok || role == "csm" || role == "lead" {
			if !ok {
				capacity = s.Settings.Number("load.capacity")
			}
			by[users.Str(row, "handle")] = &Owner{
				Handle: users.Str(row, "handle"), Team: users.Str(row, "team"), Seniority: users.Str(row, "seniority"), Capacity: capacity, ByTier: map[string]int{}, known: true,
			}
		}
		return true
	})
	t := s.tables[model.Customer]
	t.Rows(func(row int32) bool {
		if !cared(t.Str(row, "status")) {
			return true
		}
		handle := t.Str(row, "owner")
		o := by[handle]
		if o == nil {
			o = &Owner{Handle: handle, ByTier: map[string]int{}}
			if handle != "" {
				o.Capacity = s.Settings.Number("load.capacity")
			}
			by[handle] = o
		}
		tier := t.Str(row, "tier")
		o.Customers = append(o.Customers, row)
		o.ByTier[tier]++
		o.Load += s.Settings.Load(tier)
		if late, _ := t.Num(row, "touch_overdue"); late > 0 {
			o.Late++
		}
		return true
	})
	out := make([]Owner, 0, len(by))
	for _, o := range by {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b Owner) int {
		if (a.Handle == "") != (b.Handle == "") {
			return cmp.Compare(b.Handle, a.Handle)
		}
		return cmp.Or(cmp.Compare(b.Used(), a.Used()), strings.Compare(a.Handle, b.Handle))
	})
	return out
}

// Handover proposes that a customer changes hands.
type Handover struct {
	Row      int32
	From, To string
	Load     float64
	Why      string
}

// Rebalance proposes handovers until nobody carries more than the capacity, or nobody has room: those
// whom nobody owns first, then the smallest of those who carry too much, which disturbs least.
func (s *Snapshot) Rebalance() []Handover {
	owners := s.Owners()
	var out []Handover
	for i := range owners {
		from := &owners[i]
		if from.Handle != "" && from.Load <= from.Capacity {
			continue
		}
		for _, row := range s.smallestFirst(from.Customers) {
			if from.Handle != "" && from.Load <= from.Capacity {
				break
			}
			tier := s.tables[model.Customer].Str(row, "tier")
			load := s.Settings.Load(tier)
			to := room(owners, from, tier, load)
			if to == nil {
				continue
			}
			why := "nobody owns it"
			if from.Handle != "" {
				why = fmt.Sprintf("%s carries %.4g of %.4g", from.Handle, from.Load, from.Capacity)
			}
			why += fmt.Sprintf("; %s has room for %.4g", to.Handle, to.Capacity-to.Load)
			out = append(out, Handover{row, from.Handle, to.Handle, load, why})
			from.Load -= load
			to.Load += load
		}
	}
	return out
}

// smallestFirst orders customers by what they pay, so that handing over begins where it disturbs least.
func (s *Snapshot) smallestFirst(rows []int32) []int32 {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(s.CompanyARR(a), s.CompanyARR(b)) })
	return rows
}

// room finds who should take over a customer of a tier: of the same team first, then of the seniority
// that the tier asks for, then with the most room.
func room(owners []Owner, from *Owner, tier string, load float64) *Owner {
	wanted := map[string]string{model.TierKA: "senior", model.TierMid: "experienced"}[tier]
	if wanted == "" {
		wanted = "ordinary"
	}
	var best *Owner
	rank := func(o *Owner) (team, senior int, free float64) {
		if o.Team == from.Team && o.Team != "" {
			team = 1
		}
		if o.Seniority == wanted {
			senior = 1
		}
		return team, senior, o.Capacity - o.Load
	}
	for i := range owners {
		o := &owners[i]
		if o == from || !o.known || o.Load+load > o.Capacity {
			continue
		}
		if best == nil {
			best = o
			continue
		}
		t1, s1, f1 := rank(o)
		t2, s2, f2 := rank(best)
		if cmp.Or(cmp.Compare(t1, t2), cmp.Compare(s1, s2), cmp.Compare(f1, f2), strings.Compare(best.Handle, o.Handle)) > 0 {
			best = o
		}
	}
	return best
}

// TouchCover counts how many customers of a tier are touched in time, by anybody or by role.
type TouchCover struct {
	Tier, Role string // no role: anybody at the customer
	Days       int    // the cadence
	Customers  int
	InTime     int
	Late       int
	Without    int // nobody of the role is known
}

// TouchCoverage counts touches in time by tier, and by the roles that the cadence asks for.
func (s *Snapshot) TouchCoverage() []TouchCover {
	var out []TouchCover
	t := s.tables[model.Customer]
	for _, tier := range []string{model.TierKA, model.TierMid, model.TierSmall, ""} {
		var rows []int32
		t.Rows(func(row int32) bool {
			if cared(t.Str(row, "status")) && t.Str(row, "tier") == tier {
				rows = append(rows, row)
			}
			return true
		})
		days, ok := s.rules.cadence[tier]
		if !ok {
			days = s.rules.cadence[model.TierSmall]
		}
		all := TouchCover{Tier: tier, Days: days, Customers: len(rows)}
		for _, row := range rows {
			if late, _ := t.Num(row, "touch_overdue"); late > 0 {
				all.Late++
			}
		}
		all.InTime = all.Customers - all.Late
		if all.Customers > 0 {
			out = append(out, all)
		}
		for _, role := range cadenceRoles() {
			if n := s.Settings.RoleCadence(role, tier); n > 0 && len(rows) > 0 {
				out = append(out, s.roleCover(rows, tier, role, n))
			}
		}
	}
	return out
}

func (s *Snapshot) roleCover(rows []int32, tier, role string, days int) TouchCover {
	c := TouchCover{Tier: tier, Role: role, Days: days, Customers: len(rows)}
	for _, row := range rows {
		names, last := s.roleMet(row, role)
		switch {
		case len(names) == 0:
			c.Without++
		case last.IsSet() && int(s.Today-last) <= days:
			c.InTime++
		default:
			c.Late++
		}
	}
	return c
}

func loadsOf(s *model.Settings) map[string]float64 {
	loads := map[string]float64{}
	for _, tier := range []string{"", model.TierKA, model.TierMid, model.TierSmall} {
		loads[tier] = s.Load(tier)
	}
	return loads
}

// load is how much of an owner's capacity a customer of a tier takes.
func (r *rules) load(tier string) float64 { return r.loads[tier] }

// Op makes the change that hands a customer over.
func (m Handover) Op(s *Snapshot) model.Op {
	t := s.tables[model.Customer]
	from := model.Value{}
	if m.From != "" {
		from = model.Person(m.From)
	}
	return model.Op{Verb: model.Update, Kind: model.Customer, ID: t.ID(m.Row), Changes: []model.Change{{Field: "owner", From: from, To: model.Person(m.To)}}}
}
