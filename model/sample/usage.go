package sample

import (
	"opsdeck/model"
	"opsdeck/model/day"
)

// usageMonths is how far back usage goes; the running month is not in it, because half a month would
// look like a fall.
const usageMonths = 12

func (g *generator) usage() {
	months := [usageMonths]day.Day{}
	for m := range months {
		months[m] = g.Today.MonthStart().AddMonths(m - usageMonths)
	}
	g.each(func(_ int, a *account) {
		if !a.inForce() || g.lean && !g.chance(0.03) {
			return
		}
		n := [...]int{g.between(1, 2), g.between(2, 4), g.between(5, 8)}[a.size]
		if g.lean {
			n = 1
		}
		// Every customer uses the order desk; what else, differs.
		g.feature(a, features[0], &months)
		others := features[1:plans[a.plan].features]
		for k, from := 1, g.IntN(len(others)); k < n; k++ {
			g.feature(a, others[(from+k)%len(others)], &months)
		}
	})
}

// feature makes the months of one feature at one customer: growing, steady, falling or given up.
func (g *generator) feature(a *account, name string, months *[usageMonths]day.Day) {
	share := g.within(0.2, 0.85)         // of the seats that use it at its best
	perUser := g.spread(30, 0.7, 3, 400) // times a month
	slope, given := 0.06*(a.mood-0.45)+0.025*g.NormFloat64(), usageMonths
	if g.chance(0.25 * (1 - a.mood)) {
		given = g.between(2, 8)
	}
	level := 1.0
	if slope > 0 {
		level -= slope * usageMonths
	}
	for m, month := range months {
		if m >= given || month < a.since.MonthStart() {
			level += slope
			continue
		}
		users := int(float64(a.seats)*share*level*g.within(0.92, 1.08) + 0.5)
		level = max(0.02, level+slope)
		if users < 1 {
			continue
		}
		count := max(users, int(float64(users)*perUser*g.within(0.8, 1.2)))
		r := g.record(model.Usage)
		r.Set("customer", model.Ref(a.id))
		r.Set("contract", model.Ref(a.contract))
		r.Set("feature", model.Text(name))
		r.Set("month", model.Date(month))
		r.Set("count", model.Number(float64(count)))
		r.Set("seconds", model.Number(float64(count*g.between(20, 90))))
		r.Set("users", model.Number(float64(min(users, a.seats))))
		if g.chance(0.1) {
			r.Set("failures", model.Number(float64(g.between(1, 1+count/40))))
		}
		g.emit()
	}
}
