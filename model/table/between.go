package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/model/scorecard"
)

// Judgement is a customer's score or health on the day of a picture, with its ledger.
type Judgement struct {
	Result model.ScoreResult
	Level  string // empty without enough data
	Card   string // the scorecard; empty for those who are not judged
	full   score.Result
}

// IsJudged tells the figures that Judge and Between can look into.
func IsJudged(figure string) bool { return judgesHealth(figure) || judgesTier(figure) }

func judgesHealth(figure string) bool {
	return slices.Contains([]string{"health", "health_score", "health_coverage"}, figure)
}

func judgesTier(figure string) bool {
	return slices.Contains([]string{"tier", "tier_score", "tier_computed", "coverage"}, figure)
}

// Judge scores a customer with the ledger: its health, or its tier for any other figure. Without a row
// nobody is judged.
func (s *Snapshot) Judge(row int32, figure string) Judgement {
	if row < 0 || !s.tables[model.Customer].Live(row) {
		return Judgement{}
	}
	if judgesHealth(figure) {
		h, _ := s.Health(row)
		return Judgement{h.Result, h.Level, h.Card, h.Full.Result}
	}
	f := s.facts(row)
	c := cardOf(s.cards.tier, row)
	in := s.wordedInputs(c, row, &f)
	r, full := c.Scoring.Both(in)
	return Judgement{r, c.Scoring.LevelOf(r.Score, r.Known), c.Card.Name, full.Result}
}

// Difference is what made a score another one between two days.
type Difference struct {
	Before, After Judgement
	Known         bool    // both days have a score
	Delta         float64 // points, in hundredths; the changes' deltas add up to it exactly
	Changes       []score.Change
	Inputs        []string // beside each change: what its input was and is
}

// Between compares a customer's score on the days of two pictures. Points are rounded to hundredths as
// people read them, and so that what is shown adds up to the difference of the two scores shown.
func Between(before, after *Snapshot, id model.ID, figure string) Difference {
	was, _ := before.tables[model.Customer].Row(id)
	is, _ := after.tables[model.Customer].Row(id)
	d := Difference{Before: before.Judge(was, figure), After: after.Judge(is, figure)}
	_, changes, ok := score.Diff(d.Before.full, d.After.full)
	if d.Known = ok; !ok {
		return d
	}
	d.Delta = (math.Round(d.After.Result.Score*100) - math.Round(d.Before.Result.Score*100)) / 100
	parts, keys := make([]float64, len(changes)), make([]string, len(changes))
	for i, c := range changes {
		parts[i], keys[i] = c.Delta, c.Group+"/"+c.Key
	}
	for i, delta := range score.Hundredths(d.Delta, parts, keys) {
		changes[i].Delta = delta
	}
	d.Changes = slices.DeleteFunc(changes, func(c score.Change) bool { return c.Delta == 0 && c.Before.Points == c.After.Points })
	for _, c := range d.Changes {
		d.Inputs = append(d.Inputs, inputsText(d.Before.input(c.Key), d.After.input(c.Key)))
	}
	return d
}

func (j *Judgement) input(key string) string {
	for _, t := range j.Result.Terms {
		if t.Criterion == key {
			return cmp.Or(t.Shown, "no data")
		}
	}
	return "–"
}

func inputsText(was, is string) string {
	if was == is {
		return is
	}
	return was + " → " + is
}

// WhyBetween explains the difference as a ledger that runs from one day's score to the other's.
func WhyBetween(before, after *Snapshot, id model.ID, figure string) model.Why {
	d := Between(before, after, id, figure)
	t := after.tables[model.Customer]
	row, ok := t.Row(id)
	title := ""
	if ok {
		title = after.title(model.Customer, row)
	} else if was, ok := before.tables[model.Customer].Row(id); ok {
		title = before.title(model.Customer, was)
	}
	label := "Score from %s to %s"
	if judgesHealth(figure) {
		label = "Health from %s to %s"
	}
	w := why{Why: model.Why{Record: title, Figure: figure, Label: fmt.Sprintf(label, before.Today, after.Today)}, s: after, t: t, row: row}
	w.formula("the difference of what each measure brought on the two days, weight spread over known measures included; as known at the end of each day; scorecard %s",
		cardsText(d.Before.Card, d.After.Card))
	w.step(before.Today.String(), pointsText(d.Before), levelNote(d.Before))
	for i, c := range d.Changes {
		label := cmp.Or(c.Label, c.Key)
		if c.Label == "" {
			label = cmp.Or(c.Before.Label, c.Key)
		}
		w.step(label, fmt.Sprintf("%+.2f", c.Delta), d.Inputs[i]+": "+c.Why)
		w.Lines[len(w.Lines)-1].Depth = 1
	}
	w.step(after.Today.String(), pointsText(d.After), levelNote(d.After))
	if d.Known {
		w.Value = fmt.Sprintf("%+.2f", d.Delta)
		w.step("Difference", w.Value, "the sum of the changes")
	} else {
		w.note("there is no difference to explain, as one of the two days has no figure: %s", strings.Join(missingDays(before, after, d), "; "))
	}
	return w.Why
}

func cardsText(was, is string) string {
	if was == is || was == "" || is == "" {
		return cmp.Or(is, was, "none")
	}
	return was + ", then " + is
}

func pointsText(j Judgement) string {
	if !j.Result.Known {
		return "–"
	}
	return scoreNumber(j.Result.Score)
}

func levelNote(j Judgement) string {
	switch {
	case j.Card == "":
		return "no contract in force or coming"
	case !j.Result.Known:
		return fmt.Sprintf("not enough data: %s %% of the weight", scoreNumber(j.Result.Coverage))
	}
	return fmt.Sprintf("%s; %s %% of the weight have data", j.Level, scoreNumber(j.Result.Coverage))
}

func missingDays(before, after *Snapshot, d Difference) []string {
	var out []string
	for _, side := range []struct {
		s *Snapshot
		j Judgement
	}{{before, d.Before}, {after, d.After}} {
		if !side.j.Result.Known {
			out = append(out, side.s.Today.String()+" "+levelNote(side.j))
		}
	}
	return out
}

// OnItsOwn returns the picture with scorecards that compare with its own customers, as a scoring on its day
// would have found them: what a later scoring has kept must not tell of an earlier day. Tiers come first,
// as health may rest on them.
func (s *Snapshot) OnItsOwn() (*Snapshot, error) {
	for _, purpose := range []string{scorecard.ForTier, scorecard.ForHealth} {
		var deltas []Delta
		for _, c := range slices.Concat(s.cards.tier, s.cards.health) {
			if c.Card.Purpose != purpose || c.ID.IsZero() {
				continue
			}
			_, state, err := s.freshCard(c)
			if err != nil {
				return nil, fmt.Errorf("scorecard %q: %w", c.Card.Name, err)
			}
			if text := state.String(); text != s.stateOf(c.ID) {
				r, _ := s.cardRecord(c.Card.Name)
				r.Set("state", longOrNone(text))
				deltas = append(deltas, Delta{model.Scorecard, c.ID, r})
			}
		}
		if len(deltas) > 0 {
			s = s.Update(s.Seq, s.Today, nil, deltas)
		}
	}
	return s, nil
}
