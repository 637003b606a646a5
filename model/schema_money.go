package model

// ContractStates lists the states of a contract line in the order in which they are tried.
func ContractStates() []string {
	return []string{"cancelled", "upcoming", "closing", "in force", "to renew", "closed"}
}

// RenewalStages lists the default stages of a renewal.
func RenewalStages() []string {
	return []string{"upcoming", "usage review", "proposal", "negotiation", "verbal", "renewed", "churned"}
}

// Billings lists how often an amount is paid.
func Billings() []string { return []string{"month", "quarter", "year", "term"} }

func contractSchema() *Schema {
	s := &Schema{Kind: Contract, Name: "contract", Plural: "contracts", Title: "name"}
	s.Fields = append(s.Fields, contractTerms()...)
	s.Fields = append(s.Fields, contractRenewal()...)
	s.Fields = append(s.Fields, contractFigures()...)
	return s
}

// contractTerms is what the contract says (row D1).
func contractTerms() []Field {
	return []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 4, Name: "number", Label: "Number", Type: TText, Flags: FSearch},
		{Num: 5, Name: "start", Label: "Start", Type: TDate, Flags: FRequired},
		{Num: 6, Name: "end", Label: "End", Type: TDate, Help: "last day in force; empty means open-ended"},
		{Num: 7, Name: "notice_months", Label: "Notice (months)", Type: TNumber, Help: "notice period; empty means the book's default"},
		{Num: 8, Name: "auto_renew", Label: "Renews by itself", Type: TBool},
		{Num: 9, Name: "renewal_wanted", Label: "Renewal wanted", Type: TBool, Help: "a person wants to renew it by hand"},
		{Num: 10, Name: "billing", Label: "Billing", Type: TPick, Options: Billings(), Help: "how often it is billed"},
		{Num: 11, Name: "settlement", Label: "Settlement", Type: TPick, Options: []string{"prepaid", "by cycle"}},
		{Num: 12, Name: "discount", Label: "Discount %", Type: TNumber},
		{Num: 13, Name: "catalogue", Label: "Catalogue", Type: TList, Help: "features and services contracted"},
		{Num: 14, Name: "plan", Label: "Plan", Type: TText},
		{Num: 15, Name: "seats", Label: "Seats", Type: TNumber, Help: "licensed users"},
		{Num: 16, Name: "amount", Label: "Amount", Type: TMoney},
		{Num: 17, Name: "per", Label: "Amount per", Type: TPick, Options: Billings(), Help: "the period that the amount is for"},
		{Num: 18, Name: "currency", Label: "Currency", Type: TText},
		{Num: 19, Name: "predecessor", Label: "Predecessor", Type: TRef, Ref: Contract},
		{Num: 20, Name: "trial", Label: "Trial", Type: TBool},
		{Num: 21, Name: "churned", Label: "Churned", Type: TBool, Help: "known not to be renewed"},
		{Num: 22, Name: "cancelled_on", Label: "Cancelled on", Type: TDate, Help: "the whole contract was called off"},
	}
}

// contractRenewal is how its renewal goes (row D2), and what it has to do with other contracts.
func contractRenewal() []Field {
	return []Field{
		{Num: 23, Name: "stage", Label: "Stage", Type: TPick, Options: RenewalStages()},
		{Num: 24, Name: "category", Label: "Forecast", Type: TPick, Options: Categories()},
		{Num: 25, Name: "forecast", Label: "Forecast amount", Type: TMoney, Help: "annual amount expected after renewal"},
		{Num: 26, Name: "final", Label: "Final amount", Type: TMoney, Help: "annual amount after renewal"},
		{Num: 27, Name: "probability", Label: "Probability %", Type: TNumber, Help: "as it was when the stage was entered"},
		{Num: 28, Name: "next_step", Label: "Next step", Type: TText},
		{Num: 29, Name: "risks", Label: "Risks", Type: TList},
		{Num: 30, Name: "close_reason", Label: "Close reason", Type: TText},
		{Num: 31, Name: "renewal_owner", Label: "Renewal owner", Type: TPerson},
		{Num: 32, Name: "subject", Label: "Subject", Type: TLong, Flags: FCold},
		{Num: 33, Name: "signed_on", Label: "Signed on", Type: TDate},
		{Num: 34, Name: "notes", Label: "Notes", Type: TLong, Flags: FCold},
		{Num: 35, Name: "framework", Label: "Framework", Type: TRef, Ref: Contract, Help: "the framework contract whose terms hold for this line where it names none"},
		{Num: 36, Name: "made_by", Label: "Made by", Type: TPick, Options: SuccessorSteps(), Help: "the step that wrote this contract as the successor of others"},
		{Num: 37, Name: "merged", Label: "Merged", Type: TRefs, Ref: Contract, Help: "contracts that this one follows beside its predecessor"},
		{Num: 38, Name: "risk_notes", Label: "Evidence of risks", Type: TParts, Flags: FCold, Help: "risk, evidence, who noted it and when"},
		{Num: 39, Name: "stage_since", Label: "Stage since", Type: TDate, Help: "the day on which the stage was entered"},
		{Num: 40, Name: "reviewed", Label: "Reviewed", Type: TList, Help: "what was reviewed before signing: cost, payment record, catalogue"},
		{Num: 41, Name: "obstacles", Label: "Obstacles", Type: TText, Help: "what stands in the way of signing: technology, purchasing, finance"},
		{Num: 42, Name: "closed_due", Label: "Due when closed", Type: TDate, Help: "the day for which the renewal was due, where the step that closed it moved the end"},
	}
}

// contractFigures are computed by the table package.
func contractFigures() []Field {
	return []Field{
		{Name: "state", Label: "State", Type: TPick, Flags: FDerived, Options: ContractStates()},
		{Name: "arr", Label: "ARR", Type: TMoney, Flags: FDerived, Help: "annual amount"},
		{Name: "due", Label: "Due", Type: TDate, Flags: FDerived, Help: "the day a renewal is due"},
		{Name: "notice_date", Label: "Notice by", Type: TDate, Flags: FDerived, Help: "end less the notice period, while the renewal is open"},
		{Name: "decision_date", Label: "Decide by", Type: TDate, Flags: FDerived, Help: "notice date less the tier's lead time, while the renewal is open"},
		{Name: "renewal", Label: "Renewal", Type: TPick, Flags: FDerived, Options: Outcomes(), Help: "how the renewal of the contract stands"},
		{Name: "target", Label: "Target", Type: TMoney, Flags: FDerived, Help: "annual amount at the end of the term, of all lines of the group"},
		{Name: "expected", Label: "Expected", Type: TMoney, Flags: FDerived, Help: "final amount of a won renewal, forecast of an open one, at most the target"},
		{Name: "call", Label: "Forecast call", Type: TPick, Flags: FDerived, Options: Categories(), Help: "forecast category: the one set, else that of the stage"},
		{Name: "signals", Label: "Signals", Type: TList, Flags: FDerived, Help: "risks that the book itself gives evidence of"},
		{Name: "at_risk", Label: "At risk", Type: TBool, Flags: FDerived, Help: "an open renewal with a risk noted or a signal"},
		{Name: "milestone", Label: "Milestone", Type: TText, Flags: FDerived, Help: "the first step of the playbook that has not been done"},
		{Name: "milestone_date", Label: "Milestone by", Type: TDate, Flags: FDerived, Help: "the day by which it is to be done"},
		{Name: "renewability", Label: "Renewability", Type: TPick, Flags: FDerived, Options: Renewabilities(), Help: "what is known of how it goes on after its end"},
		{Name: "doubts", Label: "Doubts", Type: TList, Flags: FDerived, Help: "what the record leaves open or says wrongly"},
		{Name: "tier", Label: "Tier", Type: TPick, Flags: FDerived, Options: []string{TierKA, TierMid, TierSmall}},
		{Name: "owner", Label: "Owner", Type: TPerson, Flags: FDerived, Help: "renewal owner, else the customer's owner"},
		{Name: "customer_name", Label: "Customer name", Type: TText, Flags: FDerived | FSearch | FHidden},
	}
}

func orderSchema() *Schema {
	return &Schema{Kind: Order, Name: "order", Plural: "orders", Title: "external_id", Fields: []Field{
		{Num: 1, Name: "external_id", Label: "Order", Type: TText, Flags: FSearch},
		{Num: 2, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 3, Name: "date", Label: "Date", Type: TDate, Flags: FRequired},
		{Num: 4, Name: "amount", Label: "Amount", Type: TMoney, Help: "after discount, without freight"},
		{Num: 5, Name: "currency", Label: "Currency", Type: TText},
		{Num: 6, Name: "required", Label: "Required by", Type: TDate},
		{Num: 7, Name: "shipped", Label: "Shipped", Type: TDate},
		{Num: 8, Name: "freight", Label: "Freight", Type: TMoney},
		{Num: 9, Name: "lines", Label: "Lines", Type: TParts, Flags: FCold, Help: "order lines; the amount is their sum"},
		{Num: 10, Name: "addon", Label: "Add-on", Type: TBool, Help: "an add-on purchase"},
		{Num: 11, Name: "channel", Label: "Channel", Type: TText},
	}}
}

func invoiceSchema() *Schema {
	return &Schema{Kind: Invoice, Name: "invoice", Plural: "invoices", Title: "number", Fields: []Field{
		{Num: 1, Name: "number", Label: "Number", Type: TText, Flags: FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 4, Name: "contract", Label: "Contract", Type: TRef, Ref: Contract},
		{Num: 5, Name: "date", Label: "Date", Type: TDate, Flags: FRequired},
		{Num: 6, Name: "due", Label: "Due", Type: TDate},
		{Num: 7, Name: "settled", Label: "Settled", Type: TDate},
		{Num: 8, Name: "amount", Label: "Amount", Type: TMoney, Flags: FRequired},
		{Num: 9, Name: "currency", Label: "Currency", Type: TText},
		{Num: 10, Name: "disputed", Label: "Disputed", Type: TBool},
		{Num: 11, Name: "paid", Label: "Paid", Type: TMoney, Help: "part payments so far"},
		{Num: 12, Name: "period", Label: "Period", Type: TDate, Help: "first day of the cycle that it bills"},
		{Num: 13, Name: "reminded", Label: "Reminded", Type: TNumber, Help: "the last level of reminding that was sent"},
		{Num: 14, Name: "reminded_on", Label: "Reminded on", Type: TDate},
		{Name: "state", Label: "State", Type: TPick, Flags: FDerived, Options: []string{"coming", "open", "overdue", "settled"}},
		{Name: "rest", Label: "Open amount", Type: TMoney, Flags: FDerived, Help: "amount less part payments; nothing once it is settled"},
		{Name: "reminder", Label: "Reminder", Type: TText, Flags: FDerived, Help: "the level of reminding that is next, and how"},
		{Name: "reminder_date", Label: "Remind from", Type: TDate, Flags: FDerived, Help: "the day from which it is due"},
		{Name: "days_late", Label: "Days late", Type: TNumber, Flags: FDerived, Help: "settled or today, less due; 0 when in time"},
	}}
}

func dealSchema() *Schema {
	return &Schema{Kind: Deal, Name: "deal", Plural: "deals", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer},
		{Num: 4, Name: "stage", Label: "Stage", Type: TText},
		{Num: 5, Name: "amount", Label: "Amount", Type: TMoney},
		{Num: 6, Name: "currency", Label: "Currency", Type: TText},
		{Num: 7, Name: "close_date", Label: "Close date", Type: TDate},
		{Num: 8, Name: "won", Label: "Won", Type: TBool},
		{Num: 9, Name: "closed", Label: "Closed", Type: TBool},
		{Num: 10, Name: "probability", Label: "Probability %", Type: TNumber},
		{Num: 11, Name: "type", Label: "Type", Type: TText},
		{Num: 12, Name: "category", Label: "Forecast", Type: TText},
		{Num: 13, Name: "owner", Label: "Owner", Type: TPerson},
		{Num: 14, Name: "channel", Label: "Channel", Type: TText, Help: "lead source"},
		{Num: 15, Name: "next_step", Label: "Next step", Type: TText},
		{Num: 16, Name: "description", Label: "Description", Type: TLong, Flags: FCold},
		{Num: 17, Name: "competitors", Label: "Competitors", Type: TText},
	}}
}

func churnSchema() *Schema {
	return &Schema{Kind: Churn, Name: "churn", Plural: "churns", Title: "reason", Fields: []Field{
		{Num: 1, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 2, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 3, Name: "date", Label: "Date", Type: TDate, Flags: FRequired},
		{Num: 4, Name: "reason", Label: "Reason", Type: TText, Flags: FSearch},
		{Num: 5, Name: "refund", Label: "Refund", Type: TMoney},
		{Num: 6, Name: "currency", Label: "Currency", Type: TText},
		{Num: 7, Name: "feedback", Label: "Feedback", Type: TLong, Help: "the customer's own words"},
		{Num: 8, Name: "after_upgrade", Label: "After upgrade", Type: TBool},
		{Num: 9, Name: "after_downgrade", Label: "After downgrade", Type: TBool},
		{Num: 10, Name: "reactivation", Label: "Reactivation", Type: TBool, Help: "the customer had come back before"},
	}}
}
