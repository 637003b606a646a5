package exchange_test

import (
	"os"
	"path/filepath"
	"testing"

	"opsdeck/model"
	"opsdeck/store/exchange"
)

// FuzzPlan holds every plan to three promises, whatever the file: it does not panic, its counts add
// up, and what it plans can be done and then changes nothing when it is planned again.
func FuzzPlan(f *testing.F) {
	files, err := filepath.Glob("testdata/presets/*/[0-9]*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"format":"opsdeck book","version":1}` + "\n" + `{"kind":"customer","id":"` + model.ID{1}.String() + `","fields":{"name":"A","parent":"` + model.ID{1}.String() + `"}}`))
	f.Add([]byte("id,name,parent\n" + model.ID{1}.String() + ",A," + model.ID{2}.String() + "\n" + model.ID{2}.String() + ",B,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b := newBook(t)
		p, err := exchange.PlanBytes(t.Context(), b, "f", data, exchange.Options{Today: today})
		if err != nil {
			return
		}
		s := p.Summary(model.ID{})
		if s.Rows != s.Created+s.Updated+s.Same+s.Conflicts+s.Errors {
			t.Fatalf("the counts do not add up: %s", s)
		}
		apply(t, b, p)
		again, err := exchange.PlanBytes(t.Context(), b, "f", data, exchange.Options{Today: today})
		if err != nil {
			t.Fatalf("the second time it cannot be planned: %v", err)
		}
		if again.Changes() {
			t.Fatalf("the second time it changes something: %s", again.Summary(model.ID{}))
		}
	})
}
