package sample

import (
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

var (
	channels = []string{"event", "partner", "keyword search", "referral", "trial", "coupon", "trade press"}
	tags     = []string{"multi-site", "reference", "price-sensitive", "API", "seasonal", "pilot", "night shift", "group account", "handhelds"}
	teams    = [len(languages)]string{"Atlantic", "China", "Japan", "Iberia"}
	steps    = []string{"survey", "kick-off", "training", "acceptance"}
	demands  = [3][]string{
		{"basic", "personalised", "personalised", "basic", "personalised", "personalised", "core"}, {"basic", "core", "basic", "personalised"}, {"core", "core", "basic"},
	}
	influences = [3][]string{
		{"none", "low", "none", "none", "low", "medium"}, {"low", "medium", "medium", "low", "high"}, {"high", "medium", "high"},
	}
	brands = [3][]string{
		{"unknown", "unknown", "unknown", "regional"},
		{"regional", "regional", "unknown", "high valuation"},
		{"listed", "high valuation", "fortune 500", "listed", "regional"},
	}
	overrideReasons = []string{
		"refers many others in the industry", "group decides centrally next year", "pilot of a much larger tender", "agreed with sales for the founding year",
	}
)

func (g *generator) customers() {
	d := g.newDecks()
	for i := range g.Customers {
		if g.err != nil {
			return
		}
		g.accounts = append(g.accounts, g.account(i, d))
		a := &g.accounts[i]
		r := g.record(model.Customer)
		a.id = r.id
		g.identity(r, i, a)
		g.portrait(r, a)
		g.care(r, i, a)
		g.override(r, i, a)
		g.emit()
	}
}

// identity is what tells the customer from others.
func (g *generator) identity(r *draft, i int, a *account) {
	number := numbered(i + 1)
	r.Set("name", model.Text(a.name))
	r.Set("external_id", model.Text("C-"+number))
	r.Set("country", model.Text(a.home.country))
	r.Set("currency", model.Text(a.home.currency))
	if o := oddityAt(i); o != nil {
		r.Set("local_name", model.Text(o.local))
	} else if a.lang.index == 1 && g.often(0.3, 0.1) {
		r.Set("local_name", model.Text(englishName(a)))
	}
	if g.chance(a.knowledge) {
		r.Set("domain", model.Text(a.latin+".example"))
		r.Set("city", model.Text(a.home.city.text))
		r.Set("region", model.Text(a.home.region))
	}
	if g.chance(a.knowledge) && g.often(1, 0.3) {
		r.Set("phone", model.Text(phone(i, a)))
		r.Set("registered_id", model.Text(a.home.register+number+strconv.Itoa(i%97+10)))
	}
	if g.often(0.5, 0) && g.chance(a.knowledge) {
		r.Set("address", model.Long(a.lang.address(pick(g, a.lang.streets), g.between(1, 180))))
	}
	// A parent stands before its subsidiaries, speaks their language and is larger.
	if p := i - g.between(1, 40); p >= 0 && g.chance(0.3) && g.accounts[p].lang == a.lang && g.accounts[p].size > a.size {
		r.Set("parent", model.Ref(g.accounts[p].id))
	}
}

// numbered writes a number with at least five digits.
func numbered(i int) string {
	if i >= 100000 {
		return strconv.Itoa(i)
	}
	return strconv.Itoa(100000 + i)[1:]
}

// phone makes a number that no other customer has, in the exchange that is kept for fiction.
func phone(i int, a *account) string {
	number := numbered(i + 1)
	if i+1 < 10000 {
		number = number[1:]
	}
	return a.home.phone + " 555 " + number
}

// englishName is the name that a Chinese company uses abroad, such as "Yunfan Keji (Hangzhou)".
func englishName(a *account) string {
	b := []byte(a.latin + " (" + a.home.city.latin + ")")
	for i := range b {
		switch {
		case b[i] == '-':
			b[i] = ' '
		case b[i] >= 'a' && b[i] <= 'z' && (i == 0 || b[i-1] == ' ' || b[i-1] == '('):
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}

// portrait is who they are: rows A1, C1 and C2 of the requirements.
func (g *generator) portrait(r *draft, a *account) {
	if g.chance(a.knowledge) {
		r.Set("industry", model.Text(a.trade.industry))
		r.Set("business_model", model.Text(a.trade.model))
		r.Set("language", model.Text(a.lang.code))
	}
	if g.chance(a.knowledge) {
		r.Set("employees", model.Number(float64(a.employees)))
	}
	if revenue := float64(a.employees) * g.within(80000, 230000); g.chance(a.knowledge) {
		r.Set("annual_revenue", model.Money(a.money(revenue)))
		r.Set("gross_profit", model.Money(a.money(revenue*g.within(0.15, 0.42))))
		if a.size > small {
			r.Set("market_size", model.Money(a.money(4e8+1e8*float64(len(a.trade.industry)*11%37))))
		}
	}
	for _, f := range []struct {
		name    string
		options []string
	}{{"demand_type", demands[a.size]}, {"influence", influences[a.size]}, {"brand", brands[a.size]}} {
		if word := pick(g, f.options); g.chance(a.knowledge) {
			r.Set(f.name, model.Pick(word))
		}
	}
	if g.chance(0.06) {
		r.Set("partner", model.Bool(true))
	}
	if a.since.IsSet() && g.chance(a.knowledge) {
		r.Set("since", model.Date(a.since))
	}
	if g.often(0.12, 0.05) {
		r.Set("payment_record", model.Pick([]string{"often overdue", "sometimes overdue", "never overdue"}[min(2, int(a.mood*4))]))
	}
	switch a.fate {
	case prospect:
		if g.chance(0.4) {
			r.Set("trial", model.Bool(true))
		}
	case lost, broken:
	default:
		r.Set("plan", model.Text(plans[a.plan].name))
		r.Set("seats", model.Number(float64(a.seats)))
	}
}

// care is how we treat them: rows A4 and C3.
func (g *generator) care(r *draft, i int, a *account) {
	r.Set("owner", model.Person(a.owner))
	if a.fate == prospect || g.chance(0.35) {
		r.Set("sales_owner", model.Person("omar"))
	}
	if a.size == large {
		r.Set("team", model.Text("Key accounts"))
	} else {
		r.Set("team", model.Text(teams[a.lang.index]))
	}
	if g.chance(a.knowledge) {
		r.Set("channel", model.Text(pick(g, channels)))
	}
	if g.often(0.5, 0.2) {
		r.Set("tags", model.List(tags[i%len(tags)], pick(g, tags)))
	}
	switch {
	case a.fate == coming || a.fate == active && a.since > g.Today-150:
		r.Set("lifecycle", model.Pick(pick(g, steps)))
	case a.fate != prospect && g.chance(a.knowledge):
		r.Set("lifecycle", model.Pick("live"))
	}
	if a.fate != prospect && g.often(0.7, 0.2) && a.owner != "" {
		r.Set("sentiment", model.Number(float64(min(100, max(0, int(100*a.mood)+g.between(-8, 8))))))
		// Some judgements are too old to count.
		r.Set("sentiment_date", model.Date(g.past(1, pick(g, []int{40, 90, 120, 420}))))
	}
	g.recommends(r, i, a)
	if g.often(0.75, 0.1) && g.chance(a.knowledge) {
		r.Set("objectives", model.Long(pick(g, a.lang.objectives)))
		r.Set("strengths", model.Long(pick(g, a.lang.strengths)))
		r.Set("weaknesses", model.Long(pick(g, a.lang.weaknesses)))
		r.Set("wanted_outcome", model.Long(pick(g, a.lang.outcomes)))
	}
}

// recommends is what two customers in five answered to the question whether they would recommend us, and the
// references that one in six gave. It draws nothing, so that the rest of a sample company is what it was before
// there was the question.
func (g *generator) recommends(r *draft, i int, a *account) {
	if a.fate == prospect || a.fate == lost || a.fate == broken {
		return
	}
	if n := i * 7919 % 100; n < 40 {
		r.Set("nps", model.Number(float64(min(10, max(0, int(11*a.mood)+n%4-2)))))
		r.Set("nps_date", model.Date(g.Today-day.Day(20+n*11)))
	}
	if n := i * 104729 % 60; n < 10 && a.mood > 0.4 {
		r.Set("referrals", model.Number(float64(n%4)))
	}
}

// override sets a tier by hand for one customer in fifty; the time of every third has passed.
func (g *generator) override(r *draft, i int, a *account) {
	if i%50 != 7 || a.fate == lost || a.fate == broken {
		return
	}
	tier, until := model.TierMid, g.Today+45+g.Today%30
	if a.size > small {
		tier = model.TierKA
	}
	if i/50%3 == 1 {
		until = g.past(3, 40)
	}
	r.Set("tier_override", model.Pick(tier))
	r.Set("tier_override_reason", model.Text(overrideReasons[i/50%len(overrideReasons)]))
	r.Set("tier_override_by", model.Person("priya"))
	r.Set("tier_override_until", model.Date(until))
}
