package sample

import (
	"slices"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

var (
	touchTypes = []string{"call", "visit", "mail", "training", "review"}
	// subjects stand in the order of the notes of each language.
	subjects = [5][]string{
		{"Call about the open tickets", "Budget question", "Introduction to the new buyer"},
		{"On-site day", "Talk with the managing director", "Visit to the second site"},
		{"Summary and proposals", "Reminder of the invoice", "Release notes"},
		{"Training of the team", "Refresher for the night shift", "Administrator training"},
		{"Usage review", "Quarterly review", "Figures for the board"},
	}
	chores = []string{
		"Refresh the list of stakeholders", "Prepare the usage review", "Call back about the export", "Ask for a reference",
		"Introduce the new purchasing contact", "Collect the overdue amount", "Plan training for the night shift", "Send the offer for the renewal",
	}
)

// touches are frequent at large customers; some customers were never spoken to.
func (g *generator) touches() {
	g.each(func(_ int, a *account) {
		n := 0
		switch {
		case g.lean:
			if g.chance(0.25) {
				n = g.between(1, 1+2*int(a.size))
			}
		case a.fate == prospect || a.fate == lost || a.fate == broken:
			n = g.between(0, 1+int(a.size))
		case a.size == large:
			n = g.between(6, 14)
		case g.chance(0.8):
			n = g.between(1, 2+2*int(a.size))
		}
		// Key accounts are visited within weeks, all others within months.
		span := [...]int{420, 240, 150}[a.size]
		for range n {
			g.touch(a, g.past(1, span))
		}
	})
}

func (g *generator) touch(a *account, on day.Day) {
	kind := g.IntN(len(touchTypes))
	if a.size == small && kind == 1 {
		kind = 0 // Small customers are called, not visited.
	}
	r := g.record(model.Touch)
	subject := g.IntN(len(subjects[kind]))
	r.Set("subject", model.Text(subjects[kind][subject]))
	r.Set("customer", model.Ref(a.id))
	r.Set("date", model.Date(on))
	r.Set("type", model.Pick(touchTypes[kind]))
	with := g.IntN(a.people)
	ids := []model.ID{g.id(a.contacts + uint64(with))}
	if kind > 2 && a.people > 1 {
		ids = append(ids, g.id(a.contacts+uint64((with+1)%a.people)))
	}
	r.Set("contacts", model.Refs(ids...))
	r.Set("by", model.Person(a.owner))
	if a.fate == prospect || a.owner == "" {
		r.Set("by", model.Person("omar"))
	}
	r.Set("minutes", model.Number(float64([]int{15, 180, 5, 120, 60}[kind]+5*g.between(0, 6))))
	if g.often(0.6, 0.1) {
		r.Set("notes", model.Long(a.lang.notes[kind][subject]))
	}
	g.emit()
}

// tasks are half done, some overdue, the rest ahead.
func (g *generator) tasks() {
	g.each(func(_ int, a *account) {
		for k := range 1 + int(a.size) {
			if !g.often(0.5, 0.08) {
				continue
			}
			chore := g.IntN(len(chores))
			if k == 0 && a.fate == active && a.end.IsSet() && a.end < g.Today+90 {
				chore = len(chores) - 1
			}
			r := g.record(model.Task)
			due := g.Today + day.Day(g.between(-90, 45))
			if due < g.Today && g.chance(0.8) || due < g.Today-30 {
				r.Set("done_on", model.Date(min(g.Today-1, due+day.Day(g.between(-6, 8)))))
			} else if g.chance(0.08) {
				r.Set("snoozed_until", model.Date(g.Today+day.Day(g.between(2, 14))))
			}
			r.Set("title", model.Text(chores[chore]))
			r.Set("customer", model.Ref(a.id))
			r.Set("due", model.Date(due))
			r.Set("owner", model.Person(a.owner))
			if chore == len(chores)-1 {
				r.Set("contract", model.Ref(a.contract))
			}
			g.emit()
		}
	})
}

var (
	openStages = []string{"qualified", "demo held", "offer sent", "negotiation"}
	rivals     = []string{"spreadsheets", "in-house development", "a local reseller", "the ERP's own module"}
)

// deals are how prospects become customers, and how customers buy more.
func (g *generator) deals() {
	g.each(func(i int, a *account) {
		if a.fate == prospect || a.fate == active && g.often(0.2+0.2*float64(a.size), 0.03) {
			g.deal(i, a)
		}
	})
}

func (g *generator) deal(i int, a *account) {
	r := g.record(model.Deal)
	name, kind, amount := "Expansion: "+pick(g, features[4:]), "expansion", a.arr*g.within(0.1, 0.5)
	if a.fate == prospect {
		name, kind, amount = plans[a.plan].name+" for "+a.name, "new business", a.arr
	}
	r.Set("name", model.Text(name))
	r.Set("external_id", model.Text("D-"+numbered(i+1)))
	r.Set("customer", model.Ref(a.id))
	r.Set("type", model.Text(kind))
	r.Set("amount", model.Money(a.money(amount)))
	r.Set("currency", model.Text(a.home.currency))
	r.Set("owner", model.Person("omar"))
	r.Set("channel", model.Text(pick(g, channels)))
	if g.chance(0.2) {
		r.Set("competitors", model.Text(pick(g, rivals)))
	}
	stage := g.IntN(len(openStages))
	won := a.fate == active && g.chance(0.35)
	switch {
	case won || g.chance(0.25):
		r.Set("stage", model.Text(map[bool]string{true: "won", false: "lost"}[won]))
		r.Set("closed", model.Bool(true))
		r.Set("won", model.Bool(won))
		r.Set("close_date", model.Date(g.past(3, 300)))
	default:
		r.Set("stage", model.Text(openStages[stage]))
		r.Set("closed", model.Bool(false))
		r.Set("won", model.Bool(false))
		r.Set("close_date", model.Date(g.Today+day.Day(g.between(-10, 120))))
		r.Set("probability", model.Number(float64(20+20*stage)))
		r.Set("category", model.Text([]string{"pipeline", "pipeline", "best case", "commit"}[stage]))
		r.Set("next_step", model.Text(pick(g, nextSteps)))
	}
	g.emit()
}

// churns are recorded when a customer says that it leaves.
func (g *generator) churns() {
	g.each(func(i int, a *account) {
		on := day.None
		switch a.fate {
		case leaving, broken:
			on = g.past(2, 60)
		case lost:
			on = max(a.end-day.Day(g.between(0, 60)), a.start)
		default:
			return
		}
		reason := g.IntN(len(a.lang.farewells))
		r := g.record(model.Churn)
		r.Set("external_id", model.Text("X-"+strconv.Itoa(i+1)))
		r.Set("customer", model.Ref(a.id))
		r.Set("date", model.Date(on))
		// Reasons and the customers' words stand in the same order.
		r.Set("reason", model.Text([]string{"product not used", "parent company's system", "price", "faults", "sponsor left"}[reason]))
		r.Set("feedback", model.Long(a.lang.farewells[reason]))
		r.Set("currency", model.Text(a.home.currency))
		if a.fate == broken {
			r.Set("refund", model.Money(a.money(a.arr*g.within(0.05, 0.3))))
		}
		r.Set("after_downgrade", model.Bool(g.chance(0.25)))
		if slices.Contains([]int{3, 8}, i%20) {
			r.Set("reactivation", model.Bool(true))
		}
		g.emit()
	})
}
