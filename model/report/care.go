package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// Movers lists what has been noticed at customers, with evidence (row C7 of the brief): small ones that
// grow fast and anomalies at key accounts; and with an earlier picture those whose tier or health has
// changed since.
func Movers(s *table.Snapshot, a Args) (Report, error) {
	r := Report{
		Name: "movers", Title: "Movers on " + s.Today.String(),
		Definition: fmt.Sprintf("fast growth from %s %% at %s customers; at %s customers usage down by %s %%, %s days overdue, a key person left within %s days (settings alert); ARR in the customer's currency",
			s.Settings.Text("alert.growth_percent"), s.Settings.Text("alert.growth_tiers"), s.Settings.Text("alert.tiers"),
			s.Settings.Text("alert.usage_drop_percent"), s.Settings.Text("alert.overdue_days"), s.Settings.Text("alert.left_days")),
		Columns: []Column{
			{"customer", "Customer"},
			{"rule", "Rule"},
			{"evidence", "Evidence"},
			{"since", "Since"},
			{"tier", "Tier"},
			{"owner", "Owner"},
			{"sales_owner", "Sales owner"},
			{"arr", "ARR"},
			{"currency", "Currency"},
			{"external_id", "External id"},
			{"id", "Id"},
		},
	}
	t := s.Table(model.Customer)
	add := func(row int32, rule, evidence, since string) {
		if a.Owner != "" && t.Str(row, "owner") != a.Owner {
			return
		}
		r.Rows = append(r.Rows, []Cell{
			text(t.Str(row, "name")), text(rule), text(evidence), text(since), text(t.Str(row, "tier")), text(t.Str(row, "owner")),
			text(t.Str(row, "sales_owner")), money(t.Units(row, "arr")), text(s.CurrencyOf(model.Customer, row)), text(t.Str(row, "external_id")),
			text(t.ID(row).String()),
		})
	}
	t.Rows(func(row int32) bool {
		for _, alert := range s.Alerts(row) {
			add(row, alert.Rule, alert.Evidence, alert.On.String())
		}
		return true
	})
	if a.Before != nil {
		r.Title = fmt.Sprintf("Movers from %s to %s", a.Before.Today, s.Today)
		r.Definition += fmt.Sprintf("; since %s, as known at the end of that day: another status, tier or health, with what did most to it", a.Before.Today)
		since(s, a.Before, add)
	} else {
		standings(s, add)
	}
	rules := []string{table.AlertLeft, table.AlertUsage, table.AlertOverdue, table.AlertGrowth, statusMoves, tierMoves, healthMove}
	slices.SortStableFunc(r.Rows, func(x, y []Cell) int {
		return cmp.Or(cmp.Compare(slices.Index(rules, x[1].Text), slices.Index(rules, y[1].Text)), cmp.Compare(y[7].Number, x[7].Number), strings.Compare(x[0].Text, y[0].Text))
	})
	return r, nil
}

// The rules under which movers are listed beside the alerts.
const (
	statusMoves = "status moves"
	tierMoves   = "tier moves"
	healthMove  = "health moves"
)

// since adds the customers whose status, tier or health is another one than on an earlier day.
func since(s, before *table.Snapshot, add func(row int32, rule, evidence, since string)) {
	t, was := s.Table(model.Customer), before.Table(model.Customer)
	on := before.Today.String()
	t.Rows(func(row int32) bool {
		id := t.ID(row)
		old, known := was.Row(id)
		if !known {
			return true
		}
		moved := func(field string) (string, bool) {
			from, to := was.Str(old, field), t.Str(row, field)
			return fmt.Sprintf("%s → %s", cmp.Or(from, "none"), cmp.Or(to, "none")), from != to
		}
		if words, ok := moved("status"); ok {
			add(row, statusMoves, words, on)
		}
		for _, m := range []struct{ field, rule string }{{"tier", tierMoves}, {"health", healthMove}} {
			if words, ok := moved(m.field); ok {
				add(row, m.rule, words+because(table.Between(before, s, id, m.field)), on)
			}
		}
		return true
	})
}

// because names what did most to a difference.
func because(d table.Difference) string {
	if !d.Known {
		return ": not enough data on one of the days"
	}
	if len(d.Changes) == 0 {
		return ""
	}
	text := fmt.Sprintf(": %+.2f", d.Delta)
	for i, c := range d.Changes[:min(2, len(d.Changes))] {
		text += fmt.Sprintf("%s %s %+.2f (%s)", []string{", most by", ","}[i], cmp.Or(c.Label, c.Before.Label, c.Key), c.Delta, d.Inputs[i])
	}
	return text
}

// standings adds the customers whose tier now is not the one that the last scoring has kept, and those
// that would be of another tier but for the margin.
func standings(s *table.Snapshot, add func(row int32, rule, evidence, since string)) {
	t, on := s.Table(model.Customer), s.Settings.Text("tier.scored_on")
	t.Rows(func(row int32) bool {
		text := t.Str(row, "tier_standing")
		if text == "" {
			return true
		}
		was, now := model.ParseStanding(text), t.Str(row, "tier_computed")
		switch {
		case now != was.Level:
			add(row, tierMoves, fmt.Sprintf("%s → %s since the last scoring", cmp.Or(was.Level, "none"), cmp.Or(now, "none")), on)
		case was.Pending != "":
			add(row, tierMoves, fmt.Sprintf("%s came out %d times running within the margin; still %s", was.Pending, was.Runs, was.Level), on)
		}
		return true
	})
}

// Load compares what owners look after with what they can (row C3 of the brief).
func Load(s *table.Snapshot, _ Args) (Report, error) {
	r := Report{
		Name: "load", Title: "Load of owners on " + s.Today.String(),
		Definition: fmt.Sprintf("load = Σ over the customers looked after: KA %s, mid %s, small %s (settings load); capacity of the user, else %s; lost customers and prospects do not count; touch late: past the cadence",
			s.Settings.Text("load.KA"), s.Settings.Text("load.mid"), s.Settings.Text("load.small"), s.Settings.Text("load.capacity")),
		Columns: []Column{
			{"owner", "Owner"},
			{"seniority", "Seniority"},
			{"customers", "Customers"},
			{"ka", "KA"},
			{"mid", "Mid"},
			{"small", "Small"},
			{"load", "Load"},
			{"capacity", "Capacity"},
			{"used", "Used %"},
			{"touch_late", "Touch late"},
			{"covered", "Touched in time %"},
			{"arr", "ARR"},
		},
	}
	cur := currencyOf(s, model.Contract)
	left := 0
	for _, o := range s.Owners() {
		var arr int64
		for _, row := range o.Customers {
			n, l := recurring(cur, row, s.Today)
			arr += n
			left += l
		}
		n := len(o.Customers)
		r.Rows = append(r.Rows, []Cell{
			text(cmp.Or(o.Handle, "nobody")), text(o.Seniority), count(n), count(o.ByTier[model.TierKA]), count(o.ByTier[model.TierMid]), count(n - o.ByTier[model.TierKA] - o.ByTier[model.TierMid]),
			decimals(o.Load), decimals(o.Capacity), percent(o.Used()), count(o.Late), percent(share(int64(n-o.Late), int64(n))), money(arr),
		})
	}
	r.Definition += "; ARR in " + cur.name
	if left > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d contracts are left out of ARR: their currency has no rate (setting rate.XXX)", left))
	}
	if moves := len(s.Rebalance()); moves > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d customers could change hands to even the load: 'opsdeck report rebalance' lists them, 'opsdeck do rebalance' accepts", moves))
	}
	return r, nil
}

func decimals(f float64) Cell { return Cell{Number: f, Decimals: 2, IsNumber: true} }

// Rebalance proposes which customers should change hands so that nobody carries more than the capacity.
func Rebalance(s *table.Snapshot, _ Args) (Report, error) {
	r := Report{
		Name: "rebalance", Title: "Proposals to even the load",
		Definition: "customers nobody owns, and the smallest of those who carry more than they can, go to whoever has room: the same team first, then the seniority that the tier asks for, then the most room",
		Columns:    []Column{{"customer", "Customer"}, {"tier", "Tier"}, {"from", "From"}, {"to", "To"}, {"load", "Load"}, {"why", "Why"}, {"external_id", "External id"}, {"id", "Id"}},
	}
	t := s.Table(model.Customer)
	for _, m := range s.Rebalance() {
		r.Rows = append(r.Rows, []Cell{
			text(t.Str(m.Row, "name")), text(t.Str(m.Row, "tier")), text(cmp.Or(m.From, "nobody")), text(m.To), decimals(m.Load), text(m.Why),
			text(t.Str(m.Row, "external_id")), text(t.ID(m.Row).String()),
		})
	}
	return r, nil
}

// Coverage tells how many customers have been touched within the cadence of their tier, and how many of
// the roles that the cadence asks for have been met in time.
func Coverage(s *table.Snapshot, _ Args) (Report, error) {
	r := Report{
		Name: "coverage", Title: "Coverage of touches on " + s.Today.String(),
		Definition: "in time: touched within the cadence (settings cadence); by role: customers of the tier where somebody of the role was met within the cadence of the role; without: nobody of the role is known",
		Columns:    []Column{{"tier", "Tier"}, {"role", "Role"}, {"days", "Days"}, {"customers", "Customers"}, {"in_time", "In time"}, {"late", "Late"}, {"without", "Without"}, {"covered", "Covered %"}},
	}
	for _, c := range s.TouchCoverage() {
		r.Rows = append(r.Rows, []Cell{
			text(cmp.Or(c.Tier, "none")), text(cmp.Or(c.Role, "anybody")), count(c.Days), count(c.Customers), count(c.InTime), count(c.Late), count(c.Without),
			percent(share(int64(c.InTime), int64(c.Customers))),
		})
	}
	return r, nil
}

// Pareto lists the customers from the largest with their share, what they make together, and what is
// left without them.
func Pareto(s *table.Snapshot, a Args) (Report, error) {
	got, err := concentrate(s, a.By)
	if err != nil {
		return Report{}, err
	}
	r := Report{
		Name: "pareto", Title: "Customers by share, by " + got.by,
		Definition: got.words + " by customer in " + got.cur.name + "; cumulative: with all larger ones; left: what remains if this one leaves",
		Columns:    []Column{{"rank", "Rank"}, {"customer", "Customer"}, {"amount", "Amount"}, {"share", "Share %"}, {"cumulative", "Cumulative %"}, {"left", "Left without"}, {"external_id", "External id"}},
	}
	t := s.Table(model.Customer)
	for i, p := range got.Rows {
		id, _ := model.ParseID(p.ID)
		row, _ := t.Row(id)
		r.Rows = append(r.Rows, []Cell{
			count(i + 1), text(t.Str(row, "name")), money(p.Value), percent(p.Share), percent(p.Cumulative), money(got.Total - p.Value), text(t.Str(row, "external_id")),
		})
	}
	r.Notes = got.notes()
	return r, nil
}
