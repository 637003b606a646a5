package table

import (
	"testing"

	"opsdeck/model"
	"opsdeck/model/sample"
)

// scoredCompany is a sample company of some size.
func scoredCompany(b *testing.B, customers int) *Snapshot {
	b.Helper()
	l := NewLoader(testDay, model.NewSettings(nil))
	err := sample.Generate(sample.Options{Customers: customers, Seed: 1, Today: testDay}, func(r *model.Record) error { l.Put(r); return nil })
	if err != nil {
		b.Fatal(err)
	}
	return l.Snapshot(1)
}

// BenchmarkWhatIf10k is a slider moved once: who would be of which tier, with what revenue and load.
func BenchmarkWhatIf10k(b *testing.B) {
	w, err := scoredCompany(b, 10_000).WhatIf("")
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		w.Weights[0] = float64(10 + i%20)
		if out := w.Try(); len(out.Tiers) == 0 {
			b.Fatal("nothing came out")
		}
	}
}

// BenchmarkRescore100k finds every customer's tier once more; keeping it is measured in package store.
func BenchmarkRescore100k(b *testing.B) {
	s := scoredCompany(b, 100_000)
	for b.Loop() {
		if found, err := s.Rescore(); err != nil || found.Scored == 0 {
			b.Fatal(err)
		}
	}
}
