package table

import (
	"fmt"
	"strconv"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Gain reads what the worth of a benefit is computed from.
func (s *Snapshot) Gain(row int32) model.Gain {
	t := s.tables[model.Benefit]
	number := func(col int) (float64, bool) { return t.cols[col].float(row) }
	g := model.Gain{
		Type: t.cols[benefitAt.kind].text(row), Unit: t.cols[benefitAt.unit].text(row),
		Amount: t.cols[benefitAt.amount].num.get(row).int(), Stated: t.cols[benefitAt.amount].num.get(row) != 0,
		Hourly: t.cols[benefitAt.hourly].num.get(row).int(), Confidence: 100,
	}
	before, ok := number(benefitAt.baseline)
	now, measured := number(benefitAt.now)
	g.Baseline, g.Now, g.Measured = before, now, ok && measured
	g.Times, _ = number(benefitAt.times)
	if c, ok := number(benefitAt.confidence); ok {
		g.Confidence = c
	}
	return g
}

func (s *Snapshot) benefitFigures(row int32) {
	f, g := figures{s.tables[model.Benefit], row}, s.Gain(row)
	if worth, basis := g.Worth(); basis != model.GainNone {
		f.money(benefitAt.worth, worth)
	} else {
		f.cell(benefitAt.worth, 0)
	}
	if change, ok := g.Change(); ok {
		f.number(benefitAt.change, change)
	} else {
		f.cell(benefitAt.change, 0)
	}
}

// BenefitCounts tells whether a benefit has been measured by the picture's day and has a worth, and whether the
// customer has agreed to it by then.
func (s *Snapshot) BenefitCounts(row int32) (counts, confirmed bool) {
	t := s.tables[model.Benefit]
	measured, agreed := t.cols[benefitAt.measured].day.get(row).day(), t.cols[benefitAt.confirmed].day.get(row).day()
	counts = t.Live(row) && t.cols[benefitAt.worth].num.get(row) != 0 && (!measured.IsSet() || measured <= s.Today)
	return counts, counts && agreed.IsSet() && agreed <= s.Today
}

func (s *Snapshot) benefitFacts(row int32, f *Facts) {
	t := s.tables[model.Benefit]
	for _, k := range t.cols[benefitAt.customer].kids.get(row) {
		counts, confirmed := s.BenefitCounts(k)
		if !counts {
			continue
		}
		f.Benefits++
		worth := s.amount(f, t, benefitAt.currency, k, t.cols[benefitAt.worth].num.get(k).int())
		f.Value += worth
		if confirmed {
			f.Confirmed += worth
		}
	}
}

// ROI is what the customer gets for what it pays: percent of the ARR by which the value of a year is above it
// ((benefit − cost) ÷ cost, the cost being our contracts in force). False without benefits or without ARR.
func (f Facts) ROI() (float64, bool) {
	if f.Benefits == 0 || f.ARR <= 0 {
		return 0, false
	}
	return 100 * (float64(f.Value) - float64(f.ARR)) / float64(f.ARR), true
}

func (s *Snapshot) valueFigures(f figures, facts *Facts) {
	value, confirmed, roi := numCell(0), numCell(0), numCell(0)
	if facts.Benefits > 0 {
		value, confirmed = cellOf(facts.Value), cellOf(facts.Confirmed)
	}
	if r, ok := facts.ROI(); ok {
		roi = numberCell(model.Number(r))
	}
	f.cell(customerAt.value, value)
	f.cell(customerAt.valueConfirmed, confirmed)
	f.cell(customerAt.roi, roi)
}

// value explains what a customer gets out of the product.
func (w *why) value(figure string, f Facts) {
	t := w.s.tables[model.Benefit]
	switch figure {
	case "value":
		w.formula("the yearly worth of the benefits measured by %s, in %s", w.s.Today, f.Currency)
	case "value_confirmed":
		w.formula("the yearly worth of the benefits that the customer has agreed to by %s, in %s", w.s.Today, f.Currency)
	case "roi":
		w.formula("100 × (value a year − ARR) ÷ ARR")
		w.step("Value a year", model.FormatMoney(f.Value), f.Currency)
		w.step("ARR", model.FormatMoney(f.ARR), f.Currency)
	}
	w.kids(t, "customer", w.row, "worth", func(k int32) (string, bool) {
		counts, confirmed := w.s.BenefitCounts(k)
		return w.s.measuredNote(k, confirmed), counts && (confirmed || figure != "value_confirmed")
	})
	if f.Benefits > 0 && f.ARR <= 0 && figure == "roi" {
		w.note("there is no recurring revenue to hold it against")
	}
	w.leftOut(f, model.Benefit)
}

// measuredNote says how old a benefit's figures are and whether the customer stands behind them.
func (s *Snapshot) measuredNote(row int32, confirmed bool) string {
	t := s.tables[model.Benefit]
	measured := orDash(t.cols[benefitAt.measured].day.get(row).day())
	if confirmed {
		return fmt.Sprintf("measured %s, confirmed %s", measured, t.cols[benefitAt.confirmed].day.get(row).day())
	}
	return fmt.Sprintf("measured %s, not confirmed", measured)
}

// benefit explains what a benefit is worth.
func (w *why) benefit(figure string) {
	g := w.s.Gain(w.row)
	if figure == "change" {
		w.formula("100 × (now ÷ baseline − 1)")
		w.inputs("measure", "baseline", "now", "unit", "measured")
		if _, ok := g.Change(); !ok {
			w.note("it needs a baseline above zero and a figure of now")
		}
		return
	}
	w.formula("as stated, else gained each time × times a year (time at the cost of an hour); × confidence")
	_, basis := g.Worth()
	switch basis {
	case model.GainStated:
		w.inputs("amount")
	case model.GainNone:
		w.inputs("amount", "measure", "baseline", "now", "unit", "times", "hourly_cost")
		w.note("there is no worth: it takes an amount a year, or baseline, now and times a year, in money or in minutes, hours or days with the cost of an hour")
	default:
		w.inputs("measure", "baseline", "now", "unit", "times")
		w.step("Gained each time", strconv.FormatFloat(g.Each(), 'f', -1, 64), g.Unit)
		if basis == model.GainTime {
			w.inputs("hourly_cost")
		}
	}
	w.input(w.t, w.row, "confidence")
	if w.t.cols[benefitAt.confidence].num.get(w.row) == 0 {
		w.Lines[len(w.Lines)-1].Note = "all of it counts where nothing is said"
	}
	w.inputs("measured", "confirmed", "confirmed_by")
	if on := w.t.cols[benefitAt.measured].day.get(w.row).day(); on != day.None && on > w.s.Today {
		w.note("it is measured on %s and does not count before", on)
	}
}
