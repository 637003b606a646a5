package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/scorecard"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// refresh gives both lists what they show now.
func (p *cardPane) refresh() {
	if p.snap == nil {
		return
	}
	l := p.sp.lang
	columns := []kit.Column{
		{Key: "label", Title: "Criterion", Ideal: 22, Min: 12, Flex: 2, Priority: 10, Pinned: true},
		{Key: "group", Title: "Group", Ideal: 13, Priority: 4, Hidden: p.card.Purpose != scorecard.ForHealth},
		{Key: "source", Title: "Judged by", Ideal: 20, Min: 10, Flex: 2, Priority: 6},
		{Key: "points", Title: "Points", Ideal: 26, Min: 10, Flex: 3, Priority: 7},
		{Key: "weight", Title: "Weight", Ideal: 7, Align: kit.AlignRight, Priority: 10},
		{Key: "share", Title: "Share", Ideal: 7, Align: kit.AlignRight, Priority: 9},
		{Key: "data", Title: "Data", Ideal: 6, Align: kit.AlignRight, Priority: 5},
	}
	p.crit.SetColumns(sayColumns(l, columns))
	p.crit.SetRows(criterionRows{p, p.card.Shares()})
	p.crit.Empty = l.T("The model has no criterion; a adds one.")
	key := p.moves.Key()
	p.moves.SetColumns(sayColumns(l, []kit.Column{
		{Key: "name", Title: "Customer", Ideal: 24, Min: 12, Flex: 3, Priority: 10, Pinned: true},
		{Key: "from", Title: "now", Ideal: 7, Min: 5, Priority: 9},
		{Key: "to", Title: "then", Ideal: 7, Min: 5, Priority: 9},
		{Key: "points", Title: "Points", Ideal: 15, Min: 13, Align: kit.AlignRight, Priority: 8},
		{Key: "arr", Title: "ARR", Ideal: 15, Min: 12, Align: kit.AlignRight, Priority: 7},
	}))
	p.moves.SetRows(moveRows{p})
	p.moves.KeepCursorOn(key)
	p.moves.Empty = l.T("Nobody moves; A lists all customers of the model.")
}

// listed are the customers that are listed: who moves, or all.
func (p *cardPane) listed() []table.PreviewMove {
	switch {
	case p.out == nil:
		return nil
	case p.all:
		return p.out.All
	}
	return p.out.Moves
}

// person is the customer whose ledger is shown: the one under the cursor.
func (p *cardPane) person() (int32, bool) {
	list, i := p.listed(), p.moves.Row()
	if i < 0 || i >= len(list) {
		return -1, false
	}
	return list[i].Row, true
}

// sourceWords says what a criterion looks at.
func (p *cardPane) sourceWords(m *scorecard.Criterion) string {
	if m.Formula != "" {
		return "= " + m.Formula
	}
	in, ok := p.snap.Inputs()[m.Source()]
	if !ok {
		return m.Source()
	}
	return p.sp.lang.T(in.Label)
}

func (p *cardPane) pointWords(m *scorecard.Criterion) string {
	l := p.sp.lang
	switch {
	case m.Percentile == "down":
		return l.T("percentile, less is better")
	case m.Percentile != "":
		return l.T("percentile, more is better")
	case m.Points == scorecard.AsIs:
		return l.T("as it is")
	}
	return m.Points
}

// criterionRows shows the criteria to the grid.
type criterionRows struct {
	p      *cardPane
	shares []float64
}

func (r criterionRows) Len() int           { return len(r.p.card.Criteria) }
func (r criterionRows) Key(row int) string { return r.p.card.Criteria[row].Key }

func (r criterionRows) Cell(row int, col string) kit.Cell {
	p, m, l := r.p, &r.p.card.Criteria[row], r.p.sp.lang
	token := kit.Text
	if at := slices.IndexFunc(p.base.Criteria, func(o scorecard.Criterion) bool { return o.Key == m.Key }); at < 0 || p.base.Criteria[at] != *m {
		token = kit.Warn
	}
	switch col {
	case "label":
		return kit.Cell{Text: kit.Clean(l.T(cmp.Or(m.Label, m.Key))), Token: token}
	case "group":
		return kit.Cell{Text: kit.Clean(p.groupLabel(m.Group)), Token: kit.Muted}
	case "source":
		return kit.Cell{Text: kit.Clean(p.sourceWords(m)), Token: kit.Muted}
	case "points":
		return kit.Cell{Text: kit.Clean(p.pointWords(m))}
	case "weight":
		return kit.Cell{Text: fmt.Sprintf("%g", m.Weight), Token: token}
	case "share":
		return kit.Cell{Text: l.T("%s %%", l.Decimal(r.shares[row], 1))}
	case "data":
		if o := p.out; o != nil && o.Claims > 0 {
			if at := slices.IndexFunc(o.Card.Criteria, func(c scorecard.Criterion) bool { return c.Key == m.Key }); at >= 0 {
				return kit.Cell{Text: l.T("%s %%", l.Decimal(100*float64(o.Data[at])/float64(o.Claims), 0)), Token: kit.Muted}
			}
		}
	}
	return kit.Cell{}
}

func (p *cardPane) groupLabel(key string) string {
	for _, g := range p.card.Groups {
		if g.Key == key {
			return p.sp.lang.T(cmp.Or(g.Label, g.Key))
		}
	}
	return key
}

// moveRows shows the customers to the grid.
type moveRows struct{ p *cardPane }

func (r moveRows) Len() int           { return len(r.p.listed()) }
func (r moveRows) Key(row int) string { return fmt.Sprint(r.p.listed()[row].Row) }

func (r moveRows) Cell(row int, col string) kit.Cell {
	m, p, l := r.p.listed()[row], r.p, r.p.sp.lang
	token := kit.Text
	if m.From != m.To {
		token = kit.Warn
	}
	switch col {
	case "name":
		return kit.Cell{Text: kit.Clean(p.snap.Table(model.Customer).Str(m.Row, "name"))}
	case "from":
		return kit.Cell{Text: p.levelWord(m.From), Token: kit.Muted}
	case "to":
		return kit.Cell{Text: p.levelWord(m.To), Token: token}
	case "points":
		return kit.Cell{Text: pointsOrNone(m.Had, l.Decimal(m.Before, 1)) + " → " + pointsOrNone(m.Known, l.Decimal(m.After, 1))}
	case "arr":
		return kit.Cell{Text: arrWords(l, p.snap, m.ARR)}
	}
	return kit.Cell{}
}

func pointsOrNone(known bool, text string) string {
	if !known {
		return "–"
	}
	return text
}

// levelWord says a tier or a level of health.
func (p *cardPane) levelWord(level string) string {
	switch {
	case level == "":
		return p.sp.lang.T("none")
	case p.card.Purpose == scorecard.ForHealth:
		return pickWord(p.sp.lang, "health", level)
	}
	return pickWord(p.sp.lang, "tier", level)
}

// cardSplit is the width from which criteria and preview stand beside each other.
const cardSplit = 100

func (p *cardPane) draw(a *App, c *kit.Canvas, r kit.Rect) {
	head := p.headLines()
	top, body := r.Top(len(head) + 1)
	for i, line := range head {
		c.PutSpans(top.Row(i).Inset(1, 0), a.theme, line)
	}
	if r.W < cardSplit {
		p.formAt = kit.Rect{}
		p.drawNarrow(a, c, body)
		return
	}
	left, right := body.Left(body.W * 11 / 20)
	p.formAt = left
	_, right = right.Left(2)
	p.crit.Draw(c, left, a.theme, !p.people && a.page == nil)
	p.drawPreview(a, c, right)
}

// drawNarrow shows one side, with a line of what the model would do.
func (p *cardPane) drawNarrow(a *App, c *kit.Canvas, r kit.Rect) {
	if p.people {
		p.drawPreview(a, c, r)
		return
	}
	foot, body := r.Bottom(1)
	p.crit.Draw(c, body, a.theme, a.page == nil)
	c.PutSpans(foot.Inset(1, 0), a.theme, p.sumLine())
}

// headLines say what is edited, whom it scores, and from when on which level is reached.
func (p *cardPane) headLines() []kit.Spans {
	l, c := p.sp.lang, p.wanted()
	where := l.T("everybody")
	switch {
	case c.Where != "":
		where = c.Where
	case p.id.IsZero() && !p.fresh && c.Name == model.StandardScorecard:
		where = l.T("whom no other claims")
	}
	version := l.T("version %s", l.Int(int64(p.version)))
	switch {
	case p.fresh:
		version = l.T("new")
	case p.id.IsZero():
		version = l.T("of the settings")
		if c.Purpose == scorecard.ForHealth {
			version = l.T("comes with the book")
		}
	}
	first := kit.Spans{
		{Text: cardName(l, c.Name), Token: kit.Title},
		{Text: " · " + purposeWord(l, c.Purpose) + " · " + version, Token: kit.Muted},
		{Text: " · " + l.T("for %s", kit.Clean(where))},
	}
	if p.out != nil {
		first = append(first, kit.Span{Text: " · " + plural(l, p.out.Claims, model.Customer), Token: kit.Muted})
	}
	second := kit.Spans{{Text: p.levelLine(c)}, {Text: " · " + l.T("at least %s %% of the weight with data", fmt.Sprintf("%g", c.MinCoverage)), Token: kit.Muted}}
	if c.Purpose == scorecard.ForTier {
		second = append(second, kit.Span{Text: " · " + l.T("margin %s, or %s scorings running", fmt.Sprintf("%g", c.Margin), fmt.Sprint(max(1, c.Runs))), Token: kit.Muted})
	}
	return []kit.Spans{first, second}
}

// levelLine says from which score each level is reached, or how many places it has.
func (p *cardPane) levelLine(c *scorecard.Card) string {
	all, err := c.Thresholds()
	if err != nil {
		return p.sp.lang.Say(err.Error())
	}
	var parts []string
	for _, level := range all[:len(all)-1] {
		if places, ok := c.Capacity[level.Key]; ok {
			parts = append(parts, p.sp.lang.T("%s: %s places", p.levelWord(level.Key), places))
			continue
		}
		parts = append(parts, p.sp.lang.T("%s from %s", p.levelWord(level.Key), fmt.Sprintf("%g", level.Min)))
	}
	return strings.Join(parts, ", ")
}

// sumLine says in a line what the model would do, or what is wrong with it.
func (p *cardPane) sumLine() kit.Spans {
	l := p.sp.lang
	switch {
	case p.problem() != nil:
		text, _, _ := strings.Cut(p.problem().Error(), "\n")
		return kit.Spans{{Text: l.Say(text), Token: kit.Bad}}
	case p.out == nil:
		return kit.Spans{{Text: l.T("Trying it out …"), Token: kit.Muted}}
	}
	line := kit.Spans{{Text: l.T("%s up, %s down", l.Int(int64(p.out.Up)), l.Int(int64(p.out.Down))), Token: kit.Title}}
	if p.busy {
		line = append(line, kit.Span{Text: " · " + l.T("Trying it out …"), Token: kit.Muted})
	}
	return line
}

// problem is why the model cannot be as it is.
func (p *cardPane) problem() error {
	if p.broken != nil {
		return p.broken
	}
	return p.err
}
