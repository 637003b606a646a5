package table

import (
	"fmt"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/score"
)

// Tier computes a customer's tier from its facts, with the ledger of its score.
func (s *Snapshot) Tier(row int32, f Facts) model.Tier {
	c := cardOf(s.cards.tier, row)
	r := c.Scoring.Score(s.wordedInputs(c, row, &f))
	was := model.ParseStanding(s.tables[model.Customer].Str(row, "tier_standing"))
	tier := model.Tier{
		Card: c.Card.Name, Score: r, Reached: c.Scoring.LevelOf(r.Score, r.Known), Computed: c.Scoring.Held(r.Score, r.Known, was),
	}
	tier.Kept = s.keptWords(c.Scoring, tier, was)
	return tier.Override(s.tierByHand(row), s.Today)
}

// keptWords says why a tier is not, or is, that of the score by itself.
func (s *Snapshot) keptWords(sc *model.Scoring, t model.Tier, was model.Standing) string {
	on := s.Settings.Text("tier.scored_on")
	switch {
	case was.Level == "":
		return "never scored by 'opsdeck do rescore', so the score alone decides"
	case was.Mark != sc.Mark:
		return fmt.Sprintf("was %s on %s by another scorecard or an older version of it, so the score alone decides", was.Level, on)
	case !t.Score.Known:
		return fmt.Sprintf("not enough data now, so it stays what it was on %s", on)
	case t.Computed == t.Reached:
		return fmt.Sprintf("was %s at the last scoring, on %s", was.Level, on)
	}
	_, reason := sc.Next(score.Result{Known: true, Score: t.Score.Score}, was)
	return fmt.Sprintf("was %s at the last scoring, on %s: %s", was.Level, on, reason)
}

func (s *Snapshot) tierByHand(row int32) model.TierByHand {
	t := s.tables[model.Customer]
	return model.TierByHand{
		Tier: t.Str(row, "tier_override"), Reason: t.Str(row, "tier_override_reason"), By: t.Str(row, "tier_override_by"),
		Until: t.Day(row, "tier_override_until"),
	}
}

// Scored is a customer's tier without its reasons, which only an explanation needs.
type Scored struct {
	Points, Coverage float64
	Known            bool
	Reached          string // by the score alone
	Computed         string // with what was kept at the last scoring
	Tier             string // in force
}

// scored scores without the ledger.
func (s *Snapshot) scored(row int32, f *Facts) (out Scored) {
	c := cardOf(s.cards.tier, row)
	out.Points, out.Coverage, out.Known = s.lean(c, row, f)
	out.Reached = c.Scoring.LevelOf(out.Points, out.Known)
	out.Computed = out.Reached
	t := s.tables[model.Customer]
	if standing := t.cols[customerAt.standing].text(row); standing != "" {
		out.Computed = c.Scoring.Held(out.Points, out.Known, model.ParseStanding(standing))
	}
	out.Tier = s.inForceTier(row, out.Computed)
	return out
}

// inForceTier puts a tier by hand over a computed one while it holds.
func (s *Snapshot) inForceTier(row int32, computed string) string {
	if byHand := s.tables[model.Customer].cols[customerAt.override].text(row); byHand != "" && s.tierByHand(row).Holds(s.Today) {
		return byHand
	}
	return computed
}

// since is when the cooperation began: as it was put in, else with the first contract or order.
func (s *Snapshot) since(row int32, f *Facts) day.Day {
	if since := s.tables[model.Customer].cols[customerAt.since].day.get(row).day(); since.IsSet() {
		return since
	}
	return f.FirstStart
}

// lateByWord is the number of late invoices that a person's word stands for; it goes before what
// invoices say.
func lateByWord(word string) (float64, bool) {
	switch word {
	case "never overdue":
		return 0, true
	case "sometimes overdue":
		return 1, true
	case "often overdue":
		return 6, true
	}
	return 0, false
}

// growthSource says what the growth of a customer is the growth of.
func growthSource(f Facts) string {
	if f.OrdersPrior <= 0 && f.ARRBefore > 0 {
		return "ARR against a year ago"
	}
	return "orders, last 12 months against the 12 before"
}

func contractsInForce(n int) string {
	if n == 1 {
		return "1 contract in force"
	}
	return strconv.Itoa(n) + " contracts in force"
}
