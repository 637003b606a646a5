package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
)

// manySiblings bounds the search for a follow-up by date: a customer with more contracts than this has
// a source that links them, or none that could be told apart.
const manySiblings = 64

// framework is the contract whose terms hold for a line, -1 for a contract that stands by itself.
func (s *Snapshot) framework(row int32) int32 {
	t := s.tables[model.Contract]
	if f := t.cols[contractAt.framework].row(row); f >= 0 && f != row && t.Live(f) {
		return f
	}
	return -1
}

// inherit fills what a line does not say from its framework contract.
func (s *Snapshot) inherit(terms *model.Terms, f int32) {
	t := s.tables[model.Contract]
	if !terms.End.IsSet() {
		terms.End = t.cols[contractAt.end].day.get(f).day()
	}
	if n, ok := t.cols[contractAt.notice].float(f); ok && terms.NoticeMonths < 0 {
		terms.NoticeMonths = int(n)
	}
	if terms.Billing == "" {
		terms.Billing = t.cols[contractAt.billing].text(f)
	}
	if !terms.CancelledOn.IsSet() {
		terms.CancelledOn = t.cols[contractAt.cancelled].day.get(f).day()
	}
	if !terms.AutoRenew && !terms.SaysNotAuto {
		flag := t.cols[contractAt.autoRenew].flag.get(f)
		terms.AutoRenew, terms.SaysNotAuto = flag == 2, flag == 1
	}
	terms.RenewalWanted = terms.RenewalWanted || t.cols[contractAt.wanted].flag.get(f) == 2
}

// endOf is a contract's last day, of its framework where it names none.
func (s *Snapshot) endOf(row int32) day.Day {
	t := s.tables[model.Contract]
	end := t.cols[contractAt.end].day.get(row).day()
	if f := s.framework(row); !end.IsSet() && f >= 0 {
		end = t.cols[contractAt.end].day.get(f).day()
	}
	return end
}

// successors calls fn with every contract that was written as the successor of a row.
func (s *Snapshot) successors(row int32, fn func(next int32)) {
	t := s.tables[model.Contract]
	for _, next := range t.cols[contractAt.predecessor].kids.get(row) {
		if next != row && t.Live(next) {
			fn(next)
		}
	}
	for _, next := range t.cols[contractAt.merged].kids.get(row) {
		if next != row && t.Live(next) && t.cols[contractAt.predecessor].row(next) != row {
			fn(next)
		}
	}
}

// follow notes on terms what came after a contract: the successors that point at it, else the contract
// that follows it by its dates.
func (s *Snapshot) follow(terms *model.Terms, row int32) {
	t := s.tables[model.Contract]
	s.successors(row, func(next int32) {
		terms.SuccessorPlanned = true
		terms.SuccessorStarted = terms.SuccessorStarted || t.cols[contractAt.start].day.get(next).day() <= s.Today
		terms.Amended = terms.Amended || t.cols[contractAt.madeBy].text(next) == "amend"
	})
	if terms.SuccessorPlanned || terms.Churned || terms.OpenEnded(s.rules.terms) {
		return
	}
	if next := s.followUp(row, terms.End); next >= 0 {
		terms.SuccessorPlanned = true
		terms.SuccessorStarted = t.cols[contractAt.start].day.get(next).day() <= s.Today
	}
}

// followUp finds the contract that takes over from a row though no record says so: of the same
// customer and plan, with no predecessor of its own, beginning when the row ends or within the gap
// that counts as one relationship. Each contract is the follow-up of the nearest one alone.
func (s *Snapshot) followUp(row int32, end day.Day) int32 {
	t := s.tables[model.Contract]
	siblings := t.cols[contractAt.customer].kids.get(t.cols[contractAt.customer].row(row))
	if len(siblings) < 2 || len(siblings) > manySiblings {
		return -1
	}
	best := int32(-1)
	for _, k := range siblings {
		if k != row && s.follows(row, k, end) && (best < 0 || s.startOf(k) < s.startOf(best)) {
			best = k
		}
	}
	if best < 0 {
		return -1
	}
	gap := distance(s.startOf(best), end)
	for _, k := range siblings {
		if k == row || k == best || !t.Live(k) {
			continue
		}
		other := s.endOf(k)
		if other.IsSet() && s.follows(k, best, other) && (distance(s.startOf(best), other) < gap || distance(s.startOf(best), other) == gap && k < row) {
			return -1
		}
	}
	return best
}

func (s *Snapshot) startOf(row int32) day.Day {
	return s.tables[model.Contract].cols[contractAt.start].day.get(row).day()
}

func distance(start, end day.Day) day.Day { return max(start-end-1, end+1-start) }

// follows tells whether one contract may be the follow-up of another by their dates.
func (s *Snapshot) follows(row, next int32, end day.Day) bool {
	t := s.tables[model.Contract]
	start := s.startOf(next)
	return t.Live(next) && start.IsSet() && start > s.startOf(row) && start >= end && int(start)-int(end)-1 <= s.rules.terms.GapTolerance &&
		t.cols[contractAt.predecessor].row(next) < 0 && len(t.cols[contractAt.merged].lists.get(next)) == 0 &&
		t.cols[contractAt.plan].code.get(row) == t.cols[contractAt.plan].code.get(next) &&
		t.cols[contractAt.framework].row(row) == t.cols[contractAt.framework].row(next) &&
		t.cols[contractAt.trial].flag.get(next) != 2
}

// Lead is the contract on which the renewal of a line's group stands: lines of one framework that end
// on the same day are decided together. The framework leads where it ends on that day too, else the
// first of the lines; a contract that stands by itself leads itself.
func (s *Snapshot) Lead(row int32) int32 {
	f := s.framework(row)
	if f < 0 {
		return row
	}
	end := s.endOf(row)
	if s.endOf(f) == end {
		return f
	}
	t := s.tables[model.Contract]
	for _, k := range t.cols[contractAt.framework].kids.get(f) {
		if t.Live(k) && s.endOf(k) == end {
			return k
		}
	}
	return row
}

// Lines lists the contracts of the group that a row leads, itself first.
func (s *Snapshot) Lines(lead int32) []int32 {
	t := s.tables[model.Contract]
	f := s.framework(lead)
	if f < 0 {
		f = lead
	}
	kids := t.cols[contractAt.framework].kids.get(f)
	if len(kids) == 0 {
		return []int32{lead}
	}
	out, end := []int32{lead}, s.endOf(lead)
	for _, k := range kids {
		if k != lead && t.Live(k) && s.framework(k) == f && s.endOf(k) == end && t.cols[contractAt.trial].flag.get(k) != 2 {
			out = append(out, k)
		}
	}
	return out
}

// annual is a contract's yearly amount in its own currency.
func (s *Snapshot) annual(row int32) int64 {
	t := s.tables[model.Contract]
	amount := t.cols[contractAt.amount].num.get(row)
	if amount == 0 {
		return 0
	}
	return model.AnnualUnits(amount.int(), t.cols[contractAt.per].text(row), s.startOf(row), s.endOf(row))
}

// total adds up what rows are worth a year in the currency of one of them; false where a rate is
// missing, the amounts without one being left out.
func (s *Snapshot) total(of int32, rows []int32) (units int64, known bool) {
	known = true
	cur := s.CurrencyOf(model.Contract, of)
	for _, row := range rows {
		n, ok := s.convert(s.annual(row), s.CurrencyOf(model.Contract, row), cur)
		units += n
		known = known && ok
	}
	return units, known
}

// renewalTerms computes how the renewal of a contract stands and when it is due. A line that is
// decided with its group has none of its own.
func (s *Snapshot) renewalTerms(f figures, terms model.Terms) {
	t, r := f.t, s.rules.terms
	outcome := ""
	if s.Lead(f.row) == f.row {
		outcome = terms.Outcome(t.cols[contractAt.stage].text(f.row), s.Today, r)
	}
	f.text(contractAt.renewal, outcome)
	due := terms.Due(s.Today, r)
	if was := t.cols[contractAt.closedDue].day.get(f.row).day(); was.IsSet() && model.Closed(outcome) {
		due = was
	}
	f.day(contractAt.due, due)
	notice := day.None
	if outcome == "open" {
		notice = terms.Notice(s.Today, r)
	}
	f.day(contractAt.noticeDate, notice)
	if outcome == "" || outcome == "rolling" {
		f.cell(contractAt.target, 0)
	} else if units, _ := s.total(f.row, s.Lines(f.row)); units == 0 && t.cols[contractAt.amount].num.get(f.row) == 0 {
		f.cell(contractAt.target, 0)
	} else {
		f.money(contractAt.target, units)
	}
	f.text(contractAt.renewability, terms.Renewability(r))
	amount := t.cols[contractAt.amount].num.get(f.row) != 0 || len(t.cols[contractAt.framework].kids.get(f.row)) > 0
	f.text(contractAt.doubts, strings.Join(terms.Doubts(amount, s.Today, r), listSep))
}

// renewalFigures computes what of a renewal rests on the customer or on other figures.
func (s *Snapshot) renewalFigures(f figures, customer int32, tier string) {
	t := f.t
	outcome := t.cols[contractAt.renewal].text(f.row)
	call, step, by, signals := "", "", day.None, []string(nil)
	switch {
	case model.Closed(outcome):
		call = "closed"
	case outcome == "open":
		call = s.call(f.row)
		signals = s.signals(customer, f.row)
		step, by = s.milestone(f.row, tier)
	}
	f.text(contractAt.call, call)
	f.text(contractAt.signals, strings.Join(signals, listSep))
	f.flag(contractAt.atRisk, outcome == "open" && (len(signals) > 0 || t.cols[contractAt.risks].text(f.row) != ""))
	f.text(contractAt.milestone, step)
	f.day(contractAt.milestoneDate, by)
	if outcome == "open" || model.Closed(outcome) {
		f.money(contractAt.expected, s.expected(f.row, outcome))
	} else {
		f.cell(contractAt.expected, 0)
	}
}

// call is the forecast category of an open renewal: the one that was set, else that of its stage.
func (s *Snapshot) call(row int32) string {
	t := s.tables[model.Contract]
	if set := t.cols[contractAt.category].text(row); set != "" {
		return set
	}
	return s.rules.renewals.Stages[stageOr(t.cols[contractAt.stage].text(row))].Category
}

func stageOr(stage string) string {
	if stage == "" {
		return model.RenewalStages()[0]
	}
	return stage
}

// expected is what a renewal counts in the forecast: at most its target.
func (s *Snapshot) expected(row int32, outcome string) int64 {
	t := s.tables[model.Contract]
	target := t.cols[contractAt.target].num.get(row).int()
	switch outcome {
	case "won":
		return min(target, s.final(row))
	case "open":
		if forecast := t.cols[contractAt.forecast].num.get(row); forecast != 0 {
			return min(target, forecast.int())
		}
		return target
	}
	return 0
}

// final is the annual amount after a renewal that was won: the one that was noted, else what the
// successors of its lines are worth, else the target, as nobody spoke of another amount.
func (s *Snapshot) final(row int32) int64 {
	t := s.tables[model.Contract]
	if noted := t.cols[contractAt.final].num.get(row); noted != 0 {
		return noted.int()
	}
	var next []int32
	for _, line := range s.Lines(row) {
		found := false
		s.successors(line, func(k int32) {
			found = true
			if !slices.Contains(next, k) {
				next = append(next, k)
			}
		})
		if end := s.endOf(line); !found && end.IsSet() {
			if k := s.followUp(line, end); k >= 0 && !slices.Contains(next, k) {
				next = append(next, k)
			}
		}
	}
	if len(next) == 0 {
		return t.cols[contractAt.target].num.get(row).int()
	}
	units, _ := s.total(row, next)
	return units
}

// milestone is the first step of the tier's playbook that nobody has ticked off, and its day.
func (s *Snapshot) milestone(row int32, tier string) (string, day.Day) {
	t := s.tables[model.Contract]
	decide := t.cols[contractAt.decision].day.get(row).day()
	if !decide.IsSet() {
		return "", day.None
	}
	tasks := s.tables[model.Task].cols[taskAt.contract].kids.get(row)
	due := t.cols[contractAt.due].day.get(row).day()
	for i := range s.rules.renewals.Playbook(tier) {
		m := &s.rules.renewals.Playbook(tier)[i]
		if len(tasks) == 0 || !s.ticked(tasks, model.MilestoneCause(t.dir.ids[row], due, m.Days)) {
			return m.Words, decide - day.Day(m.Days)
		}
	}
	return "", day.None
}

// ticked tells whether one of some tasks with a cause has been done.
func (s *Snapshot) ticked(rows []int32, cause string) bool {
	tasks := s.tables[model.Task]
	return slices.ContainsFunc(rows, func(k int32) bool {
		return tasks.Live(k) && tasks.cols[taskAt.done].day.get(k) != 0 && tasks.cols[taskAt.cause].text(k) == cause
	})
}

var errCurrencies = &model.FieldError{Field: "currency", Err: errors.New("the contracts are in several currencies; take them one by one")}

// Case gathers what a step on the renewal of contracts is planned from, the lead first. The records,
// the moment and the source of ids are for the caller to add.
func (s *Snapshot) Case(rows []int32) (model.RenewalCase, error) {
	t := s.tables[model.Contract]
	c := model.RenewalCase{Outcome: t.cols[contractAt.renewal].text(rows[0]), Terms: s.Terms(rows[0]), Rules: s.rules.terms}
	cur := ""
	for _, row := range rows {
		if s.annual(row) != 0 {
			own := s.CurrencyOf(model.Contract, row)
			if cur != "" && own != cur {
				return c, errCurrencies
			}
			cur = own
		}
		c.Annual = append(c.Annual, s.annual(row))
	}
	return c, nil
}

// RenewalRules are the rules of the pipeline that the picture was made with.
func (s *Snapshot) RenewalRules() model.RenewalRules { return s.rules.renewals }

// MilestoneState is a milestone of a contract's renewal.
type MilestoneState struct {
	model.Milestone
	By    day.Day
	Cause string
	Done  day.Day // none while it is open
	Who   string
}

// Milestones lists the milestones of a contract's renewal; none where it is not open.
func (s *Snapshot) Milestones(row int32) []MilestoneState {
	t, tasks := s.tables[model.Contract], s.tables[model.Task]
	decide := t.cols[contractAt.decision].day.get(row).day()
	if !decide.IsSet() {
		return nil
	}
	var out []MilestoneState
	due := t.cols[contractAt.due].day.get(row).day()
	for _, m := range s.rules.renewals.Playbook(t.cols[contractAt.tier].text(row)) {
		st := MilestoneState{Milestone: m, By: decide - day.Day(m.Days), Cause: model.MilestoneCause(t.ID(row), due, m.Days), Done: day.None}
		for _, k := range tasks.cols[taskAt.contract].kids.get(row) {
			if on := tasks.cols[taskAt.done].day.get(k).day(); tasks.Live(k) && on.IsSet() && tasks.cols[taskAt.cause].text(k) == st.Cause {
				st.Done, st.Who = on, tasks.Str(k, "owner")
			}
		}
		out = append(out, st)
	}
	return out
}

// TickMilestone makes the task that ticks off the first open milestone of a contract's renewal, or of
// the milestone so many days before the decision where days is not below zero.
func (s *Snapshot) TickMilestone(row int32, id model.ID, days int, m model.Moment) (*model.Record, error) {
	t := s.tables[model.Contract]
	for _, st := range s.Milestones(row) {
		if st.Done.IsSet() && days < 0 || days >= 0 && st.Days != days {
			continue
		}
		if st.Done.IsSet() {
			return nil, &model.FieldError{Field: "days", Err: fmt.Errorf("milestone T-%d was done on %s by %s", days, st.Done, st.Who)}
		}
		r := model.NewRecord(model.Task, id)
		r.Set("title", model.Text(st.Words))
		r.Set("contract", model.Ref(t.ID(row)))
		r.Set("customer", model.Ref(s.tables[model.Customer].ID(t.To(row, "customer"))))
		r.Set("owner", model.Person(m.Who))
		r.Set("due", model.Date(st.By))
		r.Set("done_on", model.Date(m.Today))
		r.Set("cause", model.Text(st.Cause))
		return r, nil
	}
	return nil, &model.FieldError{Field: "milestone", Err: errors.New("there is no open milestone on this renewal")}
}
