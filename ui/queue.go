package ui

import (
	"errors"
	"slices"
	"time"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// The actions of the queue's pane. Its steps and those of the command line are the same table.
const (
	ActAccept      Action = "accept"
	ActReproduce   Action = "reproduce"
	ActDuplicateOf Action = "duplicate of"
	ActDecline     Action = "decline"
	ActPutOff      Action = "put off"
	ActOnward      Action = "onward"
	ActReply       Action = "replied"
	ActWaiting     Action = "waiting"
	ActLink        Action = "link a customer"
	ActTell        Action = "tell"
	ActAnswer      Action = "answer"
	ActFile        Action = "file an item"
	ActInbox       Action = "inbox"
	ActFigureTable Action = "queue reports"
)

func queueBindings() []Binding {
	q := ScopeQueue
	out := []Binding{
		{q, []string{"a"}, ActAccept, "accept", "Accept the item: a bug is to be reproduced, anything else is confirmed.", true, true},
		{q, []string{"r"}, ActReproduce, "reproduce", "Note an attempt to reproduce it: on what, with which result, what was seen.", true, true},
		{q, []string{"m"}, ActDuplicateOf, "duplicate", "Make it a duplicate of another item, the similar ones first.", true, true},
		{q, []string{"x"}, ActDecline, "decline", "Decline it, with the reason.", true, true},
		{q, []string{"z"}, ActPutOff, "snooze", "Leave a new item out of the inbox until a day; park one that is worked on.", true, true},
		{q, []string{"o"}, ActOnward, "onward", "Take the next step of the main line: confirm, hand over, start, fix, release, close.", true, true},
		{q, []string{"."}, ActSteps, "steps", "Show every step of the workflow and why some cannot be taken.", true, true},
		{q, []string{"T", "shift+t"}, ActTell, "tell", "Show who is still to be told, with a draft in their language; tick off one by one.", true, false},
		{q, []string{"p"}, ActReply, "replied", "Note that the customer has been answered.", false, true},
		{q, []string{"W", "shift+w"}, ActWaiting, "waiting", "Let the clocks stand while it waits for the customer, or go on.", false, true},
		{q, []string{"i"}, ActLink, "link", "Link a customer, with its importance and its own words.", false, true},
		{q, []string{"H", "shift+h"}, ActAnswer, "answer", "Answer it with an entry of the handbook; the entries that fit come first.", false, true},
		{q, []string{"n"}, ActFile, "file", "File an item: n, then the letter of its kind.", true, true},
		{q, []string{"K", "shift+k"}, ActInbox, "inbox", "Show what is new and not snoozed, the oldest clock first; again shows all.", false, false},
		{q, []string{"R", "shift+r"}, ActFigureTable, "reports", "Choose a report, such as in and out or promises kept; enter explains a row.", false, false},
	}
	out = append(out, handOverBindings()...)
	for _, s := range []Scope{ScopeCustomers, ScopeCustomer} {
		out = append(out, Binding{s, []string{"i"}, ActFile, "file an item", "File an item of this customer: i, then the letter of its kind.", false, true})
	}
	return out
}

// inboxFilter is what the hotline sorts.
const inboxFilter = "state:new -snoozed_until:>today"

// queuePane is the queue of bugs, questions and demands.
type queuePane struct {
	*listPane
	clocks clocks
}

func newQueuePane(now func() time.Time) *queuePane {
	p := &queuePane{listPane: newListPane(queueSpec())}
	p.now = now
	p.clocks.p = p
	return p
}

func queueSpec() paneSpec {
	return paneSpec{
		action: ActQueue, scope: ScopeQueue, title: "Queue", kind: model.Item,
		columns: []column{
			{field: "severity", title: "Sev", ideal: 6, priority: 10},
			{field: "sla_due", title: "Due in", left: true, ideal: 15, priority: 10},
			{field: "summary", ideal: 44, min: 30, flex: 4, priority: 10},
			{field: "state", ideal: 11, priority: 9},
			{field: "kind", ideal: 13, priority: 7},
			{field: "customer_name", title: "Customers", ideal: 24, min: 15, flex: 2, priority: 8},
			{field: "told", ideal: 7, priority: 6},
			{field: "arr", ideal: 15, min: 14, priority: 6},
			{field: "tier", ideal: 5, priority: 5},
			{field: "owner", ideal: 8, priority: 6},
			{field: "weight", title: "Weight", ideal: 6, priority: 4},
			{field: "age", ideal: 5, priority: 4},
			{field: "area", title: "Area", ideal: 14, priority: 3},
			{field: "opened", ideal: 10, priority: 2},
			{field: "priority", ideal: 8, priority: 1},
			{field: "external_id", title: "Id", ideal: 10, priority: 4},
		},
		base:  "open:yes",
		sorts: []table.Sort{{Field: "severity"}, {Field: "sla_due"}, {Field: "age", Desc: true}}, count: []string{"severity", "sla_state", "state", "kind"},
		detail: []string{
			"severity", "state", "sla_state", "sla_clock", "sla_due", "age", "kind", "class", "need", "need_reason", "blocking", "customers", "arr", "weight", "trend",
			"told", "tier", "owner", "reporter", "area", "version", "urgent", "reproduction", "tried_on", "opened", "responded", "resolved", "released_in",
			"resolution", "priority", "source_state", "escalated", "satisfaction", "duplicate_of", "until", "snoozed_until", "reason", "article", "tags", "votes", "external_id",
		},
		empty: "Nothing waits in the queue.",
	}
}

// steps that keys take at once, by their actions.
func (p *queuePane) stepOf(a *App, act Action) string {
	_, row, ok := p.current()
	if !ok {
		return ""
	}
	t := p.snap.Table(model.Item)
	state := t.Str(row, "state")
	switch act {
	case ActAccept:
		return "accept"
	case ActReproduce:
		return "reproduce"
	case ActDuplicateOf:
		return "duplicate"
	case ActDecline:
		return "decline"
	case ActReply:
		return "respond"
	case ActLink:
		return "link"
	case ActAnswer:
		return "answer"
	case ActPutOff:
		if state == "new" || state == "" {
			return "defer"
		}
		return "park"
	case ActWaiting:
		if t.Bool(row, "waiting") {
			return "resume"
		}
		return "wait"
	case ActOnward:
		return p.onward(row)
	}
	return ""
}

// onward is the next step of an item on the main line.
func (p *queuePane) onward(row int32) string {
	t := p.snap.Table(model.Item)
	switch t.Str(row, "state") {
	case "", "new":
		if t.Str(row, "severity") == "S1" {
			return "hand-over"
		}
		return "accept"
	case "reproducing":
		return "confirm"
	case "confirmed":
		return "hand-over"
	case "handed over":
		return "start"
	case "in progress":
		return "fix"
	case "fixed":
		return "release"
	case "released":
		return "close"
	}
	return "reopen"
}

// off says why a step cannot be taken on the item under the cursor.
func (p *queuePane) off(a *App, act Action) string {
	if act == ActHandOut || act == ActReadBack {
		return p.handOverOff(a, act)
	}
	step := p.stepOf(a, act)
	_, row, ok := p.current()
	switch {
	case act == ActSteps || act == ActTell || step != "":
		if !ok {
			return a.lang.T("no record is under the cursor")
		}
	}
	if step == "" || len(p.marked()) > 0 {
		return ""
	}
	if err := p.refused(a, row, step); err != nil {
		return a.lang.Say(err.Error())
	}
	return ""
}

// refused is the reason why a step does not fit an item; nil where it does.
func (p *queuePane) refused(a *App, row int32, step string) error {
	t := p.snap.Table(model.Item)
	r := model.NewRecord(model.Item, t.ID(row))
	for _, f := range []string{"summary", "state", "kind", "waiting"} {
		r.Set(f, t.Value(row, f))
	}
	facts := p.snap.ItemFacts(row)
	act, _, err := model.FindAction(r, step, facts.Severity)
	if err != nil {
		return err
	}
	return facts.Refuse(act, r)
}

func (p *queuePane) do(a *App, act Action) bool {
	switch act {
	case ActFile:
		a.openFile()
	case ActFigureTable:
		a.openQueueReports()
	case ActTell:
		p.openTell(a)
	case ActSteps:
		a.stack.Push(kit.NewMenu(a.lang.T("Steps"), p.stepItems(a)))
	case ActInbox:
		text := inboxFilter
		if p.text == inboxFilter {
			text = ""
		}
		if err := p.setFilter(text); err != nil {
			a.fail(err)
		}
		p.g.Home()
	case ActDuplicateOf:
		p.openMerge(a)
	case ActAnswer:
		p.openAnswer(a)
	case ActHandOut:
		p.openHandOver(a, p.targets())
	case ActReadBack:
		p.openReadBack(a)
	default:
		if step := p.stepOf(a, act); step != "" {
			p.openStep(a, step)
			return true
		}
		return p.listPane.do(a, act)
	}
	return true
}

// targets are the items that a step is taken on: the marked ones, else the one under the cursor.
func (p *queuePane) targets() []model.ID {
	t := p.snap.Table(model.Item)
	var out []model.ID
	for _, row := range p.marked() {
		out = append(out, t.ID(row))
	}
	if _, row, ok := p.current(); ok && len(out) == 0 {
		out = append(out, t.ID(row))
	}
	return out
}

// shortly says why a step does not fit without naming the item, whose title stands beside the menu.
func shortly(a *App, err error) string {
	var refused *model.ActionError
	switch {
	case !errors.As(err, &refused):
		return a.lang.Say(err.Error())
	case refused.Why != "":
		return a.lang.Say(refused.Why)
	}
	return a.lang.T("it is %s", pickWord(a.lang, "state", refused.State))
}

// stepItems are all steps with their letters, those that do not fit with the reason.
func (p *queuePane) stepItems(a *App) []kit.Item {
	_, row, ok := p.current()
	var out []kit.Item
	for _, s := range itemSteps() {
		it := kit.Item{ID: s.name, Key: s.key, Title: a.lang.T(s.title), Value: stepOfItem{p, s.name}}
		if ok && len(p.marked()) == 0 {
			if err := p.refused(a, row, s.name); err != nil {
				it.Disabled = shortly(a, err)
			}
		}
		out = append(out, it)
	}
	slices.SortStableFunc(out, func(x, y kit.Item) int {
		return min(1, len(x.Disabled)) - min(1, len(y.Disabled))
	})
	return out
}
