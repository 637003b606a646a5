package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// usageFacts are a customer's use in the last whole month of the book's usage and in those before it
// (definitions.md, "Usage indicators").
type usageFacts struct {
	Count      float64 // times used in the month
	Before     float64 // in the three months before it together
	Seconds    float64 // time spent in the month
	Logins     float64 // sessions begun in the month
	InSessions float64 // seconds that the source tells with them
	Active     float64 // users active in the month
	Seats      float64 // licensed users
	Used       int     // features used in the month
	Contracted int     // features of the contracts in force
	UsedOf     int     // of the contracted ones those that were used
	First      day.Day // month of the first use
	HasUsers   bool    // the source tells users
	Steady     bool    // used it in or before the first of those three months
}

// followUse finds the last whole month of usage anew where rows of usage have changed. When it has moved,
// the figures of all customers rest on another month.
func (s *Snapshot) followUse(d *dirtyRows) {
	if !d.all {
		s.bindCards()
	}
	if !d.all && !d.usage {
		return
	}
	if d.month.IsSet() {
		s.useMonth = d.month
		return
	}
	t, last := s.tables[model.Usage], day.None
	for row := range t.size {
		if month := t.cols[usageAt.month].day.get(row).day(); month.IsSet() && month > last && t.live.get(row) && month.MonthEnd() <= s.Today {
			last = month
		}
	}
	if last.IsSet() {
		last = last.MonthStart()
	}
	if last != s.useMonth && !d.all {
		customers := s.tables[model.Customer]
		for row := range customers.size {
			if customers.live.get(row) {
				d.customers[row] = true
			}
		}
	}
	s.useMonth = last
}

// UseMonth is the month that figures of usage are about, its first day; none without usage.
func (s *Snapshot) UseMonth() day.Day { return s.useMonth }

// UseMonths lists the months of the book's usage, first days, in their order.
func (s *Snapshot) UseMonths() []day.Day {
	t, seen := s.tables[model.Usage], map[day.Day]bool{}
	for row := range t.size {
		if month := t.cols[usageAt.month].day.get(row).day(); month.IsSet() && t.live.get(row) {
			seen[month.MonthStart()] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// UseMonthBy picks from UseMonths the last one that is over on a day; none where there is no such month.
func UseMonthBy(months []day.Day, on day.Day) day.Day {
	last := day.None
	for _, m := range months {
		if m.MonthEnd() <= on {
			last = max(last, m)
		}
	}
	return last
}

// usageAge is how many days ago the month of usage ended.
func (s *Snapshot) usageAge() int {
	if !s.useMonth.IsSet() {
		return 0
	}
	return int(s.Today - s.useMonth.MonthEnd())
}

func (s *Snapshot) useFacts(row int32, f *Facts) {
	u := &f.Use
	u.First = day.None
	if !s.useMonth.IsSet() {
		return
	}
	t := s.tables[model.Usage]
	kids := t.cols[usageAt.customer].kids.get(row)
	if len(kids) == 0 {
		return
	}
	from := s.useMonth.AddMonths(-3)
	var room [32]uint32
	used := room[:0]
	for _, k := range kids {
		month := t.cols[usageAt.month].day.get(k).day()
		if !t.live.get(k) || !month.IsSet() || month.MonthStart() > s.useMonth {
			continue
		}
		if month = month.MonthStart(); !u.First.IsSet() || month < u.First {
			u.First = month
		}
		if month < from {
			continue
		}
		n, _ := t.cols[usageAt.count].float(k)
		if month != s.useMonth {
			u.Before += n
			continue
		}
		u.Count += n
		s.session(u, k, n)
		if users, ok := t.cols[usageAt.users].float(k); ok {
			u.Active, u.HasUsers = max(u.Active, users), true
		}
		if code := t.cols[usageAt.feature].code.get(k); n > 0 && !slices.Contains(used, code) {
			used = append(used, code)
		}
	}
	u.Used, u.Steady = len(used), u.First.IsSet() && u.First <= from
	s.licences(row, u, used)
}

// session adds the time of a month of usage, and its logins where it counts those.
func (s *Snapshot) session(u *usageFacts, k int32, n float64) {
	t := s.tables[model.Usage]
	seconds, _ := t.cols[usageAt.seconds].float(k)
	u.Seconds += seconds
	feature := t.cols[usageAt.feature].text(k)
	if slices.ContainsFunc(s.rules.logins, func(login string) bool { return strings.EqualFold(login, feature) }) {
		u.Logins += n
		u.InSessions += seconds
	}
}

// licences reads from the contracts in force what the customer may use.
func (s *Snapshot) licences(row int32, u *usageFacts, used []uint32) {
	contracts := s.tables[model.Contract]
	var features []string
	for _, k := range contracts.cols[contractAt.customer].kids.get(row) {
		if !contracts.live.get(k) || !model.InForce(contracts.cols[contractAt.state].text(k)) {
			continue
		}
		seats, _ := contracts.cols[contractAt.seats].float(k)
		u.Seats += seats
		if list := contracts.cols[contractAt.catalogue].text(k); list != "" {
			for name := range strings.SplitSeq(list, listSep) {
				if !slices.Contains(features, name) {
					features = append(features, name)
				}
			}
		}
	}
	if u.Seats == 0 {
		u.Seats, _ = s.tables[model.Customer].cols[customerAt.seats].float(row)
	}
	u.Contracted = len(features)
	names := &s.tables[model.Usage].cols[usageAt.feature]
	for _, code := range used {
		if slices.Contains(features, names.texts.get(code)) {
			u.UsedOf++
		}
	}
}

// UsageTrend is the use of the month against the mean of the three before, in percent. It is false for
// those who began less than three months before: their start is no trend.
func (f *Facts) UsageTrend() (float64, bool) {
	u := &f.Use
	if u.Before <= 0 || !u.Steady {
		return 0, false
	}
	return 100 * (u.Count/(u.Before/3) - 1), true
}

// Activity is the share of the licensed users that were active, in percent; false where the source
// tells no users or nobody knows how many are licensed.
func (f *Facts) Activity() (float64, bool) {
	return min(100, 100*f.Use.Active/max(1, f.Use.Seats)), f.Use.HasUsers && f.Use.Seats > 0
}

// Breadth is the share of the contracted features that were used, in percent; false where no contract
// in force names any.
func (f *Facts) Breadth() (float64, bool) {
	return 100 * float64(f.Use.UsedOf) / float64(max(1, f.Use.Contracted)), f.Use.Contracted > 0 && f.Use.First.IsSet()
}

// Logins is how often an active user logged in during the month; false where the source tells no logins or no users.
func (f *Facts) Logins() (float64, bool) {
	return f.Use.Logins / max(1, f.Use.Active), f.Use.Logins > 0 && f.Use.HasUsers && f.Use.Active > 0
}

// Session is how many minutes a session took in the month; where the source tells no logins, those of one use. False
// where it tells no times.
func (f *Facts) Session() (float64, bool) {
	u := &f.Use
	switch {
	case u.Logins > 0 && u.InSessions > 0:
		return u.InSessions / 60 / u.Logins, true
	case u.Logins > 0:
		return u.Seconds / 60 / u.Logins, u.Seconds > 0
	}
	return u.Seconds / 60 / max(1, u.Count), u.Seconds > 0 && u.Count > 0
}

// usageFigures writes the indicators of usage.
func (s *Snapshot) usageFigures(f figures, facts *Facts) {
	if facts.Use.First.IsSet() {
		f.number(customerAt.usage, facts.Use.Count)
	} else {
		f.cell(customerAt.usage, 0)
	}
	put := func(col int, n float64, ok bool) {
		if ok {
			f.number(col, n)
		} else {
			f.cell(col, 0)
		}
	}
	n, ok := facts.UsageTrend()
	put(customerAt.usageTrend, n, ok)
	n, ok = facts.Activity()
	put(customerAt.activity, n, ok)
	n, ok = facts.Breadth()
	put(customerAt.breadth, n, ok)
	n, ok = facts.Logins()
	put(customerAt.logins, n, ok)
	n, ok = facts.Session()
	put(customerAt.session, n, ok)
}

// usageSource says what an indicator of usage was computed from.
func (s *Snapshot) usageSource(name string, f *Facts) string {
	if !s.useMonth.IsSet() {
		return "no usage is known"
	}
	month := s.useMonth.String()[:7]
	u := &f.Use
	switch name {
	case "usage_trend":
		return fmt.Sprintf("used %.0f times in %s, %.1f on average in the three months before", u.Count, month, u.Before/3)
	case "activity":
		if !u.HasUsers {
			return "the source of usage tells no users"
		}
		return fmt.Sprintf("%.0f users active in %s, %.0f licensed", u.Active, month, u.Seats)
	}
	switch {
	case name == "logins" && u.Logins == 0:
		return "the source of usage tells no logins (setting usage.logins)"
	case name == "logins":
		return fmt.Sprintf("%.0f logins and %.0f active users in %s", u.Logins, u.Active, month)
	case name == "session" && u.Logins > 0:
		return fmt.Sprintf("%.0f minutes and %.0f logins in %s", cmp.Or(u.InSessions, u.Seconds)/60, u.Logins, month)
	case name == "session":
		return fmt.Sprintf("%.0f minutes and %.0f uses in %s; the source tells no logins", u.Seconds/60, u.Count, month)
	}
	if u.Contracted == 0 {
		return "no contract in force names its features"
	}
	return fmt.Sprintf("%d of %d contracted features used in %s, %d in all", u.UsedOf, u.Contracted, month, u.Used)
}

// UsageMonths adds up a customer's use by month over the months up to and with the month of usage.
func (s *Snapshot) UsageMonths(row int32, months int) []float64 {
	out := make([]float64, months)
	if !s.useMonth.IsSet() {
		return out
	}
	t := s.tables[model.Usage]
	for _, k := range t.Kids(row, "customer") {
		month := t.cols[usageAt.month].day.get(k).day()
		if !t.Live(k) || !month.IsSet() || month.MonthStart() > s.useMonth {
			continue
		}
		if at := months - 1 - monthsBetween(month, s.useMonth); at >= 0 {
			n, _ := t.cols[usageAt.count].float(k)
			out[at] += n
		}
	}
	return out
}

func monthsBetween(from, to day.Day) int {
	y1, m1, _ := from.Date()
	y2, m2, _ := to.Date()
	return 12*(y2-y1) + int(m2) - int(m1)
}
