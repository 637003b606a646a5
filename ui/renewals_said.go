package ui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

const (
	// saidWeeks is how many weeks' ends the figures look back on.
	saidWeeks = 8
	// accuracyDays is how far back the forecasts lie that are held against what came: a quarter.
	accuracyDays = 91
	// keptShown is how many of the snapshots that were kept stand on the screen, the newest.
	keptShown = 5
)

// saidBefore is what was said of the renewals on earlier days. The past does not change, so it is read once a
// day, and again when a snapshot is kept.
type saidBefore struct {
	asked   saidFor
	weeks   []report.Past // at the ends of weeks, the newest first
	quarter *report.Past  // what accuracy is measured against; the oldest week where the book is younger
	kept    []report.Past
	ready   bool
}

type saidFor struct {
	today day.Day
	kept  int
}

// saidRead brings what was said.
type saidRead struct {
	p    *renewalsPane
	said saidBefore
	err  error
}

func (m saidRead) apply(a *App) {
	v := &m.p.figs
	switch {
	case m.said.asked != v.said.asked: // Another day has begun meanwhile.
	case m.err != nil:
		a.fail(m.err)
	default:
		v.said = m.said
		if v.ready {
			m.p.layFigures(a)
		}
	}
}

// askSaid reads what was said, where it has not been read today.
func (p *renewalsPane) askSaid(a *App) tea.Cmd {
	ask := saidFor{p.snap.Today, p.snap.Table(model.Snapshot).Len()}
	if ask == p.figs.said.asked {
		return nil
	}
	p.figs.said.asked = ask
	b, s, zone := a.backend, p.snap, a.o.Now().Location()
	return func() tea.Msg {
		said, err := readSaid(b, s, zone)
		said.asked = ask
		return saidRead{p, said, err}
	}
}

// readSaid works the earlier pictures out from the log of the book and reads the snapshots that were kept.
func readSaid(b Backend, s *table.Snapshot, zone *time.Location) (saidBefore, error) {
	said := saidBefore{ready: true}
	on := func(d day.Day) (*report.Past, error) {
		y, m, dd := d.Date()
		end := time.Date(y, m, dd, 23, 59, 59, 999999000, zone)
		then, began, err := b.AsOf(end, d)
		if err != nil || began.After(end) {
			return nil, err
		}
		past := report.PastOf(then)
		return &past, nil
	}
	end := s.Today - day.Day(s.Today.Weekday())
	if end == s.Today {
		end -= 7 // This week has not ended.
	}
	for range saidWeeks {
		past, err := on(end)
		if err != nil {
			return said, err
		}
		if past == nil {
			break
		}
		said.weeks = append(said.weeks, *past)
		said.quarter = past
		end -= 7
	}
	if len(said.weeks) == saidWeeks {
		past, err := on(s.Today - accuracyDays)
		if err != nil {
			return said, err
		}
		if past != nil {
			said.quarter = past
		}
	}
	var err error
	said.kept, err = readKept(b, s)
	return said, err
}

// readKept reads the newest snapshots that were kept.
func readKept(b Backend, s *table.Snapshot) ([]report.Past, error) {
	t := s.Table(model.Snapshot)
	var ids []model.ID
	t.Rows(func(row int32) bool { ids = append(ids, t.ID(row)); return true })
	slices.SortFunc(ids, func(x, y model.ID) int { return strings.Compare(y.String(), x.String()) })
	var out []report.Past
	for _, id := range ids[:min(len(ids), keptShown)] {
		r, err := b.Get(model.Snapshot, id)
		if err != nil {
			return out, err
		}
		out = append(out, report.PastKept(r))
	}
	return out, nil
}

// ofPeriod asks a report for the renewals of the period.
func (v *figuresView) ofPeriod() report.Args { return report.Args{From: v.from, To: v.to()} }

// saidLines are what was said before of the renewals of the period, and who was right.
func (p *renewalsPane) saidLines(a *App) {
	v, said := &p.figs, &p.figs.said
	v.head(false, a.lang.T("What was said"), a.lang.T("commit at the ends of weeks; enter shows what moved since"))
	if !said.ready {
		v.add(figureLine{label: a.lang.T("is being worked out from the log …")})
		return
	}
	if len(said.weeks) == 0 {
		v.add(figureLine{label: a.lang.T("the book is younger than a week; m s keeps a snapshot to compare with")})
	}
	now := report.SumSaid(p.snap, v.ofPeriod(), report.PastOf(p.snap))
	v.add(p.saidLine(a, a.lang.T("now"), report.Past{Day: p.snap.Today}, now, said.before(0)))
	for i, past := range said.weeks {
		v.add(p.saidLine(a, a.lang.Date(past.Day.String()), past, report.SumSaid(p.snap, v.ofPeriod(), past), said.before(i+1)))
	}
	for _, past := range said.kept {
		v.add(p.saidLine(a, "“"+kit.Clean(past.Name)+"”", past, report.SumSaid(p.snap, v.ofPeriod(), past), nil))
	}
	p.accuracyLines(a)
}

// before is the week before one of the weeks; nil where none is known.
func (s *saidBefore) before(i int) *report.Past {
	if i >= len(s.weeks) {
		return nil
	}
	return &s.weeks[i]
}

// saidLine is what was said on one day, with the change since the week before.
func (p *renewalsPane) saidLine(a *App, label string, past report.Past, sum report.SaidSum, before *report.Past) figureLine {
	l := figureLine{
		label: label, count: a.lang.Int(int64(sum.Renewals)), value: p.inFigures(a, sum.Cumulative[1]), bar: part(sum.Cumulative[1], max(sum.Target, 1)),
		why: func() model.Why { return p.whySaid(a, label, past, sum, before) },
	}
	if before != nil {
		change := sum.Cumulative[1] - report.SumSaid(p.snap, p.figs.ofPeriod(), *before).Cumulative[1]
		l.rate = signed(a, change)
	}
	if past.Said != nil {
		l.open = func(a *App) { a.after = p.readSlip(a, past) }
	}
	return l
}

// signed writes a change with its sign, so that it is not taken for an amount.
func signed(a *App, units int64) string {
	if units > 0 {
		return "+" + amount(a.lang, units)
	}
	return amount(a.lang, units)
}

func (p *renewalsPane) whySaid(a *App, label string, past report.Past, sum report.SaidSum, before *report.Past) model.Why {
	l := a.lang
	w := p.whyFigure(label, p.inFigures(a, sum.Cumulative[1]), l.T("the forecast as it was at the end of the day: each category with all that is more certain, each renewal at most its target"))
	for i, call := range []string{"closed", "commit", "best case", "pipeline"} {
		w.Lines = append(w.Lines, p.whyAmount(a, pickWord(l, "call", call), sum.Cumulative[i], ""))
	}
	w.Lines = append(w.Lines, p.whyAmount(a, l.T("Target"), sum.Target, plural(l, sum.Renewals, model.Contract)))
	if before != nil {
		was := report.SumSaid(p.snap, p.figs.ofPeriod(), *before)
		w.Lines = append(w.Lines, p.whyAmount(a, l.T("a week before"), was.Cumulative[1], l.Date(before.Day.String())))
	}
	switch {
	case past.Name != "":
		w.Notes = append(w.Notes, l.T("kept under this name on %s", l.Date(past.Day.String())))
	case past.Said != nil:
		w.Notes = append(w.Notes, l.T("worked out from the log of the book: every step since is taken back on a copy"))
	}
	return w
}

// accuracyLines hold what each owner said against what came.
func (p *renewalsPane) accuracyLines(a *App) {
	v := &p.figs
	if v.said.quarter == nil {
		return
	}
	v.head(false, a.lang.T("Accuracy"), a.lang.T("of what was due since %s", a.lang.Date(v.said.quarter.Day.String())))
	r, err := report.Accuracy(p.snap, report.Args{From: day.None, To: day.None, Past: v.said.quarter})
	if err != nil {
		return
	}
	for _, row := range r.Rows {
		cells := map[string]report.Cell{}
		for i, c := range r.Columns {
			cells[c.Key] = row[i]
		}
		money := func(key string) int64 { return int64(cells[key].Number * model.MoneyScale) }
		owner := cells["owner"].Text
		if owner == "all" || owner == "none" {
			owner = a.lang.T(owner)
		}
		rate := "–"
		if cells["accuracy"].IsNumber {
			rate = rateText(a, cells["accuracy"].Number/100, true)
		}
		v.add(figureLine{
			label: kit.Clean(owner), count: a.lang.Int(int64(cells["renewals"].Number)), value: p.inFigures(a, money("came")), rate: rate,
			why: func() model.Why {
				return p.whyFigure(owner, rate, a.lang.T("1 − off ÷ said; off: Σ of the differences without their sign, over the renewals that were open then, fell due since and are closed"),
					p.whyAmount(a, a.lang.T("Forecast then"), money("said"), a.lang.T("what the forecast counted then")),
					p.whyAmount(a, a.lang.T("Came"), money("came"), a.lang.T("what it counts now")),
					p.whyAmount(a, a.lang.T("Off"), money("off"), ""),
					model.WhyLine{Label: a.lang.T("Still open"), Value: a.lang.Int(int64(cells["open"].Number)), Note: a.lang.T("not decided, so nobody was right or wrong")})
			},
		})
	}
}

// slipRead brings what has moved since an earlier day.
type slipRead struct {
	r   report.Report
	err error
}

// readSlip compares what is said now with what was said.
func (p *renewalsPane) readSlip(_ *App, past report.Past) tea.Cmd {
	s, args := p.snap, p.figs.ofPeriod()
	args.Past = &past
	return func() tea.Msg {
		r, err := report.Slip(s, args)
		return slipRead{r, err}
	}
}

func (m slipRead) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	var items []kit.Item
	for i, row := range m.r.Rows {
		cells := map[string]report.Cell{}
		for k, c := range m.r.Columns {
			cells[c.Key] = row[k]
		}
		change := signed(a, int64(cells["change"].Number*model.MoneyScale))
		title := kit.PadLeft(change, 11) + "  " + kit.PadRight(kit.Truncate(kit.Clean(cells["renewal"].Text), 30), 31) + kit.Clean(cells["moved"].Text)
		it := kit.Item{Title: strings.TrimRight(title, " ")}
		if i < len(m.r.Records) {
			it.Value = goAnswer{model.Contract, m.r.Records[i]}
		}
		items = append(items, it)
	}
	if len(items) < 2 { // The sum alone.
		a.say(kit.Info, "Nothing has moved since.")
		return
	}
	list := kit.NewPalette(a.lang.Say(m.r.Title), items)
	list.Hint, list.Wide = a.lang.Say(m.r.Definition), true
	a.stack.Push(list)
}
