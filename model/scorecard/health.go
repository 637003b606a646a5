package scorecard

import "opsdeck/model"

// DefaultHealth is the health score of a book that has none of its own (definitions.md, "Health"):
// groups usage 40, relationship 20, support 15, payment 15, sentiment 10.
func DefaultHealth() *Card {
	return &Card{
		Name: model.StandardScorecard, Purpose: ForHealth, MinCoverage: 40,
		Groups: []Group{
			{"usage", "Usage", 40},
			{"relationship", "Relationship", 20},
			{"support", "Support", 15},
			{"payment", "Payment", 15},
			{"sentiment", "Sentiment", 10},
		},
		Criteria: []Criterion{
			{Key: "usage_trend", Label: "Trend of use", Group: "usage", Weight: 40, Points: "-100:0 -50:25 -25:50 -10:70 0:85 10:100", Validity: 62},
			{Key: "activity", Label: "Active users", Group: "usage", Weight: 40, Points: "0:0 20:30 40:60 60:80 80:100", Validity: 62},
			{Key: "breadth", Label: "Breadth of use", Group: "usage", Weight: 20, Points: "0:0 20:40 40:60 60:80 80:100", Validity: 62},
			{Key: "touch_overdue", Label: "Touches", Group: "relationship", Weight: 60, Points: "0:100 1:70 15:50 30:30 90:0"},
			{Key: "decision_makers", Label: "Decision makers known", Group: "relationship", Weight: 40, Points: "0:20 1:100"},
			{Key: "grave_items", Label: "Grave items open", Group: "support", Weight: 60, Points: "0:100 1:40 2:0"},
			{Key: "open_items", Label: "Items open", Group: "support", Weight: 40, Points: "0:100 3:70 6:40 10:0"},
			{Key: "late_share", Label: "Invoices late", Group: "payment", Weight: 50, Points: "0:100 5:80 20:50 50:20 80:0"},
			{Key: "overdue_days", Label: "Longest overdue", Group: "payment", Weight: 50, Points: "0:100 1:70 15:50 30:20 60:0"},
			{Key: "sentiment", Label: "Owner's judgement", Group: "sentiment", Weight: 100, Points: AsIs, Validity: 120},
		},
	}
}
