package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// whatIf tries out the weights and thresholds of the tier model: sliders at the left, what they would
// do at the right. Nothing is written before it is applied.
type whatIf struct {
	w    *table.WhatIf
	snap *table.Snapshot
	lang *lang.Lang
	out  table.Outcome
	at   int // slider: the thresholds first, then the weights
	err  error
}

// whatIfReady brings the trial that a command has prepared.
type whatIfReady struct {
	w    *table.WhatIf
	snap *table.Snapshot
	err  error
}

func (m whatIfReady) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	o := &whatIf{w: m.w, snap: m.snap, lang: a.lang}
	o.try()
	a.stack.Push(o)
}

// readWhatIf computes what every customer gets on each criterion, away from the screen.
func (a *App) readWhatIf() tea.Cmd {
	s := a.snap
	return func() tea.Msg {
		w, err := s.WhatIf("")
		return whatIfReady{w, s, err}
	}
}

func (o *whatIf) try() {
	if o.err = o.w.Check(); o.err == nil {
		o.out = o.w.Try()
	}
}

func (o *whatIf) thresholds() int { return len(o.w.Levels) - 1 }

func (o *whatIf) value() *float64 {
	if o.at < o.thresholds() {
		return &o.w.Levels[o.at].Min
	}
	return &o.w.Weights[o.at-o.thresholds()]
}

// Key implements kit.Overlay.
func (o *whatIf) Key(msg tea.KeyPressMsg) kit.Outcome {
	move := func(d float64) {
		v := o.value()
		*v = min(100, max(0, *v+d))
		o.try()
	}
	switch msg.String() {
	case "esc", "q", "ctrl+c":
		return kit.Outcome{Done: true}
	case "down", "j":
		o.at = min(o.at+1, o.thresholds()+len(o.w.Weights)-1)
	case "up", "k":
		o.at = max(0, o.at-1)
	case "right", "l":
		move(1)
	case "left", "h":
		move(-1)
	case "]":
		move(10)
	case "[":
		move(-10)
	case "r":
		if fresh, err := o.snap.WhatIf(o.w.Name()); err == nil {
			o.w = fresh
			o.try()
		}
	case "enter":
		if o.err == nil && o.w.Changed() {
			return kit.Outcome{Done: true, Result: whatIfChosen{o}}
		}
	}
	return kit.Outcome{}
}

// Paste implements kit.Overlay; there is nothing to write into.
func (o *whatIf) Paste(string) {}

// Draw implements kit.Overlay.
func (o *whatIf) Draw(c *kit.Canvas, area kit.Rect, th *kit.Theme) *kit.Cursor {
	box := area.Center(min(area.W, 110), min(area.H, 24))
	in := c.Box(box, th, o.lang.T("What if? %s", o.w.Name()), true).Inset(1, 0)
	left, right := in, in
	if in.W >= 76 {
		left, right = in.Left(38)
		_, right = right.Left(2)
	} else {
		left, right = in.Top(min(in.H/2, o.thresholds()+len(o.w.Weights)))
	}
	o.drawSliders(c, left, th)
	y := 0
	put := func(token kit.Token, text string) {
		if y < right.H-1 {
			c.Put(right.Row(y), th.Style(token), text, kit.AlignLeft)
		}
		y++
	}
	if o.err != nil {
		put(kit.Bad, o.lang.Say(o.err.Error()))
	} else {
		o.drawOutcome(put)
	}
	hint := o.lang.T("←→ by 1, [ ] by 10, r as it is, enter applies, esc leaves")
	c.Put(in.Row(in.H-1), th.Style(kit.Muted), hint, kit.AlignLeft)
	return nil
}

func (o *whatIf) drawSliders(c *kit.Canvas, r kit.Rect, th *kit.Theme) {
	first := max(0, o.at-max(0, r.H-2))
	for i := first; i < o.thresholds()+len(o.w.Weights) && i-first < r.H-1; i++ {
		label, v, limit := "", 0.0, 100.0
		if i < o.thresholds() {
			label, v = o.lang.T("%s from", o.w.Levels[i].Key), o.w.Levels[i].Min
		} else {
			label, v = o.lang.T(o.w.Criteria()[i-o.thresholds()].Label), o.w.Weights[i-o.thresholds()]
			limit = 50
		}
		style := th.Style(kit.Text)
		if i == o.at {
			style = th.Selected(kit.Text, true)
		}
		text := kit.PadRight(kit.Truncate(label, 17), 18) + kit.PadLeft(fmt.Sprintf("%.4g", v), 4) + " "
		c.Put(r.Row(i-first), style, text+kit.Bar(v, limit, max(1, r.W-24), th), kit.AlignLeft)
	}
}

func (o *whatIf) drawOutcome(put func(kit.Token, string)) {
	l, cur := o.lang, o.snap.Settings.Text("company.currency")
	put(kit.Header, kit.PadRight(l.T("Tier"), 8)+kit.PadLeft(l.T("now"), 9)+kit.PadLeft(l.T("then"), 9)+kit.PadLeft("ARR "+cur, 17)+kit.PadLeft(l.T("then"), 17))
	for _, t := range o.out.Tiers {
		name := t.Tier
		if name == "" {
			name = l.T("none")
		}
		token := kit.Text
		if t.Before != t.After {
			token = kit.Warn
		}
		put(token, kit.PadRight(name, 8)+kit.PadLeft(l.Int(int64(t.Before)), 9)+kit.PadLeft(l.Int(int64(t.After)), 9)+
			kit.PadLeft(arrWords(l, o.snap, float64(t.ARRBefore)), 17)+kit.PadLeft(arrWords(l, o.snap, float64(t.ARR)), 17))
	}
	put(kit.Text, "")
	put(kit.Title, l.T("%s up, %s down", l.Int(int64(o.out.Up)), l.Int(int64(o.out.Down))))
	customers := o.snap.Table(model.Customer)
	for _, m := range o.out.Moves[:min(6, len(o.out.Moves))] {
		put(kit.Text, fmt.Sprintf("%s  %s → %s  %.1f", kit.PadRight(kit.Truncate(kit.Clean(customers.Str(m.Row, "name")), 30), 30), orNothing(l, m.From), orNothing(l, m.To), m.Points))
	}
	put(kit.Text, "")
	for _, x := range o.out.Owners[:min(5, len(o.out.Owners))] {
		put(kit.Text, l.T("load of %s: %s → %s", kit.Truncate(kit.Clean(x.Handle), 16), fmt.Sprintf("%.4g", x.Before), fmt.Sprintf("%.4g", x.After)))
	}
}

// whatIfChosen is the answer of the overlay: ask before the model is changed.
type whatIfChosen struct{ o *whatIf }

func (m whatIfChosen) answered(a *App) {
	if a.readOnly {
		a.say(kit.Warn, a.lang.T("reading only (ctrl+o switches)"))
		return
	}
	ops, err := m.o.w.Ops("", a.backend.NewID)
	if err != nil {
		a.fail(err)
		return
	}
	up, down := a.lang.Int(int64(m.o.out.Up)), a.lang.Int(int64(m.o.out.Down))
	step := model.Step{
		ID: a.backend.NewID(), Actor: a.o.Actor, Ops: ops,
		Label: fmt.Sprintf("change the tier model %s: %d customers up, %d down", m.o.w.Name(), m.o.out.Up, m.o.out.Down),
	}
	a.stack.Push(&kit.Confirm{
		Title: a.lang.T("What if? %s", m.o.w.Name()), Question: a.lang.T("%s customers rise, %s fall. One undo takes it back.", up, down),
		Yes: a.lang.T("Change the model"), No: a.lang.T("Leave it"), Answer: bulkAnswer{step: step},
	})
}

// heatMap shows how many customers have which scores of recency and frequency; a cell shows its
// customers in the list.
type heatMap struct {
	got  table.RFM
	lang *lang.Lang
	n    [6][6]int     // by recency and frequency
	sum  [6][6]float64 // what they ordered
	most int
	r, f int
}

func (a *App) openHeatMap() {
	got, err := a.snap.RFM("")
	if err != nil {
		a.fail(err)
		return
	}
	h := &heatMap{got: got, lang: a.lang, r: 5, f: 5}
	for _, row := range got.RFMResult.Rows {
		h.n[row.R][row.F]++
		h.sum[row.R][row.F] += row.Sum
		h.most = max(h.most, h.n[row.R][row.F])
	}
	a.stack.Push(h)
}

// Key implements kit.Overlay.
func (h *heatMap) Key(msg tea.KeyPressMsg) kit.Outcome {
	switch msg.String() {
	case "esc", "q", "ctrl+c":
		return kit.Outcome{Done: true}
	case "right", "l":
		h.r = min(5, h.r+1)
	case "left", "h":
		h.r = max(1, h.r-1)
	case "up", "k":
		h.f = min(5, h.f+1)
	case "down", "j":
		h.f = max(1, h.f-1)
	case "enter":
		return kit.Outcome{Done: true, Result: showFilter{fmt.Sprintf("rfm_r:%d rfm_f:%d", h.r, h.f)}}
	}
	return kit.Outcome{}
}

// Paste implements kit.Overlay; there is nothing to write into.
func (h *heatMap) Paste(string) {}

// Draw implements kit.Overlay.
func (h *heatMap) Draw(c *kit.Canvas, area kit.Rect, th *kit.Theme) *kit.Cursor {
	const cell = 9
	box := area.Center(min(area.W, 76), min(area.H, 20))
	in := c.Box(box, th, "RFM", true).Inset(1, 0)
	y := in.Y
	for f := 5; f >= 1; f-- {
		c.Write(in.X, y, th.Style(kit.Muted), kit.PadRight(fmt.Sprintf("F %d", f), 5))
		for r := 1; r <= 5; r++ {
			level := 0.0
			if h.most > 0 {
				level = float64(h.n[r][f]) / float64(h.most)
			}
			text := h.lang.Int(int64(h.n[r][f]))
			if r == h.r && f == h.f {
				text = "▸" + text
			}
			c.PutSpans(kit.Rect{X: in.X + 5 + (r-1)*(cell+1), Y: y, W: cell, H: 1}, th, kit.Spans{kit.HeatCell(text, level, cell, th)})
		}
		y++
	}
	for r := 1; r <= 5; r++ {
		c.Write(in.X+5+(r-1)*(cell+1), y, th.Style(kit.Muted), kit.PadLeft(fmt.Sprintf("R %d", r), cell))
	}
	lines := []string{
		"", h.lang.T("%s customers ordered %s %s here", h.lang.Int(int64(h.n[h.r][h.f])), amount(h.lang, int64(h.sum[h.r][h.f]*model.MoneyScale)), h.got.Currency), "",
	}
	lines = append(lines, kit.Wrap(h.lang.Say(table.RFMWords("", h.got)), max(10, in.W))...)
	lines = append(lines, "", h.lang.T("enter shows the customers, esc leaves"))
	for i, line := range lines {
		if row := y + 1 + i; row < in.Y+in.H {
			c.Put(kit.Rect{X: in.X, Y: row, W: in.W, H: 1}, th.Style(kit.Text), line, kit.AlignLeft)
		}
	}
	return nil
}

// showFilter is the answer of something whose customers are to be seen.
type showFilter struct{ filter string }

func (f showFilter) answered(a *App) { a.showBehind(ActCustomers, f.filter) }

// rescored brings what a scoring has found.
type rescored struct {
	step model.Step
	err  error
}

func (m rescored) apply(a *App) {
	if m.err != nil {
		a.fail(m.err)
		return
	}
	a.after = a.doStep(m.step, nil)
}

// rescore scores every customer once more, as 'do rescore' does.
func (a *App) rescore() tea.Cmd {
	s, b, step := a.snap, a.backend, model.Step{ID: a.backend.NewID(), Actor: a.o.Actor}
	return func() tea.Msg {
		found, err := s.Rescore()
		if err != nil {
			return rescored{err: err}
		}
		step.Ops = found.Ops(s, b.NewID)
		step.Label = fmt.Sprintf("score the tiers: %d of %d customers move", found.Moved, found.Scored)
		return rescored{step: step}
	}
}

// segmentMore are the keys of the segments pane beyond the list.
func segmentMore() []Binding {
	return []Binding{
		{ScopeSegments, []string{"W", "shift+w"}, ActWhatIf, "what if", "Try out weights and thresholds; nothing is written before you apply it.", true, false},
		{ScopeSegments, []string{"m"}, ActHeatMap, "RFM map", "Show recency against frequency of orders; a cell shows its customers.", true, false},
		{ScopeSegments, []string{"p"}, ActCharts, "charts", "Show distribution, Pareto curve and concentration; a bar shows its customers.", true, false},
		{ScopeSegments, []string{"T", "shift+t"}, ActGroupTouch, "touch all", "Log one touch with everybody of the group whose touch is late, as one step.", true, true},
		{ScopeSegments, []string{"o"}, ActReports, "reports", "Choose a report, such as movers or load; a row shows its customers.", true, false},
		{ScopeSegments, []string{"R", "shift+r"}, ActRescore, "score", "Score every customer's tier once more, as one step.", false, true},
	}
}

// The actions of the segments pane.
const (
	ActWhatIf  Action = "what if"
	ActHeatMap Action = "RFM map"
	ActReports Action = "segment reports"
	ActRescore Action = "rescore"
	ActCharts  Action = "charts"
	// ActGroupTouch logs a touch with many at once.
	ActGroupTouch Action = "touch all"
)

// doMore carries out the actions beyond the list.
func (p *segmentsPane) doMore(a *App, act Action) bool {
	switch act {
	case ActWhatIf:
		a.after = a.readWhatIf()
	case ActHeatMap:
		a.openHeatMap()
	case ActReports:
		a.openSegmentReports()
	case ActGroupTouch:
		p.openGroupTouch(a)
	case ActCharts:
		p.openCharts(a)
	case ActRescore:
		a.after = a.rescore()
	default:
		return false
	}
	return true
}
