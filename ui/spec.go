package ui

import (
	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/lang"
)

// paneSpec describes a pane that lists the records of one kind.
type paneSpec struct {
	action  Action
	scope   Scope
	title   string
	kind    model.Kind
	columns []column
	base    string // a filter that stands before the person's own, until "show all"
	sorts   []table.Sort
	sum     string   // the amount that the footer adds up
	count   []string // picks whose values the figures count
	detail  []string // fields of the panel beside the list
	today   string   // a date: sorted by it, a line parts what lies behind today from what lies ahead
	empty   string
	lang    *lang.Lang // of the session; the words above stay English and are said in it where they are shown
}

func customersSpec() paneSpec {
	return paneSpec{
		action: ActCustomers, scope: ScopeCustomers, title: "Customers", kind: model.Customer,
		columns: []column{
			{field: "name", ideal: 30, min: 26, flex: 3, priority: 10, pinned: true},
			{field: "tier", ideal: 5, priority: 9},
			{field: "status", ideal: 9, priority: 8},
			{field: "arr", ideal: 15, min: 14, priority: 9},
			{field: "renews", ideal: 10, priority: 7},
			{field: "tier_score", title: "Score", ideal: 6, priority: 5},
			{field: "touch_overdue", title: "Touch late", ideal: 10, priority: 6},
			{field: "open_items", title: "Items", ideal: 6, priority: 5},
			{field: "overdue", ideal: 14, min: 13, priority: 4},
			{field: "owner", ideal: 8, priority: 6},
			{field: "industry", ideal: 16, min: 12, flex: 1, priority: 3},
			{field: "country", ideal: 13, priority: 2},
			{field: "contacts", title: "People", ideal: 6, priority: 2},
			{field: "last_touch", ideal: 10, priority: 1},
			{field: "external_id", title: "Id", ideal: 10, priority: 0},
		},
		sorts: []table.Sort{{Field: "name"}}, sum: "arr", count: []string{"status", "tier"},
		detail: []string{
			"status", "tier", "tier_score", "coverage", "arr", "contracts", "renews",
			"decision_date", "overdue", "orders", "order_amount", "growth", "last_touch", "touch_overdue", "open_items", "contacts",
			"owner", "sales_owner", "team", "external_id", "local_name", "industry", "employees", "annual_revenue", "country", "city", "domain", "lifecycle", "tags",
		},
		empty: "The book has no customers yet.\n\n  I   imports a file that another program has exported\n  N   makes a sample company to look around in\n  a   adds the first customer\n\nenter shows the three, and ? every key.",
	}
}

func renewalsSpec() paneSpec {
	return paneSpec{
		action: ActRenewals, scope: ScopeRenewals, title: "Renewals", kind: model.Contract,
		columns: []column{
			{field: "decision_date", title: "Decide by", ideal: 11, priority: 9},
			{field: "decision_date", title: "Left", left: true, ideal: 11, priority: 10},
			{field: "customer_name", title: "Customer", ideal: 28, min: 24, flex: 3, priority: 10},
			{field: "target", ideal: 15, min: 14, priority: 9},
			{field: "tier", ideal: 5, priority: 8},
			{field: "state", ideal: 9, priority: 7},
			{field: "notice_date", title: "Notice by", ideal: 10, priority: 5},
			{field: "due", title: "Due", ideal: 10, priority: 8},
			{field: "stage", ideal: 12, priority: 6},
			{field: "call", ideal: 9, priority: 5},
			{field: "milestone_date", title: "Milestone", left: true, ideal: 10, priority: 4},
			{field: "owner", ideal: 8, priority: 6},
			{field: "auto_renew", title: "Auto", ideal: 4, priority: 3},
			{field: "risks", ideal: 18, min: 10, flex: 2, priority: 4},
			{field: "signals", ideal: 18, min: 10, flex: 1, priority: 3},
			{field: "plan", ideal: 10, priority: 1},
			{field: "external_id", title: "Id", ideal: 10, priority: 0},
		},
		base:  "decision_date:any",
		sorts: []table.Sort{{Field: "decision_date"}}, sum: "target", count: []string{"renewal", "state", "tier", "stage", "call", "renewability"},
		today: "decision_date",
		detail: []string{
			"renewal", "state", "start", "end", "due", "notice_date", "decision_date", "milestone", "milestone_date", "target", "expected", "arr",
			"amount", "per", "billing", "auto_renew", "notice_months", "tier", "owner", "stage", "stage_since", "call", "forecast", "final",
			"probability", "next_step", "risks", "signals", "renewability", "doubts", "framework", "made_by", "plan", "seats", "discount", "catalogue", "settlement", "churned", "predecessor", "number", "external_id",
		},
		empty: "No contract has a renewal ahead.",
	}
}

// behind is the pane that shows the records behind this pane's figures.
func (s *paneSpec) behind() Action {
	if s.action == ActSegments {
		return ActCustomers
	}
	return s.action
}
