package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/sla"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// countdown shows how long an item's clock has still to run. Symbol and colour say the same as the word.
func countdown(l *lang.Lang, s *table.Snapshot, row int32, now int64) kit.Cell {
	t := s.Table(model.Item)
	due, ok := t.Num(row, "sla_due")
	switch state := sla.State(t.Str(row, "sla_state")); {
	case state == sla.Paused:
		return kit.Cell{Text: "‖ " + l.T("paused"), Token: kit.Muted}
	case !ok && state == sla.Breached:
		return kit.Cell{Text: "! " + l.T("breached"), Token: kit.Muted}
	case !ok && state == sla.Met:
		return kit.Cell{Text: "✓ " + l.T("met"), Token: kit.Muted}
	case !ok:
		return kit.Cell{}
	case now >= int64(due)/1000:
		return kit.Cell{Text: "! " + l.T("%s late", left(now-int64(due)/1000)), Token: kit.Bad}
	case state == sla.Warning:
		return kit.Cell{Text: "▲ " + left(int64(due)/1000-now), Token: kit.Warn}
	}
	return kit.Cell{Text: left(int64(due)/1000 - now)}
}

// left writes a time to the minute, that being how often it is looked at.
func left(seconds int64) string {
	if seconds < 60 {
		return "< 1 min"
	}
	if seconds >= 10*86400 {
		seconds -= seconds % 86400
		return strings.TrimSuffix(sla.Words(seconds), " 0 h")
	}
	return sla.Words(seconds)
}

// changesIn is how many seconds it takes until what left writes is another text.
func changesIn(seconds int64) int64 {
	step := int64(60)
	if seconds >= 48*3600 {
		step = 3600
	}
	return seconds%step + 1
}

// clocks lets the countdown of the queue go on: a message comes when the first value that is seen would
// be another one, and none while nothing of it is seen.
type clocks struct {
	p   *queuePane
	gen int
}

// clockTurned says that a shown time is another one.
type clockTurned struct {
	p    *queuePane
	gen  int
	snap *table.Snapshot
}

func (m clockTurned) apply(a *App) {
	if m.gen != m.p.clocks.gen {
		return
	}
	if m.snap != a.snap {
		a.changed(m.snap)
	} else if a.pane() == pane(m.p) {
		a.startTicking()
	}
}

// startTicking lets the values of the pane in front go on, where it has such.
func (a *App) startTicking() {
	if p, ok := a.pane().(ticker); ok {
		a.after = tea.Batch(a.after, p.tick(a))
	}
}

// ticker is a pane whose values change by themselves.
type ticker interface{ tick(a *App) tea.Cmd }

// mostWait is how long a tick waits at most: what has been scrolled into view since goes on then.
const mostWait = 60

// tick waits until the next change of a value on the screen.
func (p *queuePane) tick(a *App) tea.Cmd {
	p.clocks.gen++
	if !a.o.Live || p.snap == nil {
		return nil
	}
	now, wait := a.o.Now().Unix(), int64(mostWait)
	t := p.snap.Table(model.Item)
	first := max(0, p.g.Row()-60)
	for _, row := range p.rows[min(first, len(p.rows)):min(first+120, len(p.rows))] {
		if due, ok := t.Num(row, "sla_due"); ok {
			rest := int64(due)/1000 - now
			if rest < 0 {
				// Lateness grows: its text changes when a full minute or hour is reached.
				step := int64(60)
				if -rest >= 48*3600 {
					step = 3600
				}
				wait = min(wait, step- -rest%step)
				continue
			}
			wait = min(wait, changesIn(rest))
		}
	}
	gen, b := p.clocks.gen, a.backend
	return tea.Tick(time.Duration(max(1, wait))*time.Second, func(time.Time) tea.Msg {
		s, err := b.Snapshot()
		if err != nil {
			return nil
		}
		return clockTurned{p, gen, s}
	})
}

// alarms rings for items of the worst severity that nobody works on: once when each comes in.
type alarms struct {
	known map[model.ID]bool
	rang  bool // with the picture that was taken last
}

// ring says which items have become alarms since the last picture. The first picture is no news.
func (r *alarms) ring(a *App, s *table.Snapshot) {
	first := r.known == nil
	now := map[model.ID]bool{}
	t := s.Table(model.Item)
	var fresh []int32
	for _, row := range s.Alarms() {
		id := t.ID(row)
		now[id] = true
		if !r.known[id] {
			fresh = append(fresh, row)
		}
	}
	r.known, r.rang = now, false
	if first || len(fresh) == 0 {
		return
	}
	r.rang = true
	a.say(kit.Bad, a.lang.T("ALARM S1: %s · 4 shows the queue", kit.Clean(s.Title(model.Item, fresh[0]))))
	a.after = tea.Batch(a.after, tea.Raw("\a"))
}
