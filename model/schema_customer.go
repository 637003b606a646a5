package model

// Tiers, from the largest to the smallest (row C2 of the brief).
const (
	TierKA    = "KA"
	TierMid   = "mid"
	TierSmall = "small"
)

func customerSchema() *Schema {
	s := &Schema{Kind: Customer, Name: "customer", Plural: "customers", Title: "name"}
	s.Fields = append(s.Fields, customerPortrait()...)
	s.Fields = append(s.Fields, customerCare()...)
	s.Fields = append(s.Fields, customerFigures()...)
	return s
}

// customerPortrait is who they are: rows A1, C1 and the raw inputs of C2.
func customerPortrait() []Field {
	return []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch, Help: "the id in the system that the record came from"},
		{Num: 3, Name: "registered_id", Label: "Registered id", Type: TText, Flags: FSearch, Help: "tax or company register number"},
		{Num: 4, Name: "domain", Label: "Web domain", Type: TText, Flags: FSearch},
		{Num: 5, Name: "phone", Label: "Phone", Type: TText},
		{Num: 6, Name: "local_name", Label: "Other name", Type: TText, Flags: FSearch, Help: "the name in another script or language"},
		{Num: 7, Name: "parent", Label: "Parent", Type: TRef, Ref: Customer},
		{Num: 8, Name: "industry", Label: "Industry", Type: TText},
		{Num: 9, Name: "market_size", Label: "Market size", Type: TMoney, Help: "yearly size of the market of the customer's industry"},
		{Num: 10, Name: "employees", Label: "Employees", Type: TNumber, Help: "company size in people"},
		{Num: 11, Name: "annual_revenue", Label: "Annual revenue", Type: TMoney, Help: "the customer's own yearly revenue"},
		{Num: 12, Name: "gross_profit", Label: "Gross profit", Type: TMoney, Help: "the customer's own yearly gross profit"},
		{Num: 13, Name: "business_model", Label: "Business model", Type: TText},
		{Num: 14, Name: "country", Label: "Country", Type: TText},
		{Num: 15, Name: "region", Label: "Region", Type: TText},
		{Num: 16, Name: "city", Label: "City", Type: TText},
		{Num: 17, Name: "address", Label: "Address", Type: TLong, Flags: FCold},
		{Num: 18, Name: "postal_code", Label: "Postal code", Type: TText, Flags: FCold},
		{Num: 19, Name: "currency", Label: "Currency", Type: TText, Help: "ISO 4217 code of every amount of the record"},
		{Num: 20, Name: "language", Label: "Language", Type: TText, Flags: FCold},
		{Num: 21, Name: "description", Label: "Description", Type: TLong, Flags: FCold},
		{Num: 22, Name: "demand_type", Label: "Type of demand", Type: TPick, Options: []string{"core", "basic", "personalised"}, Help: "does their need fit the product's core positioning"},
		{Num: 23, Name: "partner", Label: "Partner", Type: TBool, Help: "is the customer a partner too"},
		{Num: 24, Name: "since", Label: "Customer since", Type: TDate},
		{Num: 25, Name: "influence", Label: "Influence", Type: TPick, Options: []string{"none", "low", "medium", "high"}, Help: "influence in the industry: referrals"},
		{Num: 26, Name: "brand", Label: "Brand", Type: TPick, Options: []string{"unknown", "regional", "high valuation", "listed", "fortune 500"}},
		{Num: 27, Name: "payment_record", Label: "Payment record", Type: TPick, Options: []string{"never overdue", "sometimes overdue", "often overdue"}, Help: "overrides what invoices say"},
		{Num: 28, Name: "type", Label: "Type", Type: TText, Help: "the source's own word for the kind of account"},
		{Num: 29, Name: "rating", Label: "Rating", Type: TText, Help: "the source's own rating"},
		{Num: 30, Name: "plan", Label: "Plan", Type: TText},
		{Num: 31, Name: "seats", Label: "Seats", Type: TNumber, Help: "licensed users"},
		{Num: 32, Name: "trial", Label: "Trial", Type: TBool},
	}
}

// customerCare is how we treat them: owners, rows A4 and C3, and what a person has set by hand.
func customerCare() []Field {
	return []Field{
		{Num: 40, Name: "owner", Label: "Owner", Type: TPerson, Help: "customer-success manager"},
		{Num: 41, Name: "sales_owner", Label: "Sales owner", Type: TPerson},
		{Num: 42, Name: "team", Label: "Team", Type: TText},
		{Num: 43, Name: "channel", Label: "Channel", Type: TText, Help: "how the customer came"},
		{Num: 44, Name: "tags", Label: "Tags", Type: TList},
		{Num: 45, Name: "lifecycle", Label: "Lifecycle step", Type: TPick, Options: []string{"survey", "kick-off", "training", "acceptance", "live"}},
		{Num: 46, Name: "objectives", Label: "Objectives", Type: TLong, Flags: FCold, Help: "the customer's business objectives"},
		{Num: 47, Name: "strengths", Label: "Strengths", Type: TLong, Flags: FCold, Help: "strengths of how they work today"},
		{Num: 48, Name: "weaknesses", Label: "Weaknesses", Type: TLong, Flags: FCold, Help: "weaknesses of how they work today"},
		{Num: 49, Name: "wanted_outcome", Label: "Wanted outcome", Type: TLong, Flags: FCold},
		{Num: 50, Name: "sentiment", Label: "Sentiment", Type: TNumber, Help: "the owner's judgement, 0 to 100"},
		{Num: 51, Name: "sentiment_date", Label: "Sentiment of", Type: TDate, Help: "when the sentiment was judged"},
		{Num: 52, Name: "tier_override", Label: "Tier by hand", Type: TPick, Options: []string{TierKA, TierMid, TierSmall}},
		{Num: 53, Name: "tier_override_reason", Label: "Reason of tier by hand", Type: TText},
		{Num: 54, Name: "tier_override_by", Label: "Tier set by", Type: TPerson},
		{Num: 55, Name: "tier_override_until", Label: "Tier by hand until", Type: TDate},
		{Num: 56, Name: "stub", Label: "Stub", Type: TBool, Help: "made by an import because a record pointed at it"},
		{Num: 70, Name: "calendar", Label: "Calendar", Type: TText, Help: "whose working time promises to them are counted in: NAME of a setting calendar.NAME"},
		{Num: 59, Name: "nps", Label: "NPS answer", Type: TNumber, Help: "would they recommend us, 0 to 10: detractor to 6, passive 7 and 8, promoter from 9"},
		{Num: 60, Name: "nps_date", Label: "NPS asked on", Type: TDate, Help: "the day of the answer"},
		{Num: 61, Name: "referrals", Label: "Referrals", Type: TNumber, Help: "firms that came by them and references that they gave"},
		{Num: 58, Name: "tier_standing", Label: "Tier at last scoring", Type: TText, Flags: FHidden, Help: "what 'opsdeck do rescore' remembers, so that tiers do not flicker"},
		{Num: 57, Name: "source_churned", Label: "Churned in source", Type: TBool, Help: "the source's own churn flag; it never decides the status"},
	}
}

// customerFigures are computed by the table package; definitions are with the functions there.
func customerFigures() []Field {
	return []Field{
		{Name: "status", Label: "Status", Type: TPick, Flags: FDerived, Options: CustomerStatuses(), Help: "derived from contracts"},
		{Name: "tier", Label: "Tier", Type: TPick, Flags: FDerived, Options: []string{TierKA, TierMid, TierSmall}, Help: "by hand where set, else by score"},
		{Name: "tier_computed", Label: "Tier by score", Type: TPick, Flags: FDerived, Options: []string{TierKA, TierMid, TierSmall}, Help: "the computed tier, also while one set by hand counts"},
		{Name: "tier_score", Label: "Score", Type: TNumber, Flags: FDerived, Help: "0 to 100 over the criteria that have data"},
		{Name: "coverage", Label: "Coverage", Type: TNumber, Flags: FDerived, Help: "percent of the weight that has data"},
		{Name: "arr", Label: "ARR", Type: TMoney, Flags: FDerived, Help: "annual recurring revenue of the contracts in force"},
		{Name: "contracts", Label: "Contracts", Type: TNumber, Flags: FDerived, Help: "contracts in force"},
		{Name: "renews", Label: "Renews", Type: TDate, Flags: FDerived, Help: "the next renewal's due date"},
		{Name: "decision_date", Label: "Decide by", Type: TDate, Flags: FDerived, Help: "the next renewal's notice date less the lead time"},
		{Name: "last_touch", Label: "Last touch", Type: TDate, Flags: FDerived},
		{Name: "touch_overdue", Label: "Touch overdue", Type: TNumber, Flags: FDerived, Help: "days past the cadence of the tier; never contacted counts as 99999"},
		{Name: "open_items", Label: "Open items", Type: TNumber, Flags: FDerived},
		{Name: "orders", Label: "Orders", Type: TNumber, Flags: FDerived},
		{Name: "order_amount", Label: "Ordered", Type: TMoney, Flags: FDerived, Help: "sum of all orders"},
		{Name: "last_order", Label: "Last order", Type: TDate, Flags: FDerived},
		{Name: "growth", Label: "Growth", Type: TNumber, Flags: FDerived, Help: "percent: orders of the last 12 months against the 12 before; without orders, ARR against a year ago"},
		{Name: "overdue", Label: "Overdue", Type: TMoney, Flags: FDerived, Help: "open invoices past their due date"},
		{Name: "contacts", Label: "Contacts", Type: TNumber, Flags: FDerived, Help: "people known who have not left"},
		{Name: "usage", Label: "Usage", Type: TNumber, Flags: FDerived, Help: "times used in the last whole month of the book's usage"},
		{Name: "usage_trend", Label: "Usage trend", Type: TNumber, Flags: FDerived, Help: "percent: that month against the mean of the three before"},
		{Name: "activity", Label: "Activity", Type: TNumber, Flags: FDerived, Help: "percent of the licensed users active in that month"},
		{Name: "breadth", Label: "Breadth", Type: TNumber, Flags: FDerived, Help: "percent of the contracted features used in that month"},
		{Name: "logins", Label: "Logins", Type: TNumber, Flags: FDerived, Help: "logins of an active user in that month, where the source has them"},
		{Name: "session", Label: "Session", Type: TNumber, Flags: FDerived, Help: "minutes of a session in that month; of a use where the source has no logins"},
		{Name: "health", Label: "Health", Type: TPick, Flags: FDerived, Options: HealthLevels(), Help: "red below 50, green from 75, unless a scorecard says otherwise"},
		{Name: "health_score", Label: "Health score", Type: TNumber, Flags: FDerived, Help: "0 to 100 over the measures that have fresh data"},
		{Name: "health_coverage", Label: "Health coverage", Type: TNumber, Flags: FDerived, Help: "percent of the weight that has fresh data"},
		{Name: "loyalty", Label: "Loyalty", Type: TNumber, Flags: FDerived, Help: "0 to 100: would recommend us, renewals done, years with us, bought more, referrals; over those that have data"},
		{Name: "loyalty_coverage", Label: "Loyalty coverage", Type: TNumber, Flags: FDerived, Help: "percent of the weight that has data"},
		{Name: "rfm", Label: "RFM", Type: TText, Flags: FDerived, Help: "segment by recency, frequency and amount of orders"},
		{Name: "rfm_r", Label: "Recency", Type: TNumber, Flags: FDerived, Help: "1 to 5, 5 has ordered most recently"},
		{Name: "rfm_f", Label: "Frequency", Type: TNumber, Flags: FDerived, Help: "1 to 5, 5 orders most often"},
		{Name: "rfm_m", Label: "Monetary", Type: TNumber, Flags: FDerived, Help: "1 to 5, 5 has ordered for most"},
		{Name: "rfm_key", Label: "RFM key", Type: TNumber, Flags: FDerived | FHidden, Help: "changes when the groups by orders must be found anew"},
		{Name: "value", Label: "Value a year", Type: TMoney, Flags: FDerived, Help: "what the benefits measured by today are worth in a year"},
		{Name: "value_confirmed", Label: "Confirmed value", Type: TMoney, Flags: FDerived, Help: "of it what the customer has agreed to"},
		{Name: "roi", Label: "ROI", Type: TNumber, Flags: FDerived, Help: "percent: 100 × (value a year − ARR) ÷ ARR"},
		{Name: "alerts", Label: "Alerts", Type: TList, Flags: FDerived, Help: "what the rules have noticed: fast growth, usage drop, overdue, key person left"},
	}
}

func contactSchema() *Schema {
	return &Schema{Kind: Contact, Name: "contact", Plural: "contacts", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer},
		{Num: 4, Name: "title", Label: "Job title", Type: TText},
		{Num: 5, Name: "department", Label: "Department", Type: TText},
		{Num: 6, Name: "email", Label: "Mail", Type: TText, Flags: FSearch | FPersonal},
		{Num: 7, Name: "phone", Label: "Phone", Type: TText, Flags: FPersonal},
		{Num: 8, Name: "mobile", Label: "Mobile", Type: TText, Flags: FPersonal},
		{Num: 9, Name: "role", Label: "Role", Type: TPick, Options: ContactRoles(), Help: "role in the decision chain"},
		{Num: 10, Name: "stance", Label: "Stance", Type: TPick, Options: []string{"for", "neutral", "against", "unknown"}},
		{Num: 11, Name: "influence", Label: "Influence", Type: TPick, Options: []string{"low", "medium", "high"}},
		{Num: 12, Name: "reports_to", Label: "Reports to", Type: TRef, Ref: Contact},
		{Num: 13, Name: "language", Label: "Language", Type: TText},
		{Num: 14, Name: "left_on", Label: "Left on", Type: TDate, Help: "when the person left the company"},
		{Num: 15, Name: "notes", Label: "Notes", Type: TLong, Flags: FCold | FPersonal},
		{Num: 16, Name: "address", Label: "Address", Type: TLong, Flags: FCold | FPersonal},
		{Num: 17, Name: "tags", Label: "Tags", Type: TList},
		{Name: "last_touch", Label: "Last touch", Type: TDate, Flags: FDerived},
	}}
}

// ContactRoles lists the roles in a customer's decision chain (row C5), from the top.
func ContactRoles() []string {
	return []string{"decision maker", "veto holder", "champion", "finance", "procurement", "admin", "user"}
}

// HealthLevels lists the levels of health from the worst.
func HealthLevels() []string { return []string{"red", "yellow", "green"} }

// CustomerStatuses lists the statuses that CustomerStatus can give.
func CustomerStatuses() []string {
	return []string{"prospect", "coming", "customer", "cancelled", "lost"}
}
