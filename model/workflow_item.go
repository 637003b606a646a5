package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// itemActions is the workflow of the queue (definitions.md, "Queue: states").
func itemActions() []Action {
	working := []string{"new", "reproducing", "confirmed", "handed over", "in progress"}
	alive := append(slices.Clone(working), "fixed", "released", "parked")
	sorted := []string{"how-to", "configuration", "demand"}
	tried := []ActionArg{{"result", "reproduction", false}, {"on", "tried_on", false}, {"evidence", "evidence", false}}
	resolved := []string{"resolved"}
	told := []string{"confirmed", "handed over", "in progress", "fixed", "released", "closed", "declined", "answered", "parked"}
	return []Action{
		{
			Kind: Item, Name: "accept", From: []string{"new"}, To: "reproducing", Clear: []string{"snoozed_until"}, Args: []ActionArg{{"owner", "owner", false}},
			// What is no fault of the product is sorted, not reproduced.
			Leads: []Lead{{"kind", sorted, "confirmed"}},
		},
		{
			Kind: Item, Name: "reproduce", From: []string{"new", "reproducing"}, To: "reproducing", Args: tried, Clear: []string{"snoozed_until"},
			Leads: []Lead{{"reproduction", []string{"reproduced"}, "confirmed"}},
		},
		{
			Kind: Item, Name: "confirm", From: []string{"reproducing"}, To: "confirmed", Args: tried,
			Skips: []Skip{{Kinds: sorted, From: []string{"new"}}},
		},
		{
			Kind: Item, Name: "hand-over", From: []string{"confirmed"}, To: "handed over", Stamp: []string{"handed_over"}, Args: []ActionArg{{"key", "external_id", false}, {"to", "owner", false}},
			Skips: []Skip{{Severity: "S1", From: []string{"new", "reproducing"}}},
		},
		{Kind: Item, Name: "start", From: []string{"handed over"}, To: "in progress", Args: []ActionArg{{"owner", "owner", false}}},
		{Kind: Item, Name: "fix", From: []string{"in progress"}, To: "fixed", Stamp: resolved},
		{Kind: Item, Name: "release", From: []string{"fixed"}, To: "released", Args: []ActionArg{{"version", "released_in", false}}},
		{Kind: Item, Name: "close", From: []string{"released"}, To: "closed", Stamp: resolved},
		{Kind: Item, Name: "decline", From: append([]string{"parked"}, working...), To: "declined", Args: []ActionArg{{"reason", "reason", true}}, Stamp: resolved},
		{Kind: Item, Name: "duplicate", From: append([]string{"parked"}, working...), To: "duplicate", Args: []ActionArg{{"of", "duplicate_of", true}}, Stamp: resolved},
		{Kind: Item, Name: "unmerge", From: []string{"duplicate"}, To: "new", Back: true, Clear: []string{"duplicate_of", "resolved", "merged_customers"}},
		{Kind: Item, Name: "swap", From: []string{"duplicate"}, To: "new", Back: true, Clear: []string{"duplicate_of", "resolved", "merged_customers"}},
		{
			Kind: Item, Name: "answer", From: append([]string{"parked"}, working[:3]...), To: "answered", Stamp: append([]string{"responded"}, resolved...),
			Args: []ActionArg{{"resolution", "resolution", false}, {"article", "article", false}},
		},
		{Kind: Item, Name: "park", From: working, To: "parked", Args: []ActionArg{{"until", "until", true}, {"reason", "reason", false}}},
		{Kind: Item, Name: "defer", From: []string{"new"}, Args: []ActionArg{{"until", "snoozed_until", true}}},
		{Kind: Item, Name: "escalate", From: working, Set: []FieldValue{{"escalated", Bool(true)}}, Args: []ActionArg{{"reason", "reason", true}}},
		{Kind: Item, Name: "respond", From: alive, Stamp: []string{"responded"}, Clear: []string{"asked"}},
		{Kind: Item, Name: "wait", From: working, Set: []FieldValue{{"waiting", Bool(true)}}},
		{Kind: Item, Name: "resume", From: working, Clear: []string{"waiting"}},
		{Kind: Item, Name: "asked", From: alive, Stamp: []string{"asked"}, Clear: []string{"waiting"}},
		{Kind: Item, Name: "link", Makes: Voice, From: alive, Args: []ActionArg{{"customer", "customer", true}, {"importance", "importance", false}, {"words", "words", false}}},
		{Kind: Item, Name: "unlink", From: alive, Args: []ActionArg{{"customer", "customers", true}}},
		{Kind: Item, Name: "tell", Makes: Telling, From: told, Args: []ActionArg{{"customer", "customer", true}, {"channel", "channel", true}, {"contact", "contact", false}, {"date", "date", false}, {"text", "text", false}}},
		{Kind: Item, Name: "waive", Makes: Telling, From: told, Args: []ActionArg{{"customer", "customer", true}, {"reason", "waived", true}}},
		{
			Kind: Item, Name: "decide", Makes: Decision, From: append([]string{"parked"}, working...),
			Args: []ActionArg{{"verdict", "verdict", true}, {"version", "version", false}, {"with", "with", false}, {"reason", "reason", false}, {"on", "decided", false}},
		},
		{Kind: Item, Name: "reopen", From: []string{"fixed", "released"}, To: "in progress", Clear: resolved},
		{Kind: Item, Name: "reopen", From: []string{"parked"}, To: "new", Back: true, Clear: []string{"reason", "until"}},
		{Kind: Item, Name: "reopen", From: []string{"closed", "declined", "answered"}, To: "new", Clear: []string{"resolved", "reason", "until"}},
	}
}

// leads tells the state that the action leads a record to, empty where it moves none.
func (a *Action) leads(before, after *Record) string {
	for _, l := range a.Leads {
		if slices.Contains(l.Values, after.Get(l.Field).Str()) {
			return l.To
		}
	}
	if was := before.Get("state_before").Str(); a.Back && slices.Contains(ItemStates(), was) {
		return was
	}
	return a.To
}

// takeItem notes what every step of an item implies: since when it is in its state, where it came from,
// how often it was reopened, and what the customer's questions and pauses mean for its clocks.
func (a *Action) takeItem(before, after *Record, m Moment) {
	followState(before, after, m.Now)
	was := WorkflowState(before)
	switch a.Name {
	case "hand-over":
		// The skipped steps stay visible, and so does the path.
		if was != "confirmed" {
			after.Set("urgent", Bool(true))
		}
	case "confirm":
		if kind := after.Get("kind").Str(); after.Get("reproduction").IsZero() && (kind == "bug" || kind == "design defect") {
			after.Set("reproduction", Pick("reproduced"))
		}
	case "reopen":
		n, _ := before.Get("reopened").Float()
		if was != "parked" {
			after.Set("reopened", Number(n+1))
			restart(before, after, m) // While it was done, nobody was late.
		}
	case "respond", "answer":
		answered(before, after, m.Now)
	}
}

// answered notes that the customer has heard from us: the first time, or upon what it wrote last.
func answered(before, after *Record, now int64) {
	if before.Get("responded").IsZero() {
		after.Set("responded", Time(now))
	}
	if since, ok := before.Get("asked").Millis(); ok {
		after.Set("replies", appendSpan(before.Get("replies"), since, now))
		after.Set("asked", Value{})
	}
}

// FollowItem notes what every change of an item implies, whatever made it: since when it is in its state
// and which it has had, and when its clocks begin to stand still and go on: while it waits for the
// customer, and in the states that an administrator marks. Before is nil for an item that is new; now is
// in milliseconds since 1970 UTC.
func FollowItem(before, after *Record, pausing []string, now int64) {
	if before != nil {
		followState(before, after, now)
	}
	stands := func(r *Record) bool {
		return r != nil && (r.Get("waiting").IsTrue() || slices.Contains(pausing, WorkflowState(r)))
	}
	was, is := stands(before), stands(after)
	since, known := after.Get("paused_since").Millis()
	switch {
	case is && !known && !was:
		after.Set("paused_since", Time(now))
	case !is && (known || was):
		if !known {
			since = standsSince(before)
		}
		after.Set("pauses", appendSpan(after.Get("pauses"), since, now))
		after.Set("paused_since", Value{})
	}
}

// standsSince is since when an item's clocks stand still where nobody has noted it, as with those that a
// source says wait: since the last that is known of it.
func standsSince(r *Record) (since int64) {
	for _, field := range []string{"state_since", "responded", "opened"} {
		ms, _ := r.Get(field).Millis()
		since = max(since, ms)
	}
	return since
}

// followState notes the state that an item has come to, unless that is noted already.
func followState(before, after *Record, now int64) {
	was, is := WorkflowState(before), WorkflowState(after)
	if was == is || before.Get("course") != after.Get("course") {
		return
	}
	if before.Get("state_since") == after.Get("state_since") {
		after.Set("state_since", Time(now))
	}
	after.Set("state_before", Text(was))
	done := !ItemIsOpen(is) || is == "fixed" || is == "released"
	switch resolved := after.Get("resolved"); {
	case done && resolved.IsZero():
		after.Set("resolved", Time(now))
	case !done && resolved == before.Get("resolved"):
		after.Set("resolved", Value{})
	}
	course := before.Get("course").Str()
	if course == "" {
		since, _ := before.Get("state_since").Millis()
		if since == 0 {
			since, _ = before.Get("opened").Millis()
		}
		course = courseStep(was, since)
	}
	since, _ := after.Get("state_since").Millis()
	after.Set("course", Text(strings.TrimSpace(course+" "+courseStep(is, since))))
}

func courseStep(state string, since int64) string {
	if since == 0 {
		return ""
	}
	return strings.ReplaceAll(state, " ", "_") + "@" + strconv.FormatInt(since/1000, 10)
}

// Stay is the time that an item has been in a state.
type Stay struct {
	State    string
	From, To int64 // seconds since 1970 UTC; To is 0 for the state that it is in
}

// Stays reads the states that an item has had off its course, the earliest first.
func Stays(course string) []Stay {
	var out []Stay
	for part := range strings.FieldsSeq(course) {
		state, at, _ := strings.Cut(part, "@")
		from, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			continue
		}
		if len(out) > 0 {
			out[len(out)-1].To = from
		}
		out = append(out, Stay{State: strings.ReplaceAll(state, "_", " "), From: from})
	}
	return out
}

// appendSpan adds a stretch of time in milliseconds to a list of stretches in seconds.
func appendSpan(list Value, from, to int64) Value {
	span := strconv.FormatInt(from/1000, 10) + "-" + strconv.FormatInt(to/1000, 10)
	return Text(strings.TrimSpace(list.Str() + " " + span))
}

// ItemFacts is what an item's steps depend on besides the item.
type ItemFacts struct {
	Severity string
	Untold   []string // names of the customers who are still to be told of the present state
}

// Refuse says why an action that fits an item's state cannot be taken all the same; nil when it can.
func (f *ItemFacts) Refuse(a *Action, r *Record) error {
	refused := &ActionError{Action: a.Name, Kind: Item, Title: r.Title(), State: WorkflowState(r)}
	switch waiting := r.Get("waiting").IsTrue(); {
	case a.Name == "wait" && waiting:
		refused.Why = "it waits for the customer already"
		return refused
	case a.Name == "resume" && !waiting:
		refused.Why = "it does not wait for the customer"
		return refused
	case a.Name != "close" || len(f.Untold) == 0:
		return nil
	}
	names := f.Untold
	more := ""
	if len(names) > 3 {
		names, more = names[:3], fmt.Sprintf(" and %d more", len(f.Untold)-3)
	}
	refused.Why = fmt.Sprintf("%d still to be told: %s%s; tell them, or waive it with a reason", len(f.Untold), strings.Join(names, ", "), more)
	return refused
}

// WithEngineers lists the states of the items that a file for engineers is made of when nobody says which.
func WithEngineers() []string { return []string{"handed over", "in progress"} }

// MayHandOut says why an item cannot go into a file for engineers; nil where it can: it has been handed
// over, after it was confirmed or on the urgent path.
func MayHandOut(r *Record) error {
	state := WorkflowState(r)
	if slices.Contains([]string{"handed over", "in progress", "fixed", "released"}, state) {
		return nil
	}
	why := "it is " + state + "; what is confirmed can be handed over, and an S1 at once"
	return &ActionError{Action: "hand-over", Kind: Item, Title: r.Title(), State: state, Why: why}
}
