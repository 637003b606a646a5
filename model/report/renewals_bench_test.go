package report

import (
	"sync"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/model/table"
)

var benchToday = day.Of(2026, 11, 22)

// large is a sample company with more than 100,000 contracts, made once.
var large = sync.OnceValue(func() *table.Snapshot {
	l := table.NewLoader(benchToday, model.NewSettings(map[string]string{"rate.EUR": "1.1", "rate.CNY": "0.14", "rate.JPY": "0.007"}))
	err := sample.Generate(sample.Options{Customers: 65000, Seed: 1, Today: benchToday}, func(r *model.Record) error { l.Put(r); return nil })
	if err != nil {
		panic(err)
	}
	return l.Snapshot(1)
})

func benchReport(b *testing.B, make Maker, a Args) {
	s := large()
	b.ReportMetric(float64(s.Table(model.Contract).Len()), "contracts")
	for b.Loop() {
		if _, err := make(s, a); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRetention(b *testing.B) {
	benchReport(b, Retention, Args{From: benchToday - 365, To: benchToday})
}

func BenchmarkForecast(b *testing.B) {
	benchReport(b, Forecast, Args{From: day.None, To: day.None})
}

func BenchmarkRenewals(b *testing.B) {
	benchReport(b, Renewals, Args{From: day.None, To: day.None})
}
