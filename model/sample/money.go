package sample

import (
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// article is something that is sold beside contracts.
type article struct {
	sku, name string
	price     float64 // USD
}

// articles are ordered by price.
var articles = []article{
	{"Q-TPL", "Template pack", 45},
	{"Q-API", "API volume pack", 120},
	{"Q-SEAT", "Extra seat", 240},
	{"Q-SCAN", "Handheld scanner", 420},
	{"Q-DAY", "Training day on site", 900},
	{"Q-MIG", "Data migration", 2400},
}

// orders are spread over two years, growing or shrinking with the customer.
func (g *generator) orders() {
	g.each(func(_ int, a *account) {
		if a.fate == prospect || a.fate == coming {
			return
		}
		n := g.orderCount(a)
		for k := range n {
			years := 2 * (float64(k) + g.within(0.1, 0.9)) / float64(n) // before today
			g.order(a, years)
		}
	})
}

// orderCount is even: half of the orders fall into either year, so that growth shows in the amounts.
func (g *generator) orderCount(a *account) int {
	switch {
	case g.lean && !g.chance(0.1+0.15*float64(a.size)):
		return 0
	case g.lean:
		return 2
	case a.size == large:
		return 2 * g.between(2, 3)
	case a.size == mid:
		return 2 * g.between(1, 2)
	case a.growth > 1.5:
		return 6
	case g.chance(0.45):
		return 2 * g.between(1, 2)
	}
	return 0
}

func (g *generator) order(a *account, years float64) {
	on := g.Today - 1 - day.Day(years*364)
	if a.fate == lost && on > a.end {
		return
	}
	usd := a.arr * g.within(0.05, 0.07)
	for ; years > 1; years-- {
		usd /= a.growth
	}
	usd = max(articles[0].price, usd/(1+(a.growth-1)*years))
	r := g.record(model.Order)
	r.Set("external_id", model.Text("SO-"+strconv.FormatUint(g.made, 10)))
	r.Set("customer", model.Ref(a.id))
	r.Set("date", model.Date(on))
	r.Set("currency", model.Text(a.home.currency))
	r.Set("addon", model.Bool(g.chance(0.3)))
	amount := a.money(usd)
	if g.often(0.6, 0.1) {
		amount = g.orderLines(r, a, usd)
	}
	r.Set("amount", model.Money(amount))
	if g.often(0.5, 0.1) {
		required := on + day.Day(g.between(7, 35))
		r.Set("required", model.Date(required))
		if shipped := required + day.Day(g.between(-6, 4)); shipped < g.Today {
			r.Set("shipped", model.Date(shipped))
		}
		r.Set("freight", model.Money(a.money(usd*g.within(0.01, 0.04))))
		r.Set("channel", model.Text(pick(g, channels)))
	}
	g.emit()
}

// orderLines spends about an amount on one to three articles (article, name, quantity, price, amount)
// and returns their sum.
func (g *generator) orderLines(r *draft, a *account, usd float64) int64 {
	affordable := 1
	for affordable < len(articles) && articles[affordable].price <= usd {
		affordable++
	}
	n := min(affordable, g.between(1, 3))
	from := g.IntN(affordable)
	var rows [][]string
	var sum int64
	for k := range n {
		article := &articles[(from+k)%affordable]
		quantity := max(1, int64(usd/float64(n)/article.price))
		price := a.money(article.price)
		rows = append(rows, []string{
			article.sku, article.name, strconv.FormatInt(quantity, 10), model.FormatMoney(price), model.FormatMoney(price * quantity),
		})
		sum += price * quantity
	}
	r.Set("lines", model.PartRows(rows))
	return sum
}

// invoices of the last months: the latest two or three of each customer with a contract.
func (g *generator) invoices() {
	g.each(func(_ int, a *account) {
		if a.fate == prospect || a.fate == coming {
			return
		}
		days, share := 365, 1.0
		switch a.billing {
		case "quarter":
			days, share = 91, 0.25
		case "month":
			days, share = 30, 1.0/12
		}
		n := g.between(2, 3)
		if g.lean {
			n = g.between(0, 3) / 3
		}
		first := g.between(-12, days-1)
		for k := range n {
			on := g.Today - day.Day(first+k*days)
			if a.fate == lost && on > a.end || on < a.start.AddMonths(-a.months*a.earlier) {
				continue
			}
			g.invoice(a, on, a.money(a.arr*share))
		}
	})
}

func (g *generator) invoice(a *account, on day.Day, amount int64) {
	r := g.record(model.Invoice)
	number := strconv.FormatUint(g.made, 10)
	due := on + 30
	r.Set("number", model.Text("SI-"+number))
	r.Set("external_id", model.Text("SI-"+number))
	r.Set("customer", model.Ref(a.id))
	if on >= a.start {
		r.Set("contract", model.Ref(a.contract))
	}
	r.Set("date", model.Date(on))
	r.Set("due", model.Date(due))
	r.Set("amount", model.Money(amount))
	r.Set("currency", model.Text(a.home.currency))
	late := -g.between(0, 25)
	if g.chance(0.04 + 0.5*(1-a.mood)*(1-a.mood)) {
		late = g.between(3, 120)
	}
	disputed := on < g.Today && g.chance(0.03)
	switch settled := due + day.Day(late); {
	case settled < g.Today && settled >= on && !disputed:
		r.Set("settled", model.Date(settled))
	case on < g.Today && g.chance(0.15):
		r.Set("paid", model.Money(amount/4))
	}
	if disputed {
		r.Set("disputed", model.Bool(true))
	}
	g.emit()
}
