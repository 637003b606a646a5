package ui

import (
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// oneView is what a customer is worth, how content and how loyal it is and what it does: row C8 of the brief. Why?
// on a line explains its first figure.
func (b *pageBuilder) oneView() {
	l := b.a.lang
	b.add(l.T("Value, satisfaction, loyalty, behaviour"), slices.Concat(
		b.viewLines("arr", l.T("Value"), b.viewField("arr"), b.viewField("value"), b.viewField("roi"), b.viewField("tier"), b.viewField("tier_score"), b.viewField("rfm"), b.viewField("growth")),
		b.viewLines("nps", l.T("Satisfaction"), b.recommends(), b.viewField("sentiment"), b.rating()),
		b.viewLines("loyalty", l.T("Loyalty"), b.loyal()...),
		b.viewLines("usage_trend", l.T("Behaviour"), b.viewField("usage_trend"), b.viewField("activity"), b.viewField("breadth"), b.viewField("logins"), b.viewField("session"), b.viewField("last_order"), b.viewField("last_touch"), b.viewField("overdue")),
	))
}

// viewWidth is how wide the parts of a line of the view may be beside each other; the rest goes below.
const viewWidth = 56

// viewLines are the parts of the view that are known beside each other, as many lines as they take.
func (b *pageBuilder) viewLines(field, label string, parts ...string) []pageLine {
	var rows []string
	for _, p := range parts {
		switch last := len(rows) - 1; {
		case p == "":
		case last >= 0 && kit.Width(rows[last]+p)+3 <= viewWidth:
			rows[last] += " · " + p
		default:
			rows = append(rows, p)
		}
	}
	token := kit.Text
	if len(rows) == 0 {
		rows, token = []string{b.a.lang.T("nothing is known")}, kit.Muted
	}
	var lines []pageLine
	for _, text := range rows {
		lines = append(lines, pageLine{
			spans: kit.Spans{{Text: kit.PadRight(label, labelWidth), Token: kit.Muted}, {Text: text, Token: token}},
			kind:  model.Customer, id: b.p.id, field: field,
		})
		label = ""
	}
	return lines
}

// viewField is a field with its name, empty without content.
func (b *pageBuilder) viewField(name string) string {
	f, _ := model.SchemaOf(model.Customer).Field(name)
	text := cell(b.a.lang, b.a.snap, model.Customer, b.row, column{field: name}).Text
	if f.Type == model.TMoney && text != "" {
		text = moneyWords(b.a.lang, b.a.snap, model.Customer, b.row, name)
	}
	if text == "" || text == "–" {
		return ""
	}
	return b.a.lang.T(f.Label) + " " + kit.Clean(text)
}

// recommends is the answer to the question whether they would recommend us, with its group and its day.
func (b *pageBuilder) recommends() string {
	t, l := b.a.snap.Table(model.Customer), b.a.lang
	n, ok := t.Num(b.row, "nps")
	if !ok {
		return l.T("nobody has asked whether they would recommend us")
	}
	text := l.T("would recommend us: %s of 10, %s", l.Decimal(n, 0), l.T(model.NPSGroup(n)))
	if on := t.Day(b.row, "nps_date"); on.IsSet() {
		text += ", " + l.Date(on.String())
	}
	return text
}

// rating is what they said of the handling of their items.
func (b *pageBuilder) rating() string {
	mean, n := b.a.snap.ItemRating(b.row)
	if n == 0 {
		return ""
	}
	l := b.a.lang
	return l.N(n, "%s item of 12 months rated %s", "%s items of 12 months rated %s on average", l.Int(int64(n)), l.Decimal(mean, 1))
}

// loyal is the loyalty, the part of its weight that has data, and what is missing.
func (b *pageBuilder) loyal() []string {
	r, ok := b.a.snap.Loyalty(b.row)
	l := b.a.lang
	if !ok {
		return nil
	}
	parts := []string{l.T("not enough data")}
	if r.Known {
		parts[0] = l.T("%s of 100", l.Decimal(r.Score, 1))
	}
	var missing []string
	for _, t := range r.Terms {
		if !t.Known {
			missing = append(missing, l.T(t.Label))
		}
	}
	parts = append(parts, l.T("%s %% of the weight with data", l.Decimal(r.Coverage, 0)))
	if len(missing) > 0 {
		parts = append(parts, l.T("missing: %s", strings.Join(missing, ", ")))
	}
	return parts
}
