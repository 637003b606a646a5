package sample

import (
	"math"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// line is one contract of a customer's chain.
type line struct {
	start, end day.Day
	arr        int64 // the annual amount, in the customer's currency
	after      int64 // the annual amount of the successor, 0 where there is none
	now        bool  // the contract that counts today
}

var (
	nextSteps = []string{
		"Send usage figures of the last quarter", "Meet the decision maker before the budget round", "Offer two variants: as is, and with the forecast",
		"Ask for the seats planned for next year", "Show what was saved at the second site", "Clear the open export problem first", "Get purchasing's conditions in writing",
	}
	noted = []string{
		"key person left", "competitor undercuts", "open blocking bug", "overdue payment", "budget or reorganisation",
		"missing feature", "veto holder against", "unresponsive",
	}
	closeReasons = []string{"price", "product not used", "parent company's system", "competitor", "business closed", "sponsor left", "missing feature"}
	standing     = []struct { // stages that are still open, with their usual forecast
		stage, category string
		probability     float64
	}{
		{"upcoming", "omitted", 10}, {"usage review", "pipeline", 25}, {"proposal", "pipeline", 45}, {"negotiation", "best case", 65}, {"verbal", "commit", 90},
	}
)

func (g *generator) contracts() {
	catalogues := make([]model.Value, len(plans))
	for i, p := range plans {
		catalogues[i] = model.List(features[:p.features]...)
	}
	g.each(func(_ int, a *account) {
		if a.fate == prospect {
			return
		}
		previous := model.ID{}
		for _, l := range g.lines(a) {
			r := g.record(model.Contract)
			if l.now {
				a.contract = r.id
			}
			r.Set("predecessor", model.Ref(previous))
			r.Set("catalogue", catalogues[a.plan])
			previous = r.id
			g.terms(r, a, l)
			g.outcome(r, a, l)
			g.emit()
		}
		if a.fate == active && a.size > small && g.often(0.14, 0.02) {
			g.extra(a)
		}
	})
}

// lines draws the amounts of a customer's chain of contracts, oldest first: most are raised a little
// when they are renewed, some lowered.
func (g *generator) lines(a *account) []line {
	out := make([]line, a.earlier+1, a.earlier+2)
	arr := a.arr
	for k := range out { // From today's contract back.
		l := &out[len(out)-1-k]
		l.start, l.end, l.arr = a.start, a.end, a.money(arr)
		if k > 0 {
			next := out[len(out)-k]
			l.start, l.end, l.after = a.start.AddMonths(-a.months*k), next.start-1, next.arr
		}
		arr /= g.change(a)
	}
	current := &out[len(out)-1]
	current.now = true
	if a.fate == active && (a.shape == agreed || a.shape == gap) {
		start := a.end + 1
		if a.shape == gap {
			start = g.Today + day.Day(g.between(3, 10))
		}
		current.after = a.money(a.arr * g.change(a))
		out = append(out, line{start: start, end: start.AddMonths(a.months) - 1, arr: current.after})
	}
	return out
}

// change draws the factor by which a renewal changes the amount.
func (g *generator) change(a *account) float64 {
	switch x := g.Float64() + (a.mood-0.6)/3; {
	case a.growth > 1.5:
		return g.within(1.2, 1.6)
	case x < 0.15:
		return g.within(0.7, 0.95)
	case x < 0.45:
		return 1
	case x < 0.9:
		return g.within(1.02, 1.1)
	}
	return g.within(1.15, 1.45)
}

// terms fills in what the contract says.
func (g *generator) terms(r *draft, a *account, l line) {
	number := strconv.FormatUint(g.made, 10)
	year, _, _ := l.start.Date()
	r.Set("name", model.Text(plans[a.plan].name+" "+strconv.Itoa(year)))
	r.Set("external_id", model.Text("K-"+number))
	r.Set("number", model.Text(strconv.Itoa(year)+"/"+number))
	r.Set("customer", model.Ref(a.id))
	r.Set("start", model.Date(l.start))
	r.Set("end", model.Date(l.end))
	r.Set("plan", model.Text(plans[a.plan].name))
	seats := float64(a.seats) * float64(l.arr) / float64(a.money(a.arr)) // Prices per seat do not change.
	r.Set("seats", model.Number(max(1, math.Round(seats))))
	if a.shape == closing || a.shape == byHand || g.chance(0.7) {
		r.Set("notice_months", model.Number(float64(a.notice)))
	}
	if a.size > small && g.chance(0.4) {
		r.Set("discount", model.Number(float64(5*g.between(1, 4))))
	}
	if l.start > g.Today-400 && g.often(0.8, 0.3) {
		r.Set("signed_on", model.Date(min(l.start-day.Day(g.between(1, 40)), g.Today-1)))
	}
	r.Set("currency", model.Text(a.home.currency))
	r.Set("billing", model.Pick(a.billing))
	settlement := "prepaid"
	if a.billing == "month" || a.billing == "quarter" {
		settlement = "by cycle"
	}
	r.Set("settlement", model.Pick(settlement))
	amount, per := l.arr, a.billing
	switch {
	case per == "month":
		amount = rounded(float64(l.arr/model.MoneyScale) / 12)
	case per == "quarter":
		amount = rounded(float64(l.arr/model.MoneyScale) / 4)
	case per == "term" && l.end.IsSet():
		amount = l.arr / 12 * int64(a.months)
	}
	r.Set("amount", model.Money(amount))
	r.Set("per", model.Pick(per))
}

// outcome fills in how the contract stands and what has become or will become of it.
func (g *generator) outcome(r *draft, a *account, l line) {
	automatic := a.shape != byHand && a.shape != closing && a.shape != agreed && a.shape != gap && a.fate <= active
	if a.shape == overran && l.now && g.chance(0.4) {
		automatic = false
		r.Set("renewal_wanted", model.Bool(true))
	}
	r.Set("auto_renew", model.Bool(automatic))
	switch {
	case l.after > 0:
		g.renewed(r, a, l)
	case a.fate == broken:
		r.Set("cancelled_on", model.Date(g.past(5, 150)))
		g.ended(r)
	case a.fate == leaving || a.fate == lost:
		r.Set("churned", model.Bool(true))
		g.ended(r)
	case l.now:
		g.pipeline(r, a, l)
	}
}

// renewed closes a renewal that was won.
func (g *generator) renewed(r *draft, a *account, l line) {
	r.Set("stage", model.Pick("renewed"))
	r.Set("category", model.Pick("closed"))
	r.Set("probability", model.Number(90))
	r.Set("forecast", model.Money(l.arr))
	r.Set("final", model.Money(l.after))
	r.Set("renewal_owner", model.Person(renewalOwner(a)))
}

// ended closes a renewal that was lost.
func (g *generator) ended(r *draft) {
	r.Set("stage", model.Pick("churned"))
	r.Set("category", model.Pick("omitted"))
	r.Set("final", model.Money(0))
	r.Set("close_reason", model.Text(pick(g, closeReasons)))
}

// pipeline fills in an open renewal that is due within half a year: the nearer the day, the later the
// stage, unless it goes badly.
func (g *generator) pipeline(r *draft, a *account, l line) {
	terms := model.Terms{Start: l.start, End: l.end, Billing: a.billing}
	due := terms.Due(g.Today, model.TermRules{OpenEndedYear: 2099})
	if !due.IsSet() || due > g.Today+180 {
		return
	}
	at := 4 - int(max(0, due-g.Today))/40
	if a.mood < 0.5 || a.shape == closing {
		at -= g.between(0, 2)
	}
	s := standing[min(4, max(0, at))]
	r.Set("stage", model.Pick(s.stage))
	r.Set("category", model.Pick(s.category))
	r.Set("probability", model.Number(s.probability))
	r.Set("forecast", model.Money(rounded(float64(l.arr/model.MoneyScale)*(0.75+0.4*a.mood))))
	r.Set("renewal_owner", model.Person(renewalOwner(a)))
	if g.often(0.8, 0.3) {
		r.Set("next_step", model.Text(pick(g, nextSteps)))
	}
	if g.often(0.9, 0.3) {
		r.Set("risks", g.risks(a))
	}
}

// risks lists what is known from the other records first, then one or two that people noted.
func (g *generator) risks(a *account) model.Value {
	var out []string
	if a.undecided {
		out = append(out, "no decision maker reached")
	}
	if a.mood < 0.4 {
		out = append(out, "low or falling usage", pick(g, noted))
	}
	if a.mood < 0.65 {
		out = append(out, pick(g, noted))
	}
	return model.List(out...)
}

// renewalOwner is sales for the largest customers and the owner for all others (row D1).
func renewalOwner(a *account) string {
	if a.size == large {
		return "omar"
	}
	return a.owner
}

// extra adds a contract for a single function beside the main one; some were called off.
func (g *generator) extra(a *account) {
	r := g.record(model.Contract)
	feature := features[g.between(4, len(features)-1)]
	start := g.past(60, 500)
	end := start.AddMonths(12*(1+int(g.Today-start)/365)) - 1
	r.Set("name", model.Text("Add-on "+feature))
	r.Set("external_id", model.Text("K-"+strconv.FormatUint(g.made, 10)))
	r.Set("customer", model.Ref(a.id))
	r.Set("start", model.Date(start))
	r.Set("end", model.Date(end))
	r.Set("auto_renew", model.Bool(true))
	r.Set("amount", model.Money(a.money(a.arr*g.within(0.05, 0.15))))
	r.Set("per", model.Pick("year"))
	r.Set("billing", model.Pick("year"))
	r.Set("currency", model.Text(a.home.currency))
	r.Set("catalogue", model.List(feature))
	if g.chance(0.4) {
		r.Set("cancelled_on", model.Date(g.past(1, 50)))
		r.Set("close_reason", model.Text(pick(g, closeReasons)))
	}
	g.emit()
}
