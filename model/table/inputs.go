package table

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/formula"
	"opsdeck/model/scorecard"
)

// input is something computed by which scorecards judge customers, beside the customers' fields.
type input struct {
	scorecard.Input
	// get fills in what is known. It is called for 100,000 customers at a start and makes no words.
	get func(s *Snapshot, row int32, f *Facts, in *model.ScoreInput)
	// say adds what it is for people and where it comes from.
	say func(s *Snapshot, row int32, f *Facts, in *model.ScoreInput)
}

func set(in *model.ScoreInput, n float64, known bool) { in.Number, in.Known = n, known }

func setWord(in *model.ScoreInput, text string) { in.Text, in.Known = text, text != "" }

// ofField reads a field of the customer that is a word.
func ofField(name, label string) input {
	col := at(model.Customer, name)
	return input{
		Input: scorecard.Input{Name: name, Label: label, Type: formula.Text},
		get: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
			setWord(in, s.tables[model.Customer].cols[col].text(row))
		},
		say: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) { s.sayField(row, name, in) },
	}
}

func (s *Snapshot) sayField(row int32, name string, in *model.ScoreInput) {
	in.Shown, in.Source, in.Field = s.Shown(model.Customer, row, name), "field "+name, name
}

// computedInputs is the table of inputs: the nine usual criteria first (row C2 of the brief), then what
// health looks at.
var computedInputs = slices.Concat(usualInputs(), usageInputs(), healthInputs(), loyaltyInputs())

func usualInputs() []input {
	return []input{
		{Input: scorecard.Input{Name: "order_amount", Label: "Order amount", Help: "ARR, or the orders of the last 12 months where there is no contract, in the company's currency"}, get: getOrderAmount, say: sayOrderAmount},
		{
			Input: scorecard.Input{Name: "company_size", Label: "Company size", Help: "employees"},
			get: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
				n, ok := s.tables[model.Customer].cols[customerAt.employees].float(row)
				set(in, n, ok)
			},
			say: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) { s.sayField(row, "employees", in) },
		},
		{
			Input: scorecard.Input{Name: "gross_profit", Label: "Gross profit", Help: "the customer's own, in the company's currency"},
			get: func(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
				rate, rated := s.rate(f.Currency)
				n, ok := s.tables[model.Customer].cols[customerAt.profit].float(row)
				set(in, n/model.MoneyScale*rate, ok && rated)
			},
			say: func(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
				s.sayField(row, "gross_profit", in)
				s.sayRate(f, in)
			},
		},
		ofField("demand_type", "Type of demand"),
		{Input: scorecard.Input{Name: "cooperation", Label: "Cooperation", Help: "years since the cooperation began; a partner counts two more"}, get: getCooperation, say: sayCooperation},
		ofField("influence", "Influence"),
		ofField("brand", "Brand"),
		{Input: scorecard.Input{Name: "payment_record", Label: "Payment record", Help: "invoices paid late or overdue in the last 12 months; a word put in by hand goes before them"}, get: getPaymentRecord, say: sayPaymentRecord},
		{
			Input: scorecard.Input{Name: "growth", Label: "Growth", Help: "percent: orders of the last 12 months against the 12 before; without orders, ARR against a year ago"},
			get: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				percent, ok := f.Growth()
				set(in, percent, ok)
			},
			say: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				in.Source = growthSource(*f)
				if in.Known {
					in.Shown = fmt.Sprintf("%+.1f %%", in.Number)
				}
			},
		},
	}
}

func getOrderAmount(s *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
	// The bands are amounts in the company's currency; without a rate an amount says nothing.
	rate, rated := s.rate(f.Currency)
	switch {
	case f.InForce > 0:
		set(in, float64(f.ARR)/model.MoneyScale*rate, rated)
	case f.Orders > 0:
		set(in, float64(f.Orders12)/model.MoneyScale*rate, rated)
	}
}

func sayOrderAmount(s *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
	switch {
	case f.InForce > 0:
		in.Shown, in.Source = model.FormatMoney(f.ARR)+" "+f.Currency, "ARR of "+contractsInForce(f.InForce)
	case f.Orders > 0:
		in.Shown, in.Source = model.FormatMoney(f.Orders12)+" "+f.Currency, "orders of the last 12 months"
	}
	s.sayRate(f, in)
}

func getCooperation(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
	if since := s.since(row, f); since.IsSet() {
		years := max(0, float64(s.Today-since)/365.25)
		if s.tables[model.Customer].cols[customerAt.partner].flag.get(row) == 2 {
			years += 2
		}
		set(in, years, true)
	}
}

func sayCooperation(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
	if !in.Known {
		return
	}
	t, since := s.tables[model.Customer], s.since(row, f)
	in.Shown, in.Source = fmt.Sprintf("%.1f years since %s", float64(s.Today-since)/365.25, since), "field since"
	if !t.Day(row, "since").IsSet() {
		in.Source = "first contract or order"
	}
	if t.Bool(row, "partner") {
		in.Shown += ", partner"
	}
}

func getPaymentRecord(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
	late, known := lateByWord(s.tables[model.Customer].cols[customerAt.payment].text(row))
	if !known {
		late, known = float64(f.Late12), f.Invoices12 > 0
	}
	set(in, late, known)
}

func sayPaymentRecord(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
	if _, byWord := lateByWord(s.tables[model.Customer].Str(row, "payment_record")); byWord {
		s.sayField(row, "payment_record", in)
	} else if f.Invoices12 > 0 {
		in.Shown, in.Source = fmt.Sprintf("%d of %d late", f.Late12, f.Invoices12), "invoices due in the last 12 months"
	}
}

// sayRate says at which rate an amount was judged, or that there is none.
func (s *Snapshot) sayRate(f *Facts, in *model.ScoreInput) {
	company := s.rules.currency
	rate, ok := s.rate(f.Currency)
	switch {
	case f.Currency == company || in.Shown == "":
	case !ok:
		in.Source += ", no rate to " + company
	default:
		in.Source += fmt.Sprintf(", 1 %s = %g %s", f.Currency, rate, company)
	}
}

// usageInputs are the indicators of usage, which are as old as the month that they are about.
func usageInputs() []input {
	shown := func(name, label, help, format string, of func(f *Facts) (float64, bool)) input {
		return input{
			Input: scorecard.Input{Name: name, Label: label, Help: help},
			get: func(s *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				n, ok := of(f)
				set(in, n, ok)
				in.Age = s.usageAge()
			},
			say: func(s *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				in.Source = s.usageSource(name, f)
				if in.Known {
					in.Shown = fmt.Sprintf(format, in.Number)
				}
			},
		}
	}
	percent := func(name, label, help string, of func(f *Facts) (float64, bool)) input {
		return shown(name, label, help, "%.1f %%", of)
	}
	return []input{
		percent("usage_trend", "Trend of use", "percent: use of the last whole month against the mean of the three before", (*Facts).UsageTrend),
		percent("activity", "Active users", "percent of the licensed users active in that month", (*Facts).Activity),
		percent("breadth", "Breadth of use", "percent of the contracted features used in that month", (*Facts).Breadth),
		shown("logins", "Logins of a user", "logins of an active user in that month, where the source has them", "%.1f", (*Facts).Logins),
		shown("session", "Minutes of a session", "minutes of a session in that month; of a use where the source has no logins", "%.1f min", (*Facts).Session),
	}
}

// healthInputs are what health looks at beside the fields and usage: figures of the customer's records.
func healthInputs() []input {
	count := func(name, label, help string, of func(f *Facts) (float64, bool), source string) input {
		return input{
			Input: scorecard.Input{Name: name, Label: label, Help: help},
			get: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				n, ok := of(f)
				set(in, n, ok)
			},
			say: func(_ *Snapshot, _ int32, _ *Facts, in *model.ScoreInput) {
				in.Source = source
				if in.Known {
					in.Shown = fmt.Sprintf("%.4g", in.Number)
				}
			},
		}
	}
	return []input{
		count("decision_makers", "Decision makers known", "contacts who decide, hold a veto or champion us, and have not left", func(f *Facts) (float64, bool) {
			return float64(f.Deciders), f.People > 0
		}, "contacts with the role decision maker, veto holder or champion"),
		count("grave_items", "Grave items open", "open items that block work (blocking 2 and 3)", func(f *Facts) (float64, bool) {
			return float64(f.GraveItems), true
		}, "open items with blocking 2 or 3"),
		count("late_share", "Invoices late", "percent of the invoices due in the last 12 months that were paid late or are overdue", func(f *Facts) (float64, bool) {
			return 100 * float64(f.Late12) / float64(max(1, f.Invoices12)), f.Invoices12 > 0
		}, "percent of the invoices due in the last 12 months"),
		count("overdue_days", "Longest overdue", "days that the oldest overdue invoice is late", func(f *Facts) (float64, bool) {
			return float64(f.OverdueDays), f.Invoices > 0
		}, "days that the oldest overdue invoice is late"),
		{
			Input: scorecard.Input{Name: "sentiment", Label: "Owner's judgement", Help: "the field sentiment, as old as its day"},
			get: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
				t := s.tables[model.Customer]
				n, ok := t.cols[customerAt.sentiment].float(row)
				set(in, n, ok)
				if on := t.cols[customerAt.sentimentDate].day.get(row).day(); on.IsSet() {
					in.Age = int(s.Today - on)
					in.Known = ok && on <= s.Today
				}
			},
			say: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) { s.sayField(row, "sentiment", in) },
		},
	}
}

// inputNamed finds a computed input.
func inputNamed(name string) *input {
	for i := range computedInputs {
		if computedInputs[i].Name == name {
			return &computedInputs[i]
		}
	}
	return nil
}

// late are the figures that rest on the tier: a tier cannot rest on them in turn.
func lateFigure(name string) bool {
	switch name {
	case "touch_overdue", "tier", "tier_computed", "renews", "decision_date":
		return true
	}
	return false
}

// circular are the figures that no scorecard can rest on: they come after all scores.
func circular(name string) bool {
	switch name {
	case "tier_score", "coverage", "health", "health_score", "health_coverage", "alerts", "rfm", "rfm_r", "rfm_f", "rfm_m":
		return true
	}
	return strings.HasPrefix(name, "tier_") && name != "tier_computed"
}

// Inputs lists what a scorecard may judge by: computed inputs and the fields of customers, the
// company's own among them.
func (s *Snapshot) Inputs() scorecard.Catalogue {
	all := scorecard.Catalogue{}
	t := s.tables[model.Customer]
	for i := range t.Schema.Fields {
		f := &t.Schema.Fields[i]
		if typ, ok := inputType(f); ok && !circular(f.Name) {
			all[f.Name] = scorecard.Input{Name: f.Name, Label: f.Label, Help: f.Help, Type: typ, Late: lateFigure(f.Name), Options: f.Options}
		}
	}
	for _, name := range t.CustomFields() {
		all[name] = scorecard.Input{Name: name, Label: strings.TrimPrefix(name, model.CustomPrefix), Help: "a field of the company's own", Type: formula.Text}
	}
	for i := range computedInputs {
		in := computedInputs[i].Input
		in.Listed = true
		all[in.Name] = in
	}
	return all
}

func inputType(f *model.Field) (formula.Type, bool) {
	if storageOf(f) == kept || f.Has(model.FHidden) {
		return 0, false
	}
	switch f.Type {
	case model.TNumber, model.TMoney, model.TDate, model.TTime:
		return formula.Number, true
	case model.TBool:
		return formula.Bool, true
	case model.TText, model.TPick, model.TPerson:
		return formula.Text, true
	}
	return 0, false
}

// fieldInput reads a field of the customer: amounts in the company's currency, dates as days ago.
func (s *Snapshot) fieldInput(row int32, c *column, f *Facts, in *model.ScoreInput) {
	if c == nil {
		return
	}
	switch c.as {
	case asText:
		text := c.text(row)
		setWord(in, text)
		if c.field.IsCustom() {
			// What a source has put in is a text, which may well be a number.
			if _, err := fmt.Sscanf(strings.TrimSpace(text)+" ;", "%g ;", &in.Number); err != nil {
				in.Number = math.NaN()
			}
		}
	case asDay:
		if on := c.day.get(row).day(); on.IsSet() {
			set(in, float64(s.Today-on), true)
		}
	case asNumber:
		n, ok := c.float(row)
		if c.field.Type == model.TMoney {
			rate, rated := s.rate(f.Currency)
			n, ok = n/model.MoneyScale*rate, ok && rated
		}
		set(in, n, ok)
	case asFlag:
		n, ok := c.float(row)
		set(in, n, ok)
	}
}
