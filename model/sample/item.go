package sample

import (
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// itemRate is how many items there are per customer.
const (
	itemRateRich = 1.2
	itemRateLean = 2
)

const (
	dayMs    = 24 * 60 * 60 * 1000
	minuteMs = 60 * 1000
)

var (
	// stateCards is how many of a hundred items are in each state, in the order of model.ItemStates.
	stateCards = []int{8, 4, 5, 5, 8, 5, 6, 36, 4, 4, 11, 4}
	declines   = []string{"outside of what the product is for", "solved by a setting", "one customer only, no budget", "against data protection"}
	parkings   = []string{"waits for the next interface version", "decided at the next planning round", "customer has to supply an example first"}
	released   = []string{"8.2", "8.3", "8.4", "9.0", "9.1"}
)

// filed is what a later duplicate needs to know of an item.
type filed struct {
	id            model.ID
	topic, object int
}

func (g *generator) items() {
	rate := itemRateRich
	if g.lean {
		rate = itemRateLean
	}
	states := newDeck(stateCards...)
	names := model.ItemStates()
	var last filed
	for n := range int(rate * float64(g.Customers)) {
		if g.err != nil {
			return
		}
		// The first items show every state once.
		state := names[n%len(names)]
		if n >= len(names) {
			state = names[states.draw(g)]
		}
		if state == "duplicate" && last.id.IsZero() {
			state = "closed"
		}
		this := g.topic(state, last)
		r := g.record(model.Item)
		this.id = r.id
		about := said{id: r.id, topic: uint8(this.topic), object: uint8(this.object), state: state}
		g.itemText(r, n, this, &about)
		g.itemCourse(r, state, last)
		about.opened, _ = r.get("opened").Millis()
		g.itemPast(r, &about)
		g.said = append(g.said, about)
		g.judgement(r, n, state, this)
		g.emit()
		if state != "duplicate" {
			last = this
		}
	}
}

// topic draws what an item is about: of a duplicate, the same as the item before.
func (g *generator) topic(state string, last filed) filed {
	if state == "duplicate" {
		return last
	}
	at := g.IntN(len(topics))
	for !topics[at].suits(state) {
		at = g.IntN(len(topics))
	}
	if about := topics[at].about; about != nil {
		return filed{topic: at, object: pick(g, about)}
	}
	return filed{topic: at, object: g.IntN(len(objects))}
}

// itemText says what it is about and whom it concerns.
func (g *generator) itemText(r *draft, n int, f filed, s *said) {
	t, first := &topics[f.topic], g.reporter(n)
	a := &g.accounts[first]
	r.Set("summary", model.Text(strings.Replace(t.summary, "{o}", objects[f.object][0], 1)))
	r.Set("words", model.Long(strings.Replace(t.words[a.lang.index], "{o}", objects[f.object][a.lang.index], 1)))
	r.Set("external_id", model.Text("OPS-"+strconv.Itoa(n+1)))
	r.Set("kind", model.Pick(t.kind))
	r.Set("class", model.Pick(t.class))
	r.Set("area", model.Text(features[t.area]))
	r.Set("version", model.Text(pick(g, released)))
	r.Set("steps", model.Long(t.steps))
	if g.often(0.7, 0.2) {
		r.Set("reporter", model.Text(g.human(first, g.IntN(a.people)).name))
	}
	ids := [8]model.ID{a.id}
	linked := 1
	if g.often(0.3, 0.1) {
		linked = g.between(2, len(ids))
		for k := 1; k < linked; k++ {
			other := g.reporter(n + k)
			ids[k] = g.accounts[other].id
			if k < len(s.accounts) {
				s.accounts[k] = int32(other)
			}
		}
	}
	r.Set("customers", model.Refs(ids[:linked]...))
	s.accounts[0], s.linked = int32(first), uint8(min(linked, len(s.accounts)))
	g.sortSaid(s)
	if linked > 3 {
		r.Set("votes", model.Number(float64(linked+g.between(0, 20))))
	}
}

// reporter draws a customer: prospects and lost ones seldom report anything, large ones often.
func (g *generator) reporter(n int) int {
	best := g.IntN(len(g.accounts))
	for range 2 {
		other := g.IntN(len(g.accounts))
		if a, b := &g.accounts[best], &g.accounts[other]; !a.inForce() || n%3 == 0 && b.inForce() && b.size > a.size {
			best = other
		}
	}
	return best
}

// itemCourse says how far it has come: times, who has it, and how it ended.
func (g *generator) itemCourse(r *draft, state string, last filed) {
	open := model.ItemIsOpen(state)
	ago := g.between(1, 500)
	switch state {
	case "new", "reproducing":
		ago = g.between(1, 9)
	case "confirmed", "handed over", "in progress", "fixed", "released":
		ago = g.between(4, 100)
	}
	now := int64(g.Today) * dayMs // All of it happened before today.
	opened := now - int64(ago)*dayMs + int64(g.between(7*60, 17*60))*minuteMs
	r.Set("state", model.Pick(state))
	r.Set("opened", model.Time(opened))
	if state != "new" || g.chance(0.3) {
		r.Set("responded", model.Time(min(now, opened+int64(g.spread(90, 1.2, 2, 4000))*minuteMs)))
	}
	if !open || state == "fixed" || state == "released" {
		r.Set("resolved", model.Time(min(now, opened+int64(g.spread(4000, 1.4, 60, 60000))*minuteMs)))
		if g.often(0.3, 0.05) {
			r.Set("satisfaction", model.Number(float64(g.between(1, 5))))
		}
	}
	switch state {
	case "new", "reproducing", "answered":
		r.Set("owner", model.Person("bo"))
	case "handed over", "in progress", "fixed", "released":
		r.Set("owner", model.Person("tomas"))
	default:
		r.Set("owner", model.Person("nadia"))
	}
	switch state {
	case "duplicate":
		r.Set("duplicate_of", model.Ref(last.id))
	case "declined":
		r.Set("reason", model.Text(pick(g, declines)))
	case "parked":
		r.Set("reason", model.Text(pick(g, parkings)))
		r.Set("until", model.Date(g.Today+day.Day(g.between(-10, 90))))
	case "reproducing":
		r.Set("waiting", model.Bool(g.chance(0.5)))
	}
}

// judgement says how grave it is: some have not been looked at, a few are judged by hand.
func (g *generator) judgement(r *draft, n int, state string, f filed) {
	t := &topics[f.topic]
	if state != "new" || g.chance(0.5) {
		r.Set("blocking", model.Pick(t.blocking))
	}
	if t.blocking == "3" && n%4 == 0 {
		r.Set("severity_set", model.Pick("S1"))
		r.Set("severity_reason", model.Text("shipping stands still on two sites"))
		r.Set("escalated", model.Bool(true))
	} else if n%97 == 41 {
		r.Set("severity_set", model.Pick("S3"))
		r.Set("severity_reason", model.Text("has to be settled before the customer's audit"))
	}
	if g.often(0.2, 0.02) {
		r.Set("tags", model.List(pick(g, tags)))
	}
}
