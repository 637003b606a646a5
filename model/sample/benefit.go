package sample

import (
	"opsdeck/model"
	"opsdeck/model/day"
)

// outcome is what a feature may change at a customer, in figures.
type outcome struct {
	name, kind, feature, result, cost, measure, unit string
	before, after                                    [2]float64 // from, to
	times                                            float64    // a year, for each seat
	tie                                              string
}

var outcomes = []outcome{
	{"Orders are entered once", model.BenefitSaved, "Order desk", "shorter time from order to delivery", "wages", "for each order", "minutes", [2]float64{9, 16}, [2]float64{3, 7}, 220, "strong"},
	{"Invoices are matched without typing", model.BenefitSaved, "Invoice match", "books closed sooner", "wages", "for each invoice", "minutes", [2]float64{6, 11}, [2]float64{1, 4}, 140, "strong"},
	{"More orders handled by each clerk", model.BenefitOutput, "Order desk", "growth without more people", "", "orders a day and clerk", "pieces", [2]float64{22, 34}, [2]float64{35, 55}, 0, "medium"},
	{"Fewer wrong deliveries", model.BenefitRisk, "Stock forecast", "fewer complaints", "freight", "returns a month", "pieces", [2]float64{8, 20}, [2]float64{2, 7}, 0, "medium"},
	{"Reports without an evening of copying", model.BenefitSaved, "Dashboards", "decisions on figures of the same day", "wages", "for each month-end", "hours", [2]float64{3, 6}, [2]float64{0.3, 1}, 1.5, "weak"},
	{"Repeat orders from the portal", model.BenefitEarned, "Supplier portal", "sales outside of office hours", "", "orders a week", "pieces", [2]float64{1, 6}, [2]float64{8, 30}, 0, "weak"},
}

// benefits are what some of the customers for whom it goes well have measured together with us; many have confirmed it.
func (g *generator) benefits() {
	side := g.side
	g.each(func(_ int, a *account) {
		share := [...]float64{0.05, 0.25, 0.6}[a.size]
		if g.lean {
			share /= 10
		}
		if !a.inForce() || a.mood < 0.5 || side.Float64() >= share {
			return
		}
		first := side.IntN(len(outcomes))
		for k := range 1 + side.IntN(2+int(a.size)) {
			g.benefit(a, &outcomes[(first+k)%len(outcomes)])
		}
	})
}

func (g *generator) benefit(a *account, o *outcome) {
	side := g.side
	within := func(of [2]float64) float64 { return float64(int(10*(of[0]+side.Float64()*(of[1]-of[0])))) / 10 }
	r := g.record(model.Benefit)
	r.Set("name", model.Text(o.name))
	r.Set("customer", model.Ref(a.id))
	r.Set("type", model.Pick(o.kind))
	r.Set("feature", model.Text(o.feature))
	r.Set("result", model.Text(o.result))
	r.Set("tie", model.Pick(o.tie))
	r.Set("baseline", model.Number(within(o.before)))
	r.Set("now", model.Number(within(o.after)))
	r.Set("measure", model.Text(o.measure))
	r.Set("unit", model.Pick(o.unit))
	r.Set("currency", model.Text(a.home.currency))
	if o.cost != "" {
		r.Set("cost", model.Text(o.cost))
	}
	switch {
	case o.times > 0:
		r.Set("times", model.Number(float64(int(o.times*float64(a.seats)))))
		r.Set("hourly_cost", model.Money(a.money(28)))
		r.Set("confidence", model.Number(float64(50+10*side.IntN(5))))
	case side.IntN(2) == 0:
		r.Set("amount", model.Money(a.money(a.arr*(0.1+0.5*side.Float64()))))
	}
	on := g.Today - day.Day(10+side.IntN(300))
	r.Set("measured", model.Date(on))
	if side.IntN(100) < 55 {
		r.Set("confirmed", model.Date(min(g.Today-1, on+day.Day(side.IntN(30)))))
		r.Set("confirmed_by", model.Ref(g.id(a.contacts+uint64(side.IntN(a.people)))))
	}
	r.Set("by", model.Person(a.owner))
	g.emit()
}
