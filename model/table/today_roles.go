package table

import (
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// cadenceRoles are the roles of the decision chain that have a cadence of their own (settings cadence.role).
func cadenceRoles() []string { return []string{"decision maker", "veto holder", "champion"} }

// roleMet tells who has a role at a customer today, and when one of them was met last; day.None if nobody
// was ever met.
func (s *Snapshot) roleMet(customer int32, role string) (names []string, last day.Day) {
	people, last := s.tables[model.Contact], day.None
	for _, k := range people.Kids(customer, "customer") {
		left := people.Day(k, "left_on")
		if !people.Live(k) || people.Str(k, "role") != role || left.IsSet() && left <= s.Today {
			continue
		}
		names = append(names, people.Str(k, "name"))
		if met := people.Day(k, "last_touch"); met.IsSet() && (!last.IsSet() || met > last) {
			last = met
		}
	}
	return names, last
}

// meet is what has to be done about a role of the decision chain.
func meet(role, names string) string {
	switch role {
	case "veto holder":
		return "meet the veto holder: " + names
	case "champion":
		return "meet the champion: " + names
	}
	return "meet the decision maker: " + names
}

// meetings lists the roles that nobody has met within their cadence, at customers who are in touch otherwise:
// where the touch itself is overdue, that is what waits.
func (c *dueCollector) meetings() {
	t := c.s.tables[model.Customer]
	roles := cadenceRoles()
	t.Rows(func(row int32) bool {
		if late, _ := t.cols[customerAt.touchOverdue].float(row); late > 0 || !c.mine(t.cols[customerAt.owner].text(row)) || !cared(t.Str(row, "status")) {
			return true
		}
		for _, role := range roles {
			days := c.s.Settings.RoleCadence(role, t.Str(row, "tier"))
			if days == 0 {
				continue
			}
			names, last := c.s.roleMet(row, role)
			if len(names) == 0 || last.IsSet() && int(c.s.Today-last) <= days {
				continue
			}
			d := model.Due{Rule: "meet", Kind: model.Customer, ID: t.ID(row), Owner: t.Str(row, "owner"), On: day.None}
			d.Title = meet(role, strings.Join(names, ", "))
			if last.IsSet() {
				d.On = last + day.Day(days)
			}
			d.Cause = "meet/" + d.ID.String() + "/" + strings.ReplaceAll(role, " ", "-") + "/" + last.String()
			c.add(d, row, model.RankInput{Never: !last.IsSet()})
		}
		return true
	})
}
