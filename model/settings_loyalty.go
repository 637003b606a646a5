package model

import "opsdeck/model/score"

// loyaltyDefaults gives each measure of loyalty its weight and its points. The groups of the answer to "how likely
// are you to recommend us", 0 to 10, are those of the Net Promoter Score: detractors to 6, passives 7 and 8,
// promoters from 9 (F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003).
func loyaltyDefaults() []criterionDefault {
	return []criterionDefault{
		{"nps", "Would recommend us", "30", "0:0 7:50 9:100", "the answer 0 to 10: detractor to 6, passive 7 and 8, promoter from 9"},
		{"renewed_share", "Renewals done", "25", "0:0 50:40 75:70 100:100", "percent of the renewals due in the last three years that were done"},
		{"tenure", "Years with us", "20", "0:20 1:40 2:60 3:80 5:100", "years since the first contract or order"},
		{"arr_growth", "Bought more", "15", "-100:0 -10:30 0:50 1:80 20:100", "percent: ARR against a year ago"},
		{"referrals", "Referrals given", "10", "0:0 1:60 2:80 4:100", "firms that came by them and references that they gave"},
	}
}

func loyaltySettingDefs() []SettingDef {
	defs := []SettingDef{
		{"loyalty.min_coverage", "40", "percent of the weight that must have data", checkPercent},
		{"loyalty.nps_days", "365", "days for which an answer to the question of recommending counts; 0: for ever", checkCount},
	}
	for _, c := range loyaltyDefaults() {
		defs = append(defs,
			SettingDef{"loyalty.weight." + c.key, c.weight, "weight of the measure " + c.key, checkWeight},
			SettingDef{"loyalty.points." + c.key, c.points, "input:points, " + c.help, checkPoints})
	}
	return defs
}

// LoyaltyMeasures lists the measures of loyalty in the order in which they are shown.
func LoyaltyMeasures() []string {
	var keys []string
	for _, c := range loyaltyDefaults() {
		keys = append(keys, c.key)
	}
	return keys
}

// Loyalty is the model of loyalty, 0 to 100, as the settings give it. It has no levels.
func (s *Settings) Loyalty() *Scoring {
	sc := Scoring{Name: StandardScorecard, MinCoverage: s.Number("loyalty.min_coverage")}
	var all []Measure
	for _, d := range loyaltyDefaults() {
		steps, _ := ParsePoints(s.Text("loyalty.points." + d.key)) // Settings hold only what checks.
		c := score.Criterion{Key: d.key, Label: d.label, Weight: s.Number("loyalty.weight." + d.key), Scale: ScaleOf(steps)}
		all = append(all, Measure{Criterion: c, Steps: steps})
	}
	return NewScoring(sc, []score.Group{{Weight: 1}}, [][]Measure{all})
}

// NPSGroup is the group of an answer from 0 to 10, as the Net Promoter Score has them.
func NPSGroup(answer float64) string {
	switch {
	case answer >= 9:
		return "promoter"
	case answer >= 7:
		return "passive"
	}
	return "detractor"
}
