package table

import (
	"fmt"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Signal is a risk of a renewal that the book itself gives evidence of.
type Signal struct {
	Risk     string
	Evidence string
	Kind     model.Kind // of the record that the evidence is read from
	Row      int32
}

const (
	// leftWithin is how many days back the leaving of a key person puts a renewal at risk.
	leftWithin = 180
	// fallingUsage is the share of the mean of the three months before below which use is falling.
	fallingUsage = 0.7
)

// signals lists the risks of a contract's renewal that the book gives evidence of, without the evidence.
func (s *Snapshot) signals(customer, contract int32) []string {
	var out []string
	s.eachSignal(customer, contract, false, func(g Signal) { out = append(out, g.Risk) })
	return out
}

// Signals lists the risks of a contract's renewal that the book gives evidence of.
func (s *Snapshot) Signals(contract int32) []Signal {
	var out []Signal
	t := s.tables[model.Contract]
	s.eachSignal(t.cols[contractAt.customer].row(contract), contract, true, func(g Signal) { out = append(out, g) })
	return out
}

// eachSignal finds the risks; words asks for the evidence too, which lists do not need.
func (s *Snapshot) eachSignal(customer, _ int32, words bool, fn func(Signal)) {
	if customer < 0 {
		return
	}
	s.peopleSignals(customer, words, fn)
	if now, before, ok := s.usageTrend(customer); ok && now < fallingUsage*before {
		g := Signal{Risk: "low or falling usage", Kind: model.Usage, Row: -1}
		if words {
			g.Evidence = fmt.Sprintf("used %s times last month, %s a month in the three before", short(now), short(before))
		}
		fn(g)
	}
	items := s.tables[model.Item]
	for _, k := range items.cols[itemAt.customers].kids.get(customer) {
		if b := items.cols[itemAt.blocking].text(k); items.Live(k) && (b == "3" || b == "2") &&
			model.ItemIsOpen(items.cols[itemAt.state].text(k)) && items.cols[itemAt.kind].text(k) == "bug" {
			g := Signal{Risk: "open blocking bug", Kind: model.Item, Row: k}
			if words {
				g.Evidence = s.title(model.Item, k) + " (" + items.cols[itemAt.state].text(k) + ")"
			}
			fn(g)
			break
		}
	}
	if s.tables[model.Customer].cols[customerAt.overdue].num.get(customer).int() > 0 {
		g := Signal{Risk: "overdue payment", Kind: model.Customer, Row: customer}
		if words {
			g.Evidence = s.Shown(model.Customer, customer, "overdue") + " overdue"
		}
		fn(g)
	}
}

// peopleSignals looks at the decision chain. Where nobody is known at all there is nothing to conclude:
// a book that only holds contracts is not a book full of risks.
func (s *Snapshot) peopleSignals(customer int32, words bool, fn func(Signal)) {
	t := s.tables[model.Contact]
	people, reached, gone, against := 0, false, int32(-1), int32(-1)
	for _, k := range t.cols[contactAt.customer].kids.get(customer) {
		if !t.Live(k) {
			continue
		}
		role, left := t.cols[contactAt.role].text(k), t.cols[contactAt.left].day.get(k).day()
		if left.IsSet() && left <= s.Today {
			if (role == "decision maker" || role == "champion") && left > s.Today-leftWithin {
				gone = k
			}
			continue
		}
		people++
		reached = reached || role == "decision maker" && t.cols[contactAt.lastTouch].day.get(k).day().IsSet()
		if role == "veto holder" && t.cols[contactAt.stance].text(k) == "against" {
			against = k
		}
	}
	say := func(risk string, row int32, evidence func() string) {
		g := Signal{Risk: risk, Kind: model.Contact, Row: row}
		if words {
			g.Evidence = evidence()
		}
		fn(g)
	}
	if gone >= 0 {
		say("key person left", gone, func() string {
			return t.Str(gone, "name") + ", " + t.Str(gone, "role") + ", left " + t.Day(gone, "left_on").String()
		})
	}
	if people > 0 && !reached {
		say("no decision maker reached", -1, func() string { return counted(people, model.Contact) + " known, no touch with a decision maker" })
	}
	if against >= 0 {
		say("veto holder against", against, func() string { return t.Str(against, "name") })
	}
}

// usageTrend compares the use of the last full month with the mean of the three before; false where
// nothing was used in these three.
func (s *Snapshot) usageTrend(customer int32) (now, before float64, ok bool) {
	t := s.tables[model.Usage]
	kids := t.cols[usageAt.customer].kids.get(customer)
	if len(kids) == 0 {
		return 0, 0, false
	}
	last := s.rules.lastMonth
	from := s.rules.trendFrom
	for _, k := range kids {
		month := t.cols[usageAt.month].day.get(k).day()
		if month < from || month >= last+31 || !t.Live(k) {
			continue
		}
		n, _ := t.cols[usageAt.count].float(k)
		if month >= last {
			now += n
		} else {
			before += n
		}
	}
	return now, before / 3, before > 0
}

func short(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// lastFullMonth is the first day of the last month that has ended.
func lastFullMonth(today day.Day) day.Day { return today.MonthStart().AddMonths(-1) }
