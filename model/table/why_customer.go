package table

import (
	"fmt"

	"opsdeck/model"
)

func (w *why) customer(figure string) {
	contracts, f := w.s.tables[model.Contract], w.s.Facts(w.row)
	switch figure {
	case "tier", "tier_score", "coverage", "tier_computed":
		w.tier(figure, f)
	case "health", "health_score", "health_coverage":
		w.health()
	case "loyalty", "loyalty_coverage":
		w.loyalty()
	case "rfm", "rfm_r", "rfm_f", "rfm_m":
		w.rfm(f)
	case "value", "value_confirmed", "roi":
		w.value(figure, f)
	case "usage", "usage_trend", "activity", "breadth", "logins", "session":
		w.usage(figure, f)
	case "alerts":
		w.alerts()
	case "status":
		w.formula("prospect: no contract ever · coming: the first starts later · customer: one in force · cancelled: churn recorded, term running · lost: ended; a gap up to %d days is one relationship", w.s.rules.terms.GapTolerance)
		w.kids(contracts, "customer", w.row, "state", func(k int32) (string, bool) {
			return contracts.Day(k, "start").String() + " – " + orDash(contracts.Day(k, "end")), true
		})
	case "arr", "contracts":
		w.formula("the annual amounts of the contracts in force on %s, in %s", w.s.Today, w.s.CurrencyOf(model.Customer, w.row))
		w.kids(contracts, "customer", w.row, "arr", func(k int32) (string, bool) {
			state := contracts.Str(k, "state")
			return state, model.InForce(state)
		})
		w.leftOut(f, model.Contract)
	case "renews", "decision_date":
		w.formula("the earliest renewal due among the contracts; decide by: its notice date less the tier's lead")
		w.kids(contracts, "customer", w.row, "due", func(k int32) (string, bool) {
			return "decide by " + orDash(contracts.Day(k, "decision_date")), contracts.Day(k, "decision_date").IsSet()
		})
	default:
		w.customerCounts(figure, f)
	}
}

// leftOut names the records whose amounts could not be added.
func (w *why) leftOut(f Facts, k model.Kind) {
	if n := f.LeftOut[k]; n > 0 {
		w.note("left out: %s, as no exchange rate to %s is set (setting rate.XXX)", counted(n, k), f.Currency)
	}
}

// counted writes "1 contract" or "3 contracts".
func counted(n int, k model.Kind) string {
	schema := model.SchemaOf(k)
	if n == 1 {
		return "1 " + schema.Name
	}
	return fmt.Sprintf("%d %s", n, schema.Plural)
}

func (w *why) customerCounts(figure string, f Facts) {
	s := w.s
	switch figure {
	case "last_touch", "touch_overdue":
		tier := w.t.Str(w.row, "tier")
		w.formula("today less the last touch less the cadence of the tier (KA %d, mid %d, small %d days); never touched is the most overdue (%d)",
			s.rules.cadence[model.TierKA], s.rules.cadence[model.TierMid], s.rules.cadence[model.TierSmall], NeverTouched)
		w.step("Tier", tier, "")
		w.step("Last touch", orDash(f.LastTouch), "")
		w.kids(s.tables[model.Touch], "customer", w.row, "date", nil)
	case "open_items":
		items := s.tables[model.Item]
		w.formula("items linked to the customer that are not closed, answered, declined or a duplicate")
		w.kids(items, "customers", w.row, "state", func(k int32) (string, bool) {
			return items.Str(k, "severity"), model.ItemIsOpen(items.Str(k, "state"))
		})
	case "orders", "order_amount", "last_order":
		w.formula("all orders up to %s", s.Today)
		w.kids(s.tables[model.Order], "customer", w.row, "amount", func(k int32) (string, bool) {
			on := s.tables[model.Order].Day(k, "date")
			return on.String(), on <= s.Today
		})
		w.leftOut(f, model.Order)
	case "growth":
		w.formula("100 × (now ÷ before − 1): %s", growthSource(f))
		if f.OrdersPrior <= 0 && f.ARRBefore > 0 {
			w.step("ARR today", model.FormatMoney(f.ARR), f.Currency)
			w.step("ARR a year ago", model.FormatMoney(f.ARRBefore), "on "+s.rules.year.String())
			return
		}
		w.step("Last 12 months", model.FormatMoney(f.Orders12), "after "+s.rules.year.String())
		w.step("12 months before", model.FormatMoney(f.OrdersPrior), "after "+s.rules.prior.String())
		if f.OrdersPrior <= 0 {
			w.note("there were no orders and no recurring revenue a year ago, so there is no growth to speak of")
		}
		w.leftOut(f, model.Order)
	case "overdue":
		inv := s.tables[model.Invoice]
		w.formula("open invoices past their due day, less what has been paid on them")
		w.kids(inv, "customer", w.row, "amount", func(k int32) (string, bool) {
			late, _ := inv.Num(k, "days_late")
			return fmt.Sprintf("due %s, %.0f days late", inv.Day(k, "due"), late), inv.Str(k, "state") == "overdue"
		})
		w.leftOut(f, model.Invoice)
	case "contacts":
		people := s.tables[model.Contact]
		w.formula("people known at the customer who have not left")
		w.kids(people, "customer", w.row, "role", func(k int32) (string, bool) {
			left := people.Day(k, "left_on")
			return people.Str(k, "title"), !left.IsSet() || left > s.Today
		})
	}
}
