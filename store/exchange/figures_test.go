package exchange_test

import (
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// each collects the records of a kind.
func each(t testing.TB, b *store.Book, k model.Kind) []*model.Record {
	t.Helper()
	var out []*model.Record
	if err := b.Each(k, func(r *model.Record) bool { out = append(out, r); return true }); err != nil {
		t.Fatal(err)
	}
	return out
}

// tally counts the records of a kind by the text of a field.
func tally(t testing.TB, b *store.Book, k model.Kind, field string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, r := range each(t, b, k) {
		out[r.Get(field).Format()]++
	}
	return out
}

// total adds up an amount; when tells which records count.
func total(t testing.TB, b *store.Book, k model.Kind, field string, when func(*model.Record) bool) string {
	t.Helper()
	var sum int64
	for _, r := range each(t, b, k) {
		if when == nil || when(r) {
			n, _ := r.Get(field).Units()
			sum += n
		}
	}
	return model.FormatMoney(sum)
}

// equal compares what a test got with what it wants.
func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestFiguresOfSeaMonkey(t *testing.T) {
	b := newBook(t)
	load(t, b, "bugs/SeaMonkey_bugs.csv", exchange.Options{})
	states := tally(t, b, model.Item, "source_state")
	equal(t, "open", states["UNCONFIRMED"]+states["NEW"]+states["ASSIGNED"]+states["REOPENED"], 567)
	equal(t, "resolved", states["RESOLVED"], 501)
	equal(t, "verified", states["VERIFIED"], 8)
	resolutions := tally(t, b, model.Item, "resolution")
	equal(t, "FIXED", resolutions["FIXED"], 271)
	equal(t, "DUPLICATE", resolutions["DUPLICATE"], 85)
	open, openResolved := 0, 0
	for _, r := range each(t, b, model.Item) {
		if model.ItemIsOpen(r.Get("state").Str()) {
			open++
			if !r.Get("resolved").IsZero() {
				openResolved++
			}
		}
	}
	equal(t, "items open in the queue", open, 567)
	equal(t, "open items with a date of resolution", openResolved, 0)
	queue := tally(t, b, model.Item, "state")
	equal(t, "new", queue["new"], 342)
	equal(t, "duplicates", queue["duplicate"], 85)
	equal(t, "priorities that say nothing", tally(t, b, model.Item, "priority")[""], 961)
}

func TestFiguresOfNorthwind(t *testing.T) {
	b := newBook(t)
	for _, f := range []string{"customers", "orders", "order-details"} {
		load(t, b, "northwind/"+f+".csv", exchange.Options{})
	}
	equal(t, "total", total(t, b, model.Order, "amount", nil), "1265793.0395")
	quick, err := b.Lookup(model.Customer, "QUICK")
	if err != nil {
		t.Fatal(err)
	}
	of := func(r *model.Record) bool { return r.Get("customer").ID() == quick.ID }
	equal(t, "QUICK-Stop", total(t, b, model.Order, "amount", of), "110277.305")
	buyers := tally(t, b, model.Order, "customer")
	equal(t, "customers that bought", len(buyers), 89)
	equal(t, "orders not shipped", tally(t, b, model.Order, "shipped")[""], 21)
	equal(t, "literal NULL is no region", tally(t, b, model.Customer, "region")["NULL"], 0)
	late := 0
	for _, r := range each(t, b, model.Order) {
		if s := r.Get("shipped").Day(); s.IsSet() && s > r.Get("required").Day() {
			late++
		}
	}
	equal(t, "shipped late", late, 37)
}

func TestFiguresOfContracts(t *testing.T) {
	b := newBook(t)
	load(t, b, "contracts/ufrn_contratos.csv", exchange.Options{})
	equal(t, "sum", total(t, b, model.Contract, "amount", nil), "146506902.04")
	equal(t, "counterparties", len(each(t, b, model.Customer)), 84)
	ends := map[int]int{}
	var biggest *model.Record
	for _, r := range each(t, b, model.Contract) {
		y, _, _ := r.Get("end").Day().Date()
		ends[y]++
	}
	equal(t, "ends 2018, 2019, 2020", [3]int{ends[2018], ends[2019], ends[2020]}, [3]int{28, 70, 2})
	for _, r := range each(t, b, model.Customer) {
		if r.Get("registered_id").Str() == "07.783.832/0001-70" {
			biggest = r
		}
	}
	if biggest == nil {
		t.Fatal("no customer with the register number of the biggest counterparty")
	}
	of := func(r *model.Record) bool { return r.Get("customer").ID() == biggest.ID }
	equal(t, "biggest counterparty", total(t, b, model.Contract, "amount", of), "28426299.86")
	equal(t, "currency", tally(t, b, model.Contract, "currency")["BRL"], 100)
	equal(t, "stub", biggest.Get("stub").IsTrue(), true)
}

func TestFiguresOfInvoices(t *testing.T) {
	b := newBook(t)
	load(t, b, "invoices/accounts_receivable_dmy.csv", exchange.Options{})
	equal(t, "sum", total(t, b, model.Invoice, "amount", nil), "147703.18")
	equal(t, "disputed", tally(t, b, model.Invoice, "disputed")["yes"], 561)
	late, openThen := 0, 0
	then := day.Of(2012, 12, 31)
	for _, r := range each(t, b, model.Invoice) {
		if r.Get("settled").Day() > r.Get("due").Day() {
			late++
		}
		if r.Get("date").Day() <= then && then < r.Get("settled").Day() {
			openThen++
		}
	}
	equal(t, "late", late, 877)
	equal(t, "open at the end of 2012", openThen, 99)
}

func TestFiguresOfRavenStack(t *testing.T) {
	b := newBook(t)
	for _, f := range []string{"accounts", "subscriptions", "feature_usage", "churn_events", "support_tickets"} {
		load(t, b, "ravenstack/"+f+".csv", exchange.Options{})
	}
	plans := tally(t, b, model.Customer, "plan")
	equal(t, "plans", [3]int{plans["Basic"], plans["Pro"], plans["Enterprise"]}, [3]int{168, 178, 154})
	equal(t, "churned in source", tally(t, b, model.Customer, "source_churned")["yes"], 110)
	equal(t, "MRR", total(t, b, model.Contract, "amount", nil), "11338747.00")
	equal(t, "churned subscriptions", tally(t, b, model.Contract, "churned")["yes"], 486)
	equal(t, "accounts with churn events", len(tally(t, b, model.Churn, "customer")), 352)
	count, rows := map[string]float64{}, 0
	for _, r := range each(t, b, model.Usage) {
		n, _ := r.Get("count").Float()
		count[r.Get("feature").Str()] += n
		rows += len(r.Get("rows").Rows())
	}
	equal(t, "source rows kept", rows, 25000)
	equal(t, "feature_32", count["feature_32"], 6686)
	equal(t, "feature_15", count["feature_15"], 6621)
	equal(t, "tickets closed", tally(t, b, model.Item, "state")["closed"], 2000)
}

func TestFiguresOfOrdersWithoutIDs(t *testing.T) {
	b := newBook(t)
	load(t, b, "rfm/rfm_data_orders.csv", exchange.Options{})
	equal(t, "customers", len(each(t, b, model.Customer)), 995)
	b = newBook(t)
	load(t, b, "cdnow/CDNOW_sample.txt", exchange.Options{Kind: model.Order, From: "cdnow", Columns: []string{"customer", "-", "date", "cds", "amount"}})
	equal(t, "sum", total(t, b, model.Order, "amount", nil), "244091.94")
	days := map[string]bool{}
	for _, r := range each(t, b, model.Order) {
		days[r.Get("customer").Format()+r.Get("date").Format()] = true
	}
	equal(t, "customer-days", len(days), 6696)
}

func TestFiguresOfTelco(t *testing.T) {
	b := newBook(t)
	load(t, b, "telco/Telco-Customer-Churn.csv", exchange.Options{})
	equal(t, "churned in source", tally(t, b, model.Customer, "source_churned")["yes"], 1869)
	equal(t, "customers without total charges", tally(t, b, model.Customer, "x.TotalCharges")[""], 11)
	plans := tally(t, b, model.Contract, "plan")
	equal(t, "contracts", [3]int{plans["Month-to-month"], plans["One year"], plans["Two year"]}, [3]int{3875, 1473, 1695})
	equal(t, "open-ended contracts", tally(t, b, model.Contract, "end")[""], 3875)
	for _, r := range each(t, b, model.Contract) {
		if end := r.Get("end").Day(); end.IsSet() && end < today {
			t.Fatalf("%s ends before the day of its import: %s", r.Title(), end)
		}
	}
	// A year later the same file still changes nothing: the dates were reckoned once.
	p := plan(t, b, shared(t, "telco/Telco-Customer-Churn.csv"), exchange.Options{Today: today + 365})
	equal(t, "changes a year later", p.Changes(), false)
}

func TestFiguresOfEdinet(t *testing.T) {
	b := newBook(t)
	load(t, b, "intl/edinet_first200_cp932.csv", exchange.Options{})
	r, err := b.Lookup(model.Customer, "E00004")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "name", r.Get("name").Str(), "カネコ種苗株式会社")
	equal(t, "register number", r.Get("registered_id").Str(), "5070001000715")
	equal(t, "brand", r.Get("brand").Str(), "listed")
}

func TestSalesforceSampleRowsFindTheirAccounts(t *testing.T) {
	b := newBook(t)
	for _, f := range []string{"dataloader_Account.csv", "tree_Account.json"} {
		load(t, b, "salesforce/"+f, exchange.Options{})
	}
	recipes := load(t, b, "salesforce_recipes/Accounts.csv", exchange.Options{})
	for _, f := range []string{"Contacts.csv", "Opportunities.csv"} {
		load(t, b, "salesforce_recipes/"+f, exchange.Options{})
	}
	names := map[model.ID]string{}
	for _, r := range each(t, b, model.Customer) {
		names[r.ID] = r.Title()
	}
	for _, r := range each(t, b, model.Contact) {
		if r.Get("email").Str() == "bcannan1@illinois.edu" {
			equal(t, "@AccountRef1", names[r.Get("customer").ID()], "Zoonoodle 37")
		}
	}
	won := tally(t, b, model.Deal, "won")
	equal(t, "won, lost and open", [3]int{won["yes"], won["no"], won[""]}, [3]int{3, 1, 46})
	// The oldest import can still be taken back alone: the newer ones remember their rows themselves.
	heads := map[string]model.ID{}
	if err := b.Batches(func(h model.Batch) bool { heads[h.Label] = h.ID; return true }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.UndoBatch(t.Context(), heads["import of 12 customers from tree_Account.json"], "ana", b.NewID()); err != nil {
		t.Errorf("taking back the tree accounts: %v", err)
	}
	equal(t, "recipes", recipes.Created, 50)
}
