package table

import (
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// alertRules are the thresholds of what is to be noticed (row C7 of the brief).
type alertRules struct {
	growth, drop float64
	overdue      int
	left         int
	growing      []string // tiers
	watched      []string
}

func alertRulesOf(s *model.Settings) alertRules {
	return alertRules{
		growth: s.Number("alert.growth_percent"), drop: s.Number("alert.usage_drop_percent"), overdue: s.Int("alert.overdue_days"),
		left: s.Int("alert.left_days"), growing: s.Tiers("alert.growth_tiers"), watched: s.Tiers("alert.tiers"),
	}
}

// The rules by which something is noticed.
const (
	AlertGrowth  = "fast growth"
	AlertUsage   = "usage drop"
	AlertOverdue = "overdue"
	AlertLeft    = "key person left"
)

// Alert is something noticed at a customer, with its evidence.
type Alert struct {
	Rule     string
	Evidence string
	Cause    string // of the same thing; closing it silences the rule until there is another cause
	On       day.Day
}

// alertsOf lists the rules that hold, joined for the list column.
func (s *Snapshot) alertsOf(f *Facts, tier string) string {
	var room [4]string
	out := room[:0]
	s.eachAlert(f, tier, func(rule string, _ func() Alert) { out = append(out, rule) })
	return strings.Join(out, listSep)
}

// eachAlert tries the rules. The evidence is only worded where somebody wants to read it.
func (s *Snapshot) eachAlert(f *Facts, tier string, fn func(rule string, say func() Alert)) {
	if f.Status == "prospect" || f.Status == "lost" {
		if f.Orders == 0 {
			return
		}
	}
	r := &s.rules.alerts
	size := tier
	if size == "" {
		size = model.TierSmall // Whoever is not known well enough to be anything else.
	}
	if growth, ok := f.Growth(); ok && growth >= r.growth && slices.Contains(r.growing, size) {
		fn(AlertGrowth, func() Alert {
			now, before := f.Orders12, f.OrdersPrior
			if before <= 0 {
				now, before = f.ARR, f.ARRBefore
			}
			return Alert{AlertGrowth, fmt.Sprintf("%+.0f %%: %s, %s → %s %s", growth, growthSource(*f), model.FormatMoney(before), model.FormatMoney(now), f.Currency), s.Today.String()[:4], s.Today}
		})
	}
	if !slices.Contains(r.watched, tier) {
		return
	}
	if trend, ok := f.UsageTrend(); ok && trend <= -r.drop {
		fn(AlertUsage, func() Alert {
			return Alert{AlertUsage, fmt.Sprintf("%+.0f %%: %s", trend, s.usageSource("usage_trend", f)), s.useMonth.String()[:7], s.useMonth.MonthEnd()}
		})
	}
	if f.OverdueDays >= r.overdue && f.Overdue > 0 {
		fn(AlertOverdue, func() Alert {
			on := s.Today - day.Day(f.OverdueDays)
			return Alert{AlertOverdue, fmt.Sprintf("%s %s, the oldest for %d days", model.FormatMoney(f.Overdue), f.Currency, f.OverdueDays), on.String(), on}
		})
	}
	if f.LeftKey.IsSet() && int(s.Today-f.LeftKey) <= r.left {
		fn(AlertLeft, func() Alert {
			return Alert{AlertLeft, fmt.Sprintf("a key person left on %s; %d others who decide are known", f.LeftKey, f.Deciders), f.LeftKey.String(), f.LeftKey}
		})
	}
}

// Alerts lists what is noticed at a customer, with evidence.
func (s *Snapshot) Alerts(row int32) []Alert {
	t := s.tables[model.Customer]
	if t.cols[customerAt.alerts].code.get(row) == 0 {
		return nil
	}
	f := s.facts(row)
	var out []Alert
	s.eachAlert(&f, t.Str(row, "tier"), func(_ string, say func() Alert) {
		a := say()
		a.Cause = "alert/" + t.ID(row).String() + "/" + strings.ReplaceAll(a.Rule, " ", "-") + "/" + a.Cause
		out = append(out, a)
	})
	return out
}

// SalesTask is the task that hands what has been noticed at a customer to sales, with the evidence: to
// the sales owner unless another is named, and for the gravest rule unless one is.
func (s *Snapshot) SalesTask(row int32, rule, owner string, id model.ID) (*model.Record, error) {
	t := s.tables[model.Customer]
	all := s.Alerts(row)
	at := slices.IndexFunc(all, func(a Alert) bool { return rule == "" || a.Rule == rule })
	switch {
	case len(all) == 0:
		return nil, fmt.Errorf("no rule has noticed anything at %q; 'opsdeck report movers' lists where", t.Str(row, "name"))
	case at < 0:
		return nil, fmt.Errorf("the rule %q has noticed nothing at %q; it was %s", rule, t.Str(row, "name"), strings.ReplaceAll(t.Str(row, "alerts"), listSep, ", "))
	}
	if owner == "" {
		owner = t.Str(row, "sales_owner")
	}
	if owner == "" {
		owner = t.Str(row, "owner")
	}
	a := all[at]
	r := model.NewRecord(model.Task, id)
	r.Set("title", model.Text(a.Rule+": "+t.Str(row, "name")))
	r.Set("customer", model.Ref(t.ID(row)))
	if owner != "" {
		r.Set("owner", model.Person(owner))
	}
	r.Set("due", model.Date(s.Today))
	r.Set("notes", model.Long(a.Evidence+" (noticed on "+s.Today.String()+")"))
	return r, r.Validate()
}
