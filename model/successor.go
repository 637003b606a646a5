package model

import (
	"errors"
	"fmt"
	"slices"

	"opsdeck/model/day"
)

// RenewalCase is what a step that ends or continues contracts is planned from. For merge-terms the
// lines are the contracts that become one, else those of one renewal's group, the lead first.
type RenewalCase struct {
	Lines   []*Record
	Annual  []int64 // what each is worth a year, in Currency
	Outcome string  // of the lead's renewal
	Terms   Terms   // of the lead
	Rules   TermRules
	Moment  Moment
	NewID   func() ID
}

// RenewalPlan is a step worked out: what it changes, in one step that one undo takes back.
type RenewalPlan struct {
	Ops        []Op
	Label      string
	Successors []*Record // what it writes, the lead's first
	Final      int64     // annual amount afterwards
}

// pipelineFields are about the renewal of a contract and not its terms: given with a step they stay on
// the contract that is renewed, and move on with an amendment.
func pipelineFields() []string {
	return []string{
		"stage", "stage_since", "category", "probability", "forecast", "final", "next_step", "risks", "risk_notes", "close_reason", "renewal_owner",
	}
}

// carried are the terms that a successor takes over.
func carried() []string {
	return []string{
		"customer", "notice_months", "auto_renew", "renewal_wanted", "billing", "settlement", "discount", "catalogue", "plan", "seats", "per",
		"currency", "renewal_owner", "framework",
	}
}

// WritesSuccessor tells whether an action on contracts is planned by RenewalCase.Plan.
func WritesSuccessor(action string) bool {
	return slices.Contains(append(SuccessorSteps(), "extend", "churn"), action)
}

var (
	errSuccessor = errors.New("a successor is written already; undo that step, or amend the successor")
	errOneBuyer  = errors.New("the contracts belong to several customers")
	errNotWithin = errors.New("does not lie within the term; leave it out to change from the renewal on")
	errNoAmount  = errors.New("is needed: the contract names no amount")
)

// Plan works out a step: renew, expand, downsell, amend, merge-terms, extend or churn. The values are
// those that were said with it. Errors are *FieldError for what was said, *ActionError where the step
// does not fit.
func (c RenewalCase) Plan(step string, values []FieldValue) (RenewalPlan, error) {
	lead := c.Lines[0]
	if c.Outcome == "won" && step != "amend" {
		return RenewalPlan{}, &ActionError{Action: step, Kind: Contract, Title: lead.Title(), State: "renewed already"}
	}
	for _, l := range c.Lines {
		if l.Get("customer") != lead.Get("customer") {
			return RenewalPlan{}, &FieldError{Field: "customer", Err: errOneBuyer}
		}
	}
	p := planner{RenewalCase: c, step: step, said: values}
	if err := p.amounts(); err != nil {
		return RenewalPlan{}, err
	}
	var err error
	switch step {
	case "churn":
		err = p.churn()
	case "extend":
		err = p.extend()
	case "merge-terms":
		err = p.merge()
	default:
		err = p.continueTerm()
	}
	if err != nil {
		return RenewalPlan{}, err
	}
	return p.finish()
}

// planner works out one step.
type planner struct {
	RenewalCase
	step   string
	said   []FieldValue
	after  []*Record // by line
	next   []*Record
	target int64
	final  int64
	words  string
}

func (p *planner) get(field string) Value {
	for _, v := range p.said {
		if v.Name == field {
			return v.Value
		}
	}
	return Value{}
}

// amounts finds what the lines are worth now and afterwards.
func (p *planner) amounts() error {
	for _, a := range p.Annual {
		p.target += a
	}
	p.final = p.target
	if units, ok := p.get("final").Units(); ok {
		p.final = units
	}
	for _, l := range p.Lines {
		p.after = append(p.after, l.Clone())
	}
	switch {
	case p.step == "churn" || p.step == "extend":
		return nil
	case p.final == 0 && p.get("final").IsZero():
		return &FieldError{Field: "amount", Err: errNoAmount}
	case p.final <= 0:
		return &FieldError{Field: "amount", Err: errors.New("must be above 0; a renewal at nothing is a churn")}
	case p.step == "expand" && p.final <= p.target:
		return &FieldError{Field: "amount", Err: fmt.Errorf("must be above the %s a year of now", FormatMoney(p.target))}
	case p.step == "downsell" && p.final >= p.target:
		return &FieldError{Field: "amount", Err: fmt.Errorf("must be below the %s a year of now", FormatMoney(p.target))}
	}
	return nil
}

// continueTerm renews: from the end on, or within the term, which is an amendment.
func (p *planner) continueTerm() error {
	start := p.get("start").Day()
	due := p.Terms.Due(p.Moment.Today, p.Rules)
	open := p.Terms.OpenEnded(p.Rules)
	within := start.IsSet() && start > p.Terms.Start && p.Terms.InTerm(start, p.Rules) && !(open && start == due)
	if p.step == "amend" && !start.IsSet() {
		start, within = p.Moment.Today, p.Moment.Today > p.Terms.Start && p.Terms.InTerm(p.Moment.Today, p.Rules)
	}
	switch {
	case p.step == "amend" && !within:
		return &FieldError{Field: "on", Err: errNotWithin}
	case p.step == "amend" && p.Terms.SuccessorPlanned:
		return &FieldError{Field: "on", Err: errSuccessor}
	case within && p.step == "renew":
		return &FieldError{Field: "start", Err: fmt.Errorf("lies within the term, which ends on %s; amend changes it before", p.Terms.End)}
	case within:
		return p.amend(start)
	case !start.IsSet() && !due.IsSet():
		return &FieldError{Field: "start", Err: errors.New("is needed: the contract rolls and is never due; amend changes it from a day on")}
	case !start.IsSet() && open:
		start = due
	case !start.IsSet():
		start = due + 1
	}
	made := p.step
	if made == "renew" && p.final > p.target && p.target > 0 {
		made = "expand"
	} else if made == "renew" && p.final < p.target {
		made = "downsell"
	}
	p.write(start, p.termEnd(start), made)
	for _, l := range p.after {
		if end := l.Get("end").Day(); open && (!end.IsSet() || end >= start) {
			l.Set("end", Date(start-1))
		}
	}
	p.close(p.after[0])
	p.words = fmt.Sprintf("%s a year from %s", FormatMoney(p.final), start)
	return nil
}

// amend ends the lines within their term and goes on under new terms until the same end; what was
// known of the renewal moves along.
func (p *planner) amend(start day.Day) error {
	end := p.get("end").Day()
	if !end.IsSet() && !p.Terms.OpenEnded(p.Rules) {
		end = p.Terms.End
	}
	p.write(start, end, "amend")
	for i, l := range p.after {
		for _, name := range pipelineFields() {
			if v := l.Get(name); !v.IsZero() && name != "final" && p.next[i].Get(name).IsZero() {
				p.next[i].Set(name, v)
			}
			l.Set(name, Value{})
		}
		p.next[i].Set("final", Value{})
		l.Set("end", Date(start-1))
	}
	p.words = fmt.Sprintf("%s a year from %s on", FormatMoney(p.final), start)
	return nil
}

// merge makes one contract of several that end on different days. It begins when the first of them
// ends, unless a day is given, and runs as long as the longest; the others end the day before.
func (p *planner) merge() error {
	if len(p.Lines) < 2 {
		return &FieldError{Field: "with", Err: errors.New("names no other contract to merge with")}
	}
	start, last := p.get("start").Day(), day.None
	for _, l := range p.Lines {
		end := l.Get("end").Day()
		if !end.IsSet() {
			return &FieldError{Field: "with", Err: fmt.Errorf("%s has no end; amend it to end on a day first", l.Title())}
		}
		if p.get("start").IsZero() && (!start.IsSet() || end+1 < start) {
			start = end + 1
		}
		last = max(last, end)
	}
	for _, l := range p.Lines {
		if l.Get("start").Day() >= start {
			return &FieldError{Field: "start", Err: fmt.Errorf("%s begins on %s, which is not before %s", l.Title(), l.Get("start").Day(), start)}
		}
	}
	end := p.get("end").Day()
	switch {
	case !end.IsSet() && last >= start:
		end = last
	case !end.IsSet():
		end = p.termEnd(start)
	}
	lead, catalogue, seats := p.Lines[0], []string(nil), 0.0
	var others []ID
	for i, l := range p.Lines {
		if i > 0 {
			others = append(others, l.ID)
		}
		catalogue = append(catalogue, l.Get("catalogue").Items()...)
		n, _ := l.Get("seats").Float()
		seats += n
	}
	next := p.successor(lead, start, end, "merge-terms")
	next.Set("merged", Refs(others...))
	next.Set("catalogue", List(catalogue...))
	if seats > 0 {
		next.Set("seats", Number(seats))
	}
	p.say(next)
	setAnnual(next, p.final)
	p.next = []*Record{next}
	shares := apportion(p.final, p.Annual)
	for i, l := range p.after {
		if l.Get("end").Day() >= start {
			l.Set("end", Date(start-1))
		}
		l.Set("final", Money(shares[i]))
		l.Set("stage", Pick("renewed"))
		l.Set("stage_since", Date(p.Moment.Today))
		l.Set("category", Pick("closed"))
	}
	p.words = fmt.Sprintf("%d contracts as one, %s a year from %s", len(p.Lines), FormatMoney(p.final), start)
	return nil
}

// extend moves the end: the same contract runs on, and its renewal stays open with a later day.
func (p *planner) extend() error {
	end := p.get("end").Day()
	if p.Terms.OpenEnded(p.Rules) {
		return &FieldError{Field: "until", Err: errors.New("does not fit: the contract has no end that could be moved")}
	}
	if !end.IsSet() || end <= p.Terms.End {
		return &FieldError{Field: "until", Err: fmt.Errorf("must be after the end of now, %s", p.Terms.End)}
	}
	for i, l := range p.after {
		if i == 0 || !l.Get("end").IsZero() {
			l.Set("end", Date(end))
		}
	}
	p.tell(p.after[0])
	p.words = "until " + end.String()
	return nil
}

// churn closes the renewal as lost. What renews by itself would go on, so it is marked; what has no
// end gets one.
func (p *planner) churn() error {
	end := p.get("end").Day()
	if !end.IsSet() && p.Terms.OpenEnded(p.Rules) {
		due := p.Terms.Due(p.Moment.Today, p.Rules)
		if !due.IsSet() {
			return &FieldError{Field: "until", Err: errors.New("is needed: the contract has no end, and it must have one")}
		}
		end = due - 1
	}
	for _, l := range p.after {
		l.Set("churned", Bool(true))
		if end.IsSet() {
			l.Set("end", Date(end))
		}
	}
	lead := p.after[0]
	p.tell(lead)
	lead.Set("stage", Pick("churned"))
	lead.Set("stage_since", Date(p.Moment.Today))
	lead.Set("category", Pick("closed"))
	lead.Set("final", Money(0))
	if lead.Get("close_reason").IsZero() {
		return &FieldError{Field: "reason", Err: fmt.Errorf("%w by churn", errMissing)}
	}
	p.words = lead.Get("close_reason").Str()
	return nil
}

// tell puts what was said on the contract itself.
func (p *planner) tell(r *Record) {
	for _, v := range p.said {
		if v.Name != "final" {
			r.Set(v.Name, v.Value)
		}
	}
}

// close ends the lead's renewal as won.
func (p *planner) close(lead *Record) {
	for _, v := range p.said {
		if slices.Contains(pipelineFields(), v.Name) {
			lead.Set(v.Name, v.Value)
		}
	}
	lead.Set("stage", Pick("renewed"))
	lead.Set("stage_since", Date(p.Moment.Today))
	lead.Set("category", Pick("closed"))
	lead.Set("final", Money(p.final))
}

// write makes the successor of each line; amounts are shared out as they are now.
func (p *planner) write(start, end day.Day, made string) {
	shares := apportion(p.final, p.Annual)
	for i, l := range p.Lines {
		next := p.successor(l, start, end, made)
		if i > 0 && len(p.next) > 0 && l.Get("framework").ID() == p.Lines[0].ID {
			next.Set("framework", Ref(p.next[0].ID))
			if l.Get("end").IsZero() {
				next.Set("end", Value{})
			}
		}
		if i == 0 {
			p.say(next)
		}
		setAnnual(next, shares[i])
		p.next = append(p.next, next)
	}
}

// say puts what was said of the terms on a successor.
func (p *planner) say(next *Record) {
	for _, v := range p.said {
		if v.Name != "start" && v.Name != "end" && v.Name != "merged" && !slices.Contains(pipelineFields(), v.Name) {
			next.Set(v.Name, v.Value)
		}
	}
}

// successor copies the terms of a contract into a new one.
func (p *planner) successor(of *Record, start, end day.Day, made string) *Record {
	next := NewRecord(Contract, p.NewID())
	for _, name := range carried() {
		next.Set(name, of.Get(name))
	}
	next.Set("name", Text(successorName(of, start)))
	next.Set("predecessor", Ref(of.ID))
	next.Set("start", Date(start))
	next.Set("end", Date(end))
	next.Set("made_by", Pick(made))
	return next
}

// termEnd is the last day of a term as long as the one of now, unless an end was said.
func (p *planner) termEnd(start day.Day) day.Day {
	if end := p.get("end").Day(); end.IsSet() {
		return end
	}
	if p.Terms.OpenEnded(p.Rules) {
		return day.None
	}
	if n := TermMonths(p.Terms.Start, p.Terms.End); n > 0 {
		return start.AddMonths(n) - 1
	}
	return start + p.Terms.End - p.Terms.Start
}

// keepDue notes the day for which a renewal was due on a line whose end was moved by closing it, so that
// it is still counted in the period in which it was due.
func (p *planner) keepDue(i int) {
	was, now := p.Lines[i].Get("end").Day(), p.after[i].Get("end").Day()
	due := was
	if i == 0 && p.step != "merge-terms" {
		due = p.Terms.Due(p.Moment.Today, p.Rules)
	}
	if stage := p.after[i].Get("stage").Str(); (stage == "renewed" || stage == "churned") && now != was && due.IsSet() && now != due {
		p.after[i].Set("closed_due", Date(due))
	}
}

// finish turns what was worked out into ops.
func (p *planner) finish() (RenewalPlan, error) {
	out := RenewalPlan{Successors: p.next, Final: p.final, Label: p.step + " contract " + p.Lines[0].Title()}
	if p.words != "" {
		out.Label += ": " + p.words
	}
	// A successor may point at another one, so these come first and in their order.
	for _, n := range p.next {
		if err := n.Validate(); err != nil {
			return out, err
		}
		out.Ops = append(out.Ops, CreateOp(n))
	}
	for i, l := range p.after {
		p.keepDue(i)
		if err := l.Validate(); err != nil {
			return out, err
		}
		if op, changed := UpdateOp(p.Lines[i], l); changed {
			out.Ops = append(out.Ops, op)
		}
	}
	return out, nil
}
