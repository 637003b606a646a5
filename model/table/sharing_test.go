package table

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"opsdeck/model"
	"opsdeck/model/query"
)

// Sessions read pictures without a lock while the next ones are made; the race detector watches.
func TestPicturesAreReadWhileTheNextAreMade(t *testing.T) {
	var records []*model.Record
	for n := range 50 {
		records = append(records,
			record(t, model.Customer, n, "name", "Customer "+strconv.Itoa(n), "owner", "ana", "employees", strconv.Itoa(n)),
			record(t, model.Contract, n, "customer", worldID(model.Customer, n).String(), "start", "2026-01-01", "amount", "10"),
			record(t, model.Item, n, "summary", "Slow", "customers", worldID(model.Customer, n/2).String()+";"+worldID(model.Customer, n).String()))
	}
	var current atomic.Pointer[Snapshot]
	current.Store(book(t, model.NewSettings(nil), records...))
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !done.Load() {
				s := current.Load()
				e, err := query.Parse("customer employees:>3 owner:ana", s.FilterSchema(model.Customer))
				if err != nil {
					t.Error(err)
					return
				}
				rows := s.Table(model.Customer).View(s, e, query.Env{Today: s.Today}, []Sort{{Field: "name"}, {Field: "arr", Desc: true}})
				if len(rows) != 46 {
					t.Errorf("%d rows in a picture, want 46", len(rows))
					return
				}
				s.Table(model.Contract).Order([]Sort{{Field: "customer"}})
				s.Find(model.Item, "customer", 10)
				s.Values(model.Customer, "name", 10)
			}
		})
	}
	for n := range 300 {
		s := current.Load()
		r := record(t, model.Customer, n%50, "name", "Customer "+strconv.Itoa(n), "owner", "ana", "employees", strconv.Itoa(n%50))
		current.Store(s.Update(s.Seq+1, s.Today, nil, []Delta{{Kind: r.Kind, ID: r.ID, Record: r}}))
	}
	done.Store(true)
	readers.Wait()
}
