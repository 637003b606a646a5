package table

import (
	"cmp"
	"fmt"
	"strings"

	"opsdeck/model"
)

// tier writes the ledger of a score: every criterion with input, points, weight and contribution.
func (w *why) tier(figure string, f Facts) {
	c := cardOf(w.s.cards.tier, w.row)
	sc, tier := c.Scoring, w.s.Tier(w.row, f)
	w.formula("score = Σ weight × points ÷ Σ weight over the criteria with data; %s; below %g %% coverage there is no score; scorecard %s%s",
		levelsText(sc.Levels), sc.MinCoverage, c.Card.Name, placesText(c))
	for _, t := range tier.Score.Terms {
		w.term(t)
	}
	if tier.Score.Known {
		w.step("Score", scoreNumber(tier.Score.Score), "the sum of the contributions")
	} else {
		w.step("Score", "not enough data", "")
	}
	w.step("Coverage", scoreNumber(tier.Score.Coverage)+" %", "share of the weight that has data")
	w.step("Tier by score", cmp.Or(tier.Reached, "—"), "")
	w.step("Tier computed", cmp.Or(tier.Computed, "—"), tier.Kept)
	if figure != "tier_score" && figure != "coverage" && tier.Note != "" {
		w.inputs("tier_override", "tier_override_reason", "tier_override_by", "tier_override_until")
		w.note("%s", tier.Note)
	}
	switch {
	case len(tier.Score.Terms) == 0:
		w.note("no criterion has a weight above 0 (settings tier.weight), so there is no score")
	case !tier.Score.Known:
		w.note("fewer than %g %% of the weight have data, so there is no score rather than a low one", sc.MinCoverage)
	}
	w.brokenCards()
}

func placesText(c *card) string {
	if len(c.Scoring.Capacity) == 0 {
		return ""
	}
	return ", by capacity: the thresholds are where the places ended at the last scoring"
}

// brokenCards names the scorecards that score nobody.
func (w *why) brokenCards() {
	for _, c := range w.s.cards.broken {
		w.note("the scorecard %q scores nobody: %v", c.Card.Name, c.Err)
	}
}

// term writes one criterion's line.
func (w *why) term(t model.ScoreTerm) {
	line := model.WhyLine{Label: t.Label, Value: cmp.Or(t.Shown, "no data"), Source: t.Source}
	switch {
	case !t.Known:
		line.Note = fmt.Sprintf("%s; its weight %s is spread over the rest", t.Note, shortNumber(t.Weight))
	case t.Contribution == 0 && t.Points > 0:
		line.Note = fmt.Sprintf("%s points%s, weight %s", shortNumber(t.Points), inBrackets(t.Note), shortNumber(t.Weight))
	default:
		line.Note = fmt.Sprintf("%s points%s × %.2f %% (weight %s) = %s", shortNumber(t.Points), inBrackets(t.Note), t.Share, shortNumber(t.Weight), scoreNumber(t.Contribution))
	}
	if f, ok := w.t.Schema.Field(t.Field); ok && t.Shown != "" && !f.Has(model.FDerived) {
		line.Kind, line.ID, line.Field = model.Customer, w.t.ID(w.row), t.Field
	}
	w.Lines = append(w.Lines, line)
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// shortNumber writes at most two decimals.
func shortNumber(f float64) string {
	return strings.TrimSuffix(strings.TrimRight(scoreNumber(f), "0"), ".")
}

// health writes the ledger by groups, each with its own score and its measures below.
func (w *why) health() {
	h, ok := w.s.Health(w.row)
	if !ok {
		w.formula("health is that of customers with a contract")
		w.note("this one has none in force or coming, so there is no health")
		return
	}
	c := cardOf(w.s.cards.health, w.row)
	sc := c.Scoring
	w.formula("health = Σ weight × points ÷ Σ weight over the measures with fresh data, group by group; a group without any gives its weight to the others; %s; below %g %% coverage there is none; scorecard %s",
		levelsText(sc.Levels), sc.MinCoverage, h.Card)
	for _, g := range h.Groups {
		own := "no fresh data"
		if g.Own.Known {
			own = scoreNumber(g.Own.Score)
		}
		w.step(cmp.Or(g.Label, g.Key), own, fmt.Sprintf("weight %s, %.2f %% of the counted weight, brings %s", shortNumber(g.Weight), 100*g.Share, scoreNumber(g.Contribution)))
		for _, t := range h.Result.Terms {
			if t.Group == g.Key {
				w.term(t)
				w.Lines[len(w.Lines)-1].Depth = 1
			}
		}
	}
	if h.Result.Known {
		w.step("Health", scoreNumber(h.Result.Score), h.Level)
	} else {
		w.step("Health", "not enough data", "")
		w.note("fewer than %g %% of the weight have fresh data, so there is no health rather than a bad one", sc.MinCoverage)
	}
	w.step("Coverage", scoreNumber(h.Result.Coverage)+" %", "share of the weight that has fresh data")
	w.brokenCards()
}

// usage explains an indicator of usage.
func (w *why) usage(figure string, f Facts) {
	s := w.s
	w.formula("%s", map[string]string{
		"usage":       "times used in the last whole month of the book's usage",
		"usage_trend": "100 × (the month ÷ the mean of the three months before − 1); none for those who began later",
		"activity":    "100 × active users ÷ licensed users of the month",
		"breadth":     "100 × contracted features used in the month ÷ features contracted",
		"logins":      "logins ÷ active users of the month",
		"session":     "time spent in the month ÷ logins; without logins ÷ times used",
	}[figure])
	if !s.useMonth.IsSet() {
		w.note("the book has no usage")
		return
	}
	w.step("Month", s.useMonth.String()[:7], fmt.Sprintf("ended %d days ago", s.usageAge()))
	if figure != "usage" {
		w.step("Computed from", "", s.usageSource(figure, &f))
	}
	t := s.tables[model.Usage]
	field := "count"
	switch figure {
	case "activity":
		field = "users"
	case "session":
		field = "seconds"
	}
	from := s.useMonth
	if figure == "usage_trend" {
		from = s.useMonth.AddMonths(-3)
	}
	w.kids(t, "customer", w.row, field, func(k int32) (string, bool) {
		month := t.Day(k, "month")
		return month.String()[:7], month.IsSet() && month.MonthStart() >= from && month.MonthStart() <= s.useMonth
	})
}

// alerts lists what the rules have noticed, with the thresholds in force.
func (w *why) alerts() {
	r := w.s.rules.alerts
	w.formula("fast growth: %g %% or more at %s customers; at %s customers: usage down %g %% or more, %d days overdue or more, a key person left within %d days (settings alert)",
		r.growth, strings.Join(r.growing, ", "), strings.Join(r.watched, ", "), r.drop, r.overdue, r.left)
	for _, a := range w.s.Alerts(w.row) {
		w.step(a.Rule, "", a.Evidence)
	}
	if len(w.Lines) == 0 {
		w.note("no rule has noticed anything")
	}
}
