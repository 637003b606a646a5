package sample

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// What people of the queue leave on items: the handbook, what customers said, who was told, what was
// passed on. Its numbers come from a stream of their own.
const queueStream = 0x7175657565

// said is what the records about an item need to know of it.
type said struct {
	id       model.ID
	accounts [7]int32 // linked, as many as linked says
	linked   uint8
	topic    uint8
	object   uint8
	state    string
	opened   int64 // milliseconds
	since    int64 // in its state
}

// told is the share of the customers who know of news, by how many days old it is: whoever waits longest has
// been told.
func told(days int64) float64 {
	switch {
	case days > 21:
		return 1
	case days > 7:
		return 0.7
	}
	return 0.2
}

// written tells whether a question has an entry in the handbook; the others are still to be written.
func written(topic int) bool {
	t := &topics[topic]
	return (t.kind == "how-to" || t.kind == "configuration") && topic%2 == 0
}

// handbook writes an entry for every second kind of question.
func (g *generator) handbook() {
	for i := range topics {
		if !written(i) || g.Customers == 0 {
			continue
		}
		t := &topics[i]
		r := g.record(model.Article)
		g.entries[i] = r.id
		object := 0
		if len(t.about) > 0 {
			object = t.about[0]
		}
		put := func(text string, lang int) string { return strings.Replace(text, "{o}", objects[object][lang], 1) }
		r.Set("title", model.Text(put(t.summary, 0)))
		r.Set("external_id", model.Text("H-"+strconv.Itoa(i+1)))
		r.Set("question", model.Text(put(t.words[0], 0)))
		r.Set("answer", model.Long("1. Open the settings of the module\n2. Look for the switch that the question is about\n3. Save, and try it with one record first"))
		r.Set("area", model.Text(features[t.area]))
		r.Set("author", model.Person("bo"))
		r.Set("written", model.Date(g.Today-day.Day(60+17*i)))
		g.emit()
	}
}

// itemPast says how an item came to where it is: since when it is there, and what happened on the way.
func (g *generator) itemPast(r *draft, s *said) {
	side := g.side
	now := int64(g.Today) * dayMs
	s.since = s.opened
	path := pathTo(s.state)
	course := "new@" + strconv.FormatInt(s.opened/1000, 10)
	for i, state := range path {
		rest := now - s.since
		if rest < 2*minuteMs {
			break
		}
		// The way ahead is shared out over the states that are still to come.
		s.since += minuteMs + side.Int64N(rest/int64(len(path)-i+1)+1)
		course += " " + strings.ReplaceAll(state, " ", "_") + "@" + strconv.FormatInt(s.since/1000, 10)
		if state == "handed over" {
			r.Set("handed_over", model.Time(s.since))
		}
	}
	if resolved := r.get("resolved"); !resolved.IsZero() {
		if ms, ok := resolved.Millis(); ok && !model.ItemIsOpen(s.state) {
			s.since = max(s.opened, ms)
		}
	} else if !g.lean && len(path) > 0 {
		r.Set("course", model.Text(course))
	}
	r.Set("state_since", model.Time(s.since))
	if slices.Contains([]string{"fixed", "released", "closed"}, s.state) && topics[s.topic].kind != "how-to" {
		r.Set("released_in", model.Text(released[int(s.since/dayMs/45)%len(released)]))
	}
	if t := &topics[s.topic]; (t.kind == "bug" || t.kind == "design defect") && len(path) > 1 && s.state != "declined" {
		r.Set("reproduction", model.Pick("reproduced"))
		r.Set("tried_on", model.Text(released[len(released)-1]+", test company"))
	}
	if s.state == "answered" {
		r.Set("article", refOf(g.entries[int(s.topic)]))
	}
	if side.IntN(30) == 0 && s.state != "new" {
		r.Set("reopened", model.Number(1))
	}
}

func refOf(id model.ID) model.Value {
	if id.IsZero() {
		return model.Value{}
	}
	return model.Ref(id)
}

// sortSaid leaves each customer once: one may have been drawn twice.
func (g *generator) sortSaid(s *said) {
	own := s.accounts[:s.linked]
	slices.Sort(own)
	s.linked = uint8(len(slices.Compact(own)))
}

// pathTo are the states between new and where an item is.
func pathTo(state string) []string {
	line := model.ItemStates()[1:8]
	switch i := slices.Index(line, state); {
	case i >= 0:
		return line[:i+1]
	case state == "new":
		return nil
	case state == "parked":
		return []string{"reproducing", "confirmed", "parked"}
	}
	return []string{"reproducing", state}
}

// voices are what customers said of items: every fourth of a large book, nearly all of a small one.
func (g *generator) voices() {
	g.eachSaid(func(s *said) {
		for k := range int(s.linked) {
			if g.side.IntN(100) >= map[bool]int{true: 5, false: 80}[g.lean] {
				continue
			}
			a := &g.accounts[s.accounts[k]]
			r := g.record(model.Voice)
			r.Set("item", model.Ref(s.id))
			r.Set("customer", model.Ref(a.id))
			r.Set("importance", model.Pick(strconv.Itoa([]int{0, 1, 1, 2, 2, 2, 3}[g.side.IntN(7)])))
			r.Set("words", model.Long(strings.Replace(topics[s.topic].words[a.lang.index], "{o}", objects[s.object][a.lang.index], 1)))
			r.Set("said", model.Time(min(s.opened+int64(k)*dayMs, int64(g.Today)*dayMs)))
			r.Set("by", model.Person(a.owner))
			g.emit()
		}
	})
}

// tellings are the news that customers have been told.
func (g *generator) tellings() {
	g.eachSaid(func(s *said) {
		if !slices.Contains([]string{"released", "declined", "answered"}, s.state) {
			return
		}
		share := told(int64(g.Today) - s.since/dayMs)
		for k := range int(s.linked) {
			if g.side.Float64() >= share {
				continue
			}
			a := &g.accounts[s.accounts[k]]
			r := g.record(model.Telling)
			r.Set("item", model.Ref(s.id))
			r.Set("customer", model.Ref(a.id))
			r.Set("state", model.Text(s.state))
			r.Set("round", model.Text(s.state+"@"+strconv.FormatInt(s.since, 10)))
			r.Set("date", model.Date(min(g.Today-1, day.Day(s.since/dayMs)+day.Day(g.side.IntN(6)))))
			if g.side.IntN(20) == 0 {
				r.Set("waived", model.Text("was at the presentation of the release"))
			} else {
				r.Set("channel", model.Pick([]string{"mail", "mail", "call", "meeting"}[g.side.IntN(4)]))
			}
			r.Set("by", model.Person(a.owner))
			g.emit()
		}
	})
}

func (g *generator) eachSaid(fn func(s *said)) {
	for i := range g.said {
		if g.err != nil {
			return
		}
		fn(&g.said[i])
	}
}

// passedOn are what customers find valuable, and candidates for success cases, for marketing.
func (g *generator) passedOn() {
	g.each(func(_ int, a *account) {
		if !a.inForce() || a.mood < 0.7 || g.side.IntN(100) >= map[bool]int{true: 2, false: 15}[g.lean] {
			return
		}
		raised := g.Today - day.Day(1+g.side.IntN(180))
		flow := model.Flows()[g.side.IntN(2)]
		r := g.record(model.Task)
		r.Set("title", model.Text(flow+": "+a.name))
		r.Set("customer", model.Ref(a.id))
		r.Set("flow", model.Pick(flow))
		r.Set("raised", model.Date(raised))
		r.Set("raised_by", model.Person(a.owner))
		r.Set("owner", model.Person("elif"))
		r.Set("due", model.Date(raised+7))
		if raised < g.Today-20 || g.side.IntN(2) == 0 {
			r.Set("done_on", model.Date(min(g.Today-1, raised+day.Day(1+g.side.IntN(15)))))
		}
		g.emit()
	})
}

// newSide makes the stream of what is said about items.
func newSide(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, queueStream)) }
