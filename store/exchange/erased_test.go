package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/erase"
	"opsdeck/store/exchange"
)

const people = "id,name,email,company,Private mail\nP-1,Jane Doering,jane@acme.example,Acme,jane@home.example\nP-2,Bob Ray,bob@acme.example,Acme,\n"

func TestAnErasedPersonDoesNotComeBackByAnyFile(t *testing.T) {
	b := newBook(t)
	importText(t, b, "customers.csv", "id,name,domain,description\nA-1,Acme Inc,acme.example,Ask Jane Doering first\nA-2,Zenith,,\n", exchange.Options{From: "crm", Kind: model.Customer})
	importText(t, b, "people.csv", people, exchange.Options{From: "crm", Kind: model.Contact, Map: map[string]string{"Private mail": "x.private mail"}})
	importText(t, b, "orders.csv", "order,customer,date,amount\nO-1,Zenith,2026-01-02,10\n", exchange.Options{From: "shop", Kind: model.Order})
	var file bytes.Buffer
	if _, err := exchange.ExportBook(t.Context(), b, &file, nil); err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if _, err := exchange.ExportKind(t.Context(), b, model.Contact, &table, exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*model.Record{find(t, b, model.Contact, "P-1"), find(t, b, model.Customer, "A-2")} {
		if _, err := b.Erase(t.Context(), erase.Ask{Kind: r.Kind, ID: r.ID, Actor: "root"}, b.NewID()); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, file, text string
		o                exchange.Options
		refused          int
	}{
		{"the same file", "people.csv", people, exchange.Options{From: "crm", Kind: model.Contact}, 1},
		{"the name alone, from elsewhere", "x.csv", "name\nJANE  DOERING\nAnn Lee\n", exchange.Options{From: "list", Kind: model.Contact}, 1},
		{"the name, family name first", "r.csv", "name\n\"DOERING, Jane\"\nDoering Jane\nJane Do\u0308ring\nJane Ray\n", exchange.Options{From: "list", Kind: model.Contact}, 3},
		{"the name in two columns", "s.csv", "Last name,First name\nDoering,Jane\nLee,Ann\n", exchange.Options{From: "list", Kind: model.Contact}, 1},
		{"an address for other mail", "t.csv", "name,email\nJ. D.,jane@home.example\nJ. D.,jane+x@acme.example\n", exchange.Options{From: "list", Kind: model.Contact}, 2},
		{"somebody else who becomes her", "u.csv", "id,name\nP-2,Doering Jane\n", exchange.Options{From: "crm", Kind: model.Contact}, 1},
		{"the mail address alone", "y.csv", "name,email\nJ. D.,Jane@ACME.example\n", exchange.Options{From: "list", Kind: model.Contact}, 1},
		{"the customer by another spelling", "z.csv", "name\nZENITH GmbH\nAcme Two\n", exchange.Options{From: "list", Kind: model.Customer}, 1},
		{"an order of the customer", "o.csv", "order,customer,date,amount\nO-9,Zenith,2026-01-02,10\n", exchange.Options{From: "shop", Kind: model.Order}, 1},
		{"its own export as a table", "contacts.csv", table.String(), exchange.Options{}, 1},
		{"its own export as a book", "book.ndjson", file.String(), exchange.Options{}, 3},
	} {
		p := planText(t, b, c.file, c.text, c.o)
		var refused []string
		for _, v := range p.Verdicts {
			if v.Result == exchange.Failed {
				refused = append(refused, v.Reason)
			}
			if r := p.Record(v.ID); r != nil && strings.Contains(r.Get("description").Str(), "Jane") {
				t.Errorf("%s: she is back in the description of the customer", c.name)
			}
		}
		if len(refused) != c.refused || !strings.Contains(strings.Join(refused, " "), "erased from the book on 2026-11-22") {
			t.Errorf("%s: %d rows are refused, want %d: %q", c.name, len(refused), c.refused, refused)
		}
	}
}
