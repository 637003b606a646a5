package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/same"
)

// itemWords give a tracker's words for states a state of the queue. "done" is decided by the
// resolution.
var itemWords = reverse(map[string]string{
	"new":         "new unconfirmed open opened todo backlog triage submitted received unstarted untriaged needstriage",
	"reproducing": "pending hold onhold needinfo waiting waitingforcustomer waitingforsupport feedback reproducing investigating",
	"confirmed":   "confirmed reopened planned accepted triaged approved selectedfordevelopment ready readyfordevelopment acknowledged",
	"handed over": "escalated handedover",
	"in progress": "assigned inprogress started working indevelopment inreview review codereview testing qa intesting doing active",
	"released":    "released shipped deployed live",
	"done":        "resolved closed done fixed verified complete completed solved merged finished",
	"declined":    "declined rejected wontfix wontdo canceled cancelled invalid abandoned notabug obsolete",
	"duplicate":   "duplicate duplicated",
	"answered":    "answered responded",
	"parked":      "parked deferred postponed later icebox snoozed someday",
})

// resolutionWords say how a closed item ended. Those not named count as done.
var resolutionWords = reverse(map[string]string{
	"duplicate": "duplicate duplicated",
	"declined": `wontfix wontdo invalid incomplete worksforme moved declined rejected cannotreproduce notplanned expired
		inactive worksasdesigned notabug abandoned canceled cancelled obsolete unresolved`,
	"answered": "answered support question",
})

// waitingWords mean that the customer has to say something first.
var waitingWords = wordSet("pending needinfo waitingforcustomer")

// blockingWords give a tracker's severity how much it blocks.
var blockingWords = reverse(map[string]string{
	"3": "blocker critical s1 urgent",
	"2": "major s2 high",
	"1": "normal s3 medium moderate",
	"0": "minor trivial s4 low cosmetic",
})

// kindWords give a tracker's types and labels a kind of the queue.
var kindWords = reverse(map[string]string{
	"bug":           "bug defect incident problem fault error regression",
	"demand":        "story userstory newfeature feature featurerequest improvement enhancement epic wish suggestion idea request changerequest",
	"how-to":        "question support howto documentation docs servicerequest help helpwanted",
	"configuration": "configuration config setup access permission",
})

// reverse turns "result: word word" around, so that a word finds its result.
func reverse(lines map[string]string) map[string]string {
	out := map[string]string{}
	for result, list := range lines {
		for w := range strings.FieldsSeq(list) {
			out[w] = result
		}
	}
	return out
}

// itemState makes a state of the queue out of a source's words: its state, the category that some
// trackers give it, and how it was resolved. A word that nobody knows is a new item's.
func itemState(status, category, resolution string) string {
	state := itemWords[same.Fold(status)]
	if state == "" {
		state = itemWords[same.Fold(category)]
	}
	switch state {
	case "":
		return "new"
	case "done":
		return cmpOr(resolutionWords[same.Fold(resolution)], "closed")
	}
	return state
}

// strangeState tells whether a row's word for its state means nothing to anybody.
func (l *layout) strangeState(d *rowData) bool {
	status := same.Fold(d.aux["~status"])
	return status != "" && d.aux[leftOut] == "" && d.states[status] == "" && itemWords[status] == "" && itemWords[same.Fold(d.aux["~status category"])] == ""
}

// strangers warns of states that nobody knows.
func (l *layout) strangers() []string {
	var out []string
	for _, word := range slices.Sorted(maps.Keys(l.strange)) {
		out = append(out, fmt.Sprintf("the state %q means nothing here, so %s with it counted as new; map the column to state to decide otherwise", clip(word, 80), counted(l.strange[word], model.Item)))
	}
	return out
}

// itemKind is the kind of the queue that a tracker's word means, empty for none.
func itemKind(word string) string {
	word = same.Fold(word)
	for _, k := range model.ItemKinds() {
		if same.Fold(k) == word {
			return k
		}
	}
	return kindWords[word]
}

// keepState takes the state out of what a row says about an item that is there already, where the
// people of the queue know better: when the source says the same as last time, when it has not seen
// yet how far the item is, and when an item that customers wait for is fixed but nobody was told.
func keepState(draft, now *model.Record) *model.Record {
	to, from := draft.Get("state").Str(), now.Get("state").Str()
	if now.Kind != model.Item || to == "" || from == "" || to == from {
		return draft
	}
	draft = draft.Clone()
	sourceSilent := now.Get("source_state").IsZero()
	same := draft.Get("source_state") == now.Get("source_state") && draft.Get("resolution") == now.Get("resolution") &&
		(!sourceSilent || draft.Get("resolved") == now.Get("resolved"))
	switch {
	case same, sourceSilent && stage(to) < stage(from):
		draft.Set("state", model.Value{})
	case to == "closed" && draft.Get("customers").IsZero() && !now.Get("customers").IsZero():
		if from == "released" {
			draft.Set("state", model.Value{})
		} else {
			draft.Set("state", model.Pick("fixed"))
		}
	}
	return draft
}

// stage is the place of a state in the main line of the queue; side exits count as its end.
func stage(state string) int {
	for i, s := range model.ItemStates() {
		if s == state {
			return i
		}
	}
	return 0
}
