package table

import (
	"testing"

	"opsdeck/model"
)

func TestVerdictsAreTheJudgements(t *testing.T) {
	s := sampleBookOf(t, 800)
	customers := s.Table(model.Customer)
	var rows []int32
	customers.Rows(func(row int32) bool { rows = append(rows, row); return true })
	for _, figure := range []string{"health", "tier_score"} {
		known, unknown, terms := 0, 0, 0
		for i, v := range s.Verdicts(rows, figure) {
			want := s.Judge(rows[i], figure).Result
			if v.Known != want.Known || v.Score != want.Score || len(v.Terms) != len(want.Terms) {
				t.Fatalf("%s of row %d: %+v, want %+v", figure, rows[i], v, want)
			}
			for k, term := range want.Terms {
				is := v.Terms[k]
				if is.Key != term.Criterion || is.Label != term.Label || is.Group != term.Group || v.Counts(k) != term.Known || term.Known && v.Points[k] != term.Points {
					t.Fatalf("%s of row %d: %+v with %v points, want %+v", figure, rows[i], is, v.Points[k], term)
				}
				terms++
			}
			if v.Known {
				known++
			} else {
				unknown++
			}
		}
		if known == 0 || unknown == 0 || terms == 0 {
			t.Errorf("%s: %d known, %d unknown, %d terms", figure, known, unknown, terms)
		}
	}
}
