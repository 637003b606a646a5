package table

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/model/scorecard"
)

// Restand is one customer's tier before and after a scoring.
type Restand struct {
	Row      int32
	Was, Is  model.Standing
	Before   string // the computed tier as it is shown now
	Reason   string
	Unstable bool // came out as another tier without changing yet
}

// Rescored is what one scoring of the whole book finds.
type Rescored struct {
	Scored  int       // customers with enough data
	Unknown int       // customers without
	Changes []Restand // those whose standing differs from what is kept, in the order of rows
	Moved   int       // of them those whose tier changes
	States  []CardState
}

// CardState is what a scorecard has to remember of the scoring.
type CardState struct {
	ID    model.ID
	State string
}

// Rescore scores every customer once more, as one scoring: percentiles compare with the book as it is
// now, places are given anew, and tiers change or are kept (definitions.md, "Tier score").
func (s *Snapshot) Rescore() (Rescored, error) {
	var out Rescored
	fresh, err := s.freshCards(&out)
	if err != nil {
		return out, err
	}
	t := s.tables[model.Customer]
	// Scoring twice on a day is one scoring: otherwise whoever repeats the command would move the tiers.
	again := s.Settings.Text("tier.scored_on") == s.Today.String()
	found := make([]Restand, t.size)
	known, changed := make([]bool, t.size), make([]bool, t.size)
	everyRow(t, func(row int32) {
		f := s.facts(row)
		c := cardOf(fresh, row)
		points, coverage, ok := s.lean(c, row, &f)
		was := model.ParseStanding(t.cols[customerAt.standing].text(row))
		r := score.Result{Score: points, Known: ok, Coverage: coverage / 100}
		is, reason := c.Scoring.Next(r, was)
		if again {
			is, reason = c.Scoring.Again(r, was)
		}
		known[row], changed[row] = ok, is.String() != was.String()
		found[row] = Restand{
			Row: row, Was: was, Is: is, Reason: reason, Before: t.cols[customerAt.tierComputed].text(row), Unstable: is.Pending != "",
		}
	})
	differ := 0
	for _, is := range changed {
		if is {
			differ++
		}
	}
	out.Changes = make([]Restand, 0, differ)
	for row := range t.size {
		if !t.live.get(row) {
			continue
		}
		if known[row] {
			out.Scored++
		} else {
			out.Unknown++
		}
		if r := found[row]; changed[row] {
			out.Changes = append(out.Changes, r)
			if r.Is.Level != r.Before {
				out.Moved++
			}
		}
	}
	return out, nil
}

// freshCards are the tier scorecards with percentiles and places as the book is now.
func (s *Snapshot) freshCards(out *Rescored) ([]*card, error) {
	health := s.cards.health
	list := make([]*card, 0, len(s.cards.tier))
	for _, c := range append(slices.Clone(s.cards.tier), health...) {
		ready, state, err := s.freshCard(c)
		if err != nil {
			return nil, fmt.Errorf("scorecard %q: %w", c.Card.Name, err)
		}
		if c.Card.Purpose == scorecard.ForTier {
			list = append(list, ready)
		}
		if text := state.String(); !c.ID.IsZero() && text != s.stateOf(c.ID) {
			out.States = append(out.States, CardState{c.ID, text})
		}
	}
	return list, nil
}

func (s *Snapshot) stateOf(id model.ID) string {
	t := s.tables[model.Scorecard]
	row, _ := t.Row(id)
	return t.Str(row, "state")
}

// freshCard computes what a scorecard compares with and where its places end.
func (s *Snapshot) freshCard(c *card) (*card, *scorecard.State, error) {
	places, err := c.Card.Places()
	if err != nil {
		return nil, nil, err
	}
	percentile := slices.ContainsFunc(c.Card.Criteria, func(m scorecard.Criterion) bool { return m.Percentile != "" })
	if !percentile && len(places) == 0 {
		return c, nil, nil
	}
	state := &scorecard.State{Peers: map[string][]float64{}}
	rows := s.claimed(c)
	if percentile {
		state.Peers = s.peersOf(c, rows)
	}
	if len(places) == 0 {
		ready, err := s.withState(c, state)
		return ready, state, err
	}
	ready, err := s.withState(c, state)
	if err != nil {
		return nil, nil, err
	}
	state.Reached, err = s.placesEnd(ready, rows, places)
	if err != nil {
		return nil, nil, err
	}
	ready, err = s.withState(c, state)
	return ready, state, err
}

func (s *Snapshot) withState(c *card, state *scorecard.State) (*card, error) {
	ready := *c
	var err error
	ready.Scoring, err = c.Card.Compile(state)
	return &ready, err
}

// claimed lists the customers that a scorecard scores.
func (s *Snapshot) claimed(c *card) []int32 {
	list := s.cards.tier
	if c.Card.Purpose == scorecard.ForHealth {
		list = s.cards.health
	}
	var rows []int32
	t := s.tables[model.Customer]
	for row := range t.size {
		if t.live.get(row) && cardOf(list, row) == c {
			rows = append(rows, row)
		}
	}
	return rows
}

// peersOf are the values that percentiles compare with: those of the customers that the scorecard scores.
func (s *Snapshot) peersOf(c *card, rows []int32) map[string][]float64 {
	values := map[string][]float64{}
	var room [16]model.ScoreInput
	for _, row := range rows {
		f := s.facts(row)
		for i, in := range s.inputsOf(c, row, &f, room[:0]) {
			if in.Known && !math.IsNaN(in.Number) && c.peers(i) {
				values[in.Criterion] = append(values[in.Criterion], in.Number)
			}
		}
	}
	for key := range values {
		values[key] = scorecard.SamplePeers(values[key])
	}
	return values
}

// peers tells whether a criterion compares with others.
func (c *card) peers(i int) bool { return c.Card.Ordered()[i].Percentile != "" }

// placesEnd finds the scores of the last ones that got a place; equal scores are never parted.
func (s *Snapshot) placesEnd(c *card, rows []int32, places []score.Places) (map[string]float64, error) {
	all := make([]score.Scored, 0, len(rows))
	for _, row := range rows {
		f := s.facts(row)
		p, _, known := s.lean(c, row, &f)
		all = append(all, score.Scored{ID: s.tables[model.Customer].ID(row).String(), Score: p, Known: known})
	}
	return placesOf(c, all, places)
}

// placesOf finds the scores of the last ones that got a place among those that are scored.
func placesOf(c *card, all []score.Scored, places []score.Places) (map[string]float64, error) {
	points := make(map[string]float64, len(all))
	for _, x := range all {
		points[x.ID] = x.Score
	}
	lowest := c.Scoring.Levels[len(c.Scoring.Levels)-1].Key
	placed, err := score.ByCapacity(all, places, lowest)
	if err != nil {
		return nil, err
	}
	// Nobody reaches a level without places.
	const nobody = 101
	reached := map[string]float64{}
	above := float64(nobody + len(places))
	for _, p := range places {
		reached[p.Level] = above - 0.5
		for _, place := range placed {
			if place.Level == p.Level {
				reached[p.Level] = points[place.ID]
			}
		}
		above = reached[p.Level]
	}
	return reached, nil
}

// Ops makes the changes that keep a scoring: a customer's standing each, what scorecards compare with,
// and the day of the scoring.
func (r *Rescored) Ops(s *Snapshot, newID func() model.ID) []model.Op {
	t := s.tables[model.Customer]
	ops := make([]model.Op, 0, len(r.Changes)+len(r.States)+1)
	for _, c := range r.Changes {
		ops = append(ops, model.Op{Verb: model.Update, Kind: model.Customer, ID: t.ID(c.Row), Changes: []model.Change{{
			Field: "tier_standing", From: textOrNone(t.Str(c.Row, "tier_standing")), To: textOrNone(c.Is.String()),
		}}})
	}
	cards := s.tables[model.Scorecard]
	for _, c := range r.States {
		row, _ := cards.Row(c.ID)
		from, to := model.Value{}, model.Value{}
		if was := cards.Str(row, "state"); was != "" {
			from = model.Long(was)
		}
		if c.State != "" {
			to = model.Long(c.State)
		}
		ops = append(ops, model.Op{Verb: model.Update, Kind: model.Scorecard, ID: c.ID, Changes: []model.Change{{Field: "state", From: from, To: to}}})
	}
	return append(ops, s.SettingOps(map[string]string{"tier.scored_on": s.Today.String()}, newID)...)
}

// SettingOps makes the changes that give settings their values; an empty value goes back to the default.
// Those that have their value already are left out.
func (s *Snapshot) SettingOps(values map[string]string, newID func() model.ID) []model.Op {
	t := s.tables[model.Setting]
	own := map[string]int32{}
	for row := range t.size {
		if t.live.get(row) {
			own[t.Str(row, "key")] = row
		}
	}
	var ops []model.Op
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := values[key]
		r := model.NewRecord(model.Setting, newID())
		r.Set("key", model.Text(key))
		row, has := own[key]
		switch {
		case !has && value != "":
			r.Set("value", model.Long(value))
			ops = append(ops, model.CreateOp(r))
		case has && value == "":
			r.ID = t.ID(row)
			r.Set("value", model.Long(t.Str(row, "value")))
			ops = append(ops, model.RemoveOp(r))
		case has && t.Str(row, "value") != value:
			ops = append(ops, model.Op{Verb: model.Update, Kind: model.Setting, ID: t.ID(row), Changes: []model.Change{{
				Field: "value", From: model.Long(t.Str(row, "value")), To: model.Long(value),
			}}})
		}
	}
	return ops
}

func textOrNone(s string) model.Value {
	if s == "" {
		return model.Value{}
	}
	return model.Text(s)
}
