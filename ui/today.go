package ui

import (
	"errors"
	"fmt"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// todayPane is the one ranked list of what waits: for this person, or for everybody.
type todayPane struct {
	sp      paneSpec
	g       kit.Grid
	snap    *table.Snapshot
	env     query.Env
	all     bool // everybody's
	words   string
	asked   dueFor
	waiting []model.Due // what is due for whom was asked, whatever the filter says
	due     []model.Due // what of it fits the filter
}

func newTodayPane() *todayPane {
	return &todayPane{sp: paneSpec{action: ActToday, scope: ScopeToday, title: "Today", kind: model.Task}}
}

func (p *todayPane) spec() *paneSpec { return &p.sp }
func (p *todayPane) grid() *kit.Grid { return &p.g }
func (p *todayPane) filter() string  { return p.words }

// setFilter keeps what holds all the words; Today mixes kinds, so fields cannot be asked for.
func (p *todayPane) setFilter(text string) error {
	if strings.ContainsAny(text, ":()") {
		return errors.New("this list mixes several kinds: filter it by words alone")
	}
	p.words = text
	p.refresh()
	return nil
}

func (p *todayPane) show(s *table.Snapshot, env query.Env) {
	if p.snap == nil {
		p.g.SetColumns(sayColumns(p.sp.lang, []kit.Column{
			{Key: "rank", Title: "Rank", Ideal: 5, Align: kit.AlignRight, Priority: 10},
			{Key: "rule", Title: "Source", Ideal: 10, Min: 8, Priority: 9},
			{Key: "late", Title: "Late", Ideal: 12, Min: 12, Align: kit.AlignRight, Priority: 9},
			{Key: "customer", Title: "Customer", Ideal: 28, Min: 20, Flex: 2, Priority: 10},
			{Key: "title", Title: "What", Ideal: 40, Min: 24, Flex: 4, Priority: 10},
			{Key: "tier", Title: "Tier", Ideal: 5, Priority: 6},
			{Key: "owner", Title: "Owner", Ideal: 8, Min: 7, Priority: 7},
			{Key: "terms", Title: "Terms of the rank", Ideal: 44, Min: 42, Flex: 2, Priority: 4},
		}))
	}
	p.snap, p.env = s, env
	p.refresh()
}

// dueFor is the picture and the person that the due things were listed for.
type dueFor struct {
	snap  *table.Snapshot
	owner string
}

func (p *todayPane) refresh() {
	key := p.g.Key()
	owner := p.env.Me
	if p.all {
		owner = ""
	}
	if asked := (dueFor{p.snap, owner}); p.asked != asked {
		p.asked, p.waiting = asked, p.snap.Due(owner)
	}
	p.due = p.due[:0]
	for _, d := range p.waiting {
		if p.fits(d) {
			p.due = append(p.due, d)
		}
	}
	p.g.SetRows(todayRows{p})
	if key != "" {
		p.g.KeepCursorOn(key)
	}
	l := p.sp.lang
	if n := l.Int(int64(len(p.due))); p.all {
		p.g.Footer = l.T("%s due for everybody", n)
	} else {
		p.g.Footer = l.T("%s due for %s and for nobody in particular", n, p.env.Me)
	}
	p.g.Empty = l.T("Nothing is due today.\n\nA shows what waits for everybody.")
}

func (p *todayPane) fits(d model.Due) bool {
	if p.words == "" {
		return true
	}
	text := query.Fold(d.Title + " " + d.Rule + " " + d.Owner + " " + p.customer(d))
	for w := range strings.FieldsSeq(p.words) {
		if !strings.Contains(text, query.Fold(w)) {
			return false
		}
	}
	return true
}

func (p *todayPane) customer(d model.Due) string {
	t := p.snap.Table(model.Customer)
	if row, ok := t.Row(d.Customer); ok {
		return t.Str(row, "name")
	}
	return ""
}

func (p *todayPane) status() string {
	s := p.sp.lang.T("Today")
	if p.all {
		s += " › " + p.sp.lang.T("everybody")
	}
	if p.words != "" {
		s += " › " + p.words
	}
	return s
}

// current is the record that the line is about.
func (p *todayPane) current() (model.Kind, int32, bool) {
	d, ok := p.at()
	if !ok {
		return model.Task, -1, false
	}
	row, ok := p.snap.Table(d.Kind).Row(d.ID)
	return d.Kind, row, ok
}

func (p *todayPane) at() (model.Due, bool) {
	if i := p.g.Row(); i >= 0 && i < len(p.due) {
		return p.due[i], true
	}
	return model.Due{}, false
}

func (p *todayPane) figures(*App) []figure { return nil }

func (p *todayPane) do(a *App, act Action) bool {
	d, ok := p.at()
	switch act {
	case ActScope:
		p.all = !p.all
		p.refresh()
		p.g.Home()
	case ActWhy:
		if ok {
			a.showWhy(rankWhy(a.lang, p.snap, d))
		}
	case ActDone:
		if ok {
			p.close(a, d, "done_on", a.snap.Today, "done: ")
		}
	case ActSteps:
		p.invoicesUnder(a)
	case ActSnooze:
		if ok {
			a.stack.Push(kit.NewMenu(a.lang.T("Snooze until"), snoozeItems(a.lang, a.snap.Today)))
		}
	case ActSort, ActAdd, ActGroup:
		a.say(kit.Muted, "Today is sorted by rank and filled by rules; tasks are added in the customer view.")
	default:
		return false
	}
	return true
}

func snoozeItems(l *lang.Lang, today day.Day) []kit.Item {
	var items []kit.Item
	for _, c := range []struct {
		key, title string
		until      day.Day
	}{
		{"1", "tomorrow", today + 1},
		{"3", "in three days", today + 3},
		{"w", "in a week", today + 7},
		{"2", "in two weeks", today + 14},
		{"m", "in a month", today.AddMonths(1)},
	} {
		items = append(items, kit.Item{ID: "snooze\x00" + c.until.String(), Key: c.key, Title: l.T(c.title), Help: l.Date(c.until.String())})
	}
	return items
}

// snooze silences the line until a day.
func (p *todayPane) snooze(a *App, until string) {
	d, ok := p.at()
	on, err := day.Parse(until)
	if ok && err == nil {
		p.close(a, d, "snoozed_until", on, "snooze until "+until+": ")
	}
}

// close writes what silences a line: on the task itself, or for what a rule has raised a task with
// the rule's cause, by which the rule will know.
func (p *todayPane) close(a *App, d model.Due, field string, on day.Day, verb string) {
	if a.readOnly {
		a.say(kit.Warn, "reading only (ctrl+o switches)")
		return
	}
	if !d.Task.IsZero() {
		a.after = a.setFields(model.Task, d.Task, map[string]string{field: on.String()})
		return
	}
	r := d.Silence(a.backend.NewID(), field, on, model.Moment{Who: a.o.Actor, Today: a.snap.Today})
	a.after = a.step(verb+d.Title, nil, model.CreateOp(r))
}

func rankWhy(l *lang.Lang, s *table.Snapshot, d model.Due) model.Why {
	w := model.Why{
		Record: dueTitle(l, d), Figure: "rank", Label: "Rank", Value: number(l, d.Rank),
		Formula: "the sum of its terms: what kind of thing it is, how late, whose customer, how much revenue",
	}
	for _, t := range d.Terms {
		w.Lines = append(w.Lines, model.WhyLine{Label: t.Label, Value: "+" + number(l, t.Points), Note: t.Note})
	}
	if d.On.IsSet() {
		w.Notes = append(w.Notes, fmt.Sprintf("due on %s, today is %s", d.On, s.Today))
	}
	return w
}

// dueTitle says what is to be done; a task is called as its author called it.
func dueTitle(l *lang.Lang, d model.Due) string {
	if d.Rule == "task" {
		return d.Title
	}
	return l.Say(d.Title)
}

func (p *todayPane) draw(a *App, c *kit.Canvas, r kit.Rect) {
	d, ok := p.at()
	if ok && r.W < termsFit && r.H >= 10 {
		// Where the column of the terms has no room, those of the line under the cursor stand below.
		var line kit.Rect
		line, r = r.Bottom(1)
		c.PutSpans(line, a.theme, kit.Spans{
			{Text: "  " + a.lang.T("Rank") + " " + number(a.lang, float64(int(d.Rank+0.5))) + " = ", Token: kit.Header}, {Text: p.terms(d)},
		})
	}
	p.g.Draw(c, r, a.theme, a.page == nil)
}

// termsFit is the width from which on the list has room for the terms of every rank.
const termsFit = 136

// terms are the parts of a rank.
func (p *todayPane) terms(d model.Due) string {
	var parts []string
	for _, t := range d.Terms {
		parts = append(parts, p.sp.lang.Say(t.Label)+" "+number(p.sp.lang, float64(int(t.Points+0.5))))
	}
	return strings.Join(parts, " + ")
}

// todayRows shows what is due to the grid.
type todayRows struct{ p *todayPane }

func (r todayRows) Len() int { return len(r.p.due) }

func (r todayRows) Key(row int) string {
	d := r.p.due[row]
	return d.Rule + d.ID.String() + d.Cause
}

func (r todayRows) Cell(row int, col string) kit.Cell {
	d, l := r.p.due[row], r.p.sp.lang
	switch col {
	case "rank":
		return kit.Cell{Text: number(l, float64(int(d.Rank+0.5)))}
	case "rule":
		return kit.Cell{Text: l.T(d.Rule), Token: kit.Accent}
	case "late":
		return lateCell(l, d, r.p.snap.Today)
	case "customer":
		return kit.Cell{Text: short(r.p.customer(d))}
	case "title":
		return kit.Cell{Text: short(grouped(l, dueTitle(l, d)))}
	case "tier":
		t := r.p.snap.Table(model.Customer)
		if c, ok := t.Row(d.Customer); ok {
			return kit.Cell{Text: pickWord(l, "tier", t.Str(c, "tier")), Token: tokenOf("tier", t.Str(c, "tier"))}
		}
	case "owner":
		return kit.Cell{Text: d.Owner}
	case "terms":
		return kit.Cell{Text: r.p.terms(d), Token: kit.Muted}
	}
	return kit.Cell{}
}

func lateCell(l *lang.Lang, d model.Due, today day.Day) kit.Cell {
	switch {
	case !d.On.IsSet():
		return kit.Cell{Text: l.T("never"), Token: kit.Bad}
	case d.On < today:
		return kit.Cell{Text: l.T("%d d late", today-d.On), Token: kit.Warn}
	case d.On == today:
		return kit.Cell{Text: l.T("today"), Token: kit.Warn}
	}
	return kit.Cell{Text: l.T("in %d d", d.On-today)}
}
