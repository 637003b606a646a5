package exchange_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store/exchange"
	"opsdeck/store/exchange/tabular"
)

const usageHead = "usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count\n"

func TestUsageRowsAreRecognisedOneByOne(t *testing.T) {
	b := newBook(t)
	importText(t, b, "s.csv", "subscription_id,account_id,start_date,mrr_amount,arr_amount\nS-1,A-1,2026-01-01,10,120\n", exchange.Options{})
	importText(t, b, "u.csv", usageHead+"U-1,S-1,2026-02-01,f,5,50,0\nU-1,S-1,2026-02-02,f,6,60,1\nU-1,S-1,2026-02-01,g,7,70,0\n", exchange.Options{})
	next := usageHead +
		"U-1,S-1,2026-02-01,f,5,50,0\n" + // as it was
		"U-1,S-1,2026-02-02,f,8,60,1\n" + // another count
		"U-2,S-1,2026-02-02,f,1,10,0\n" + // new in a month that is there
		"U-2,S-1,2026-02-02,f,2,10,0\n" + // the same key again
		"U-2,S-1,2026-02-02,f,1,10,0\n" + // a full duplicate
		"U-3,S-9,2026-02-02,f,1,10,0\n" + // a contract that nobody knows
		"U-4,S-1,,f,1,10,0\n" // no day
	p := planText(t, b, "v.csv", next, exchange.Options{})
	counts{kind: "usage", source: "ravenstack", rows: 7, created: 1, updated: 1, same: 2, conflicts: 1, errors: 2}.check(t, "second file", apply(t, b, p))
	equal(t, "column of the unknown contract", p.Verdicts[5].Column, "subscription_id")
	for _, r := range each(t, b, model.Usage) {
		if r.Get("feature").Str() == "f" {
			equal(t, "count", r.Get("count").Format(), "14")
			equal(t, "seconds", r.Get("seconds").Format(), "120")
			equal(t, "source rows", len(r.Get("rows").Rows()), 3)
		}
	}
}

func TestOrderLinesAddUpExactly(t *testing.T) {
	b := newBook(t)
	importText(t, b, "o.csv", "orderID,customerID,orderDate,freight\n1,A,2026-01-02,99\n", exchange.Options{})
	lines := "orderID,productID,unitPrice,quantity,discount\n1,a,0.10,3,0.15\n1,b,14.0,12,0\n"
	importText(t, b, "l.csv", lines, exchange.Options{})
	equal(t, "amount", find(t, b, model.Order, "1").Get("amount").Format(), "168.255")
	importText(t, b, "l.csv", strings.Replace(lines, "14.0,12", "14,11", 1), exchange.Options{})
	equal(t, "amount after a correction", find(t, b, model.Order, "1").Get("amount").Format(), "154.255")
	p := planText(t, b, "l.csv", strings.Replace(lines, "0.15", "15", 1), exchange.Options{})
	if v := p.Verdicts[0]; v.Result != exchange.Failed || !strings.Contains(v.Reason, "discount") {
		t.Errorf("a discount of 15: %+v", v)
	}
}

func TestItemStatesAreNotTakenBack(t *testing.T) {
	const head = "Issue key,Summary,Status,Resolution\n"
	cases := map[string]struct {
		link            bool // customers wait for it
		state, ext      string
		first, then     string
		want, wantAgain string
	}{
		"the source says the same":          {first: "K-1,s,Open,", state: "confirmed", then: "K-1,s,Open,", want: "confirmed"},
		"the source moves on":               {first: "K-1,s,Open,", state: "confirmed", then: "K-1,s,In Progress,", want: "in progress"},
		"fixed, and nobody waits":           {first: "K-1,s,Open,", state: "confirmed", then: "K-1,s,Done,Fixed", want: "closed"},
		"fixed, and customers wait":         {first: "K-1,s,Open,", state: "handed over", link: true, then: "K-1,s,Done,Fixed", want: "fixed"},
		"released already":                  {first: "K-1,s,Open,", state: "released", link: true, then: "K-1,s,Done,Fixed", want: "released"},
		"declined, and customers wait":      {first: "K-1,s,Open,", state: "handed over", link: true, then: "K-1,s,Done,Won't Do", want: "declined"},
		"handed over, and the tracker new":  {state: "handed over", ext: "K-1", link: true, then: "K-1,s,To Do,", want: "handed over"},
		"handed over, and the tracker done": {state: "handed over", ext: "K-1", link: true, then: "K-1,s,Done,", want: "fixed"},
	}
	for name, c := range cases {
		b := newBook(t)
		acme := model.NewRecord(model.Customer, b.NewID())
		acme.Set("name", model.Text("Acme"))
		do(t, b, acme)
		if c.first != "" {
			importText(t, b, "j.csv", head+c.first+"\n", exchange.Options{})
		} else {
			item := model.NewRecord(model.Item, b.NewID())
			item.Set("summary", model.Text("s"))
			item.Set("external_id", model.Text(c.ext))
			do(t, b, item)
		}
		before := each(t, b, model.Item)[0]
		after := before.Clone()
		after.Set("state", model.Pick(c.state))
		if c.link {
			after.Set("customers", model.Refs(acme.ID))
		}
		op, _ := model.UpdateOp(before, after)
		if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "bo", Label: "work", Ops: []model.Op{op}}); err != nil {
			t.Fatal(err)
		}
		importText(t, b, "j.csv", head+c.then+"\n", exchange.Options{})
		items := each(t, b, model.Item)
		if len(items) != 1 || items[0].Get("state").Str() != c.want {
			t.Errorf("%s: %d items, state %q, want %q", name, len(items), items[0].Get("state").Str(), c.want)
		}
		if planText(t, b, "j.csv", head+c.then+"\n", exchange.Options{}).Changes() {
			t.Errorf("%s: a second import changes something", name)
		}
	}
}

func TestAMappingIsRememberedForItsHeader(t *testing.T) {
	b := newBook(t)
	text := "Kd-Nr,Firmierung,Stadtteil,Umsatz\n1,Acme,Mitte,\"1.200,50\"\n"
	o := exchange.Options{Kind: model.Customer, From: "erp", Decimal: ",", Map: map[string]string{"Kd-Nr": "key", "Firmierung": "name", "Umsatz": "x.turnover"}}
	importText(t, b, "a.csv", text, o)
	p := planText(t, b, "b.csv", "KD-NR,Firmierung,Stadtteil,Umsatz\n1,Acme AG,Mitte,\"1.200,50\"\n", exchange.Options{})
	counts{kind: "customers", source: "erp", rows: 1, updated: 1}.check(t, "the same header later", p.Summary(model.ID{}))
	if p.Columns[1].From != "saved" || p.Columns[1].To[0] != "name" || p.Columns[2].To[0] != "x.Stadtteil" {
		t.Errorf("columns: %+v", p.Columns)
	}
	again := planText(t, b, "a.csv", text, o)
	if again.Changes() {
		t.Error("saying the same mapping again changes something")
	}
	saved, err := exchange.DecodeMapping([]byte(each(t, b, model.Mapping)[0].Get("toml").Str()))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "saved signature", saved.Signature, exchange.Signature([]string{"Kd-Nr", "Firmierung", "Stadtteil", "Umsatz"}))
	// A file of one's own goes before what the book remembers.
	mine, err := exchange.DecodeMapping([]byte("source = \"mine\"\nkind = \"customers\"\n[fields]\n\"Firmierung\" = \"name\"\n\"Stadtteil\" = \"city\"\n\"Kd-Nr\" = \"-\"\n[fixed]\ncountry = \"Germany\"\n[transforms]\n\"Stadtteil\" = \"first\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	p = planText(t, b, "c.csv", "Firmierung,Stadtteil,Kd-Nr\nBolt,\"Mitte, Nord\",7\n", exchange.Options{Mapping: mine})
	if !p.Complete() || p.Source != "mine" {
		t.Fatal(p.Source, firstReasons(p))
	}
	r := p.Record(p.Verdicts[0].ID)
	equal(t, "city", r.Get("city").Str(), "Mitte")
	equal(t, "country", r.Get("country").Str(), "Germany")
	equal(t, "left out", r.Get("external_id").Str(), "")
}

func TestMappingFilesAreChecked(t *testing.T) {
	m := &exchange.Mapping{Signature: "s", Source: "a \"b\"", Kind: "orders", Dates: "dmy", Fields: map[string]string{"Größe, m²": "x.size"}, Fixed: map[string]string{"currency": "EUR"}}
	text, err := exchange.EncodeMapping(m)
	if err != nil {
		t.Fatal(err)
	}
	back, err := exchange.DecodeMapping(text)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := exchange.EncodeMapping(back); !bytes.Equal(again, text) {
		t.Errorf("a mapping changes on its way:\n%s\n%s", text, again)
	}
	for _, bad := range []string{"kind = \"gizmos\"", "colour = \"red\"", "dates = \"ydm\"", "[transforms]\nA = \"shout\"", "kind = ", "decimal = \"x\""} {
		if _, err := exchange.DecodeMapping([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestMapFlag(t *testing.T) {
	got, err := exchange.ParseMap(`a=name, b c =x.d,e\, f=-,g=h=key`)
	want := map[string]string{"a": "name", "b c": "x.d", "e, f": "-", "g=h": "key"}
	if err != nil || len(got) != len(want) {
		t.Fatal(got, err)
	}
	for k, v := range want {
		equal(t, k, got[k], v)
	}
	for _, bad := range []string{"a", "=b", "a=", "a=b,,c=d"} {
		if _, err := exchange.ParseMap(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestAWorkbookOfSeveralTablesIsOneImport(t *testing.T) {
	var out bytes.Buffer
	w, err := tabular.NewWriter("xlsx", &out, []string{"Record ID", "Company name", "Number of Employees"}, tabular.WriteOptions{Sheet: "Companies"})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write([]tabular.Value{tabular.Text("1"), tabular.Text("Acme"), tabular.Number(tabular.Decimal{Unscaled: 12})}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b := newBook(t)
	p, err := exchange.PlanBytes(context.Background(), b, "book.xlsx", out.Bytes(), exchange.Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	counts{kind: "customers", source: "hubspot", rows: 1, created: 1}.check(t, "workbook", apply(t, b, p))
	equal(t, "employees", find(t, b, model.Customer, "1").Get("employees").Format(), "12")
}

func TestGenericHeaders(t *testing.T) {
	cases := []struct{ header, row, kind string }{
		{"Firma,Stadt,Mitarbeiter", "Acme,Hof,12", "customers"},
		{"公司名称,行业,员工数", "示例公司,软件,12", "customers"},
		{"First Name,Last Name,E-Mail,Company", "Ann,Lee,a@x.example,", "contacts"},
		{"Contract No,Customer,Start Date,End Date,MRR", "7,Acme,2026-01-01,2026-12-31,10", "contracts"},
		{"Order ID,Customer,Order Date,Total", "7,Acme,2026-01-01,10", "orders"},
		{"Invoice,Customer,Invoice Date,Due Date,Amount,Currency", "7,Acme,2026-01-01,2026-01-31,10,EUR", "invoices"},
		{"Ticket,Title,Status,Created", "7,Broken,Open,2026-01-01", "items"},
		{"Deal,Stage,Value,Close Date", "Big,Won,10,2026-01-01", "deals"},
		{"Customer,Churn Date,Reason", "Acme,2026-01-01,price", "churns"},
		{"Customer,Activity Type,Date,Notes", "Acme,call,2026-01-01,long", "touches"},
		{"Task,Due Date,Owner", "Call,2026-01-01,ana", "tasks"},
		{"Account,Feature,Date,Events", "Acme,login,2026-01-01,5", "usage"},
	}
	for _, c := range cases {
		p := planText(t, newBook(t), "f.csv", c.header+"\n"+c.row+"\n", exchange.Options{})
		if s := p.Summary(model.ID{}); s.Kind != c.kind || s.Created != 1 {
			t.Errorf("%s: %s %v", c.header, s, firstReasons(p))
		}
		for _, col := range p.Columns {
			if len(col.To) == 0 || strings.HasPrefix(col.To[0], "x.") {
				t.Errorf("%s: %q means nothing", c.header, col.Name)
			}
		}
	}
	b := newBook(t)
	importText(t, b, "c.csv", "Customer,Start,End,MRR\nAcme,2026-01-01,2026-12-31,10\n", exchange.Options{})
	equal(t, "period of the amount", each(t, b, model.Contract)[0].Get("per").Str(), "month")
	importText(t, b, "k.csv", "First Name,Last Name,Name,Email\nAnn,Lee,Ann Lee,a@x.example\n", exchange.Options{Kind: model.Contact})
	equal(t, "a name in parts and whole", each(t, b, model.Contact)[0].Get("name").Str(), "Ann Lee")
}

func TestFixedValuesGoBeforeTheFile(t *testing.T) {
	b := newBook(t)
	importText(t, b, "o.csv", "order id,customer,date,amount,currency\n1,A,2026-01-02,€ 5,\n2,A,2026-01-02,5,usd\n", exchange.Options{From: "s"})
	equal(t, "beside the amount", find(t, b, model.Order, "1").Get("currency").Str(), "EUR")
	equal(t, "in its column", find(t, b, model.Order, "2").Get("currency").Str(), "USD")
	importText(t, b, "o.csv", "order id,customer,date,amount,currency\n1,A,2026-01-02,€ 5,\n2,A,2026-01-02,5,usd\n", exchange.Options{From: "s", Set: map[string]string{"currency": "GBP"}})
	equal(t, "said by a person", tally(t, b, model.Order, "currency")["GBP"], 2)
}

func TestAnImportCanBeStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := exchange.PlanBytes(ctx, newBook(t), "a.csv", []byte(customersFile(10)), exchange.Options{}); err == nil {
		t.Error("a stopped import goes on")
	}
}

func TestRowsAreNamedByTheirPlaceInTheFile(t *testing.T) {
	const accounts = "name,billingcity,numberofemployees\nAlpha,Rome,1\nBeta,Rome,many\nGamma,Rome,3\n"
	const contacts = "lastName,firstName,email,accountId\nLee,Ann,ann@x.example,@AccountRef3\nLi,Bo,bo@x.example,@AccountRef2\nLo,Cy,cy@x.example,@AccountRef4\nLu,Di,di@x.example,@Nobody\n"
	b := newBook(t)
	first := apply(t, b, planText(t, b, "a.csv", accounts, exchange.Options{From: "one"}))
	p := planText(t, b, "c.csv", contacts, exchange.Options{From: "one"})
	counts{kind: "contacts", source: "one", rows: 4, created: 1, errors: 3}.check(t, "contacts", apply(t, b, p))
	gamma := ""
	for _, r := range each(t, b, model.Customer) {
		if r.Title() == "Gamma" {
			gamma = r.ID.String()
		}
	}
	equal(t, "@AccountRef3", tally(t, b, model.Contact, "customer")[gamma], 1)
	p = planText(t, b, "c.csv", contacts, exchange.Options{From: "two"})
	counts{kind: "contacts", source: "two", rows: 4, errors: 4}.check(t, "another source", p.Summary(model.ID{}))
	// The last batch of accounts counts, and taking it back brings the one before it into force.
	second := importText(t, b, "b.csv", "name,billingcity\nX,Oslo\nY,Oslo\nZ,Oslo\n", exchange.Options{From: "one"})
	p = planText(t, b, "c.csv", contacts, exchange.Options{From: "one"})
	counts{kind: "contacts", source: "one", rows: 4, created: 1, updated: 1, errors: 2}.check(t, "after other accounts", p.Summary(model.ID{}))
	id, err := model.ParseID(second.Batch)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.UndoBatch(t.Context(), id, "ana", b.NewID()); err != nil {
		t.Fatal(err)
	}
	if planText(t, b, "c.csv", contacts, exchange.Options{From: "one"}).Changes() {
		t.Error("the accounts before do not count again")
	}
	equal(t, "accounts", first.Created, 2)
}
