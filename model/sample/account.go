package sample

import (
	"math"

	"opsdeck/model"
	"opsdeck/model/day"
)

// size is how large a customer is; the tier that opsdeck computes mostly agrees.
type size uint8

const (
	small size = iota
	mid
	large
)

// fate is where a customer stands; the status that opsdeck derives from the contracts agrees.
type fate uint8

const (
	prospect fate = iota
	coming
	active
	leaving // the contract runs and will not be renewed
	lost    // the contract has ended
	broken  // the contract was called off
)

// shape is how an active customer's contract stands.
type shape uint8

const (
	renews    shape = iota // renews by itself
	byHand                 // somebody has to renew it, and there is time
	closing                // the notice date has passed and nothing is agreed
	agreed                 // the successor is signed
	overran                // ended without anybody renewing it
	gap                    // ended, and the successor begins a little later
	rolling                // monthly, without an end
	evergreen              // yearly, with an end that means never
)

// account is what later records need to know of a customer.
type account struct {
	id          model.ID
	name, latin string
	owner       string
	lang        *language
	home        *place
	trade       *trade
	size        size
	fate        fate
	shape       shape
	knowledge   float64 // how much of the portrait is known, 0 to 1
	mood        float64 // how well it goes, 0 to 1
	growth      float64 // factor a year
	rate        float64 // units of the home currency per USD
	arr         float64 // USD a year
	employees   int
	plan        int
	seats       int
	billing     string
	since       day.Day
	start, end  day.Day // of the contract that counts today
	months      int     // of a term
	notice      int     // months
	earlier     int     // contracts before that one
	people      int     // contacts
	undecided   bool    // nobody who decides is known
	contacts    uint64  // number of the first contact's record
	contract    model.ID
}

// inForce tells whether a contract runs today.
func (a *account) inForce() bool {
	return a.fate == leaving || a.fate == active && a.shape != overran && a.shape != gap
}

// money turns USD into an amount in the customer's currency, rounded to three figures as prices are.
func (a *account) money(usd float64) int64 { return rounded(usd * a.rate) }

// rounded keeps the first three figures of an amount of major units.
func rounded(major float64) int64 {
	step := 1.0
	for major/step >= 1000 {
		step *= 10
	}
	return int64(math.Round(major/step)*step) * model.MoneyScale
}

// decks deal out what every book should have its share of.
type decks struct {
	size, lang, knowledge, shape *deck
	fate                         [3]*deck // by size
	used                         [len(languages)]int
	offset                       int
}

func (g *generator) newDecks() *decks {
	return &decks{
		size: newDeck(65, 27, 8), lang: newDeck(46, 22, 14, 18), knowledge: newDeck(66, 26, 8),
		shape: newDeck(42, 22, 7, 9, 6, 2, 7, 5),
		fate:  [3]*deck{newDeck(8, 4, 70, 5, 9, 4), newDeck(4, 3, 82, 4, 5, 2), newDeck(3, 3, 86, 4, 3, 1)},
		// Another seed begins elsewhere in the list of names.
		offset: g.IntN(1000),
	}
}

// account draws the i-th customer.
func (g *generator) account(i int, d *decks) account {
	lang := d.lang.draw(g)
	a := account{lang: languages[lang], size: size(d.size.draw(g)), knowledge: [...]float64{0.97, 0.55, 0.06}[d.knowledge.draw(g)]}
	a.fate, a.shape = fate(d.fate[a.size].draw(g)), shape(d.shape.draw(g))
	a.home = &a.lang.places[g.IntN(len(a.lang.places))]
	form := pick(g, a.home.forms)
	a.name, a.latin, a.trade = a.lang.companyName(d.offset+d.used[lang], a.home, form)
	d.used[lang]++
	if o := oddityAt(i); o != nil {
		a.lang, a.home, a.trade, a.name, a.latin = &english, &o.home, &o.trade, o.name, o.domain
		a.fate, a.shape, a.knowledge = active, renews, 0.97
	}
	a.rate = perUSD[a.home.currency]
	g.means(&a)
	g.term(&a)
	a.people = g.people(&a)
	a.undecided = g.chance(0.15)
	a.owner = ownerOf(&a)
	if g.chance(0.03) {
		a.owner = "" // Somebody left and nobody took the customer over yet.
	}
	return a
}

// spread draws from a long-tailed distribution around a median, within bounds.
func (g *generator) spread(median, sigma, lo, hi float64) float64 {
	return min(hi, max(lo, median*math.Exp(sigma*g.NormFloat64())))
}

// means draws how large a customer is, what it pays and how it goes.
func (g *generator) means(a *account) {
	a.mood = min(0.98, max(0.03, 0.62+0.24*g.NormFloat64()))
	switch a.fate {
	case leaving, lost, broken:
		a.mood *= 0.45
	}
	a.growth = 1 + 0.3*(a.mood-0.5) + 0.1*g.NormFloat64()
	switch a.size {
	case large:
		a.employees = int(g.spread(6500, 0.8, 1200, 60000))
		a.arr = g.spread(180000, 0.5, 90000, 700000)
		a.plan = g.between(2, 3)
	case mid:
		a.employees = int(g.spread(430, 0.65, 90, 2400))
		a.arr = g.spread(42000, 0.5, 14000, 110000)
		a.plan = g.between(1, 2)
	default:
		a.employees = int(g.spread(24, 0.9, 2, 240))
		a.arr = g.spread(4400, 0.7, 500, 19000)
		a.plan = g.between(0, 1)
		if a.fate == active && g.chance(0.05) { // Small and growing fast: sales should know.
			a.growth, a.mood, a.knowledge = g.within(1.6, 3.2), g.within(0.7, 0.95), 0.97
			a.arr = g.within(1200, 5000)
		}
	}
	a.growth = max(0.35, a.growth)
	a.seats = max(2, int(a.arr/plans[a.plan].perSeat))
	a.employees = max(a.employees, a.seats+a.seats/8+1)
	a.billing = pick(g, [][]string{
		{"month", "month", "month", "year", "year", "quarter"}, {"year", "year", "quarter", "month"}, {"year", "quarter", "term"},
	}[a.size])
}

// people draws how many contacts are known.
func (g *generator) people(a *account) int {
	if g.lean {
		return [...]int{1, g.between(1, 2), g.between(2, 3)}[a.size]
	}
	switch {
	case a.size == large:
		return g.between(3, 6)
	case a.size == mid && g.chance(0.94):
		return g.between(2, 4)
	case a.size == small && g.chance(0.55):
		return g.between(2, 3)
	}
	return 1
}

// term draws the contract that counts today and how many came before it.
func (g *generator) term(a *account) {
	a.months, a.notice = 12, g.between(1, 1+int(a.size))
	if a.size == large || a.size == mid && g.chance(0.2) {
		a.months = pick(g, []int{12, 24, 36}[:1+int(a.size)])
	}
	a.since, a.start, a.end = day.None, day.None, day.None
	switch {
	case a.fate == prospect:
		return
	case a.fate == coming:
		a.start = g.Today + day.Day(g.between(3, 60))
		a.end = a.start.AddMonths(a.months) - 1
		return
	case a.fate == active && a.shape == rolling:
		a.billing, a.start = "month", g.past(20, 900)
		a.since = a.start
		return
	case a.fate == active && a.shape == evergreen:
		// The year 2099 means never as long as it is far away.
		a.billing, a.start, a.end = "year", g.past(40, 1000), max(day.Of(2099, 12, 31), g.Today.AddMonths(600))
		a.since = a.start
		return
	}
	a.end = g.Today + day.Day(g.daysToEnd(a))
	a.start = (a.end + 1).AddMonths(-a.months)
	years := [...][2]float64{{0.1, 3}, {1, 6}, {2.5, 9}}[a.size]
	a.since = min(a.start, g.Today-day.Day(365.25*g.within(years[0], years[1])))
	g.chain(a)
}

// daysToEnd draws how many days from today the contract ends.
func (g *generator) daysToEnd(a *account) int {
	switch a.fate {
	case leaving:
		return g.between(5, 150)
	case lost:
		return -g.between(31, 540)
	case broken:
		return g.between(20, 200)
	}
	switch a.shape {
	case byHand:
		return g.between(31*a.notice+4, 365)
	case closing:
		return g.between(2, 26)
	case agreed:
		return g.between(4, 70)
	case overran:
		return -g.between(2, 40)
	case gap:
		return -g.between(5, 14)
	}
	return g.between(1, 365)
}

// chain counts the contracts of the last three years that came before, and lets the customer begin
// with the first of them, unless it is a customer for longer than that.
func (g *generator) chain(a *account) {
	horizon := g.Today.AddMonths(-36)
	from := max(a.since, horizon)
	for a.start.AddMonths(-a.months*(a.earlier+1)) >= from {
		a.earlier++
	}
	if a.since >= horizon {
		a.since = a.start.AddMonths(-a.months * a.earlier)
	}
	if g.lean && !(a.earlier > 0 && g.chance(0.6)) {
		a.earlier = 0
	} else if g.lean {
		a.earlier = 1
	}
}

// ownerOf assigns customer-success managers as the segments want it: seniors to the largest, people
// who speak the language, ordinary ones to the many.
func ownerOf(a *account) string {
	switch {
	case a.lang == &japanese:
		return "yuki"
	case a.lang == &chinese && a.size == large:
		return "mei"
	case a.lang == &chinese:
		return "wen"
	case a.size == large:
		return "ana"
	case a.lang == &spanish:
		return "lucia"
	case a.size == mid:
		return "ines"
	}
	return "noah"
}
