package exchange_test

import (
	"regexp"
	"testing"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/store/exchange"
)

// Of the real queue's duplicates, those whose text names an item of the file show whether the items that
// are proposed while typing are the right ones: the one named has to be among ten for six of ten at least.
func TestSimilarItemsFindWhatDuplicatesName(t *testing.T) {
	b := newBook(t)
	load(t, b, "bugs/SeaMonkey_bugs.csv", exchange.Options{})
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	items, index := s.Table(model.Item), table.NewSimilar(s)
	byKey := map[string]int32{}
	items.Rows(func(row int32) bool { byKey[items.Str(row, "external_id")] = row; return true })
	numbers := regexp.MustCompile(`\b\d{6,7}\b`)
	sample, found := 0, 0
	for _, r := range each(t, b, model.Item) {
		if r.Get("state").Str() != "duplicate" {
			continue
		}
		row, _ := items.Row(r.ID)
		named := map[int32]bool{}
		for _, n := range numbers.FindAllString(r.Get("summary").Str()+" "+r.Get("words").Str()+" "+r.Get("steps").Str(), -1) {
			if other, ok := byKey[n]; ok && other != row {
				named[other] = true
			}
		}
		if len(named) == 0 {
			continue
		}
		sample++
		for _, m := range index.Find(r.Get("summary").Str(), row, 10) {
			if named[m.Row] {
				found++
				break
			}
		}
	}
	t.Logf("%d duplicates name an item of the file; for %d it is among the ten proposed", sample, found)
	if sample < 3 || 10*found < 6*sample {
		t.Errorf("%d of %d are found", found, sample)
	}
}
