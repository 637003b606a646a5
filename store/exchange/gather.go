package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
)

// Some sources have many rows for one record: uses of a feature for a month, lines of an order. The
// record keeps its source rows, so that each is recognised when it comes again, and its figures are
// their sums.

// partKey is what tells a source row apart within its record: the source's id and the day of a usage
// row, the product of an order line.
type partKey [2]string

// usageFigures are the sums of a month, in the order of a source row's cells behind its key.
var usageFigures = []string{"count", "seconds", "users", "failures"}

// gathered is the source rows of a record.
type gathered struct {
	kind  model.Kind
	rows  [][]string
	at    map[partKey]int
	lines map[partKey]int // rows of this file, with their verdict
}

func gatheredOf(r *model.Record) *gathered {
	g := &gathered{kind: r.Kind, rows: r.Get(partsField(r.Kind)).Rows(), at: map[partKey]int{}, lines: map[partKey]int{}}
	for i, row := range g.rows {
		g.at[g.key(row)] = i
	}
	return g
}

// partsField is the field of a kind that holds its source rows.
func partsField(k model.Kind) string {
	if k == model.Order {
		return "lines"
	}
	return "rows"
}

func (g *gathered) key(row []string) partKey {
	if g.kind == model.Usage && len(row) > 1 {
		return partKey{row[0], row[1]}
	}
	return partKey{row[0]}
}

// put takes a source row in and tells what that does.
func (g *gathered) put(row []string, verdict int) (Result, int) {
	key := g.key(row)
	earlier, inFile := g.lines[key]
	i, known := g.at[key]
	switch {
	case known && slices.Equal(g.rows[i], row):
		g.lines[key] = verdict
		return Same, earlier
	case inFile:
		return Conflict, earlier
	}
	g.lines[key] = verdict
	if known {
		g.rows[i] = row
		return Updated, 0
	}
	g.at[key] = len(g.rows)
	g.rows = append(g.rows, row)
	return Created, 0
}

// gather takes a usage row into the record of its customer, contract, feature and month.
func (pl *planner) gather(row tabular.Row, d *rowData, owner *planned, v *Verdict) error {
	main := d.drafts[partMain]
	day := main.Get("month").Day()
	if !day.IsSet() {
		return pl.lay.failField(partMain, &model.FieldError{Field: "month", Err: errNoDate})
	}
	main.Set("month", model.Date(day.MonthStart()))
	contract := main.Get("contract").ID()
	if main.Get("customer").IsZero() && !contract.IsZero() {
		customer, err := pl.customerOf(contract)
		if err != nil {
			return err
		}
		main.Set("customer", customer)
	}
	part := []string{d.key, day.String()}
	for _, name := range usageFigures {
		part = append(part, main.Get(name).Format())
		main.Set(name, model.Value{})
	}
	part = append(part, customCells(main)...)
	entry := Entry(pl.lay.source, "usage", main.Get("customer").Format(), contract.String(), main.Get("feature").Str(), main.Get("month").Format())
	p, err := pl.group(model.Usage, entry, main)
	if err != nil {
		return err
	}
	pl.commit(owner, row.Line)
	return pl.part(p, part, v)
}

// customCells takes the custom fields out of a row that is gathered and makes cells of them.
func customCells(draft *model.Record) []string {
	var cells []string
	draft.Fields = slices.DeleteFunc(draft.Fields, func(fv model.FieldValue) bool {
		name, custom := strings.CutPrefix(fv.Name, model.CustomPrefix)
		if custom {
			cells = append(cells, name+"="+fv.Value.Format())
		}
		return custom
	})
	return cells
}

// line takes an order line into its order, which must be in the book: a line tells neither customer
// nor date.
func (pl *planner) line(d *rowData, v *Verdict) error {
	c := &column{name: "order", field: &model.Field{Ref: model.Order}}
	for i := range pl.lay.columns {
		if pl.lay.columns[i].to == "key" {
			c.name = pl.lay.columns[i].name
		}
	}
	p, err := pl.other(c, d.key)
	if err != nil {
		return err
	}
	if p != nil && p.now() == nil {
		p, err = pl.byID(model.Order, p.id)
	}
	if err != nil || p == nil {
		return cmp.Or(err, fail(c.name, "no order is known as %q; import the orders before their lines", clip(d.key, 80)))
	}
	row := append([]string{d.aux["~product"], d.aux["~price"], d.aux["~quantity"], d.aux["~discount"]}, customCells(d.drafts[partMain])...)
	if _, err := lineAmount(row); err != nil {
		return &rowError{Failed, "", err}
	}
	return pl.part(p, row, v)
}

// customerOf finds the customer of a contract, in the plan or in the book.
func (pl *planner) customerOf(contract model.ID) (model.Value, error) {
	if pl.contracts == nil {
		pl.contracts = map[model.ID]model.Value{}
		err := pl.book.Each(model.Contract, func(r *model.Record) bool {
			pl.contracts[r.ID] = r.Get("customer")
			return true
		})
		if err != nil {
			return model.Value{}, err
		}
	}
	return pl.contracts[contract], nil
}

// group finds or makes the record that source rows are gathered in.
func (pl *planner) group(k model.Kind, entry string, draft *model.Record) (*planned, error) {
	p, err := pl.find(k, entry)
	if p != nil || err != nil {
		return p, err
	}
	r := &model.Record{Kind: k, ID: pl.book.NewID(), Fields: slices.Clone(draft.Fields)}
	r.Set("keys", model.List(entry))
	if err := r.Validate(); err != nil {
		return nil, pl.lay.failField(partMain, err)
	}
	p = &planned{kind: k, id: r.ID, after: r, row: -1}
	pl.known[kindEntry{k, entry}] = p
	pl.order = append(pl.order, p)
	return p, nil
}

// part gives the verdict on one source row of a record.
func (pl *planner) part(p *planned, part []string, v *Verdict) error {
	if p.parts == nil {
		p.parts = gatheredOf(p.now())
		pl.groups = append(pl.groups, p)
	}
	result, earlier := p.parts.put(cleanPart(part), len(pl.plan.Verdicts))
	if result == Conflict {
		return &rowError{Conflict, "", fmt.Errorf("line %d has the same key with other values", pl.plan.Verdicts[earlier].Line)}
	}
	v.Result, v.ID = result, p.id
	return nil
}

// cleanPart makes cells what a TParts value gives back.
func cleanPart(row []string) []string {
	if rows := model.PartRows([][]string{row}).Rows(); len(rows) == 1 {
		return rows[0]
	}
	return row
}

// sumGroups puts the gathered rows and their sums into the records.
func (pl *planner) sumGroups() error {
	for _, p := range pl.groups {
		after := p.now().Clone()
		if p.kind == model.Usage {
			sumUsage(after, p.parts.rows)
		} else if err := sumLines(after, p.parts.rows); err != nil {
			return err
		}
		if after.Equal(p.now()) {
			continue
		}
		if p.after == nil {
			pl.order = append(pl.order, p)
		}
		p.after = after
	}
	return nil
}

// sumUsage adds up the uses of a month; of users, who may be the same ones every day, it keeps the
// most seen in one row.
func sumUsage(r *model.Record, rows [][]string) {
	r.Set("rows", model.PartRows(rows))
	for i, name := range usageFigures {
		sum, some := 0.0, false
		for _, row := range rows {
			if len(row) <= i+2 || row[i+2] == "" {
				continue
			}
			f, err := strconv.ParseFloat(row[i+2], 64)
			if err != nil {
				continue
			}
			some = true
			if name == "users" {
				sum = max(sum, f)
			} else {
				sum += f
			}
		}
		if some {
			r.Set(name, model.Number(sum))
		}
	}
}

// sumLines makes the amount of an order the exact sum of its lines: price × quantity × (1 − discount).
// Only the sum is rounded, to the ten-thousandth, half away from zero.
func sumLines(r *model.Record, rows [][]string) error {
	r.Set("lines", model.PartRows(rows))
	total := new(big.Rat)
	for _, row := range rows {
		amount, err := lineAmount(row)
		if err != nil {
			return err
		}
		total.Add(total, amount)
	}
	units, err := model.ParseMoney(total.FloatString(4))
	if err != nil {
		return err
	}
	r.Set("amount", model.Money(units))
	return nil
}

var errNoDate = errors.New("a usage row needs the day or month that it is for")

var errLine = errors.New("an order line needs a price and a quantity, and a discount between 0 and 1 or with a percent sign")

// lineAmount is the exact amount of a line: product, price, quantity, discount.
func lineAmount(row []string) (*big.Rat, error) {
	if len(row) < 4 {
		return nil, errLine
	}
	price, ok := new(big.Rat).SetString(row[1])
	quantity, ok2 := new(big.Rat).SetString(row[2])
	if !ok || !ok2 {
		return nil, errLine
	}
	price.Mul(price, quantity)
	if row[3] == "" {
		return price, nil
	}
	discount, ok := new(big.Rat).SetString(row[3])
	one := big.NewRat(1, 1)
	if !ok || discount.Sign() < 0 || discount.Cmp(one) > 0 {
		return nil, errLine
	}
	return price.Mul(price, one.Sub(one, discount)), nil
}
