package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/scorecard"
)

// CheckCard tells everything that is wrong with a scorecard for this book: its own mistakes, a filter or
// formula over fields that are not there, and formulas that fail for a customer.
func (s *Snapshot) CheckCard(c *scorecard.Card) error {
	if err := c.Check(s.Inputs()); err != nil {
		return err
	}
	ready, err := s.readyCard(c, nil)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(c.Criteria, func(m scorecard.Criterion) bool { return m.Formula != "" }) {
		return nil
	}
	failed := map[string]int{}
	first := map[string]string{}
	t := s.tables[model.Customer]
	t.Rows(func(row int32) bool {
		if ready.claims != nil && !ready.claims(int(row)) {
			return true
		}
		f := s.facts(row)
		for _, in := range s.inputsOf(ready, row, &f, nil) {
			if !in.Known && strings.HasPrefix(in.Problem, formulaFails) {
				if failed[in.Criterion]++; first[in.Criterion] == "" {
					first[in.Criterion] = fmt.Sprintf("%s at %q", strings.TrimPrefix(in.Problem, formulaFails), t.Str(row, "name"))
				}
			}
		}
		return true
	})
	var wrong []error
	for _, m := range c.Criteria {
		if n := failed[m.Key]; n > 0 {
			wrong = append(wrong, formulaFailure(m.Key, first[m.Key], n))
		}
	}
	return errors.Join(wrong...)
}

const formulaFails = "the formula fails: "

// CardOps makes the changes that keep a scorecard: a new record, or the next version of the one of that
// name. Percentiles and places are found at once, so that it scores from its first moment.
func (s *Snapshot) CardOps(c *scorecard.Card, note string, newID func() model.ID) ([]model.Op, error) {
	var id model.ID
	if r, had := s.cardRecord(c.Name); had {
		id = r.ID
	}
	return s.cardOps(id, c, note, newID)
}

// cardOps makes the changes that keep a scorecard in the record of an id, or in a new one for the zero id.
func (s *Snapshot) cardOps(id model.ID, c *scorecard.Card, note string, newID func() model.ID) ([]model.Op, error) {
	if err := s.CheckCard(c); err != nil {
		return nil, err
	}
	after := model.NewRecord(model.Scorecard, newID())
	before, had := s.cardOfID(id)
	if had {
		after = before.Clone()
	} else if !id.IsZero() {
		return nil, fmt.Errorf("the scorecard %q is no longer in the book", c.Name)
	}
	version, _ := after.Get("version").Float()
	ready, err := s.readyCard(c, nil)
	if err != nil {
		return nil, err
	}
	_, state, err := s.freshCardAmong(ready, c.Purpose, after.ID)
	if err != nil {
		return nil, err
	}
	for name, v := range map[string]model.Value{
		"name": model.Text(c.Name), "external_id": model.Text(c.Name), "purpose": model.Pick(c.Purpose), "where": textOrNone(c.Where),
		"order": model.Number(float64(c.Order)), "definition": model.Long(c.TOML()), "note": textOrNone(note), "state": longOrNone(state.String()),
	} {
		after.Set(name, v)
	}
	if !had {
		after.Set("version", model.Number(1))
		return []model.Op{model.CreateOp(after)}, after.Validate()
	}
	if before.Get("definition") == after.Get("definition") {
		return nil, nil
	}
	after.Set("version", model.Number(version+1))
	op, _ := model.UpdateOp(before, after)
	return []model.Op{op}, after.Validate()
}

func longOrNone(s string) model.Value {
	if s == "" {
		return model.Value{}
	}
	return model.Long(s)
}

// cardRecord is the record of the scorecard of a name; all its fields are in the picture.
func (s *Snapshot) cardRecord(name string) (*model.Record, bool) {
	t := s.tables[model.Scorecard]
	for row := range t.size {
		if t.live.get(row) && t.Str(row, "name") == name {
			return s.cardOfID(t.ID(row))
		}
	}
	return nil, false
}

// cardOfID is the record of a scorecard.
func (s *Snapshot) cardOfID(id model.ID) (*model.Record, bool) {
	t := s.tables[model.Scorecard]
	row, ok := t.Row(id)
	if !ok || !t.Live(row) {
		return nil, false
	}
	r := model.NewRecord(model.Scorecard, id)
	for _, f := range t.Schema.Stored() {
		if f.Name != "keys" {
			r.Set(f.Name, t.Value(row, f.Name))
		}
	}
	return r, true
}

// freshCardAmong finds percentiles and places of a scorecard that takes its place among the others.
func (s *Snapshot) freshCardAmong(c *card, purpose string, id model.ID) (*card, *scorecard.State, error) {
	trial := s.with(c, purpose, id)
	return trial.freshCard(c)
}

// CardInfo is a scorecard for lists of them.
type CardInfo struct {
	ID      model.ID
	Card    *scorecard.Card
	Version int
	Claims  int // customers that it scores
	Err     error
}

// Cards lists the scorecards in the order in which they claim customers, the standard ones last and
// those that cannot be read after them.
func (s *Snapshot) Cards() []CardInfo {
	var out []CardInfo
	t := s.tables[model.Scorecard]
	version := func(id model.ID) int {
		row, _ := t.Row(id)
		n, _ := t.Num(row, "version")
		return int(n)
	}
	for _, list := range [][]*card{s.cards.tier, s.cards.health} {
		counts := map[*card]int{}
		customers := s.tables[model.Customer]
		for row := range customers.size {
			if customers.live.get(row) {
				counts[cardOf(list, row)]++
			}
		}
		for _, c := range list {
			out = append(out, CardInfo{c.ID, c.Card, version(c.ID), counts[c], nil})
		}
	}
	for _, c := range s.cards.broken {
		out = append(out, CardInfo{c.ID, c.Card, version(c.ID), 0, c.Err})
	}
	return out
}
