package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model/day"
)

// Action is a step of a workflow that people take by its name: which states it starts from, where it
// leads, what has to be said with it and what it notes. The rules are those of definitions.md,
// "Queue: states" and "Renewal and retention".
type Action struct {
	Kind  Kind   // of the records that it is taken on
	Name  string // as on the command line: hand-over
	Makes Kind   // of the record that it adds and points at its own, KNone for steps that change one
	From  []string
	Skips []Skip // conditions under which it also starts from states before From
	To    string // the state afterwards; empty for actions that move none
	Args  []ActionArg
	Stamp []string // fields that get the moment, or the day, unless they have one
	Clear []string // fields that are emptied
	Set   []FieldValue
	Leads []Lead // where it leads instead of To, the first that fits
	Back  bool   // it leads to where the record stood before, else to To
}

// Lead is another state that an action leads to where a field, as the action leaves it, has one of some
// values.
type Lead struct {
	Field  string
	Values []string
	To     string
}

// Skip lets an item pass over states of the main line; its history shows them as skipped.
type Skip struct {
	Severity string   // only items of this severity; empty for any
	Kinds    []string // only items of these kinds; nil for any
	From     []string
}

// ActionArg is something said with an action.
type ActionArg struct {
	Name     string // as on the command line
	Field    string // that it is kept in
	Required bool
}

// Moment is who takes an action and when.
type Moment struct {
	Who   string
	Today day.Day
	Now   int64 // milliseconds since 1970 UTC
	// Renewals says what entering a stage brings with it.
	Renewals RenewalRules
	// Reminders are the levels of reminding of invoices.
	Reminders []Reminder
}

var (
	pipeline = RenewalStages()[:5]
	// actions is the table of all workflows.
	actions = slices.Concat(itemActions(), []Action{
		{Kind: Customer, Name: "touch", Makes: Touch, Args: []ActionArg{{"type", "type", true}, {"contact", "contacts", false}}},
		{Kind: Customer, Name: "pass-on", Makes: Task, Args: []ActionArg{{"flow", "flow", true}, {"title", "title", false}, {"words", "notes", false}, {"to", "owner", false}, {"due", "due", false}}},

		{Kind: Contract, Name: "stage", From: pipeline, Args: []ActionArg{{"stage", "stage", true}, {"probability", "probability", false}}},
		{Kind: Contract, Name: "renew", From: pipeline, Args: []ActionArg{{"amount", "final", false}, {"start", "start", false}, {"until", "end", false}}},
		{Kind: Contract, Name: "expand", From: pipeline, Args: []ActionArg{{"amount", "final", true}, {"on", "start", false}, {"until", "end", false}}},
		{Kind: Contract, Name: "downsell", From: pipeline, Args: []ActionArg{{"amount", "final", true}, {"on", "start", false}, {"until", "end", false}}},
		{Kind: Contract, Name: "amend", From: pipeline, Args: []ActionArg{{"on", "start", false}, {"amount", "final", false}, {"until", "end", false}}},
		{Kind: Contract, Name: "extend", From: pipeline, Args: []ActionArg{{"until", "end", true}}},
		{Kind: Contract, Name: "merge-terms", From: pipeline, Args: []ActionArg{{"with", "merged", true}, {"on", "start", false}, {"amount", "final", false}, {"until", "end", false}}},
		{Kind: Contract, Name: "churn", From: pipeline, Args: []ActionArg{{"reason", "close_reason", true}, {"until", "end", false}}},
		{Kind: Contract, Name: "risk", Args: []ActionArg{{"risk", "risks", true}, {"evidence", "risk_notes", false}}},
		{Kind: Contract, Name: "snapshot", Makes: Snapshot, Args: []ActionArg{{"notes", "notes", false}}},
		{Kind: Contract, Name: "milestone", Makes: Task, Args: []ActionArg{{"notes", "notes", false}}},

		{Kind: Contract, Name: "bill", Makes: Invoice, Args: []ActionArg{{"until", "date", false}}},
		{Kind: Invoice, Name: "pay", From: []string{"open"}, Args: []ActionArg{{"amount", "paid", false}, {"on", "settled", false}}},
		{Kind: Invoice, Name: "remind", From: []string{"open"}, Args: []ActionArg{{"on", "reminded_on", false}}},

		{Kind: Task, Name: "snooze", From: []string{"open"}, Args: []ActionArg{{"until", "snoozed_until", true}}},
		{Kind: Task, Name: "done", From: []string{"open"}, Stamp: []string{"done_on"}},
		{Kind: Task, Name: "reopen", From: []string{"done"}, Clear: []string{"done_on"}},
	})
)

// Actions lists the actions on records of a kind in the order of their workflow. An action that leads
// to different states from different states is there more than once.
func Actions(k Kind) []Action {
	var out []Action
	for _, a := range actions {
		if a.Kind == k {
			out = append(out, a)
		}
	}
	return out
}

// WorkflowState tells where a record stands in its workflow: an item's state, a contract's stage,
// whether a task is open or done; empty for kinds without a workflow.
func WorkflowState(r *Record) string {
	switch r.Kind {
	case Item:
		return stateOr(r.Get("state").Str(), "new")
	case Contract:
		return stateOr(r.Get("stage").Str(), pipeline[0])
	case Invoice:
		if r.Get("settled").IsZero() {
			return "open"
		}
		return "settled"
	case Task:
		if r.Get("done_on").IsZero() {
			return "open"
		}
		return "done"
	}
	return ""
}

func stateOr(s, first string) string {
	if s == "" {
		return first
	}
	return s
}

// fits tells whether the action may be taken on a record as it is; severity is that of an item.
func (a *Action) fits(r *Record, severity string) bool {
	state := WorkflowState(r)
	if a.From == nil || slices.Contains(a.From, state) {
		return true
	}
	return slices.ContainsFunc(a.Skips, func(s Skip) bool {
		return slices.Contains(s.From, state) && (s.Severity == "" || s.Severity == severity) &&
			(s.Kinds == nil || slices.Contains(s.Kinds, r.Get("kind").Str()))
	})
}

// ActionError says that an action does not fit where a record stands.
type ActionError struct {
	Action   string
	Kind     Kind
	Title    string
	State    string
	Possible []string // the actions that do fit
	Why      string   // what stands against an action that fits the state
}

// Error implements error.
func (e *ActionError) Error() string {
	if e.Why != "" {
		return fmt.Sprintf("%s %q cannot be taken by %s: %s", e.Kind, e.Title, e.Action, e.Why)
	}
	s := fmt.Sprintf("%s %q is %s, so %s does not fit", e.Kind, e.Title, e.State, e.Action)
	if len(e.Possible) > 0 {
		s += "; from here: " + strings.Join(e.Possible, ", ")
	}
	return s
}

// FindAction picks the action of that name which fits where a record stands. Severity is that of an
// item. An *ActionError says which actions would fit; false says that no action of the kind has the
// name.
func FindAction(r *Record, name, severity string) (*Action, bool, error) {
	e := &ActionError{Action: name, Kind: r.Kind, Title: r.Title(), State: WorkflowState(r)}
	known := false
	for _, a := range Actions(r.Kind) {
		fits := a.fits(r, severity)
		if a.Name == name {
			if fits {
				return &a, true, nil
			}
			known = true
		}
		// What leads nowhere is possible nearly always and no help to who is stuck.
		if fits && (a.To != "" || a.Kind != Item) && !slices.Contains(e.Possible, a.Name) {
			e.Possible = append(e.Possible, a.Name)
		}
	}
	if !known {
		return nil, false, nil
	}
	return nil, true, e
}

// Take returns the record as the action leaves it, or the new record that the action makes under the
// id. Values are the fields that were given. It is the record's own part alone; what a
// step of an item means for others is the business of Taking.
func (a *Action) Take(r *Record, id ID, values []FieldValue, m Moment) (*Record, error) {
	out := r.Clone()
	if a.Makes != KNone {
		out = NewRecord(a.Makes, id)
		out.Set(a.Kind.String(), Ref(r.ID))
		Prefill(out, m)
	}
	for _, name := range a.Clear {
		out.Set(name, Value{})
	}
	for _, fv := range values {
		out.Set(fv.Name, fv.Value)
	}
	for _, fv := range a.Set {
		out.Set(fv.Name, fv.Value)
	}
	if to := a.leads(r, out); to != "" {
		out.Set(stateField(a.Kind), Pick(to))
	}
	for _, name := range a.Stamp {
		stamp(out, name, m)
	}
	if a.Kind == Item && a.Makes == KNone {
		a.takeItem(r, out, m)
	}
	if a.Name == "pass-on" {
		passOn(r, out, m)
	}
	if a.Kind == Invoice {
		if err := a.takeInvoice(r, out, values, m); err != nil {
			return nil, err
		}
	}
	if a.Kind == Contract && a.Makes == KNone {
		if err := a.takeRenewal(r, out, values, m); err != nil {
			return nil, err
		}
	}
	for _, arg := range a.Args {
		if arg.Required && out.Get(arg.Field).IsZero() {
			return nil, &FieldError{Field: arg.Name, Err: fmt.Errorf("%w by %s", errMissing, a.Name)}
		}
	}
	return out, out.Validate()
}

// passOnDays is how long whoever gets something passed on has for it.
const passOnDays = 7

// passOn fills what a customer's word that is passed on to another department implies.
func passOn(customer, task *Record, m Moment) {
	task.Set("raised_by", Person(m.Who))
	task.Set("raised", Date(m.Today))
	if task.Get("title").IsZero() {
		task.Set("title", Text(task.Get("flow").Str()+": "+customer.Title()))
	}
	if task.Get("due").IsZero() {
		task.Set("due", Date(m.Today+passOnDays))
	}
}

func stateField(k Kind) string {
	if k == Contract {
		return "stage"
	}
	return "state"
}

func stamp(r *Record, name string, m Moment) {
	f, ok := SchemaOf(r.Kind).Field(name)
	if !ok || !r.Get(name).IsZero() {
		return
	}
	if f.Type == TTime {
		r.Set(name, Time(m.Now))
	} else {
		r.Set(name, Date(m.Today))
	}
}

var errEndStage = errors.New("a renewal ends with renew or churn, which ask for what belongs to it")

// takeRenewal fills what a step on a renewal implies. Entering a stage keeps the probability that the
// stage has on that day, and its category, unless they are said with it; a change of the settings does
// not reach back. A risk is added to those that are known, with who noted the evidence and when.
func (a *Action) takeRenewal(before, r *Record, said []FieldValue, m Moment) error {
	given := func(field string) bool {
		return slices.ContainsFunc(said, func(v FieldValue) bool { return v.Name == field })
	}
	switch a.Name {
	case "stage":
		stage := r.Get("stage").Str()
		if !slices.Contains(pipeline, stage) {
			return &FieldError{Field: "stage", Err: errEndStage}
		}
		if rule, ok := m.Renewals.Stages[stage]; ok && WorkflowState(before) != stage {
			if !given("probability") {
				r.Set("probability", Number(rule.Probability))
			}
			if !given("category") {
				r.Set("category", Pick(rule.Category))
			}
		}
		if WorkflowState(before) != stage || before.Get("stage").IsZero() {
			r.Set("stage_since", Date(m.Today))
		}
	case "risk":
		if !given("risks") {
			return &FieldError{Field: "risk", Err: fmt.Errorf("%w by risk", errMissing)}
		}
		noted := before.Get("risk_notes").Rows()
		for _, risk := range r.Get("risks").Items() {
			evidence := ""
			if given("risk_notes") {
				evidence = r.Get("risk_notes").Format()
			}
			noted = append(noted, []string{risk, evidence, m.Who, m.Today.String()})
		}
		r.Set("risks", List(append(before.Get("risks").Items(), r.Get("risks").Items()...)...))
		r.Set("risk_notes", PartRows(noted))
	}
	return nil
}

// Prefill gives a new record what is nearly always so: an item begins new and is opened now, a touch
// is of today and by whoever notes it.
func Prefill(r *Record, m Moment) {
	first := func(name string, v Value) {
		if r.Get(name).IsZero() {
			r.Set(name, v)
		}
	}
	switch r.Kind {
	case Item:
		first("state", Pick("new"))
		first("opened", Time(m.Now))
		first("state_since", r.Get("opened"))
	case Touch, Telling:
		first("date", Date(m.Today))
		first("by", Person(m.Who))
	case Benefit:
		first("measured", Date(m.Today))
		first("by", Person(m.Who))
	case Decision:
		first("decided", Date(m.Today))
		first("by", Person(m.Who))
	case Voice:
		first("said", Time(m.Now))
		first("by", Person(m.Who))
		first("importance", Pick("1"))
	case Article:
		first("written", Date(m.Today))
		first("author", Person(m.Who))
	}
}

// PathStep is one state of the queue's main line as an item has met it.
type PathStep struct {
	State string
	Mark  string // done, now, skipped or ahead
}

// ItemPath lays an item's states over the main line, so that what was passed over stays visible as
// skipped. Visited are the states that the item has had, in any order, the present one included.
func ItemPath(visited []string, state string) []PathStep {
	line := ItemStates()[:8]
	last := slices.Index(line, state)
	for i, s := range line {
		// After a side exit the main line ends where it was left.
		if !slices.Contains(line, state) && slices.Contains(visited, s) {
			last = i
		}
	}
	out := make([]PathStep, len(line))
	for i, s := range line {
		out[i] = PathStep{State: s, Mark: "ahead"}
		switch {
		case s == state:
			out[i].Mark = "now"
		case i <= last && slices.Contains(visited, s):
			out[i].Mark = "done"
		case i <= last:
			out[i].Mark = "skipped"
		}
	}
	return out
}
