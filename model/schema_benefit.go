package model

// The types of benefits (row A7). Money that is saved or earned and risk that is avoided are kept apart: the first can
// be found in the customer's own books, the last cannot.
const (
	BenefitSaved  = "cost saved"
	BenefitOutput = "output raised"
	BenefitEarned = "revenue gained"
	BenefitRisk   = "risk avoided"
)

// BenefitTypes lists the types of benefits.
func BenefitTypes() []string {
	return []string{BenefitSaved, BenefitOutput, BenefitEarned, BenefitRisk}
}

// BenefitTies lists how strongly a feature is tied to a business result, the weakest first.
func BenefitTies() []string { return []string{"weak", "medium", "strong"} }

// benefitSchema is what the product has brought a customer, in figures that the customer can defend (row A7): which
// cost was saved and how much, output per person before and now, and how strongly the feature is tied to the result.
func benefitSchema() *Schema {
	return &Schema{Kind: Benefit, Name: "benefit", Plural: "benefits", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "What has changed", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 4, Name: "type", Label: "Type", Type: TPick, Options: BenefitTypes(), Flags: FRequired},
		{Num: 5, Name: "feature", Label: "Feature", Type: TText, Help: "by which it came, as usage names it"},
		{Num: 6, Name: "result", Label: "Business result", Type: TText, Flags: FSearch, Help: "what it serves: the objective of theirs"},
		{Num: 7, Name: "tie", Label: "Tie", Type: TPick, Options: BenefitTies(), Help: "how strongly the feature is tied to the result"},
		{Num: 8, Name: "cost", Label: "Which cost", Type: TText, Help: "wages, licences, freight …"},
		{Num: 22, Name: "measure", Label: "What is measured", Type: TText, Help: "for each invoice, orders a day and person …"},
		{Num: 9, Name: "baseline", Label: "Baseline", Type: TNumber, Help: "before, each time, in the unit"},
		{Num: 10, Name: "now", Label: "Now", Type: TNumber, Help: "the same now"},
		{Num: 11, Name: "unit", Label: "Unit", Type: TPick, Options: GainUnits(), Help: "time counts by the cost of an hour, money as it is, pieces not by themselves"},
		{Num: 12, Name: "times", Label: "Times a year", Type: TNumber},
		{Num: 13, Name: "hourly_cost", Label: "Cost of an hour", Type: TMoney, Help: "of the people who do it, with all that comes on top of their wages"},
		{Num: 14, Name: "amount", Label: "Amount a year", Type: TMoney, Help: "as the customer states it; it counts in place of the computed one"},
		{Num: 15, Name: "currency", Label: "Currency", Type: TText},
		{Num: 16, Name: "confidence", Label: "Confidence %", Type: TNumber, Help: "how much of it to count, 0 to 100; all of it when empty"},
		{Num: 17, Name: "measured", Label: "Measured on", Type: TDate, Help: "it counts from this day"},
		{Num: 18, Name: "confirmed", Label: "Confirmed on", Type: TDate, Help: "the day on which the customer agreed to the figures"},
		{Num: 19, Name: "confirmed_by", Label: "Confirmed by", Type: TRef, Ref: Contact},
		{Num: 20, Name: "by", Label: "Noted by", Type: TPerson},
		{Num: 21, Name: "note", Label: "Assumptions", Type: TLong, Flags: FCold},
		{Name: "worth", Label: "Worth a year", Type: TMoney, Flags: FDerived, Help: "the stated amount, else what is gained each time × times a year, at the cost of an hour where it is time; × confidence"},
		{Name: "change", Label: "Change %", Type: TNumber, Flags: FDerived, Help: "100 × (now ÷ baseline − 1)"},
	}}
}
