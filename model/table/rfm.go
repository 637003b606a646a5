package table

import (
	"cmp"
	"fmt"
	"hash/fnv"

	"opsdeck/model"
	"opsdeck/model/score"
)

// rfmRule is the rule of the settings by which customers are grouped.
type rfmRule struct {
	rule     score.RFMRule
	segments []score.Segment
}

func rfmRuleOf(s *model.Settings) rfmRule {
	rule, _ := model.ParseRFMRule(s.Text("rfm.rule"))
	segments, _ := model.ParseSegments(s.Text("rfm.segments"))
	return rfmRule{rule, segments}
}

// RFM is how the customers are grouped by their orders.
type RFM struct {
	score.RFMResult
	Rows     []int32 // of the customers, beside the result's own rows
	Currency string
	LeftOut  int // customers whose amounts have no rate
}

// buyers reads what RFM looks at from the customers' figures, in the currency that all orders share,
// else in the company's.
func (s *Snapshot) buyers() (out []score.Buyer, rows []int32, currency string, left int) {
	t := s.tables[model.Customer]
	for row := range t.size {
		if n, ok := t.cols[customerAt.orders].float(row); !ok || n == 0 || !t.live.get(row) {
			continue
		}
		if own := s.CurrencyOf(model.Customer, row); currency == "" {
			currency = own
		} else if own != currency {
			currency = s.rules.currency
			break
		}
	}
	currency = cmp.Or(currency, s.rules.currency)
	for row := range t.size {
		n, ok := t.cols[customerAt.orders].float(row)
		if !ok || n == 0 || !t.live.get(row) {
			continue
		}
		units, ok := s.convert(t.cols[customerAt.orderAmount].num.get(row).int(), s.CurrencyOf(model.Customer, row), currency)
		if !ok {
			left++
			continue
		}
		out = append(out, score.Buyer{Last: t.cols[customerAt.lastOrder].day.get(row).day(), Count: int(n), Sum: float64(units) / model.MoneyScale})
		rows = append(rows, row)
	}
	return out, rows, currency, left
}

// RFM groups the customers by a rule; the empty text is that of the settings.
func (s *Snapshot) RFM(rule string) (RFM, error) {
	by := s.rules.rfm
	if rule != "" {
		var err error
		if by.rule, err = model.ParseRFMRule(rule); err != nil {
			return RFM{}, err
		}
	}
	buyers, rows, currency, left := s.buyers()
	return RFM{score.RFMBy(by.rule, s.Today, buyers, by.segments), rows, currency, left}, nil
}

// noteBuyer notes whether what RFM looks at has changed. Groups are parts of all customers, so finding
// them anew costs more than a change of one customer may, and is done only then.
func (s *Snapshot) noteBuyer(f figures, facts *Facts) {
	key := numCell(0)
	if facts.Orders > 0 {
		h := fnv.New64a()
		fmt.Fprint(h, facts.Orders, facts.OrderAmount, facts.LastOrder, facts.Currency)
		key = numberCell(model.Number(float64(h.Sum64() >> 12)))
	}
	if f.t.cols[customerAt.rfmKey].num.put(f.row, key) && !f.t.all {
		s.rfmStale = true
	}
}

// rfmFigures writes the groups of all customers. They rest on each other, as the bins are parts of all.
func (s *Snapshot) rfmFigures() {
	t := s.tables[model.Customer]
	got, err := s.RFM("")
	if err != nil {
		return // The rule of the settings has been checked.
	}
	at := 0
	for row := range t.size {
		f := figures{t, row}
		if at < len(got.Rows) && got.Rows[at] == row {
			r := &got.RFMResult.Rows[at]
			at++
			f.text(customerAt.rfm, r.Segment)
			f.number(customerAt.rfmR, float64(r.R))
			f.number(customerAt.rfmF, float64(r.F))
			f.number(customerAt.rfmM, float64(r.M))
			continue
		}
		f.text(customerAt.rfm, "")
		for _, col := range []int{customerAt.rfmR, customerAt.rfmF, customerAt.rfmM} {
			f.cell(col, 0)
		}
	}
}

// RFMWords says by what rule customers are grouped, as people read it.
func RFMWords(rule string, got RFM) string {
	kind := "the bins begin at the quantiles (type 7) of 20, 40, 60 and 80 percent plus 1"
	switch {
	case rule == "quantile":
		kind = "the bins begin at the quantiles (type 7) of 20, 40, 60 and 80 percent"
	case rule != "" && rule != "r-package":
		kind = "the bins begin at fixed values"
	}
	return fmt.Sprintf("five bins of days since the last order (from %s), orders (from %s) and their sum (from %s) in %s; %s, a value on a cut belongs above it; the first segment that fits",
		cutsText(got.Recency), cutsText(got.Frequency), cutsText(got.Monetary), got.Currency, kind)
}

func cutsText(c score.Cuts) string {
	return fmt.Sprintf("%.6g, %.6g, %.6g, %.6g", c[0], c[1], c[2], c[3])
}

// rfm explains a customer's place.
func (w *why) rfm(f Facts) {
	got, err := w.s.RFM("")
	if err != nil {
		w.note("%v", err)
		return
	}
	rule := w.s.Settings.Text("rfm.rule")
	w.formula("%s (setting rfm.rule %s)", RFMWords(rule, got), rule)
	for i, row := range got.Rows {
		if row != w.row {
			continue
		}
		r := got.RFMResult.Rows[i]
		w.step("Recency", fmt.Sprintf("%d of 5", r.R), fmt.Sprintf("%d days since the last order on %s; bins from %s", r.Days, orDash(f.LastOrder), cutsText(got.Recency)))
		w.step("Frequency", fmt.Sprintf("%d of 5", r.F), fmt.Sprintf("%d orders; bins from %s", r.Count, cutsText(got.Frequency)))
		w.step("Monetary", fmt.Sprintf("%d of 5", r.M), fmt.Sprintf("%s %s ordered; bins from %s", model.FormatMoney(int64(r.Sum*model.MoneyScale)), got.Currency, cutsText(got.Monetary)))
		w.segmentTried(r)
		break
	}
	if len(w.Lines) == 0 {
		w.note("no order up to %s, so there is no place", w.s.Today)
	}
	w.leftOut(f, model.Order)
}

// segmentTried says which segment fits and which were tried before it.
func (w *why) segmentTried(r score.RFMRow) {
	spans := func(s score.Segment) string {
		return fmt.Sprintf("R %d–%d, F %d–%d, M %d–%d", s.R.From, s.R.To, s.F.From, s.F.To, s.M.From, s.M.To)
	}
	for i, s := range w.s.rules.rfm.segments {
		if s.Name == r.Segment {
			w.step("Segment", r.Segment, fmt.Sprintf("%s; tried as number %d of %d", spans(s), i+1, len(w.s.rules.rfm.segments)))
			return
		}
	}
	w.step("Segment", r.Segment, "no segment fits these scores")
}
