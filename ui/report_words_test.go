package ui_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"opsdeck/model/day"
	"opsdeck/model/report"
	"opsdeck/ui"
	"opsdeck/ui/lang"
)

// Every report names its columns in the language of the interface; their keys in JSON and CSV stay.
func TestColumnsOfReportsHaveNamesInEveryLanguage(t *testing.T) {
	b := sampleBook(t)
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, text := range lang.Texts() {
		have[text] = true
	}
	ways := map[string][]string{
		"queue": {"", "severity", "week", "month", "area", "customer", "tier", "kind", "owner"}, "sla": {"", "area", "tier", "customer"}, "demand": {"", "area", "class"},
		"tell": {"", "release"}, "handbook": {"", "questions"}, "flows": {""}, "load": {""}, "churn": {"", "month"}, "backtest": {"", "criterion", "customer"},
	}
	columns := 0
	for _, name := range slices.Sorted(maps.Keys(report.Makers())) {
		for _, by := range append(ways[name], "") {
			r, err := report.Make(report.Makers()[name], s, report.Args{From: day.None, To: day.None, By: by, Read: b.Get})
			if err != nil {
				continue
			}
			for _, c := range r.Columns {
				columns++
				if !have[c.Label] && strings.ContainsFunc(c.Label, unicode.IsLower) {
					t.Errorf("report %s --by %q: the column %q has no name in other languages", name, by, c.Label)
				}
			}
		}
	}
	if columns < 100 {
		t.Errorf("only %d columns were looked at", columns)
	}
}

func TestAReportOfTheQueueIsReadInChinese(t *testing.T) {
	s := openWith(t, sampleBook(t), 160, 48, ui.Options{Lang: "zh"})
	s.Press("4", "R", "6").Expect("严重度", "违约率 %", "首次响应").ExpectNot("Breach %", "first response", "Promises by", "breach rate")
	s.Press("esc", "R", "5").Expect("流入", "已移交").ExpectNot("handed over", "Mean age")
}
