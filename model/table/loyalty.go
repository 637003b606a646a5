package table

import (
	"fmt"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/scorecard"
)

// loyaltyYears is how far back renewals count for loyalty: long enough for three yearly terms.
const loyaltyYears = 3

// loyaltyCard makes the model of loyalty ready, which the settings give.
func (s *Snapshot) loyaltyCard() *card {
	c := &card{Card: &scorecard.Card{Name: model.StandardScorecard}, Scoring: s.Settings.Loyalty()}
	for _, key := range model.LoyaltyMeasures() {
		src := s.sourceNamed(key)
		if src.key = key; key == "nps" {
			src.validity = s.Settings.Int("loyalty.nps_days")
		}
		c.sources = append(c.sources, src)
	}
	return c
}

// loyaltyFigures scores a customer's loyalty without the ledger.
func (s *Snapshot) loyaltyFigures(f figures, facts *Facts) {
	if !cared(facts.Status) {
		f.cell(customerAt.loyalty, 0)
		f.cell(customerAt.loyaltyCoverage, 0)
		return
	}
	var room [8]model.ScoreInput
	points, coverage, known := s.cards.loyalty.Scoring.Lean(s.inputsOf(s.cards.loyalty, f.row, facts, room[:0]))
	if known {
		f.number(customerAt.loyalty, points)
	} else {
		f.cell(customerAt.loyalty, 0)
	}
	f.number(customerAt.loyaltyCoverage, coverage)
}

// ItemRating is what customers said of the handling of their items in the last twelve months, in the scale of the
// source: the mean, and how many said it.
func (s *Snapshot) ItemRating(row int32) (mean float64, n int) {
	t, sum := s.tables[model.Item], 0.0
	for _, k := range t.cols[itemAt.customers].kids.get(row) {
		rating, ok := t.Num(k, "satisfaction")
		if !ok || !t.Live(k) {
			continue
		}
		if ms, over := t.Value(k, "resolved").Millis(); over && day.Day(ms/86_400_000) > s.rules.year {
			sum += rating
			n++
		}
	}
	return sum / float64(max(1, n)), n
}

// Loyalty is a customer's loyalty with its ledger; false for those who are no customers.
func (s *Snapshot) Loyalty(row int32) (model.ScoreResult, bool) {
	f := s.facts(row)
	if !cared(f.Status) {
		return model.ScoreResult{}, false
	}
	c := s.cards.loyalty
	return c.Scoring.Score(s.wordedInputs(c, row, &f)), true
}

// loyaltyInputs are what loyalty looks at; scorecards can be judged by them too.
func loyaltyInputs() []input {
	return []input{
		{Input: scorecard.Input{Name: "nps", Label: "Would recommend us", Help: "the answer 0 to 10, as old as its day"}, get: getNPS, say: sayNPS},
		{
			Input: scorecard.Input{Name: "renewed_share", Label: "Renewals done", Help: "percent of the renewals due in the last three years that were done"},
			get: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				set(in, 100*float64(f.Renewed)/float64(max(1, f.RenewalsDue)), f.RenewalsDue > 0)
			},
			say: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				in.Source = "renewals due in the last three years"
				if in.Shown = fmt.Sprintf("%d of %d renewed", f.Renewed, f.RenewalsDue); !in.Known {
					in.Shown, in.Problem = "", "no data: no renewal was due in the last three years"
				}
			},
		},
		{
			Input: scorecard.Input{Name: "tenure", Label: "Years with us", Help: "years since the first contract or order"},
			get: func(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
				since := s.since(row, f)
				set(in, max(0, float64(s.Today-since)/365.25), since.IsSet() && since <= s.Today)
			},
			say: func(s *Snapshot, row int32, f *Facts, in *model.ScoreInput) {
				if in.Source = "first contract or order"; s.tables[model.Customer].Day(row, "since").IsSet() {
					in.Source = "field since"
				}
				if in.Known {
					in.Shown = fmt.Sprintf("%.1f years since %s", in.Number, s.since(row, f))
				} else {
					in.Problem = "no data: nothing has begun yet"
				}
			},
		},
		{
			Input: scorecard.Input{Name: "arr_growth", Label: "Bought more", Help: "percent: ARR against a year ago"},
			get: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				set(in, grown(f.ARR, f.ARRBefore), f.ARRBefore > 0)
			},
			say: func(_ *Snapshot, _ int32, f *Facts, in *model.ScoreInput) {
				in.Source = fmt.Sprintf("ARR %s against %s a year ago, %s", model.FormatMoney(f.ARR), model.FormatMoney(f.ARRBefore), f.Currency)
				if in.Known {
					in.Shown = fmt.Sprintf("%+.1f %%", in.Number)
				} else {
					in.Source, in.Problem = "ARR against a year ago", "no data: no recurring revenue a year ago"
				}
			},
		},
		{
			Input: scorecard.Input{Name: "referrals", Label: "Referrals given", Help: "firms that came by them and references that they gave"},
			get: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
				n, ok := s.tables[model.Customer].cols[customerAt.referrals].float(row)
				set(in, n, ok)
			},
			say: func(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
				if s.sayField(row, "referrals", in); !in.Known {
					in.Problem = "no data: the field referrals is empty"
				}
			},
		},
	}
}

func getNPS(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
	t := s.tables[model.Customer]
	n, ok := t.cols[customerAt.nps].float(row)
	set(in, n, ok)
	if on := t.cols[customerAt.npsDate].day.get(row).day(); on.IsSet() {
		in.Age = int(s.Today - on)
		in.Known = ok && on <= s.Today
	}
}

func sayNPS(s *Snapshot, row int32, _ *Facts, in *model.ScoreInput) {
	s.sayField(row, "nps", in)
	switch on := s.tables[model.Customer].Day(row, "nps_date"); {
	case in.Shown == "":
		in.Problem = "no data: the field nps is empty"
	case on.IsSet():
		in.Shown = fmt.Sprintf("%s of 10, %s, asked on %s", in.Shown, model.NPSGroup(in.Number), on)
	default:
		in.Shown = fmt.Sprintf("%s of 10, %s", in.Shown, model.NPSGroup(in.Number))
	}
}

// renewalDone counts a renewal that was due of late, for loyalty.
func (f *Facts) renewalDone(outcome string, due, since, today day.Day) {
	if model.Closed(outcome) && due > since && due <= today {
		f.RenewalsDue++
		if outcome == "won" {
			f.Renewed++
		}
	}
}

// loyalty explains how loyal a customer is: the ledger of its measures, and what is missing.
func (w *why) loyalty() {
	r, ok := w.s.Loyalty(w.row)
	if !ok {
		w.formula("loyalty is that of customers with a contract")
		w.note("this one has none in force or coming, so there is no loyalty")
		return
	}
	least := w.s.cards.loyalty.Scoring.MinCoverage
	w.formula("loyalty = Σ weight × points ÷ Σ weight over the measures with data; below %g %% coverage there is none; settings loyalty.weight and loyalty.points", least)
	var missing []string
	for _, t := range r.Terms {
		w.term(t)
		if !t.Known {
			missing = append(missing, t.Label)
		}
	}
	if r.Known {
		w.step("Loyalty", scoreNumber(r.Score), "")
	} else {
		w.step("Loyalty", "not enough data", "")
		w.note("fewer than %g %% of the weight have data, so there is no loyalty rather than a low one", least)
	}
	w.step("Coverage", scoreNumber(r.Coverage)+" %", "share of the weight that has data")
	if len(missing) > 0 {
		w.note("missing: %s", strings.Join(missing, ", "))
	}
	contracts := w.s.tables[model.Contract]
	w.kids(contracts, "customer", w.row, "renewal", func(k int32) (string, bool) {
		due := contracts.Day(k, "due")
		return "due " + due.String(), model.Closed(contracts.Str(k, "renewal")) && due > w.s.rules.loyal && due <= w.s.Today
	})
}
