package table

import (
	"strconv"
	"time"

	"opsdeck/model"
	"opsdeck/model/sla"
)

// longLedger is how many entries of a ledger are printed; an item that is years late has thousands.
const longLedger = 60

// ledger prints an item's clocks like bank statements: each interval, whether it counted, and how much of
// the target had been used up by its end.
func (w *why) ledger() {
	severity, calendar := w.t.Str(w.row, "severity"), w.s.calendarOf(w.row)
	p := w.s.rules.sla.Promise(severity)
	hours := "the calendar " + calendar
	if p.Always {
		hours = "around the clock"
	}
	name := severity
	if name == "" {
		name = "not yet judged"
	}
	w.formula("severity %s promises: first response %s, next response %s, resolution %s; counted %s; the clock that is due first is shown",
		name, orNone(p.Respond), orNone(p.Next), orNone(p.Resolve), hours)
	w.inputs("severity", "opened", "responded", "asked", "resolved", "state", "waiting", "paused_since", "customers")
	w.step("Calendar", calendar, w.s.Settings.Text("calendar."+calendar))
	clocks := w.s.Clocks(w.row)
	for i := range clocks {
		w.clock(&clocks[i])
	}
	if len(clocks) == 0 {
		w.note("no clock: nothing is promised, or it is not known when it was opened or done")
	}
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func (w *why) clock(c *ItemClock) {
	at := func(instant int64) string {
		t := time.Unix(instant, 0).UTC()
		if zone := c.Line.Calendar().Zone; zone != nil {
			t = t.In(zone)
		}
		return t.Format("Mon 2006-01-02 15:04")
	}
	note := "target " + sla.Words(c.Target)
	switch {
	case !c.Known:
		note += "; the calendar has too little working time"
	case c.State == sla.Paused:
		note += "; " + sla.Words(c.Left) + " left when it was paused on " + at(c.StandsAt)
	case c.Stopped && c.StoppedBy > 0:
		note += "; kept " + sla.Words(c.StoppedBy) + " of working time too late"
	case c.Stopped:
		note += "; kept with " + sla.Words(c.Left) + " left"
	case c.State == sla.Breached:
		note += "; late by " + sla.Words(c.Line.Working(c.Due, w.s.Now)) + " of working time"
	default:
		note += "; " + sla.Words(c.Line.Working(w.s.Now, c.Due)) + " of working time left"
	}
	if c.Held > 0 {
		note += "; pauses took out " + sla.Words(c.Held)
	}
	w.step(c.Name, string(c.State), note+"; due "+at(c.Due))
	entries := c.Ledger(w.s.Now, w.s.rules.sla.Warn)
	for i, e := range entries {
		if i == longLedger {
			w.Lines = append(w.Lines, model.WhyLine{Label: "…", Note: strconv.Itoa(len(entries)-i) + " more intervals, up to " + at(entries[len(entries)-1].To), Depth: 1})
			break
		}
		worked := ""
		if e.Kind != sla.Closed {
			worked = sla.Words(e.Seconds)
		}
		w.Lines = append(w.Lines, model.WhyLine{
			Label: at(e.From) + " – " + at(e.To)[4:], Value: e.Kind + " " + worked, Note: "total " + sla.Words(e.Total), Depth: 1,
		})
	}
}

// demand lists each customer once with its latest importance.
func (w *why) demand() {
	w.formula("Σ importance × factor of the tier (KA %g, mid %g, small %g); each customer counts once with its latest importance, 1 where it has said nothing",
		w.s.rules.factor[model.TierKA], w.s.rules.factor[model.TierMid], w.s.rules.factor[model.TierSmall])
	customers, voices := w.s.tables[model.Customer], w.s.tables[model.Voice]
	for _, wish := range w.s.Wishes(w.row) {
		line := model.WhyLine{
			Label: w.s.title(model.Customer, wish.Customer), Value: strconv.FormatFloat(float64(wish.Importance)*wish.Factor, 'g', -1, 64),
			Note: "importance " + strconv.Itoa(wish.Importance) + " × " + strconv.FormatFloat(wish.Factor, 'g', -1, 64) + " " + customers.Str(wish.Customer, "tier"),
		}
		if wish.Voice >= 0 {
			line.Kind, line.ID, line.Field = model.Voice, voices.ID(wish.Voice), "importance"
		}
		w.Lines = append(w.Lines, line)
	}
	w.step("Recurring revenue", w.s.Shown(model.Item, w.row, "arr"), "of the same customers")
}

func (w *why) trend() {
	w.formula("((5·votes + 3·comments) − 1) ÷ (age in hours + 2)^1.4")
	w.inputs("opened", "votes", "customers")
	w.step("Votes", strconv.Itoa(w.s.Votes(w.row)), "customers linked, or the source's own count where that is more")
	w.step("Comments", strconv.Itoa(w.s.Comments(w.row)), "what customers have said")
	if opened := w.t.seconds(itemAt.opened, w.row); opened != 0 {
		w.step("Age", strconv.Itoa(int(w.s.hours(opened)))+" h", "at the end of "+w.s.Today.String())
	}
}

// telling lists who knows and who does not.
func (w *why) telling() {
	w.formula("customers linked who have been told of the present state, or who need not be; news are the states %s", w.s.Settings.Text("tell.states"))
	w.inputs("state", "state_since")
	told, t := w.s.Tellings(w.row), w.s.tables[model.Telling]
	for _, c := range w.s.Linked(w.row) {
		k, ok := told[c]
		if !ok {
			w.step(w.s.title(model.Customer, c), "to tell", "owner "+w.s.tables[model.Customer].Str(c, "owner"))
			continue
		}
		line := model.WhyLine{Label: w.s.title(model.Customer, c), Value: "told", Note: t.Str(k, "channel"), Kind: model.Telling, ID: t.ID(k), Field: "date"}
		if waived := t.Str(k, "waived"); waived != "" {
			line.Value, line.Note = "waived", waived
		}
		w.Lines = append(w.Lines, line)
	}
}
