package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// Evidence writes the page for the talk about a renewal in Markdown (row D2): what they bought, used
// and got, what has changed inside and outside, what is in the way, what is owed, and the house rules.
// The record of the contract gives what lists do not hold.
func Evidence(s *table.Snapshot, r *model.Record) string {
	t := s.Table(model.Contract)
	row, ok := t.Row(r.ID)
	if !ok {
		return ""
	}
	customer := t.To(row, "customer")
	b := brief{s: s, row: customer}
	b.line("# %s", inline(s.Title(model.Contract, row)))
	b.line("")
	b.line("Renewal of %s · %s · owner %s · as of %s", orDash(t.Str(row, "customer_name")), orDash(t.Str(row, "tier")), orDash(t.Str(row, "owner")), s.Today)
	b.renewal(row)
	b.bought(row)
	b.used(row)
	b.list("Solved for them", b.solved(), 8, []string{"resolved", "kind", "summary", "version"})
	b.inside(row)
	b.outside(row, r)
	b.list("In the way", b.openItems(), 8, []string{"severity", "state", "kind", "summary"})
	b.list("Money owed", b.overdue(), 8, []string{"number", "due", "amount", "days_late"})
	b.rules()
	return b.b.String()
}

// renewal says how the renewal stands.
func (b *brief) renewal(row int32) {
	t := b.s.Table(model.Contract)
	b.line("")
	for _, name := range []string{
		"due", "notice_date", "decision_date", "renewal", "stage", "call", "probability", "target", "forecast", "final", "next_step", "close_reason", "renewability", "doubts",
	} {
		f, _ := t.Schema.Field(name)
		if v := b.s.Shown(model.Contract, row, name); v != "" {
			b.line("- %s: %s", f.Label, inline(v))
		}
	}
	for _, m := range b.s.Milestones(row) {
		state := "open"
		switch {
		case m.Done.IsSet():
			state = "done on " + m.Done.String() + " by " + inline(m.Who)
		case m.By < b.s.Today:
			state = fmt.Sprintf("**%d days late**", b.s.Today-m.By)
		}
		b.line("- %s: by %s, %s", inline(m.Words), m.By, state)
	}
}

// bought lists the lines of the group and the orders of the last twelve months.
func (b *brief) bought(row int32) {
	t := b.s.Table(model.Contract)
	b.line("")
	b.line("## Bought")
	b.line("")
	for _, k := range b.s.Lines(row) {
		var parts []string
		for _, name := range []string{"name", "plan", "seats", "arr", "discount", "start", "end"} {
			if v := b.s.Shown(model.Contract, k, name); v != "" {
				parts = append(parts, inline(v))
			}
		}
		if c := t.Str(k, "catalogue"); c != "" {
			parts = append(parts, inline(b.s.Shown(model.Contract, k, "catalogue")))
		}
		b.line("- %s", strings.Join(parts, " · "))
	}
	orders, n := b.s.Table(model.Order), 0
	sums := map[string]int64{}
	for _, k := range orders.Kids(b.row, "customer") {
		if on := orders.Day(k, "date"); orders.Live(k) && on <= b.s.Today && on > b.s.Today.AddMonths(-12) {
			n++
			sums[b.s.CurrencyOf(model.Order, k)] += orders.Units(k, "amount")
		}
	}
	for _, cur := range sorted(sums) {
		b.line("- %d orders in the last 12 months, %s %s together", n, model.FormatMoney(sums[cur]), cur)
	}
}

// used adds up the use of each feature in the last three full months against the three before, those
// that are contracted and not used at all at the end.
func (b *brief) used(row int32) {
	t := b.s.Table(model.Usage)
	last := b.s.Today.MonthStart() - 1
	middle, first := last.AddMonths(-2).MonthStart(), last.AddMonths(-5).MonthStart()
	now, before := map[string]float64{}, map[string]float64{}
	for _, k := range t.Kids(b.row, "customer") {
		month := t.Day(k, "month")
		if !t.Live(k) || month < first || month > last {
			continue
		}
		n, _ := t.Num(k, "count")
		if month >= middle {
			now[t.Str(k, "feature")] += n
		} else {
			before[t.Str(k, "feature")] += n
		}
	}
	contracted := map[string]bool{}
	for _, k := range b.s.Lines(row) {
		for _, f := range b.s.Table(model.Contract).Value(k, "catalogue").Items() {
			contracted[f] = true
		}
	}
	names := map[string]bool{}
	for _, m := range []map[string]float64{now, before} {
		for f := range m {
			names[f] = true
		}
	}
	b.line("")
	b.line("## Used (%s to %s, against the three months before)", middle.String()[:7], last.String()[:7])
	b.line("")
	if len(names) == 0 {
		b.line("- no use is known of these months")
	}
	for _, f := range sorted(names) {
		b.line("- %s: %s, before %s", inline(f), plain(now[f]), plain(before[f]))
	}
	for _, f := range sorted(contracted) {
		if !names[f] && len(names) > 0 {
			b.line("- **%s: contracted and not used**", inline(f))
		}
	}
}

func plain(f float64) string { return model.Number(f).Format() }

// solved are the items of theirs that were fixed or answered.
func (b *brief) solved() []pick {
	t := b.s.Table(model.Item)
	var out []pick
	for _, p := range b.kids(model.Item, "customers", "resolved") {
		if state := t.Str(p.row, "state"); state == "closed" || state == "released" || state == "fixed" || state == "answered" {
			out = append(out, p)
		}
	}
	return out
}

// inside tells what changed at the customer: who left, whom we do not reach.
func (b *brief) inside(row int32) {
	t := b.s.Table(model.Contact)
	b.line("")
	b.line("## Changed inside")
	b.line("")
	some := false
	for _, k := range t.Kids(b.row, "customer") {
		if left := t.Day(k, "left_on"); t.Live(k) && left.IsSet() && left <= b.s.Today {
			b.line("- %s, %s, left on %s", orDash(t.Str(k, "name")), orDash(t.Str(k, "role")), left)
			some = true
		}
	}
	for _, gap := range b.s.Gaps(b.row) {
		b.line("- **Gap:** %s", inline(gap))
		some = true
	}
	for _, g := range b.s.Signals(row) {
		b.line("- **%s:** %s", inline(g.Risk), inline(g.Evidence))
		some = true
	}
	if !some {
		b.line("- nothing is known")
	}
}

// outside tells what was noted of competitors and other risks, with who noted it.
func (b *brief) outside(row int32, r *model.Record) {
	b.line("")
	b.line("## Risks noted")
	b.line("")
	noted := map[string]bool{}
	for _, n := range r.Get("risk_notes").Rows() {
		for len(n) < 4 {
			n = append(n, "")
		}
		noted[n[0]] = true
		b.line("- %s: %s (%s, %s)", inline(n[0]), orDash(n[1]), orDash(n[2]), orDash(n[3]))
	}
	for _, risk := range r.Get("risks").Items() {
		if !noted[risk] {
			b.line("- %s", inline(risk))
		}
	}
	deals := b.s.Table(model.Deal)
	for _, k := range deals.Kids(b.row, "customer") {
		if c := deals.Str(k, "competitors"); deals.Live(k) && c != "" {
			b.line("- competitors in %s: %s", inline(b.s.Title(model.Deal, k)), inline(c))
		}
	}
	if len(noted) == 0 && r.Get("risks").IsZero() {
		b.line("- none were noted")
	}
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
