package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
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
	b.line("# %s · %s", orDash(t.Str(row, "customer_name")), inline(s.Title(model.Contract, row)))
	b.line("")
	b.line("Renewal of a %s customer · owner %s · as of %s", cmp.Or(t.Str(row, "tier"), "not yet rated"), orDash(t.Str(row, "owner")), s.Today)
	b.renewal(row)
	b.bought(row)
	b.used(row)
	b.brought()
	b.told("Solved for them", b.solved(), 8, []string{"resolved", "kind", "summary", "version"}, "nothing was")
	b.inside(row)
	b.outside(row, r)
	b.left()
	b.told("In the way", b.openItems(), 8, []string{"severity", "state", "kind", "summary"}, "no item is open")
	b.told("Money owed", b.overdue(), 8, []string{"number", "due", "amount", "days_late"}, "nothing is overdue")
	b.prepaid()
	b.rules()
	return b.b.String()
}

// told is a list that says so where it is empty: on this page nothing to tell is an answer.
func (b *brief) told(title string, rows []pick, limit int, fields []string, none string) {
	if b.list(title, rows, limit, fields); len(rows) == 0 {
		b.line("")
		b.line("## %s", title)
		b.line("")
		b.line("- %s", none)
	}
}

// left lists what the customer said when it gave something up before.
func (b *brief) left() {
	t := b.s.Table(model.Churn)
	rows := slices.DeleteFunc(b.kids(model.Churn, "customer", "date"), func(p pick) bool { return t.Day(p.row, "date") > b.s.Today })
	b.list("Given up before", rows, 5, []string{"date", "reason", "feedback", "refund"})
}

// prepaid says what the customer has paid ahead.
func (b *brief) prepaid() {
	for _, p := range PrepaidOf(b.s, b.row) {
		b.line("- paid ahead and not used yet: %s of %s", model.GroupMoney(p.Paid-p.Used)+" "+p.Currency, inline(b.s.Title(model.Contract, p.Contract)))
	}
}

// health says how the customer does, in a line.
func (b *brief) health() {
	if v := b.s.Shown(model.Customer, b.row, "health"); v != "" {
		b.line("- Health: %s, %s of 100 (over %s %% of what counts)", v, b.s.Shown(model.Customer, b.row, "health_score"), b.s.Shown(model.Customer, b.row, "health_coverage"))
	}
}

// renewal says how the renewal stands.
func (b *brief) renewal(row int32) {
	t := b.s.Table(model.Contract)
	b.line("")
	b.health()
	for _, name := range []string{
		"due", "notice_date", "decision_date", "renewal", "stage", "call", "probability", "target", "forecast", "final", "next_step", "close_reason", "renewability", "doubts",
	} {
		f, _ := t.Schema.Field(name)
		v := b.shown(model.Contract, row, name)
		if name == "stage" {
			v = b.s.RenewalRules().StageName(v)
		}
		if v != "" {
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
		for _, f := range []struct{ name, words string }{
			{"name", "%s"}, {"plan", "plan %s"}, {"seats", "%s seats"}, {"arr", "%s a year"}, {"discount", "discount %s %%"}, {"start", "from %s"}, {"end", "to %s"},
		} {
			if v := b.shown(model.Contract, k, f.name); v != "" {
				parts = append(parts, fmt.Sprintf(f.words, inline(v)))
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
		b.line("- %d orders in the last 12 months, %s %s together", n, model.GroupMoney(sums[cur]), cur)
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
	// The most used first: what they would miss is what the talk is about.
	byUse := sorted(names)
	slices.SortStableFunc(byUse, func(x, y string) int { return cmp.Compare(now[y]+before[y]/1e6, now[x]+before[x]/1e6) })
	for i, f := range byUse {
		if i == mostFeatures {
			b.line("- … and %d more features", len(byUse)-i)
			break
		}
		b.line("- %s: %s, before %s", inline(f), plain(now[f]), plain(before[f]))
	}
	for _, f := range sorted(contracted) {
		if !names[f] && len(names) > 0 {
			b.line("- **%s: contracted and not used**", inline(f))
		}
	}
}

// mostFeatures is how many features the page names; one with a hundred lines is not read.
const mostFeatures = 15

func plain(f float64) string { return model.Number(f).Format() }

// solved are the items of theirs that were fixed or answered.
func (b *brief) solved() []pick {
	t := b.s.Table(model.Item)
	var out []pick
	for _, p := range b.kids(model.Item, "customers", "resolved") {
		at, _ := t.Num(p.row, "resolved")
		on := day.Day(at / (24 * 60 * 60 * 1000))
		if state := t.Str(p.row, "state"); on <= b.s.Today && (state == "closed" || state == "released" || state == "fixed" || state == "answered") {
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
