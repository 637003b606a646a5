package table

import (
	"fmt"

	"opsdeck/model"
)

// Where the fields stand in their tables that figures are computed from or written to: finding a
// column by its name costs more than the computation.

var customerAt = struct {
	name, owner, currency, employees, profit, demand, partner, since, influence, brand, payment              int
	calendar, team                                                                                           int
	override, overrideUntil, standing, sentiment, sentimentDate, seats                                       int
	tierComputed, usage, usageTrend, activity, breadth, logins, session, health, healthScore, healthCoverage int
	rfm, rfmR, rfmF, rfmM, rfmKey, alerts                                                                    int
	status, tier, score, coverage, arr, contracts, renews, decision, lastTouch, touchOverdue                 int
	openItems, orders, orderAmount, lastOrder, growth, overdue, contacts                                     int
	value, valueConfirmed, roi                                                                               int
	nps, npsDate, referrals, loyalty, loyaltyCoverage                                                        int
}{
	name: at(model.Customer, "name"), owner: at(model.Customer, "owner"), currency: at(model.Customer, "currency"),
	employees: at(model.Customer, "employees"), profit: at(model.Customer, "gross_profit"), demand: at(model.Customer, "demand_type"),
	partner: at(model.Customer, "partner"), since: at(model.Customer, "since"), influence: at(model.Customer, "influence"),
	brand: at(model.Customer, "brand"), payment: at(model.Customer, "payment_record"),
	override: at(model.Customer, "tier_override"), overrideUntil: at(model.Customer, "tier_override_until"),
	calendar: at(model.Customer, "calendar"), team: at(model.Customer, "team"),
	standing: at(model.Customer, "tier_standing"), sentiment: at(model.Customer, "sentiment"), sentimentDate: at(model.Customer, "sentiment_date"),
	seats: at(model.Customer, "seats"), tierComputed: at(model.Customer, "tier_computed"), usage: at(model.Customer, "usage"),
	usageTrend: at(model.Customer, "usage_trend"), activity: at(model.Customer, "activity"), breadth: at(model.Customer, "breadth"),
	logins: at(model.Customer, "logins"), session: at(model.Customer, "session"),
	health: at(model.Customer, "health"), healthScore: at(model.Customer, "health_score"), healthCoverage: at(model.Customer, "health_coverage"),
	rfm: at(model.Customer, "rfm"), rfmR: at(model.Customer, "rfm_r"), rfmF: at(model.Customer, "rfm_f"), rfmM: at(model.Customer, "rfm_m"),
	alerts: at(model.Customer, "alerts"), rfmKey: at(model.Customer, "rfm_key"),
	status: at(model.Customer, "status"), tier: at(model.Customer, "tier"), score: at(model.Customer, "tier_score"),
	coverage: at(model.Customer, "coverage"), arr: at(model.Customer, "arr"), contracts: at(model.Customer, "contracts"),
	renews: at(model.Customer, "renews"), decision: at(model.Customer, "decision_date"), lastTouch: at(model.Customer, "last_touch"),
	touchOverdue: at(model.Customer, "touch_overdue"), openItems: at(model.Customer, "open_items"), orders: at(model.Customer, "orders"),
	orderAmount: at(model.Customer, "order_amount"), lastOrder: at(model.Customer, "last_order"), growth: at(model.Customer, "growth"),
	overdue: at(model.Customer, "overdue"), contacts: at(model.Customer, "contacts"),
	value: at(model.Customer, "value"), valueConfirmed: at(model.Customer, "value_confirmed"), roi: at(model.Customer, "roi"),
	nps: at(model.Customer, "nps"), npsDate: at(model.Customer, "nps_date"), referrals: at(model.Customer, "referrals"),
	loyalty: at(model.Customer, "loyalty"), loyaltyCoverage: at(model.Customer, "loyalty_coverage"),
}

var contractAt = struct {
	customer, start, end, notice, autoRenew, wanted, churned, cancelled, billing, amount, per, currency, predecessor, renewalOwner int
	framework, madeBy, merged, plan, trial, stage, category, forecast, final, risks                                                int
	state, arr, due, noticeDate, decision, tier, owner, customerName, seats, catalogue                                             int
	closedDue                                                                                                                      int
	renewal, target, expected, call, signals, atRisk, milestone, milestoneDate, renewability, doubts                               int
}{
	customer: at(model.Contract, "customer"), start: at(model.Contract, "start"), end: at(model.Contract, "end"),
	notice: at(model.Contract, "notice_months"), autoRenew: at(model.Contract, "auto_renew"), wanted: at(model.Contract, "renewal_wanted"),
	churned: at(model.Contract, "churned"), cancelled: at(model.Contract, "cancelled_on"), billing: at(model.Contract, "billing"),
	amount: at(model.Contract, "amount"), per: at(model.Contract, "per"), currency: at(model.Contract, "currency"),
	predecessor: at(model.Contract, "predecessor"), renewalOwner: at(model.Contract, "renewal_owner"),
	framework: at(model.Contract, "framework"), madeBy: at(model.Contract, "made_by"), merged: at(model.Contract, "merged"),
	plan: at(model.Contract, "plan"), trial: at(model.Contract, "trial"), stage: at(model.Contract, "stage"), category: at(model.Contract, "category"),
	forecast: at(model.Contract, "forecast"), final: at(model.Contract, "final"), risks: at(model.Contract, "risks"),
	renewal: at(model.Contract, "renewal"), target: at(model.Contract, "target"), expected: at(model.Contract, "expected"), call: at(model.Contract, "call"),
	signals: at(model.Contract, "signals"), atRisk: at(model.Contract, "at_risk"), milestone: at(model.Contract, "milestone"),
	milestoneDate: at(model.Contract, "milestone_date"), renewability: at(model.Contract, "renewability"), doubts: at(model.Contract, "doubts"),
	state: at(model.Contract, "state"), arr: at(model.Contract, "arr"), due: at(model.Contract, "due"),
	noticeDate: at(model.Contract, "notice_date"), decision: at(model.Contract, "decision_date"), tier: at(model.Contract, "tier"),
	owner: at(model.Contract, "owner"), customerName: at(model.Contract, "customer_name"), seats: at(model.Contract, "seats"),
	catalogue: at(model.Contract, "catalogue"), closedDue: at(model.Contract, "closed_due"),
}

var itemAt = struct {
	customers, state, kind, blocking, byHand, reason, opened, resolved           int
	responded, asked, waiting, pauses, pausedSince, stateSince, votes, article   int
	severity, age, arr, tier, open, customerName                                 int
	slaState, slaDue, slaWarn, slaClock, weight, trend, told, toTell, duplicates int
	decision                                                                     int
}{
	decision:  at(model.Item, "decision"),
	responded: at(model.Item, "responded"), asked: at(model.Item, "asked"), waiting: at(model.Item, "waiting"), pauses: at(model.Item, "pauses"),
	pausedSince: at(model.Item, "paused_since"), stateSince: at(model.Item, "state_since"), votes: at(model.Item, "votes"), article: at(model.Item, "article"),
	slaState: at(model.Item, "sla_state"), slaDue: at(model.Item, "sla_due"), slaWarn: at(model.Item, "sla_warn"), slaClock: at(model.Item, "sla_clock"),
	weight: at(model.Item, "weight"), trend: at(model.Item, "trend"), told: at(model.Item, "told"), toTell: at(model.Item, "to_tell"),
	duplicates: at(model.Item, "duplicate_of"),
	customers:  at(model.Item, "customers"), state: at(model.Item, "state"), kind: at(model.Item, "kind"), blocking: at(model.Item, "blocking"),
	byHand: at(model.Item, "severity_set"), reason: at(model.Item, "severity_reason"), opened: at(model.Item, "opened"),
	resolved: at(model.Item, "resolved"), severity: at(model.Item, "severity"), age: at(model.Item, "age"), arr: at(model.Item, "arr"),
	tier: at(model.Item, "tier"), open: at(model.Item, "open"), customerName: at(model.Item, "customer_name"),
}

var voiceAt = struct{ item, customer, importance, said int }{
	item: at(model.Voice, "item"), customer: at(model.Voice, "customer"), importance: at(model.Voice, "importance"), said: at(model.Voice, "said"),
}

var tellingAt = struct{ item, customer, round int }{
	item: at(model.Telling, "item"), customer: at(model.Telling, "customer"), round: at(model.Telling, "round"),
}

var benefitAt = struct {
	customer, kind, baseline, now, unit, times, hourly, amount, currency, confidence, measured, confirmed, worth, change int
}{
	customer: at(model.Benefit, "customer"), kind: at(model.Benefit, "type"), baseline: at(model.Benefit, "baseline"), now: at(model.Benefit, "now"),
	unit: at(model.Benefit, "unit"), times: at(model.Benefit, "times"), hourly: at(model.Benefit, "hourly_cost"), amount: at(model.Benefit, "amount"),
	currency: at(model.Benefit, "currency"), confidence: at(model.Benefit, "confidence"), measured: at(model.Benefit, "measured"),
	confirmed: at(model.Benefit, "confirmed"), worth: at(model.Benefit, "worth"), change: at(model.Benefit, "change"),
}

var decisionAt = struct{ item int }{item: at(model.Decision, "item")}

var articleAt = struct{ uses int }{uses: at(model.Article, "uses")}

var orderAt = struct{ customer, date, amount, currency int }{
	customer: at(model.Order, "customer"), date: at(model.Order, "date"), amount: at(model.Order, "amount"), currency: at(model.Order, "currency"),
}

var invoiceAt = struct {
	customer, date, due, settled, amount, paid, currency, state, late int
	reminded, remindedOn, rest, reminder, reminderDate                int
}{
	customer: at(model.Invoice, "customer"), date: at(model.Invoice, "date"), due: at(model.Invoice, "due"), settled: at(model.Invoice, "settled"),
	amount: at(model.Invoice, "amount"), paid: at(model.Invoice, "paid"), currency: at(model.Invoice, "currency"),
	state: at(model.Invoice, "state"), late: at(model.Invoice, "days_late"), reminded: at(model.Invoice, "reminded"),
	remindedOn: at(model.Invoice, "reminded_on"), rest: at(model.Invoice, "rest"), reminder: at(model.Invoice, "reminder"),
	reminderDate: at(model.Invoice, "reminder_date"),
}

var contactAt = struct{ customer, role, stance, left, lastTouch int }{
	customer: at(model.Contact, "customer"), role: at(model.Contact, "role"), stance: at(model.Contact, "stance"), left: at(model.Contact, "left_on"),
	lastTouch: at(model.Contact, "last_touch"),
}

var usageAt = struct{ customer, feature, month, count, users, seconds int }{
	seconds:  at(model.Usage, "seconds"),
	customer: at(model.Usage, "customer"), feature: at(model.Usage, "feature"), users: at(model.Usage, "users"), month: at(model.Usage, "month"), count: at(model.Usage, "count"),
}

var taskAt = struct{ contract, cause, done, snoozed int }{
	contract: at(model.Task, "contract"), cause: at(model.Task, "cause"), done: at(model.Task, "done_on"), snoozed: at(model.Task, "snoozed_until"),
}

var touchAt = struct{ customer, contacts, date int }{
	customer: at(model.Touch, "customer"), contacts: at(model.Touch, "contacts"), date: at(model.Touch, "date"),
}

// at finds a field's place. A field that is missing is a slip of the pen in this file, and no test
// of the package runs then.
func at(k model.Kind, field string) int {
	i, ok := model.SchemaOf(k).Index(field)
	if !ok {
		panic(fmt.Sprintf("table: %s has no field %s", k, field))
	}
	return i
}
