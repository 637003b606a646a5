// Package report writes the pages and tables that people take out of a book: pure functions of a
// picture of the book, so that the same book and day give the same bytes.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// Brief writes the page for a visit in Markdown: who they are, what they are worth, who decides, what
// is open, and the house rules that matter here. The record gives the long texts.
func Brief(s *table.Snapshot, r *model.Record) string {
	t := s.Table(model.Customer)
	row, ok := t.Row(r.ID)
	if !ok {
		return ""
	}
	b := brief{s: s, row: row}
	b.line("# %s", inline(t.Str(row, "name")))
	b.line("")
	b.line("Brief of %s · %s · owner %s", s.Today, strings.TrimSpace(t.Str(row, "status")+" "+t.Str(row, "tier")), orDash(t.Str(row, "owner")))
	b.figures()
	b.texts(r)
	b.people()
	b.list("Contracts", b.kids(model.Contract, "customer", "start"), 5, []string{"state", "end", "arr", "stage", "name"})
	b.list("Open items", b.openItems(), 8, []string{"severity", "state", "kind", "summary"})
	b.list("Last touches", b.kids(model.Touch, "customer", "date"), 5, []string{"date", "type", "by", "subject"})
	b.list("Overdue invoices", b.overdue(), 8, []string{"number", "due", "amount", "days_late"})
	b.rules()
	return b.b.String()
}

type brief struct {
	s   *table.Snapshot
	row int32
	b   strings.Builder
}

func (b *brief) line(format string, args ...any) { fmt.Fprintf(&b.b, format+"\n", args...) }

// inline makes a text from outside harmless in a line of Markdown.
func inline(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer("*", `\*`, "_", `\_`, "`", "'", "<", "‹", ">", "›", "#", `\#`, "|", `\|`, "[", "(", "]", ")").Replace(s)
}

func orDash(s string) string { return cmp.Or(inline(s), "–") }

// figures says in a line each what the customer is worth and when it must be decided, with the reason
// of the score.
func (b *brief) figures() {
	t := b.s.Table(model.Customer)
	b.line("")
	for _, name := range []string{"arr", "renews", "decision_date", "overdue", "last_touch", "open_items", "contacts", "growth", "value", "value_confirmed", "roi", "loyalty"} {
		f, _ := t.Schema.Field(name)
		if v := b.shown(model.Customer, b.row, name); v != "" {
			b.line("- %s: %s", f.Label, inline(v))
		}
	}
	tier := b.s.Tier(b.row, b.s.Facts(b.row))
	if tier.Score.Known {
		terms := slices.Clone(tier.Score.Terms)
		slices.SortStableFunc(terms, func(x, y model.ScoreTerm) int { return cmp.Compare(y.Contribution, x.Contribution) })
		var top []string
		for _, term := range terms[:min(3, len(terms))] {
			if term.Known {
				top = append(top, fmt.Sprintf("%s %.1f", strings.ReplaceAll(term.Criterion, "_", " "), term.Contribution))
			}
		}
		b.line("- Score: %.1f of 100 (most from %s; coverage %.0f %%)", tier.Score.Score, strings.Join(top, ", "), tier.Score.Coverage)
	}
}

// shown writes a field for people, amounts with their thousands apart.
func (b *brief) shown(k model.Kind, row int32, name string) string {
	t := b.s.Table(k)
	f, ok := t.Schema.Field(name)
	if ok && f.Type == model.TTime { // The page is read for days, not for seconds.
		on, _, _ := strings.Cut(b.s.Shown(k, row, name), "T")
		return on
	}
	if !ok || f.Type != model.TMoney || t.Value(row, name).IsZero() {
		return b.s.Shown(k, row, name)
	}
	return strings.TrimSpace(model.GroupMoney(t.Units(row, name)) + " " + b.s.CurrencyOf(k, row))
}

func (b *brief) texts(r *model.Record) {
	schema := model.SchemaOf(model.Customer)
	for _, name := range []string{"objectives", "strengths", "weaknesses", "wanted_outcome"} {
		f, _ := schema.Field(name)
		if text := r.Get(name).Str(); text != "" {
			b.line("")
			b.line("## %s", f.Label)
			b.line("")
			b.line("%s", inline(text))
		}
	}
}

func (b *brief) people() {
	t := b.s.Table(model.Contact)
	b.line("")
	b.line("## Decision chain")
	b.line("")
	for _, p := range b.s.Chain(b.row) {
		met := "never met"
		if last := t.Day(p.Row, "last_touch"); last.IsSet() {
			met = "met " + last.String()
		}
		if left := t.Day(p.Row, "left_on"); left.IsSet() {
			met = "left " + left.String()
		}
		b.line("%s- %s, %s, %s, %s (%s)", strings.Repeat("  ", p.Depth), orDash(t.Str(p.Row, "name")), orDash(t.Str(p.Row, "role")),
			orDash(t.Str(p.Row, "title")), cmp.Or(t.Str(p.Row, "stance"), "stance unknown"), met)
	}
	for _, gap := range b.s.Gaps(b.row) {
		b.line("- **Gap:** %s", inline(gap))
	}
}

// kids lists the rows of a kind that belong to the customer, the newest first.
func (b *brief) kids(k model.Kind, ref, by string) []pick {
	t := b.s.Table(k)
	var out []pick
	for _, row := range t.Kids(b.row, ref) {
		if t.Live(row) {
			n, _ := t.Num(row, by)
			out = append(out, pick{k, row, n})
		}
	}
	slices.SortStableFunc(out, func(x, y pick) int { return cmp.Compare(y.key, x.key) })
	return out
}

type pick struct {
	kind model.Kind
	row  int32
	key  float64
}

func (b *brief) openItems() []pick {
	t := b.s.Table(model.Item)
	return slices.DeleteFunc(b.kids(model.Item, "customers", "opened"), func(p pick) bool { return !model.ItemIsOpen(t.Str(p.row, "state")) })
}

func (b *brief) overdue() []pick {
	t := b.s.Table(model.Invoice)
	return slices.DeleteFunc(b.kids(model.Invoice, "customer", "due"), func(p pick) bool { return t.Str(p.row, "state") != "overdue" })
}

func (b *brief) list(title string, rows []pick, limit int, fields []string) {
	if len(rows) == 0 {
		return
	}
	b.line("")
	b.line("## %s (%d)", title, len(rows))
	b.line("")
	for i, p := range rows {
		if i == limit {
			b.line("- … and %d more", len(rows)-i)
			break
		}
		var parts []string
		for _, name := range fields {
			if v := b.shown(p.kind, p.row, name); v != "" {
				parts = append(parts, inline(v))
			}
		}
		b.line("- %s", strings.Join(parts, " · "))
	}
}

func (b *brief) rules() {
	b.line("")
	b.line("## House rules here")
	b.line("")
	for _, r := range b.s.HouseRules(b.row) {
		b.line("- %s", r)
	}
}
