package exchange_test

import (
	"bytes"
	"context"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// sharedFile is a file of the sample data, what has to be there before it, and what it must come to.
type sharedFile struct {
	name   string
	before []string
	o      exchange.Options
	want   counts
}

func sharedFiles() []sharedFile {
	salesforce := func(k string, rows, duplicates int) counts {
		return counts{kind: k, source: "salesforce", rows: rows, created: rows, duplicates: duplicates}
	}
	ravenstack := func(k string, rows int) counts {
		return counts{kind: k, source: "ravenstack", rows: rows, created: rows}
	}
	return []sharedFile{
		{name: "ravenstack/accounts.csv", want: ravenstack("customers", 500)},
		{name: "ravenstack/subscriptions.csv", before: []string{"ravenstack/accounts.csv"}, want: ravenstack("contracts", 5000)},
		{name: "ravenstack/churn_events.csv", before: []string{"ravenstack/accounts.csv"}, want: ravenstack("churns", 600)},
		{name: "ravenstack/support_tickets.csv", before: []string{"ravenstack/accounts.csv"}, want: ravenstack("items", 2000)},
		{name: "ravenstack/feature_usage.csv", before: []string{"ravenstack/accounts.csv", "ravenstack/subscriptions.csv"}, want: ravenstack("usage", 25000)},
		{name: "telco/Telco-Customer-Churn.csv", want: counts{kind: "customers", source: "telco", rows: 7043, created: 7043}},
		{name: "rfm/rfm_data_orders.csv", want: counts{kind: "orders", source: "rfm", rows: 4906, created: 4906, stubs: 995}},
		{
			name: "cdnow/CDNOW_sample.txt",
			o:    exchange.Options{Kind: model.Order, From: "cdnow", Columns: []string{"customer", "-", "date", "cds", "amount"}},
			want: counts{kind: "orders", source: "cdnow", rows: 6919, created: 6919, stubs: 2357},
		},
		{name: "northwind/customers.csv", want: counts{kind: "customers", source: "northwind", rows: 91, created: 91}},
		{name: "northwind/orders.csv", before: []string{"northwind/customers.csv"}, want: counts{kind: "orders", source: "northwind", rows: 830, created: 830}},
		{name: "northwind/order-details.csv", before: []string{"northwind/customers.csv", "northwind/orders.csv"}, want: counts{kind: "orders", source: "northwind", rows: 2155, created: 2155}},
		{name: "invoices/accounts_receivable_dmy.csv", want: counts{kind: "invoices", source: "receivables", rows: 2466, created: 2466, stubs: 100}},
		{name: "contracts/ufrn_contratos.csv", want: counts{kind: "contracts", source: "ufrn", rows: 100, created: 100, stubs: 84}},
		{name: "intl/edinet_first200_cp932.csv", want: counts{kind: "customers", source: "edinet", rows: 200, created: 200}},
		{
			name: "intl/zh_company_short_names_first2000.txt",
			o:    exchange.Options{Kind: model.Customer, From: "names", Columns: []string{"name"}, Skip: 3},
			want: counts{kind: "customers", source: "names", rows: 1997, created: 1997},
		},
		{name: "bugs/SeaMonkey_bugs.csv", want: counts{kind: "items", source: "bugzilla", rows: 1076, created: 1076}},
		{name: "salesforce/dataloader_Account.csv", want: salesforce("customers", 12, 2)},
		{name: "salesforce/tree_Account.json", before: []string{"salesforce/dataloader_Account.csv"}, want: salesforce("customers", 12, 12)},
		{name: "salesforce/tree_Contact.json", want: salesforce("contacts", 20, 0)},
		{name: "salesforce/tree_Opportunity.json", want: salesforce("deals", 31, 0)},
		{name: "salesforce/tree_Case.json", want: salesforce("items", 26, 0)},
		{name: "salesforce_recipes/Accounts.csv", want: salesforce("customers", 50, 3)},
		{name: "salesforce_recipes/Contacts.csv", before: []string{"salesforce_recipes/Accounts.csv"}, want: salesforce("contacts", 150, 0)},
		{name: "salesforce_recipes/Opportunities.csv", before: []string{"salesforce_recipes/Accounts.csv"}, want: salesforce("deals", 50, 0)},
	}
}

// bytesOf writes a book, to compare it with itself later.
func bytesOf(t testing.TB, b *store.Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := exchange.ExportBook(context.Background(), b, &out, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSharedFilesComeInWholeOnceAndGoOutAgain(t *testing.T) {
	for _, f := range sharedFiles() {
		t.Run(f.name, func(t *testing.T) {
			b, ctx := newBook(t), context.Background()
			for _, name := range f.before {
				load(t, b, name, exchange.Options{})
			}
			before := bytesOf(t, b)
			p := plan(t, b, shared(t, f.name), f.o)
			f.want.check(t, "first", p.Summary(model.ID{}))
			if t.Failed() {
				t.Log(firstReasons(p), p.Suspects)
			}
			first := apply(t, b, p)
			p = plan(t, b, shared(t, f.name), f.o)
			again := counts{kind: f.want.kind, source: f.want.source, rows: f.want.rows, same: f.want.rows}
			again.check(t, "second", p.Summary(model.ID{}))
			if p.Changes() {
				t.Error("a second import changes something")
			}
			id, err := model.ParseID(first.Batch)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.UndoBatch(ctx, id, "ana", b.NewID()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, bytesOf(t, b)) {
				t.Error("taking the import back does not bring the book back")
			}
		})
	}
}
