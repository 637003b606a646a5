package table

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/model/scorecard"
)

// Preview tries whole scorecards out on the book as it is, and writes nothing: other criteria, points,
// weights, levels, and other customers. What each criterion looks at is read once for every customer, so
// that trying other points or weights is arithmetic alone. It is not for several goroutines at once.
type Preview struct {
	s       *Snapshot
	id      model.ID // in whose place the trial stands; a placeholder for a new one
	purpose string
	before  *card // in force; nil for a new one
	inputs  map[string]*inputColumn
}

// inputColumn is what one criterion looks at, by customer.
type inputColumn struct {
	number   []float64 // NaN where it is no number
	text     []string  // of words; nil where there are none
	problems []string  // why a formula fails; nil where none does
}

// unsaved stands for the id of a scorecard that is not in the book yet.
var unsaved = model.ID{0xff}

// Preview prepares trials of the scorecard of an id; the zero id is the standard one of the purpose, or a
// new one where fresh.
func (s *Snapshot) Preview(id model.ID, purpose string, fresh bool) *Preview {
	p := &Preview{s: s, id: id, purpose: purpose, inputs: map[string]*inputColumn{}}
	if fresh {
		p.id = unsaved
		return p
	}
	for _, c := range s.cardsFor(purpose) {
		if c.ID == id {
			p.before = c
		}
	}
	return p
}

func (s *Snapshot) cardsFor(purpose string) []*card {
	if purpose == scorecard.ForHealth {
		return s.cards.health
	}
	return s.cards.tier
}

// PreviewMove is what a trial makes of one customer.
type PreviewMove struct {
	Row              int32
	From, To         string // levels in force; empty without enough data
	Before, After    float64
	Had, Known, Mine bool    // whether there was and is a score; whether the trial is what scores the customer
	ARR              float64 // in the company's currency, in ten-thousandths
}

// Previewed is what a scorecard would do to the book.
type Previewed struct {
	Card     *scorecard.Card
	Levels   []TierSum     // from the top; the last are those without enough data
	Reached  score.Levels  // from which score each level is reached, places worked out
	Claims   int           // customers that it would score
	Up, Down int           // customers that would rise, and fall
	All      []PreviewMove // whom it scores or has scored, those with the most revenue first
	Moves    []PreviewMove // those of them who get another level
	Data     []int         // customers with data, by criterion as the scorecard lists them
	s, trial *Snapshot
	ready    *card
}

// Try scores the book by a scorecard. Percentiles and places are found as a scoring would find them now.
func (p *Preview) Try(c *scorecard.Card) (*Previewed, error) {
	if p.s.Hides(model.Customer, "arr") {
		return nil, errors.New("amounts are hidden from your role, and without them nobody can work out what a model would do")
	}
	c = c.Clone()
	id, before := p.id, p.before
	if id.IsZero() && c.Name != model.StandardScorecard { // A copy of the standard one is a scorecard of its own.
		id, before = unsaved, nil
	}
	same := before != nil && before.Card.Same(c)
	ready, err := p.s.readyModel(c, id, same)
	if err != nil {
		return nil, err
	}
	trial := p.s.with(ready, c.Purpose, id)
	rows := trial.claimed(ready)
	cols := p.columns(ready)
	if err := failures(p.s, c, rows, cols); err != nil {
		return nil, err
	}
	if ready, err = p.settle(trial, ready, rows, cols); err != nil {
		return nil, err
	}
	out := &Previewed{Card: c, Reached: ready.Scoring.Levels, Claims: len(rows), s: p.s, trial: trial, ready: ready}
	p.outcome(out, rows, cols, same)
	if !same && before != nil {
		out.All = append(out.All, p.released(trial, ready, before)...)
	}
	out.count()
	return out, nil
}

// with is the picture with a scorecard in its place among the others. What is computed already stays.
func (s *Snapshot) with(c *card, purpose string, id model.ID) *Snapshot {
	trial := *s
	c.ID = id
	list := &trial.cards.tier
	if purpose == scorecard.ForHealth {
		list = &trial.cards.health
	}
	*list = slices.DeleteFunc(slices.Clone(*list), func(o *card) bool { return o.ID == id })
	at := 0
	for !id.IsZero() && at < len(*list) && !(*list)[at].ID.IsZero() && ((*list)[at].Card.Order < c.Card.Order || (*list)[at].Card.Order == c.Card.Order && (*list)[at].Card.Name < c.Card.Name) {
		at++
	}
	if id.IsZero() {
		at = len(*list)
	}
	*list = slices.Insert(*list, at, c)
	return &trial
}

// columns are what the criteria look at. What no trial has looked at yet is read in one pass over the
// customers: finding a customer's facts costs more than any one input.
func (p *Preview) columns(c *card) []*inputColumn {
	out := make([]*inputColumn, len(c.sources))
	var missing []int
	t := p.s.tables[model.Customer]
	for i, m := range c.Card.Ordered() {
		key := fmt.Sprintf("%q %q %d %s", m.Source(), m.Formula, m.Validity, c.Card.Purpose)
		if out[i] = p.inputs[key]; out[i] == nil {
			out[i] = &inputColumn{number: make([]float64, t.size), text: make([]string, t.size), problems: make([]string, t.size)}
			p.inputs[key] = out[i]
			missing = append(missing, i)
		}
	}
	if len(missing) == 0 {
		return out
	}
	everyRow(t, func(row int32) {
		f := p.s.facts(row)
		for _, i := range missing {
			var in model.ScoreInput
			p.s.read(&c.sources[i], row, &f, &in)
			out[i].take(row, &in)
		}
	})
	for _, i := range missing {
		out[i].shrink()
	}
	return out
}

// take keeps what a criterion reads at a customer.
func (c *inputColumn) take(row int32, in *model.ScoreInput) {
	c.number[row] = math.NaN()
	switch {
	case in.Known && !in.Stale():
		c.number[row], c.text[row] = in.Number, in.Text
	case strings.HasPrefix(in.Problem, formulaFails):
		c.problems[row] = in.Problem
	}
}

// shrink lets go of what nobody has.
func (c *inputColumn) shrink() {
	some := func(s string) bool { return s != "" }
	if !slices.ContainsFunc(c.text, some) {
		c.text = nil
	}
	if !slices.ContainsFunc(c.problems, some) {
		c.problems = nil
	}
}

func (c *inputColumn) fill(row int32, in *model.ScoreInput) {
	in.Number, in.Text = c.number[row], ""
	if c.text != nil {
		in.Text = c.text[row]
	}
	in.Known = in.Text != "" || !math.IsNaN(in.Number)
}

// failures tells which formulas fail for customers that the scorecard scores.
func failures(s *Snapshot, c *scorecard.Card, rows []int32, cols []*inputColumn) error {
	var wrong []error
	for i, m := range c.Ordered() {
		if cols[i].problems == nil {
			continue
		}
		n, first := 0, ""
		for _, row := range rows {
			if problem := cols[i].problems[row]; problem != "" {
				if n++; first == "" {
					first = fmt.Sprintf("%s at %q", strings.TrimPrefix(problem, formulaFails), s.tables[model.Customer].Str(row, "name"))
				}
			}
		}
		if n > 0 {
			wrong = append(wrong, formulaFailure(m.Key, first, n))
		}
	}
	return errors.Join(wrong...)
}

func formulaFailure(key, first string, n int) error {
	return fmt.Errorf("criterion %q: %w", key, &scorecard.FieldError{
		Field: "formula", Err: fmt.Errorf("formula: %s, and %d customers in all; a condition such as seats > 0 ? arr / seats : 0 avoids it", first, n),
	})
}

// settle finds what percentiles compare with and where places end.
func (p *Preview) settle(trial *Snapshot, c *card, rows []int32, cols []*inputColumn) (*card, error) {
	places, err := c.Card.Places()
	if err != nil || c.ID.IsZero() {
		return c, err
	}
	state := &scorecard.State{Peers: map[string][]float64{}}
	for i, m := range c.Card.Ordered() {
		if m.Percentile == "" {
			continue
		}
		values := make([]float64, 0, len(rows))
		for _, row := range rows {
			values = append(values, cols[i].number[row])
		}
		state.Peers[m.Key] = scorecard.SamplePeers(values)
	}
	next, err := trial.withState(c, state)
	if err != nil || len(places) == 0 {
		return p.take(trial, c, next), err
	}
	all := make([]score.Scored, len(rows))
	inParallel((len(rows)+tryBlock-1)/tryBlock, func(b int) {
		room := make([]model.ScoreInput, len(cols))
		for i := b * tryBlock; i < min(len(rows), (b+1)*tryBlock); i++ {
			fillAll(cols, rows[i], room)
			points, _, known := next.Scoring.Lean(room)
			all[i] = score.Scored{ID: trial.tables[model.Customer].ID(rows[i]).String(), Score: points, Known: known}
		}
	})
	if state.Reached, err = placesOf(next, all, places); err != nil {
		return nil, err
	}
	next, err = trial.withState(c, state)
	return p.take(trial, c, next), err
}

// take puts the settled scorecard where the one stands that it was made of.
func (p *Preview) take(trial *Snapshot, from, to *card) *card {
	list := trial.cardsFor(from.Card.Purpose)
	if at := slices.Index(list, from); at >= 0 && to != nil {
		list[at] = to
	}
	return to
}

const tryBlock = 512

func fillAll(cols []*inputColumn, row int32, in []model.ScoreInput) {
	for i, c := range cols {
		c.fill(row, &in[i])
	}
}

// outcome scores whom the scorecard claims.
func (p *Preview) outcome(out *Previewed, rows []int32, cols []*inputColumn, same bool) {
	c, s := out.ready, p.s
	moves := make([]PreviewMove, len(rows))
	data := make([][]int, (len(rows)+tryBlock-1)/tryBlock)
	inParallel(len(data), func(b int) {
		data[b] = make([]int, len(cols))
		room, points := make([]model.ScoreInput, len(cols)), make([]float64, len(cols))
		for i := b * tryBlock; i < min(len(rows), (b+1)*tryBlock); i++ {
			fillAll(cols, rows[i], room)
			c.Scoring.PointsOf(room, points)
			for k, x := range points {
				if !math.IsNaN(x) {
					data[b][k]++
				}
			}
			total, _, known := c.Scoring.LeanPoints(points)
			moves[i] = s.moveOf(rows[i], c.Card.Purpose)
			moves[i].Mine = true
			moves[i].Known, moves[i].After, moves[i].To = known, total, s.levelThen(c, rows[i], total, known)
			if same {
				moves[i].To = moves[i].From
			}
		}
	})
	out.All = moves
	out.Data = make([]int, len(cols))
	for i, m := range c.Card.Ordered() {
		at := slices.IndexFunc(out.Card.Criteria, func(o scorecard.Criterion) bool { return o.Key == m.Key })
		for _, block := range data {
			out.Data[at] += block[i]
		}
	}
}

// moveOf is what holds for a customer now.
func (s *Snapshot) moveOf(row int32, purpose string) PreviewMove {
	t := s.tables[model.Customer]
	m := PreviewMove{Row: row, From: t.cols[customerAt.tier].text(row), ARR: s.CompanyARR(row)}
	points := customerAt.score
	if purpose == scorecard.ForHealth {
		m.From, points = t.cols[customerAt.health].text(row), customerAt.healthScore
	}
	m.Before, m.Had = t.cols[points].float(row)
	return m
}

// levelThen is the level in force by a scorecard's points: a tier by hand stays.
func (s *Snapshot) levelThen(c *card, row int32, points float64, known bool) string {
	if c.Card.Purpose == scorecard.ForHealth {
		return c.Scoring.LevelOf(points, known)
	}
	was := model.ParseStanding(s.tables[model.Customer].cols[customerAt.standing].text(row))
	return s.inForceTier(row, c.Scoring.Held(points, known, was))
}

// released are the customers that the scorecard in force scores and the trial does not: those go to the
// next one.
func (p *Preview) released(trial *Snapshot, c, before *card) []PreviewMove {
	var out []PreviewMove
	list := trial.cardsFor(p.purpose)
	for _, row := range p.s.claimed(before) {
		next := cardOf(list, row)
		if next == nil || next == c {
			continue
		}
		f := p.s.facts(row)
		m := p.s.moveOf(row, p.purpose)
		m.After, _, m.Known = p.s.lean(next, row, &f)
		m.To = p.s.levelThen(next, row, m.After, m.Known)
		out = append(out, m)
	}
	return out
}

// count orders the customers, adds up the levels and picks out who moves. Only customers have a health.
func (o *Previewed) count() {
	if o.Card.Purpose == scorecard.ForHealth {
		status := &o.s.tables[model.Customer].cols[customerAt.status]
		o.All = slices.DeleteFunc(o.All, func(m PreviewMove) bool { return !cared(status.text(m.Row)) })
	}
	slices.SortFunc(o.All, func(a, b PreviewMove) int { return cmp.Or(cmp.Compare(b.ARR, a.ARR), cmp.Compare(a.Row, b.Row)) })
	var keys []string
	for _, l := range o.ready.Scoring.Levels {
		keys = append(keys, l.Key)
	}
	keys = append(keys, "")
	for _, k := range keys {
		o.Levels = append(o.Levels, TierSum{Tier: k})
	}
	place := func(level string) int {
		if at := slices.Index(keys, level); at >= 0 {
			return at
		}
		return len(keys) - 1 // A level that a newer program has set.
	}
	for _, m := range o.All {
		from, to := place(m.From), place(m.To)
		o.Levels[from].Before++
		o.Levels[from].ARRBefore += m.ARR
		o.Levels[to].After++
		o.Levels[to].ARR += m.ARR
		if m.From == m.To {
			continue
		}
		if to < from {
			o.Up++
		} else {
			o.Down++
		}
		o.Moves = append(o.Moves, m)
	}
}

// Ledger is how a customer comes out, now and by the trial, criterion by criterion.
func (o *Previewed) Ledger(row int32) (before, after model.ScoreResult) {
	score := func(s *Snapshot) model.ScoreResult {
		c := cardOf(s.cardsFor(o.Card.Purpose), row)
		if c == nil {
			return model.ScoreResult{}
		}
		f := s.facts(row)
		return c.Scoring.Score(s.wordedInputs(c, row, &f))
	}
	return score(o.s), score(o.trial)
}
