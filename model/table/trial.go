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
			wrong = append(wrong, fmt.Errorf("criterion %q: formula: %s, and %d customers in all; a condition such as seats > 0 ? arr / seats : 0 avoids it", m.Key, first[m.Key], n))
		}
	}
	return errors.Join(wrong...)
}

const formulaFails = "the formula fails: "

// CardOps makes the changes that keep a scorecard: a new record, or the next version of the one of that
// name. Percentiles and places are found at once, so that it scores from its first moment.
func (s *Snapshot) CardOps(c *scorecard.Card, note string, newID func() model.ID) ([]model.Op, error) {
	if err := s.CheckCard(c); err != nil {
		return nil, err
	}
	after := model.NewRecord(model.Scorecard, newID())
	before, had := s.cardRecord(c.Name)
	if had {
		after = before.Clone()
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
			r := model.NewRecord(model.Scorecard, t.ID(row))
			for _, f := range t.Schema.Stored() {
				if f.Name != "keys" {
					r.Set(f.Name, t.Value(row, f.Name))
				}
			}
			return r, true
		}
	}
	return nil, false
}

// freshCardAmong finds percentiles and places of a scorecard that takes its place among the others.
func (s *Snapshot) freshCardAmong(c *card, purpose string, id model.ID) (*card, *scorecard.State, error) {
	trial := *s
	c.ID = id
	list := &trial.cards.tier
	if purpose == scorecard.ForHealth {
		list = &trial.cards.health
	}
	*list = slices.DeleteFunc(slices.Clone(*list), func(o *card) bool { return o.ID == id })
	at := 0
	for at < len(*list) && !(*list)[at].ID.IsZero() && ((*list)[at].Card.Order < c.Card.Order || (*list)[at].Card.Order == c.Card.Order && (*list)[at].Card.Name < c.Card.Name) {
		at++
	}
	*list = slices.Insert(*list, at, c)
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
