package cli

import (
	"slices"

	"opsdeck/model"
	"opsdeck/model/table"
)

// subtotal is a group of a listing: its records of one currency.
type subtotal struct {
	value    string
	count    int
	currency string
	sums     map[string]int64 // amounts in ten-thousandths, by field
}

// listGroups writes how many records each value of a field has, and what they add up to: a line for
// each currency, since amounts of two currencies have no sum.
func (a *app) listGroups(r records, rows []int32, s subject, l listing) error {
	switch {
	case *l.format == asIDs:
		return usagef("--group counts records, so that there are no ids to print; leave -o ids or --group out")
	default:
		if err := r.table.CanGroup(l.group); err != nil {
			return usagef("--group: %s%s", err, didYouMean(l.group, r.snap.FilterSchema(s.kind).Names(), ""))
		}
	}
	amounts, err := r.amounts(s, l)
	if err != nil {
		return err
	}
	sorts, err := parseSorts(l.sort, r.snap.FilterSchema(s.kind).Names())
	if err != nil {
		return err
	}
	desc := len(sorts) > 0 && sorts[0].Field == l.group && sorts[0].Desc
	rows, groups := r.table.GroupRows(rows, l.group, desc)
	var all []subtotal
	for _, g := range limited(groups, l.limit) {
		all = append(all, r.subtotals(g, rows[g.From:g.To], amounts)...)
	}
	p, err := a.printer(*l.format, r.groupColumns(l.group, amounts))
	if err != nil {
		return err
	}
	for _, t := range all {
		cells := []cell{textCell(t.value), numberCell(t.count)}
		for _, f := range amounts {
			cells = append(cells, valueCell(f, model.Money(t.sums[f.Name])))
		}
		if len(amounts) > 0 {
			cells = append(cells, textCell(t.currency))
		}
		if err := p.row("", cells); err != nil {
			return err
		}
	}
	return p.end()
}

// amounts are the fields that are added up: the amounts among the columns asked for, else among those
// that a table shows by itself.
func (r records) amounts(s subject, l listing) ([]*model.Field, error) {
	names := splitNames(l.columns)
	asked := len(names) > 0
	if !asked {
		names = s.tableColumns()
	}
	var out []*model.Field
	for _, name := range names {
		f, ok := r.schema.Field(name)
		if ok && f.Type == model.TMoney && !f.Has(model.FCold) {
			out = append(out, f)
		} else if asked && name != l.group && name != "currency" && name != "count" {
			return nil, usagef("--columns: with --group, columns are the amounts to add up, and %s is none", name)
		}
	}
	return out, nil
}

func (r records) groupColumns(field string, amounts []*model.Field) []column {
	label := field
	if f, ok := r.schema.Field(field); ok {
		label = f.Label
	}
	cols := []column{{name: field, label: label}, {name: "count", label: "Count", right: true}}
	for _, f := range amounts {
		cols = append(cols, column{name: f.Name, label: f.Label, right: true})
	}
	if len(amounts) > 0 {
		cols = append(cols, column{name: "currency", label: "Currency"})
	}
	return cols
}

// subtotals adds a group up, currency by currency in the order of their first record; without amounts
// it is one line.
func (r records) subtotals(g table.Group, rows []int32, amounts []*model.Field) []subtotal {
	var out []subtotal
	for _, row := range rows {
		currency := ""
		if len(amounts) > 0 {
			currency = r.snap.CurrencyOf(r.schema.Kind, row)
		}
		i := slices.IndexFunc(out, func(t subtotal) bool { return t.currency == currency })
		if i < 0 {
			i = len(out)
			out = append(out, subtotal{value: g.Label, currency: currency, sums: map[string]int64{}})
		}
		out[i].count++
		for _, f := range amounts {
			out[i].sums[f.Name] += r.table.Units(row, f.Name)
		}
	}
	return out
}
