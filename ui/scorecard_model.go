package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model/scorecard"
	"opsdeck/ui/kit"
)

// editModel opens the form of what is not of one criterion.
func (p *cardPane) editModel(a *App) {
	c, l := p.card, a.lang
	levels, _ := c.Thresholds()
	fields := []kit.Field{
		{Key: "name", Label: l.T("Name"), Value: c.Name, Required: true, Help: l.T("another name for the standard model makes a model of your own")},
		{Key: "where", Label: l.T("For whom"), Value: c.Where, Help: l.T("a filter such as industry:software employees:>50; empty for everybody")},
		{Key: "order", Label: l.T("Precedence"), Kind: kit.KindNumber, Value: strconv.Itoa(c.Order), Help: l.T("of several models that claim a customer the lowest order counts")},
		{Key: "min_coverage", Label: l.T("Least coverage"), Kind: kit.KindNumber, Value: fmt.Sprintf("%g", c.MinCoverage), Help: l.T("percent of the weight that must have data; below it there is no score")},
	}
	for _, level := range levels[:max(0, len(levels)-1)] {
		word := p.levelWord(level.Key)
		fields = append(fields, kit.Field{Key: "from." + level.Key, Label: l.T("%s from", word), Kind: kit.KindNumber, Value: fmt.Sprintf("%g", level.Min), Help: l.T("the score from which the level is reached, 0 to 100")})
		if c.Purpose == scorecard.ForTier {
			fields = append(fields, kit.Field{Key: "places." + level.Key, Label: l.T("or places for %s", word), Value: c.Capacity[level.Key], Help: l.T("how many customers hold the level, such as 20 or 5 %; instead of thresholds, for every level but the lowest")})
		}
	}
	if c.Purpose == scorecard.ForTier {
		fields = append(fields,
			kit.Field{Key: "margin", Label: l.T("Margin"), Kind: kit.KindNumber, Value: fmt.Sprintf("%g", c.Margin), Help: l.T("points past a threshold before a tier changes at once")},
			kit.Field{Key: "runs", Label: l.T("Scorings running"), Kind: kit.KindNumber, Value: strconv.Itoa(c.Runs), Help: l.T("after which a tier changes within the margin too")})
	} else {
		fields = append(fields, kit.Field{Key: "groups", Label: l.T("Groups"), Value: groupsText(c), Help: l.T("group:weight, such as usage:40 support:20")})
	}
	p.openCardForm(a, formOfModel, l.T("The model"), fields, p.withModel)
}

func groupsText(c *scorecard.Card) string {
	var parts []string
	for _, g := range c.Groups {
		parts = append(parts, fmt.Sprintf("%s:%g", g.Key, g.Weight))
	}
	return strings.Join(parts, " ")
}

// withModel is the model with what the form of the whole has.
func (p *cardPane) withModel(v map[string]string) (*scorecard.Card, error) {
	c := p.card.Clone()
	c.Name, c.Where = strings.TrimSpace(v["name"]), strings.TrimSpace(v["where"])
	if err := p.snap.CheckModelName(c, p.id); err != nil {
		return nil, &scorecard.FieldError{Field: "name", Err: err}
	}
	if err := p.snap.CheckWhere(c.Where); err != nil {
		return nil, &scorecard.FieldError{Field: "where", Err: err}
	}
	var errs [4]error
	c.Order, errs[0] = countIn(v, "order")
	c.MinCoverage, errs[1] = numberIn(v, "min_coverage")
	if p.card.Purpose == scorecard.ForTier {
		c.Margin, errs[2] = numberIn(v, "margin")
		c.Runs, errs[3] = countIn(v, "runs")
	}
	if err := cmp.Or(errs[:]...); err != nil {
		return nil, err
	}
	for _, bound := range []struct {
		field string
		n     float64
		top   float64
	}{{"min_coverage", c.MinCoverage, 100}, {"margin", c.Margin, 100}, {"runs", float64(c.Runs), 52}} {
		if !(bound.n >= 0 && bound.n <= bound.top) {
			return nil, fieldWrong(bound.field, fmt.Errorf("%g does not lie between 0 and %g", bound.n, bound.top))
		}
	}
	if err := p.withLevels(c, v); err != nil {
		return nil, err
	}
	if c.Purpose == scorecard.ForHealth {
		return c, withGroups(c, v["groups"])
	}
	return c, nil
}

// withLevels takes thresholds and places over; a threshold that is as it was stays as it was written.
func (p *cardPane) withLevels(c *scorecard.Card, v map[string]string) error {
	was, err := p.card.Thresholds()
	if err != nil {
		return err
	}
	for _, level := range was[:len(was)-1] {
		n, err := numberIn(v, "from."+level.Key)
		if err != nil {
			return err
		}
		if n != level.Min {
			if c.Levels == nil {
				c.Levels = map[string]any{}
			}
			c.Levels[level.Key] = n
		}
		if _, err := c.Thresholds(); err != nil && n != level.Min {
			return &scorecard.FieldError{Field: "from." + level.Key, Err: err}
		}
		places := strings.TrimSpace(v["places."+level.Key])
		switch {
		case places == "":
			delete(c.Capacity, level.Key)
		case c.Capacity == nil:
			c.Capacity = map[string]string{level.Key: places}
		default:
			c.Capacity[level.Key] = places
		}
	}
	if len(c.Capacity) == 0 {
		c.Capacity = nil
	}
	if _, err := c.Places(); err != nil {
		for _, level := range was[:len(was)-1] {
			if v["places."+level.Key] == "" || strings.Contains(err.Error(), "capacity."+level.Key) {
				return &scorecard.FieldError{Field: "places." + level.Key, Err: err}
			}
		}
		return err
	}
	return nil
}

// withGroups takes the groups of a health model over. A group keeps its label; one that has measures stays.
func withGroups(c *scorecard.Card, text string) error {
	var out []scorecard.Group
	for part := range strings.FieldsSeq(text) {
		key, weight, ok := strings.Cut(part, ":")
		n, err := strconv.ParseFloat(weight, 64)
		if !ok || err != nil || key == "" || !(n >= 0 && n <= 1e6) {
			return fieldWrong("groups", fmt.Errorf("%q is not group:weight", part))
		}
		g := scorecard.Group{Key: key, Weight: n}
		if at := slices.IndexFunc(c.Groups, func(o scorecard.Group) bool { return o.Key == key }); at >= 0 {
			g.Label = c.Groups[at].Label
		}
		if slices.ContainsFunc(out, func(o scorecard.Group) bool { return o.Key == key }) {
			return fieldWrong("groups", fmt.Errorf("the group %q is listed twice", key))
		}
		out = append(out, g)
	}
	for _, m := range c.Criteria {
		if !slices.ContainsFunc(out, func(g scorecard.Group) bool { return g.Key == m.Group }) {
			return fieldWrong("groups", fmt.Errorf("the group %q has measures: move them first, or leave the group in", m.Group))
		}
	}
	c.Groups = out
	return nil
}
