package ui

import (
	"fmt"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// drawPreview shows what the model would do: levels now and then, who moves, and how the customer under the
// cursor comes out.
func (p *cardPane) drawPreview(a *App, c *kit.Canvas, r kit.Rect) {
	top := p.levelTable(r.W)
	head, rest := r.Top(min(len(top)+1, r.H))
	for i, line := range top {
		c.PutSpans(head.Row(i), a.theme, line)
	}
	ledger := p.ledgerLines(r.W)
	list := rest
	if rest.H >= 10 && len(ledger) > 0 {
		var foot kit.Rect
		foot, list = rest.Bottom(min(len(ledger)+1, rest.H-6))
		for i, line := range ledger {
			if i+1 < foot.H {
				c.PutSpans(foot.Row(i+1), a.theme, line)
			}
		}
	}
	p.moves.Draw(c, list, a.theme, p.people && a.page == nil)
}

// levelTable counts customers and revenue by level, now and then; what is wrong stands above it.
func (p *cardPane) levelTable(w int) []kit.Spans {
	l := p.sp.lang
	var lines []kit.Spans
	if err := p.problem(); err != nil {
		for text := range strings.SplitSeq(err.Error(), "\n") {
			lines = append(lines, kit.Spans{{Text: l.Say(text), Token: kit.Bad}}.Wrap(w, 2)...)
		}
		lines = append(lines, kit.Spans{{Text: l.T("Below is the last model that could be tried."), Token: kit.Muted}})
	}
	if p.out == nil {
		if p.problem() != nil {
			return lines[:len(lines)-1]
		}
		return append(lines, p.sumLine())
	}
	const name, count, sum = 9, 9, 15
	cur := p.snap.Settings.Text("company.currency")
	lines = append(lines, kit.Spans{{Text: kit.PadRight(l.T("Level"), name) + kit.PadLeft(l.T("now"), count) + kit.PadLeft(l.T("then"), count) +
		kit.PadLeft("ARR "+cur, sum) + kit.PadLeft(l.T("then"), sum), Token: kit.Header}})
	for _, t := range p.out.Levels {
		token := kit.Text
		if t.Before != t.After {
			token = kit.Warn
		}
		lines = append(lines, kit.Spans{{
			Text: kit.PadRight(kit.Truncate(p.levelWord(t.Tier), name-1), name) + kit.PadLeft(l.Int(int64(t.Before)), count) + kit.PadLeft(l.Int(int64(t.After)), count) +
				kit.PadLeft(arrWords(l, p.snap, t.ARRBefore), sum) + kit.PadLeft(arrWords(l, p.snap, t.ARR), sum), Token: token,
		}})
	}
	if p.problem() != nil {
		return lines
	}
	return append(lines, p.sumLine())
}

// ledgerShown is the ledger of the customer under the cursor, as it was drawn last.
type ledgerShown struct {
	of            *table.Previewed
	row           int32
	before, after model.ScoreResult
}

// scores are how the customer under the cursor comes out, now and by the edited model.
func (p *cardPane) scores() (row int32, before, after model.ScoreResult, ok bool) {
	row, ok = p.person()
	if !ok {
		return row, before, after, false
	}
	if k := &p.ledger; k.of != p.out || k.row != row {
		k.of, k.row = p.out, row
		k.before, k.after = p.out.Ledger(row)
	}
	return row, p.ledger.before, p.ledger.after, true
}

// ledgerLines write the ledger of the customer under the cursor, now and then.
func (p *cardPane) ledgerLines(w int) []kit.Spans {
	row, before, after, ok := p.scores()
	if !ok {
		return nil
	}
	l := p.sp.lang
	lines := []kit.Spans{{
		{Text: kit.Truncate(kit.Clean(p.snap.Table(model.Customer).Str(row, "name")), 30) + "  ", Token: kit.Title},
		{Text: pointsOrNone(before.Known, l.Decimal(before.Score, 1)) + " → " + pointsOrNone(after.Known, l.Decimal(after.Score, 1))},
		{Text: "  " + l.T("%s %% of the weight with data", l.Decimal(after.Coverage, 0)), Token: kit.Muted},
	}}
	label := max(12, min(22, w-40))
	shown := max(8, w-label-30)
	for _, t := range after.Terms {
		token, points := kit.Text, "–"
		if t.Known {
			points = l.Decimal(t.Points, 0)
		} else {
			token = kit.Muted
		}
		line := kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(l.T(t.Label)), label-1), label), Token: token},
			{Text: kit.PadRight(kit.Truncate(kit.Clean(shownInput(l, t)), shown-1), shown), Token: kit.Muted},
			{Text: kit.PadLeft(points, 4) + kit.PadLeft(l.T("%s %%", l.Decimal(t.Share, 1)), 8) + kit.PadLeft(fmt.Sprintf("%+.2f", t.Contribution), 8), Token: token},
		}
		if d := t.Contribution - contributionOf(before, t.Criterion); d > 0.005 || d < -0.005 {
			token = kit.Good
			if d < 0 {
				token = kit.Bad
			}
			line = append(line, kit.Span{Text: kit.PadLeft(fmt.Sprintf("(%+.2f)", d), 9), Token: token})
		}
		lines = append(lines, line)
	}
	return lines
}

func shownInput(l *lang.Lang, t model.ScoreTerm) string {
	if t.Shown != "" {
		return t.Shown
	}
	return l.T("no data")
}

func contributionOf(r model.ScoreResult, key string) float64 {
	for _, t := range r.Terms {
		if t.Criterion == key {
			return t.Contribution
		}
	}
	return 0
}

// why explains the customer under the cursor by the edited model.
func (p *cardPane) why(a *App) {
	row, before, after, ok := p.scores()
	if !ok {
		return
	}
	l := p.sp.lang
	label := "Tier score"
	if p.card.Purpose == "health" {
		label = "Health"
	}
	w := model.Why{
		Record: p.snap.Table(model.Customer).Str(row, "name"), Label: label, Value: pointsOrNone(after.Known, l.Decimal(after.Score, 2)),
		Formula: "Σ weight × points ÷ Σ weight over the criteria with data, by the model as it is edited",
	}
	for _, t := range after.Terms {
		line := model.WhyLine{Label: t.Label, Value: fmt.Sprintf("%+.2f", t.Contribution), Source: t.Source}
		line.Note = strings.TrimSpace(t.Shown + "; " + t.Note)
		if t.Known {
			line.Note = fmt.Sprintf("%s: %s points × %s %%; %s", t.Shown, l.Decimal(t.Points, 0), l.Decimal(t.Share, 2), t.Note)
		}
		if was := contributionOf(before, t.Criterion); was != t.Contribution {
			line.Note += fmt.Sprintf("; now %+.2f", was)
		}
		w.Lines = append(w.Lines, line)
	}
	w.Notes = append(w.Notes, fmt.Sprintf("now %s, then %s", pointsOrNone(before.Known, l.Decimal(before.Score, 2)), w.Value))
	a.showWhy(w)
}
