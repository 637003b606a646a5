package table

import (
	"fmt"
	"strconv"

	"opsdeck/model"
)

// renewal explains the figures of a contract's renewal; false for other figures.
func (w *why) renewal(figure string) bool {
	switch figure {
	case "renewal":
		w.formula("won: stage renewed, or a successor is written or follows by its dates within %d days · lost: stage churned, churned in the source, cancelled · rolling: without end and not billed yearly · lapsed: the term ended and nobody said how · else open; trials, amended contracts and lines decided with their framework have none",
			w.s.rules.terms.GapTolerance)
		w.inputs("stage", "churned", "trial")
		w.step("State", w.t.Str(w.row, "state"), "")
		w.group()
		w.following()
	case "target":
		w.formula("the annual amounts at the end of the term of all lines of the group, in %s", w.s.CurrencyOf(model.Contract, w.row))
		w.lines()
	case "expected":
		w.formula("won: final, open: forecast or else target; at most the target, as expansion is shown apart")
		w.inputs("target", "forecast", "final")
		w.following()
	case "call":
		w.formula("closed once won or lost; else the category set, else that of the stage (setting %s)", "stage.…")
		w.inputs("category", "stage", "probability")
	case "signals", "at_risk":
		w.risks()
	case "milestone", "milestone_date":
		w.milestones()
	case "renewability":
		w.formula("churned: not renewed · without end: rolling when billed monthly, else by itself · renews by itself · renewal wanted, or the record says no: by hand · else unknown")
		w.inputs("churned", "end", "billing", "auto_renew", "renewal_wanted")
	case "doubts":
		w.formula("what the record leaves open or says in an odd way; it counts as it is, and nothing is mended in silence")
		w.inputs("start", "end", "billing", "amount", "auto_renew", "churned", "cancelled_on")
	default:
		return false
	}
	return true
}

// group names the contract that a line is decided with.
func (w *why) group() {
	if lead := w.s.Lead(w.row); lead != w.row {
		w.note("decided with %s, whose terms hold and which ends on the same day", w.s.title(model.Contract, lead))
	}
}

// following names what came after the contract.
func (w *why) following() {
	found := false
	w.s.successors(w.row, func(k int32) {
		found = true
		w.input(w.t, k, "arr")
		line := &w.Lines[len(w.Lines)-1]
		line.Label, line.Note = "Successor "+w.s.title(model.Contract, k), "from "+w.t.Day(k, "start").String()+" "+w.t.Str(k, "made_by")
	})
	if end := w.s.endOf(w.row); !found && end.IsSet() {
		if k := w.s.followUp(w.row, end); k >= 0 {
			w.input(w.t, k, "arr")
			line := &w.Lines[len(w.Lines)-1]
			line.Label, line.Note = "Follow-up "+w.s.title(model.Contract, k), "by its dates: from "+w.t.Day(k, "start").String()+", the same plan; no record says so"
		}
	}
}

// lines lists the contracts of the group with what each is worth.
func (w *why) lines() {
	cur := w.s.CurrencyOf(model.Contract, w.row)
	for _, k := range w.s.Lines(w.row) {
		w.input(w.t, k, "arr")
		line := &w.Lines[len(w.Lines)-1]
		line.Label, line.Note = w.s.title(model.Contract, k), w.s.rateNote(w.s.annual(k), w.s.CurrencyOf(model.Contract, k), cur)
	}
	w.group()
}

func (w *why) risks() {
	w.formula("risks that people noted, and those that the book gives evidence of: a decision maker or champion left within %d days, no touch with a decision maker, a veto holder against, an open bug that blocks, an invoice overdue, use below %g %% of the mean of the three months before",
		leftWithin, 100*fallingUsage)
	w.inputs("risks")
	for _, g := range w.s.Signals(w.row) {
		line := model.WhyLine{Label: g.Risk, Value: g.Evidence}
		if g.Row >= 0 {
			line.Kind, line.ID = g.Kind, w.s.tables[g.Kind].ID(g.Row)
		}
		w.Lines = append(w.Lines, line)
	}
}

func (w *why) milestones() {
	tier := w.t.Str(w.row, "tier")
	if tier == "" {
		tier = model.TierSmall
	}
	w.formula("the first milestone of the playbook (setting playbook.%s) that no task has ticked off; its day is so many days before the decision date", tier)
	w.inputs("decision_date")
	for _, st := range w.s.Milestones(w.row) {
		note := "open"
		switch {
		case st.Done.IsSet():
			note = "done on " + st.Done.String() + " by " + st.Who
		case st.By < w.s.Today:
			note = fmt.Sprintf("%d days late", w.s.Today-st.By)
		}
		w.step("T-"+strconv.Itoa(st.Days), st.By.String(), st.What+" · "+note)
	}
}
