package model

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"opsdeck/model/day"
)

// Categories lists the forecast categories from the least to the most certain (definitions.md,
// "Categories").
func Categories() []string { return []string{"omitted", "pipeline", "best case", "commit", "closed"} }

// Outcomes lists how a contract's renewal can stand: open; won, which a successor or the stage says;
// lost, which the stage, the source or a calling-off says; lapsed, the term having ended without
// anybody saying anything; rolling, which is never due.
func Outcomes() []string { return []string{"open", "won", "lost", "lapsed", "rolling"} }

// Closed tells whether an outcome enters a renewal rate.
func Closed(outcome string) bool {
	return outcome == "won" || outcome == "lost" || outcome == "lapsed"
}

// Renewabilities lists what may be known of how a contract goes on after its end.
func Renewabilities() []string {
	return []string{"by itself", "by hand", "not renewed", "rolling", "unknown"}
}

// SuccessorSteps lists the steps that write the successor of a contract.
func SuccessorSteps() []string {
	return []string{"renew", "expand", "downsell", "amend", "merge-terms"}
}

// Risks lists the risks that people choose from (rows C7, D2); others may be noted in their own words.
func Risks() []string {
	return []string{
		"key person left", "competitor undercuts", "low or falling usage", "open blocking bug", "overdue payment",
		"budget or reorganisation", "missing feature", "no decision maker reached", "veto holder against", "unresponsive",
	}
}

// StageRule is what entering a stage brings with it: the probability that is kept from then on, in
// percent, and the forecast category. Name is what the company calls the stage; empty for the name that the
// program has.
type StageRule struct {
	Probability float64
	Category    string
	Name        string
}

// RenewalRules are the settings of the pipeline.
type RenewalRules struct {
	Stages    map[string]StageRule
	Playbooks map[string][]Milestone // by tier, the earliest first
}

// StageName is what the company calls a stage.
func (r RenewalRules) StageName(stage string) string { return cmp.Or(r.Stages[stage].Name, stage) }

// Milestone is one step of a playbook: so many days before the decision date.
type Milestone struct {
	Days  int
	What  string
	Words string // both, as lists show them: "T-60 Choose the path"
}

// RenewalRules reads the rules of the pipeline from the settings.
func (s *Settings) RenewalRules() RenewalRules {
	r := RenewalRules{Stages: map[string]StageRule{}, Playbooks: map[string][]Milestone{}}
	for _, stage := range pipeline {
		r.Stages[stage], _ = parseStage(s.Text(stageKey(stage)))
	}
	for _, tier := range []string{TierKA, TierMid, TierSmall} {
		r.Playbooks[tier], _ = ParsePlaybook(s.Text("playbook." + tier))
	}
	return r
}

// Playbook returns the milestones of a tier; a customer without a tier is treated as small.
func (r RenewalRules) Playbook(tier string) []Milestone {
	if p, ok := r.Playbooks[tier]; ok {
		return p
	}
	return r.Playbooks[TierSmall]
}

// MilestoneCause names a milestone of a renewal, by which a task that ticks it off is known. The due
// day is part of it: the next term has its milestones anew.
func MilestoneCause(contract ID, due day.Day, days int) string {
	return "milestone/" + contract.String() + "/" + due.String() + "/" + strconv.Itoa(days)
}

func stageKey(stage string) string { return "stage." + strings.ReplaceAll(stage, " ", "_") }

// renewalSettingDefs are the settings of the pipeline with their defaults.
func renewalSettingDefs() []SettingDef {
	stages := map[string]string{
		"upcoming": "10 pipeline", "usage review": "25 pipeline", "proposal": "45 pipeline", "negotiation": "65 best case", "verbal": "90 commit",
	}
	var defs []SettingDef
	for _, stage := range pipeline {
		defs = append(defs, SettingDef{
			stageKey(stage), stages[stage], "probability in percent and forecast category on entering the stage " + stage + "; behind a ; what the company calls it",
			func(s string) error { _, err := parseStage(s); return err },
		})
	}
	full := "120 Refresh the stakeholders; 90 Review usage and value; 60 Choose the path: renew, expand or save; 30 Send the offer"
	for _, p := range []struct{ tier, steps string }{
		{TierKA, full}, {TierMid, full}, {TierSmall, "60 Review usage and value; 30 Send the offer"},
	} {
		defs = append(defs, SettingDef{
			"playbook." + p.tier, p.steps, "milestones of a " + p.tier + " renewal: days before the decision date and what to do, parted by ;",
			func(s string) error { _, err := ParsePlaybook(s); return err },
		})
	}
	return defs
}

// maxStageName bounds the name of a stage, so that columns stay columns.
const maxStageName = 24

// parseStage reads "45 pipeline", or "45 pipeline; Offer out" where the company has a name of its own.
func parseStage(s string) (StageRule, error) {
	rule, name, _ := strings.Cut(s, ";")
	if name = strings.TrimSpace(name); utf8.RuneCountInString(name) > maxStageName {
		return StageRule{}, fmt.Errorf("%q is longer than the %d letters that a stage's name may have", name, maxStageName)
	}
	n, category, _ := strings.Cut(strings.TrimSpace(rule), " ")
	p, err := strconv.ParseFloat(n, 64)
	if err != nil || !(p >= 0 && p <= 100) {
		return StageRule{}, fmt.Errorf("%q does not begin with a probability from 0 to 100", s)
	}
	category = strings.TrimSpace(category)
	if !slices.Contains(Categories(), category) {
		return StageRule{}, fmt.Errorf("%q does not name a category: %s", s, strings.Join(Categories(), ", "))
	}
	return StageRule{p, category, name}, nil
}

// maxMilestones bounds a playbook, so that a slip in a setting does not fill every screen.
const maxMilestones = 20

// ParsePlaybook reads "120 Refresh the stakeholders; 30 Send the offer"; empty means no milestones.
func ParsePlaybook(s string) ([]Milestone, error) {
	var out []Milestone
	for part := range strings.SplitSeq(s, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		n, what, _ := strings.Cut(part, " ")
		days, err := strconv.Atoi(n)
		if err != nil || days < 0 || days > 1000 {
			return nil, fmt.Errorf("%q does not begin with days before the decision date, 0 to 1000", part)
		}
		if what = strings.TrimSpace(what); what == "" {
			return nil, fmt.Errorf("%q does not say what is to be done", part)
		}
		if len(out) > 0 && out[len(out)-1].Days <= days {
			return nil, fmt.Errorf("%q: the days must fall from one milestone to the next", part)
		}
		out = append(out, Milestone{days, what, "T-" + n + " " + what})
	}
	if len(out) > maxMilestones {
		return nil, fmt.Errorf("%d milestones; at most %d are possible", len(out), maxMilestones)
	}
	return out, nil
}

// Outcome tells how the renewal of a contract stands on a day: one of Outcomes, or nothing for a
// contract without one, such as a trial or one that was amended.
func (t Terms) Outcome(stage string, today day.Day, r TermRules) string {
	state := t.State(today, r)
	switch {
	case t.Trial || t.Amended:
		return ""
	case stage == "renewed" || t.SuccessorPlanned:
		return "won"
	case stage == "churned" || t.Churned || state == "cancelled":
		return "lost"
	case !t.Due(today, r).IsSet():
		return "rolling"
	case state == "closed" && !(slices.Contains(pipeline[1:], stage) && int(today-t.End) <= r.GapTolerance):
		return "lapsed" // Unless somebody is at work on it, within the gap that does not end the relationship.
	}
	return "open"
}

// Renewability tells what is known of how a contract goes on after its end.
func (t Terms) Renewability(r TermRules) string {
	switch {
	case t.Churned:
		return "not renewed"
	case t.OpenEnded(r) && t.Billing != "year":
		return "rolling"
	case t.AutoRenew || t.OpenEnded(r):
		return "by itself"
	case t.RenewalWanted:
		return "by hand"
	case t.SaysNotAuto:
		return "by hand"
	}
	return "unknown"
}

// Doubts lists what a contract leaves open or says in an odd way: real-world mess is shown, not
// hidden, and never mended in silence.
func (t Terms) Doubts(amount bool, today day.Day, r TermRules) []string {
	var out []string
	add := func(is bool, what string) {
		if is {
			out = append(out, what)
		}
	}
	year, _, _ := max(t.End, 0).Date()
	add(!t.End.IsSet() && t.Billing == "", "no end, no billing")
	add(!t.End.IsSet() && t.Billing != "", "no end")
	add(t.End.IsSet() && year >= r.OpenEndedYear, fmt.Sprintf("end in %d means never", year))
	add(t.End.IsSet() && t.End == t.Start, "lasts one day")
	state := t.State(today, r)
	add(state == "closed" && !t.Churned && !t.SuccessorPlanned, "ended, nobody said how")
	add(state == "to renew", "runs on past its end")
	add(t.Renewability(r) == "unknown", "renewal not settled")
	add(t.CancelledOn.IsSet() && t.CancelledOn < t.Start, "cancelled before its start")
	add(!amount, "no amount")
	return out
}
