package ui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/ui/kit"
)

// portraitFields are the fields of the portrait, figures first.
func portraitFields() []string {
	return []string{
		"status", "tier", "tier_score", "coverage", "health", "health_score", "rfm", "alerts", "arr", "contracts", "renews", "decision_date", "overdue", "orders",
		"order_amount", "last_order", "growth", "value", "value_confirmed", "roi", "last_touch", "touch_overdue", "open_items", "contacts", "loyalty", "loyalty_coverage",
		"local_name", "external_id", "registered_id", "owner", "sales_owner", "team", "channel", "tags", "lifecycle",
		"industry", "market_size", "employees", "annual_revenue", "gross_profit", "business_model", "country", "region", "city",
		"domain", "phone", "parent", "demand_type", "partner", "since", "influence", "brand", "payment_record", "sentiment",
		"sentiment_date", "nps", "nps_date", "referrals", "tier_override", "tier_override_reason", "tier_override_until", "plan", "seats", "trial", "type", "rating", "stub", "source_churned",
	}
}

// longFields are the texts of the portrait, which are read from the book.
func longFields() []string {
	return []string{"objectives", "strengths", "weaknesses", "wanted_outcome", "description", "address"}
}

func (a *App) buildPage(msg customerRead) *customerPage {
	p := &customerPage{id: msg.id}
	row, ok := a.snap.Table(model.Customer).Row(msg.id)
	if !ok {
		return p
	}
	b := pageBuilder{a: a, row: row, p: p}
	b.portrait(msg.record)
	b.oneView()
	b.people()
	b.records("Contracts", model.Contract, "start", []string{"state", "start", "end", "arr", "stage", "name"})
	b.records("Items", model.Item, "opened", []string{"severity", "state", "kind", "summary"})
	b.records("Tasks", model.Task, "due", []string{"due", "owner", "done_on", "title"})
	b.records("Touches", model.Touch, "date", []string{"date", "type", "by", "contacts", "subject"})
	b.usage()
	b.records("Benefits", model.Benefit, "measured", []string{"measured", "type", "change", "worth", "tie", "feature", "name"})
	b.records("Invoices", model.Invoice, "date", []string{"date", "state", "amount", "due", "number"})
	b.prepaid()
	b.records("Orders", model.Order, "date", []string{"date", "amount", "external_id"})
	b.records("Deals", model.Deal, "close_date", []string{"close_date", "stage", "amount", "name"})
	b.records("Churn events", model.Churn, "date", []string{"date", "reason", "feedback"})
	p.events = report.Timeline(a.snap, row, msg.history, a.o.Now().Location())
	p.sections = append(p.sections, section{})
	p.drawTimeline(a)
	p.brief = report.Brief(a.snap, msg.record)
	return p
}

// pageBuilder collects the lines of a customer view.
type pageBuilder struct {
	a   *App
	row int32
	p   *customerPage
}

func (b *pageBuilder) portrait(r *model.Record) {
	s := b.a.snap
	schema := model.SchemaOf(model.Customer)
	for _, name := range portraitFields() {
		for _, spans := range detailLines(b.a.lang, s, model.Customer, b.row, []string{name}) {
			b.p.portrait = append(b.p.portrait, pageLine{spans: spans, kind: model.Customer, id: b.p.id, field: name})
		}
	}
	for _, name := range longFields() {
		f, _ := schema.Field(name)
		for i, line := range kit.Wrap(r.Get(name).Str(), 60) {
			label := ""
			if i == 0 {
				label = b.a.lang.T(f.Label)
			}
			if line == "" && i == 0 {
				break
			}
			b.p.portrait = append(b.p.portrait, pageLine{
				spans: kit.Spans{{Text: kit.PadRight(label, labelWidth), Token: kit.Muted}, {Text: line}},
				kind:  model.Customer, id: b.p.id, field: name,
			})
		}
	}
	for _, fv := range r.Fields {
		if strings.HasPrefix(fv.Name, model.CustomPrefix) {
			label := kit.PadRight(kit.Truncate(strings.TrimPrefix(fv.Name, model.CustomPrefix), labelWidth-1), labelWidth)
			b.p.portrait = append(b.p.portrait, pageLine{
				spans: kit.Spans{{Text: label, Token: kit.Muted}, {Text: fv.Value.Format()}},
				kind:  model.Customer, id: b.p.id, field: fv.Name,
			})
		}
	}
}

func (b *pageBuilder) add(title string, lines []pageLine) {
	if len(lines) > 0 {
		b.p.sections = append(b.p.sections, section{title: title, lines: lines})
	}
}

// people shows the decision chain as a tree from the top, its gaps, and the house rules that matter.
func (b *pageBuilder) people() {
	s := b.a.snap
	var lines []pageLine
	for _, p := range s.Chain(b.row) {
		lines = append(lines, b.person(p.Row, p.Depth))
	}
	align(lines)
	for _, gap := range s.Gaps(b.row) {
		lines = append(lines, pageLine{spans: kit.Spans{{Text: b.a.theme.Sym.Warn + " " + b.a.lang.Say(gap), Token: kit.Warn}}})
	}
	b.add(b.a.lang.T("Decision chain"), lines)
	lines = nil
	for _, rule := range s.HouseRules(b.row) {
		lines = append(lines, pageLine{spans: kit.Spans{{Text: b.a.lang.Say(rule), Token: kit.Info}}})
	}
	b.add(b.a.lang.T("House rules here"), lines)
}

func (b *pageBuilder) person(k int32, depth int) pageLine {
	t := b.a.snap.Table(model.Contact)
	name := t.Str(k, "name")
	if depth > 0 {
		name = strings.Repeat("  ", depth-1) + b.a.theme.Sym.Last + " " + name
	}
	role := t.Str(k, "role")
	if role == "" {
		role = "–"
	}
	seen := kit.Span{}
	if left := t.Day(k, "left_on"); left.IsSet() {
		seen = kit.Span{Text: b.a.lang.T("left %s", b.a.lang.Date(left.String())), Token: kit.Bad}
	} else if last := t.Day(k, "last_touch"); last.IsSet() {
		seen = kit.Span{Text: b.a.lang.T("met %s", b.a.lang.Date(last.String())), Token: kit.Muted}
	}
	stance := t.Str(k, "stance")
	return pageLine{kind: model.Contact, id: t.ID(k), spans: kit.Spans{
		{Text: name}, {Text: pickWord(b.a.lang, "role", role), Token: kit.Accent}, {Text: pickWord(b.a.lang, "stance", stance), Token: tokenOf("stance", stance)}, seen, {Text: t.Str(k, "title"), Token: kit.Muted},
	}}
}

// widestField is the room that a part of a line may take; the last one takes the rest.
const widestField = 24

// align puts the parts of lines into columns, each as wide as what is in it; one in which there is
// nothing takes no room.
func align(lines []pageLine) {
	var widths []int
	for _, l := range lines {
		for n := range l.spans {
			part := &l.spans[n]
			if part.Text = kit.Clean(part.Text); n < len(l.spans)-1 {
				part.Text = kit.Truncate(part.Text, widestField)
			}
			if n == len(widths) {
				widths = append(widths, 0)
			}
			widths[n] = max(widths[n], kit.Width(part.Text))
		}
	}
	for _, l := range lines {
		for n := range l.spans[:max(0, len(l.spans)-1)] {
			if widths[n] > 0 {
				l.spans[n].Text = kit.PadRight(l.spans[n].Text, widths[n]+2)
			}
		}
	}
}

// records lists the records of a kind that belong to the customer, the newest first.
func (b *pageBuilder) records(title string, k model.Kind, by string, fields []string) {
	s := b.a.snap
	t := s.Table(k)
	ref := "customer"
	if k == model.Item {
		ref = "customers"
	}
	var rows []int32
	for _, r := range t.Kids(b.row, ref) {
		if t.Live(r) {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(x, y int32) int {
		a, _ := t.Num(x, by)
		c, _ := t.Num(y, by)
		return cmp.Compare(c, a)
	})
	b.add(fmt.Sprintf("%s (%d)", b.a.lang.T(title), len(rows)), b.recordLines(k, rows, fields))
}

// recordLines writes records under each other, their fields in columns.
func (b *pageBuilder) recordLines(k model.Kind, rows []int32, fields []string) []pageLine {
	t := b.a.snap.Table(k)
	lines := make([]pageLine, len(rows))
	for i, r := range rows {
		lines[i] = pageLine{kind: k, id: t.ID(r)}
		for _, name := range fields {
			c := cell(b.a.lang, b.a.snap, k, r, column{field: name})
			if f, _ := t.Schema.Field(name); f.Type == model.TMoney {
				c.Text = kit.PadLeft(moneyWords(b.a.lang, b.a.snap, k, r, name), 14)
			}
			lines[i].spans = append(lines[i].spans, kit.Span(c))
		}
	}
	align(lines)
	return lines
}

// usageLength is how many features the view of a customer draws.
const usageLength = 12

// usage draws each feature's use of the last 12 whole months: the month that is running would look like
// a fall.
func (b *pageBuilder) usage() {
	s := b.a.snap
	t := s.Table(model.Usage)
	first := s.Today.MonthStart().AddMonths(-12)
	by := map[string][]float64{}
	last := map[string]day.Day{}
	for _, k := range t.Kids(b.row, "customer") {
		if !t.Live(k) {
			continue
		}
		f, m := t.Str(k, "feature"), t.Day(k, "month")
		if m > s.Today {
			continue
		}
		n, _ := t.Num(k, "count")
		if m > last[f] || last[f] == 0 {
			last[f] = m
		}
		if by[f] == nil {
			by[f] = make([]float64, 12)
		}
		if i := monthsBetween(first, m); i >= 0 && i < 12 {
			by[f][i] += n
		}
	}
	names := make([]string, 0, len(by))
	for f := range by {
		names = append(names, f)
	}
	total := func(f string) float64 {
		sum := 0.0
		for _, v := range by[f] {
			sum += v
		}
		return sum
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(cmp.Compare(total(y), total(x)), cmp.Compare(x, y))
	})
	var lines []pageLine
	for _, f := range names[:min(len(names), usageLength)] {
		lines = append(lines, pageLine{spans: kit.Spans{
			{Text: kit.PadRight(kit.Truncate(kit.Clean(f), 22), 23)},
			{Text: kit.Sparkline(by[f], 12, b.a.theme) + "  ", Token: kit.Accent},
			{Text: b.a.lang.T("%s in 12 months", kit.PadLeft(number(b.a.lang, math.Round(total(f))), 9)), Token: kit.Muted},
			{Text: "  " + b.a.lang.T("last %s", b.a.lang.Month(last[f].String())), Token: kit.Muted},
		}})
	}
	if more := len(names) - usageLength; more > 0 {
		lines = append(lines, pageLine{spans: kit.Spans{{Text: b.a.lang.T("%d more are used less; 'report usage --by feature' counts all", more), Token: kit.Muted}}})
	}
	b.add(b.a.lang.T("Usage by feature, 12 months"), lines)
}

func monthsBetween(from, to day.Day) int {
	y0, m0, _ := from.Date()
	y1, m1, _ := to.Date()
	return (y1-y0)*12 + int(m1) - int(m0)
}
