package exchange_test

import (
	"bytes"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

func mergeInto(t *testing.T, b *store.Book, from, into *model.Record) {
	t.Helper()
	m, err := b.PlanMerge(from.Kind, from.ID, into.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Label: m.Label(), Ops: m.Ops}); err != nil {
		t.Fatal(err)
	}
}

// Importing again what was merged changes nothing, whichever row comes first, and what points at the
// duplicate's key finds the survivor.
func TestAnImportAfterAMergeFindsTheSurvivor(t *testing.T) {
	for name, rows := range map[string]string{
		"survivor first":  "1,Acme,Hof,\n2,ACME Inc,,5550100\n",
		"duplicate first": "2,ACME Inc,,5550100\n1,Acme,Hof,\n",
	} {
		b := newBook(t)
		file := "id,name,city,phone\n" + rows
		importText(t, b, "a.csv", file, exchange.Options{From: "crm"})
		acme, dup := find(t, b, model.Customer, "1"), find(t, b, model.Customer, "2")
		mergeInto(t, b, dup, acme)
		want := bytesOf(t, b)
		again := importText(t, b, "a.csv", file, exchange.Options{From: "crm"})
		if again.Same != 2 || !bytes.Equal(bytesOf(t, b), want) {
			t.Errorf("%s: importing again: %s", name, again)
		}
		s := importText(t, b, "b.csv", "id,name,city,phone\n2,Acme Incorporated,Ulm,\n1,Acme AG,,\n", exchange.Options{From: "crm"})
		if s.Updated != 1 || s.Same != 1 || s.Conflicts != 0 {
			t.Errorf("%s: new values: %s", name, s)
		}
		if got := find(t, b, model.Customer, "1"); got.Get("name").Str() != "Acme AG" || got.Get("city").Str() != "Hof" {
			t.Errorf("%s: the survivor is %v", name, got.Fields)
		}
		importText(t, b, "o.csv", "order_id,customer_id,order_date,amount\nO1,2,2026-01-01,5\n", exchange.Options{From: "crm", Kind: model.Order})
		if got := find(t, b, model.Order, "O1").Get("customer").ID(); got != acme.ID {
			t.Errorf("%s: the duplicate's order is of %s", name, got)
		}
	}
}
