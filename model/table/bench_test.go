package table

import (
	"runtime"
	"sync"
	"testing"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/model/sample"
)

// encoded is a sample company of 100,000 customers and 200,000 items as a book keeps it.
type encoded struct {
	kind  model.Kind
	id    model.ID
	bytes []byte
}

type company struct {
	records []encoded
	err     error
}

// companyOf makes the sample once for all benchmarks.
var companyOf = sync.OnceValue(func() (c company) {
	c.err = sample.Generate(sample.Options{Customers: 100_000, Seed: 1, Today: testDay}, func(r *model.Record) error {
		c.records = append(c.records, encoded{r.Kind, r.ID, model.AppendRecord(nil, r)})
		return nil
	})
	return c
})

// companyPicture loads the sample.
func companyPicture(b *testing.B) *Snapshot {
	b.Helper()
	c := companyOf()
	if c.err != nil {
		b.Fatal(c.err)
	}
	l := NewLoader(testDay, model.NewSettings(nil))
	for _, r := range c.records {
		if err := l.Kind(r.kind).Add(r.id, r.bytes); err != nil {
			b.Fatal(err)
		}
	}
	return l.Snapshot(1)
}

func BenchmarkLoad100k(b *testing.B) {
	companyOf()
	var before, after runtime.MemStats
	for b.Loop() {
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		s := companyPicture(b)
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(s)
		b.StartTimer()
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	b.ReportMetric(float64(len(companyOf().records)), "records")
}

// BenchmarkUpdate100k is what a change costs until everybody can see it.
func BenchmarkUpdate100k(b *testing.B) {
	s := companyPicture(b)
	for name, change := range map[string]struct {
		kind  model.Kind
		field string
		to    [2]model.Value
	}{
		"owner of a customer":  {model.Customer, "owner", [2]model.Value{model.Person("ana"), model.Person("bo")}},
		"name of a customer":   {model.Customer, "name", [2]model.Value{model.Text("Acme"), model.Text("Zenith")}},
		"amount of a contract": {model.Contract, "amount", [2]model.Value{model.Money(5 * model.MoneyScale), model.Money(7 * model.MoneyScale)}},
		"end of a contract":    {model.Contract, "end", [2]model.Value{model.Date(testDay - 100), model.Date(testDay + 300)}},
		"state of an item":     {model.Item, "state", [2]model.Value{model.Pick("new"), model.Pick("closed")}},
	} {
		b.Run(name, func(b *testing.B) {
			s.useLists(change.kind)
			id := s.Table(change.kind).ID(4711)
			i := 0
			for b.Loop() {
				r := model.NewRecord(change.kind, id)
				for _, f := range s.Table(change.kind).Schema.Stored() {
					r.Set(f.Name, s.Table(change.kind).Value(4711, f.Name))
				}
				r.Set(change.field, change.to[i%2])
				s = s.Update(s.Seq+1, s.Today, nil, []Delta{{Kind: r.Kind, ID: id, Record: r}})
				i++
			}
		})
	}
}

// useLists brings the lists of a kind into use, as a screen does.
func (s *Snapshot) useLists(k model.Kind) {
	t := s.Table(k)
	t.Order([]Sort{{Field: t.Schema.Title}})
	t.Words(0)
}

func BenchmarkOrder100k(b *testing.B) {
	t := companyPicture(b).Table(model.Customer)
	for _, field := range []string{"name", "arr", "tier", "decision_date", "parent"} {
		b.Run(field, func(b *testing.B) {
			for b.Loop() {
				t.orders = newOrders()
				t.Order([]Sort{{Field: field}})
			}
		})
	}
	for _, lang := range []string{"zh-Hans", "ja", "es"} {
		b.Run("name in "+lang, func(b *testing.B) {
			sorts := []Sort{{Field: "name", Lang: lang}}
			t.Order(sorts) // The keys are made for the first order alone.
			for b.Loop() {
				t.orders = newOrders()
				t.Order(sorts)
			}
		})
		b.Run("keys of names in "+lang, func(b *testing.B) {
			c := t.col("name")
			for b.Loop() {
				c.dict.collated = nil
				c.dict.key(&c.texts, lang)
			}
		})
	}
	b.Run("name after an edit", func(b *testing.B) {
		sorts := []Sort{{Field: "name"}}
		old := t.Order(sorts)
		for b.Loop() {
			t.repaired(old, []int32{4711}, sorts)
		}
	})
}

func BenchmarkView100k(b *testing.B) {
	s := companyPicture(b)
	for _, c := range []struct {
		kind model.Kind
		text string
	}{
		{model.Customer, ""},
		{model.Customer, "steel"},
		{model.Customer, "arr:>100k"},
		{model.Customer, "tier:KA owner:ana"},
		{model.Customer, "freight arr:>10k -tier:small"},
		{model.Item, "severity:S1,S2 open:yes"},
		{model.Item, "login"},
		{model.Contract, "customer:acme*"},
	} {
		b.Run(c.kind.String()+" "+c.text, func(b *testing.B) {
			e, err := query.Parse(c.text, s.FilterSchema(c.kind))
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				n = len(s.Table(c.kind).View(s, e, query.Env{Today: s.Today}, nil))
			}
			b.ReportMetric(float64(n), "rows")
		})
	}
}

func BenchmarkDue100k(b *testing.B) {
	s := companyPicture(b)
	for _, owner := range []string{"priya", ""} {
		b.Run("of "+owner, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = len(s.Due(owner))
			}
			b.ReportMetric(float64(n), "due")
		})
	}
}
