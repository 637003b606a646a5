package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/score"
	"opsdeck/model/table"
)

// byLevel is the confusion table: warning at each level and all worse ones, against what came.
func byLevel(r *Report, t *tried, figure string) {
	r.Definition = "a row warns at its level and all worse ones: right alarms were lost, false alarms stayed, missed were lost without a warning; no figure never warns"
	r.Columns = []Column{
		{"level", "Level"},
		{"customers", "Customers"},
		{"lost", "Lost"},
		{"stayed", "Stayed"},
		{"lost_rate", "Lost %"},
		{"right_alarms", "Right alarms"},
		{"false_alarms", "False alarms"},
		{"missed", "Missed"},
		{"rightly_quiet", "Rightly quiet"},
		{"precision", "Precision %"},
		{"caught", "Caught %"},
	}
	levels := model.HealthLevels()
	if !strings.HasPrefix(figure, "health") {
		levels = []string{model.TierSmall, model.TierMid, model.TierKA}
	}
	for i, level := range append(levels, "") {
		var c score.Confusion
		n, lost := 0, 0
		for _, row := range t.rows {
			at := slices.Index(levels, row.full.Level)
			c.Add(at >= 0 && at <= i, row.lost.IsSet())
			if row.full.Level == level {
				n++
				if row.lost.IsSet() {
					lost++
				}
			}
		}
		if level == "" {
			r.Rows = append(r.Rows, []Cell{text("no figure"), count(n), count(lost), count(n - lost), percent(share(int64(lost), int64(n))), text(""), text(""), text(""), text(""), text(""), text("")})
			continue
		}
		r.Rows = append(r.Rows, []Cell{
			text(level), count(n), count(lost), count(n - lost), percent(share(int64(lost), int64(n))), count(c.Right), count(c.False), count(c.Missed), count(c.Quiet),
			percent(c.Precision()), percent(c.Caught()),
		})
	}
}

// byCriterion ranks what the figure is made of, the figure itself first.
func byCriterion(r *Report, t *tried) {
	r.Definition = "AUC: the chance that one who was lost had fewer points than one who stayed, 50 % says nothing, below 50 % it points the wrong way; the criterion farthest from 50 % first, those with data of fewer than 5 lost last"
	r.Columns = []Column{
		{"criterion", "Criterion"},
		{"group", "Group"},
		{"with_data", "With data"},
		{"lost", "Lost"},
		{"mean_lost", "Mean of the lost"},
		{"mean_stayed", "Mean of the others"},
		{"auc", "AUC %"},
		{"cut", "Warn up to"},
		{"caught", "Caught %"},
		{"false_alarms", "False alarms %"},
	}
	all := append([]separated{{label: "the whole figure", Separation: score.Separate(t.outcomes())}}, t.criteria()...)
	for _, c := range all {
		row := []Cell{text(c.label), text(c.group), count(c.N), count(c.Lost), text(""), text("")}
		if c.Known {
			row[4], row[5] = decimals(math.Round(c.MeanLost*100)/100), decimals(math.Round(c.MeanStayed*100)/100)
		}
		r.Rows = append(r.Rows, append(row, separation(c.Separation)...))
	}
}

// listTried lists who was lost and who stayed, the lost first, by the figure that they had.
func listTried(r *Report, s *table.Snapshot, t *tried) {
	r.Definition = "level and score as they were on the scoring day; tier and owner of today"
	r.Columns = []Column{{"customer", "Customer"}, {"level", "Level"}, {"score", "Score"}, {"coverage", "Coverage %"}, {"lost_on", "Lost on"}, {"tier", "Tier"}, {"owner", "Owner"}, {"external_id", "External id"}}
	customers := s.Table(model.Customer)
	rows := slices.SortedStableFunc(slices.Values(t.rows), func(a, b triedRow) int {
		lost := func(r triedRow) int {
			if r.lost.IsSet() {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(lost(a), lost(b)), cmp.Compare(a.full.Result.Score, b.full.Result.Score))
	})
	for _, row := range rows {
		gone := ""
		if row.lost.IsSet() {
			gone = row.lost.String()
		}
		r.Rows = append(r.Rows, []Cell{
			text(customers.Str(row.row, "name")), text(cmp.Or(row.full.Level, "no figure")), points(row.full), decimals(math.Round(row.full.Result.Coverage*100) / 100),
			text(gone), text(customers.Str(row.row, "tier")), text(customers.Str(row.row, "owner")), text(customers.Str(row.row, "external_id")),
		})
	}
}
