package exchange_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
	"opsdeck/store/exchange/tabular"
)

const crm = "Customer ID,Company Name,City,Phone,Website,Employees\n"

// importText imports a text that must go in without errors.
func importText(t testing.TB, b *store.Book, name, text string, o exchange.Options) exchange.Summary {
	t.Helper()
	p := planText(t, b, name, text, o)
	if !p.Complete() {
		t.Fatalf("%s: %v", name, firstReasons(p))
	}
	return apply(t, b, p)
}

// find looks a record up by its external id.
func find(t testing.TB, b *store.Book, k model.Kind, ext string) *model.Record {
	t.Helper()
	r, err := b.Lookup(k, ext)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func planError(t testing.TB, text string, o exchange.Options) error {
	t.Helper()
	o.Today = today
	_, err := exchange.PlanBytes(context.Background(), newBook(t), "file.csv", []byte(text), o)
	return err
}

func TestWhatHasToBeSaidNamesFlagFileAndColumn(t *testing.T) {
	dates := "customer,date,amount\nA,01/02/2026,5\nB,03/04/2026,6\n"
	amounts := "customer,date,amount\nA,2026-02-01,\"1,234\"\nB,2026-02-02,\"5,678\"\n"
	cases := map[string]struct {
		text string
		o    exchange.Options
		want []string
	}{
		"unknown column":   {crm + "1,A,,,,\n", exchange.Options{Map: map[string]string{"Firma": "name"}}, []string{"file.csv", "--map", `"Firma"`, `"Company Name"`}},
		"unknown field":    {crm + "1,A,,,,\n", exchange.Options{Map: map[string]string{"City": "town"}}, []string{"file.csv", "--map", `"town"`, "opsdeck fields customers"}},
		"derived field":    {crm + "1,A,,,,\n", exchange.Options{Map: map[string]string{"City": "arr"}}, []string{"--map", "computed"}},
		"unknown fixed":    {crm + "1,A,,,,\n", exchange.Options{Set: map[string]string{"town": "x"}}, []string{"file.csv", "--set", `"town"`}},
		"bad fixed":        {crm + "1,A,,,,\n", exchange.Options{Set: map[string]string{"employees": "many"}}, []string{"--set", "not a number"}},
		"ambiguous dates":  {dates, exchange.Options{}, []string{"file.csv", `"date"`, "--dates", "2026-02-01", "2026-01-02"}},
		"ambiguous number": {amounts, exchange.Options{}, []string{"file.csv", `"amount"`, "--decimal"}},
		"no kind":          {"colour,shape\nred,round\n", exchange.Options{}, []string{"file.csv", "KIND"}},
		"bad dates":        {dates, exchange.Options{Dates: "ydm"}, []string{"--dates"}},
		"bad delimiter":    {dates, exchange.Options{Delimiter: "ab"}, []string{"--delimiter"}},
	}
	for name, c := range cases {
		err := planError(t, c.text, c.o)
		var usage *exchange.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%s: %v is no usage error", name, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not name %s", name, err, w)
			}
		}
	}
	var asked *tabular.Ambiguous
	if err := planError(t, dates, exchange.Options{}); !errors.As(err, &asked) || len(asked.Readings) != 2 {
		t.Errorf("both readings are to be had: %v", err)
	}
	// Said once, the question is gone, and it is the column that decides, not the cell.
	for dates, want := range map[string]string{"dmy": "2026-04-03", "mdy": "2026-03-04"} {
		b := newBook(t)
		importText(t, b, "o.csv", "customer,date,amount\nA,01/02/2026,5\nB,03/04/2026,6\n", exchange.Options{Dates: dates})
		if tally(t, b, model.Order, "date")[want] != 1 {
			t.Errorf("--dates %s: %v", dates, tally(t, b, model.Order, "date"))
		}
	}
}

func TestUpdateSameAndEmptyCells(t *testing.T) {
	b := newBook(t)
	importText(t, b, "a.csv", crm+"1,Acme,Rome,,acme.example,10\n2,Bolt,,,,5\n", exchange.Options{})
	p := planText(t, b, "renamed.csv", crm+"1,Acme,,,,12\n2,Bolt,,,,5\n3,Cone,,,,\n", exchange.Options{})
	counts{kind: "customers", source: p.Source, rows: 3, created: 1, updated: 1, same: 1}.check(t, "second file", p.Summary(model.ID{}))
	v := p.Verdicts[0]
	if v.Line != 2 || len(v.Changes) != 1 || v.Changes[0].Field != "employees" || v.Changes[0].From.Format() != "10" || v.Changes[0].To.Format() != "12" {
		t.Errorf("the difference of line 2: %+v", v)
	}
	if r := p.Record(v.ID); r.Get("employees").Format() != "12" || r.Get("city").Str() != "Rome" {
		t.Errorf("the record to be: %+v", r)
	}
	apply(t, b, p)
	equal(t, "an empty cell erases nothing", find(t, b, model.Customer, "1").Get("city").Str(), "Rome")
}

func TestAPersonsEditIsShownBeforeItIsOverwritten(t *testing.T) {
	b := newBook(t)
	importText(t, b, "a.csv", crm+"1,Acme,Rome,,,10\n", exchange.Options{})
	before := find(t, b, model.Customer, "1")
	after := before.Clone()
	after.Set("city", model.Text("Milan"))
	op, _ := model.UpdateOp(before, after)
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "bo", Label: "set city", Ops: []model.Op{op}}); err != nil {
		t.Fatal(err)
	}
	p := planText(t, b, "a.csv", crm+"1,Acme,Rome,,,10\n", exchange.Options{})
	want := []model.Change{{Field: "city", From: model.Text("Milan"), To: model.Text("Rome")}}
	if !slices.Equal(p.Verdicts[0].Changes, want) {
		t.Errorf("got %+v", p.Verdicts[0].Changes)
	}
}

func TestTheSameKeyTwiceInAFile(t *testing.T) {
	b := newBook(t)
	p := planText(t, b, "a.csv", crm+"1,Acme,Rome,,,10\n1,Acme,Rome,,,10\n1,Acme,Paris,,,10\n", exchange.Options{})
	counts{kind: "customers", source: p.Source, rows: 3, created: 1, same: 1, conflicts: 1}.check(t, "file", p.Summary(model.ID{}))
	if r := p.Verdicts[2].Reason; !strings.Contains(r, "line 2") || !strings.Contains(r, "Rome") || !strings.Contains(r, "Paris") {
		t.Errorf("reason: %s", r)
	}
	apply(t, b, p)
	equal(t, "the first applies", find(t, b, model.Customer, "1").Get("city").Str(), "Rome")
	// The same holds against a record that the book has already.
	p = planText(t, b, "a.csv", crm+"1,Acme,Lyon,,,10\n1,Acme,Paris,,,10\n", exchange.Options{})
	counts{kind: "customers", source: p.Source, rows: 2, updated: 1, conflicts: 1}.check(t, "again", p.Summary(model.ID{}))
}

func TestWithoutAnyKey(t *testing.T) {
	b := newBook(t)
	importText(t, b, "n.csv", "Company,City\nÀcme  GmbH,Rome\n", exchange.Options{From: "list"})
	p := planText(t, b, "n.csv", "Company,City\nＡ\u0300CME GmbH,Paris\n", exchange.Options{From: "list"})
	counts{kind: "customers", source: "list", rows: 1, updated: 1}.check(t, "case, width and spacing play no part", p.Summary(model.ID{}))
	// Orders without an id are told apart by the whole row; one that comes twice is two orders.
	text := "customer,date,amount\nA,2026-01-02,5\nA,2026-01-02,5\nA,2026-01-02,6\n"
	counts{kind: "orders", source: "shop", rows: 3, created: 3, stubs: 1}.check(t, "orders", importText(t, b, "o.csv", text, exchange.Options{From: "shop"}))
	counts{kind: "orders", source: "shop", rows: 3, same: 3}.check(t, "orders again", importText(t, b, "p.csv", text, exchange.Options{From: "shop"}))
	moved := "amount,customer,date\n6,A,2026-01-02\n5,A,2026-01-02\n5,A,2026-01-02\n"
	counts{kind: "orders", source: "shop", rows: 3, same: 3}.check(t, "columns in another order", importText(t, b, "q.csv", moved, exchange.Options{From: "shop"}))
}

func TestTwoSourcesMayUseOneKey(t *testing.T) {
	b := newBook(t)
	importText(t, b, "a.csv", crm+"1,Acme,Rome,,,\n", exchange.Options{From: "east"})
	p := planText(t, b, "a.csv", crm+"1,Bolt,Lyon,,,\n", exchange.Options{From: "west"})
	counts{kind: "customers", source: "west", rows: 1, created: 1, duplicates: 1}.check(t, "west", p.Summary(model.ID{}))
	equal(t, "reason", p.Suspects[0].Reason, "same external id")
}

func TestSuspectedDuplicates(t *testing.T) {
	const head = "Customer ID,Company Name,City,Phone,Website,Tax ID\n"
	const have = head + "1,Müller & Söhne GmbH,Hof,+49 (9281) 555-0100,www.mueller.example,DE 123\n2,Mail Shop,Hof,,gmail.com,\n3,株式会社サンプル,東京,,,\n"
	cases := map[string]struct{ row, reason string }{
		"register number":    {"x,Other,,,,de-123", "same registered id"},
		"domain":             {"x,Other,,,https://mueller.example/shop?x=1,", "same web domain"},
		"free mail":          {"x,Other,,,gmail.com,", ""},
		"legal form, accent": {"x,MULLER & SOHNE AG,hof,,,", "same name and city"},
		"full width":         {"x,Ｍüller ＆ Söhne,Hof,,,", "same name and city"},
		"another city":       {"x,Müller & Söhne GmbH,Ulm,,,", ""},
		"city unknown":       {"x,Müller & Söhne GmbH,,,,", "same name"},
		"CJK form":           {"x,サンプル（株）,東京,,,", "same name and city"},
		"phone":              {"x,Other,,0049 9281 5550100,,", "same phone"},
		"short phone":        {"x,Other,,5550100,,", ""},
	}
	for name, c := range cases {
		b := newBook(t)
		importText(t, b, "a.csv", have, exchange.Options{From: "a"})
		p := planText(t, b, "b.csv", head+c.row+"\n", exchange.Options{From: "b"})
		got := ""
		if len(p.Suspects) > 0 {
			got = p.Suspects[0].Reason
		}
		if got != c.reason || p.Summary(model.ID{}).Created != 1 {
			t.Errorf("%s: reason %q, want %q; %s", name, got, c.reason, p.Summary(model.ID{}))
		}
	}
	p := planText(t, newBook(t), "c.csv", have+"4,Mueller Shop,Ulm,,mueller.example,\n", exchange.Options{})
	if len(p.Suspects) != 1 || !p.Suspects[0].InFile || p.Suspects[0].Line != 5 {
		t.Errorf("within one file: %+v", p.Suspects)
	}
}

func TestStubsAreMarkedAndBecomeCustomers(t *testing.T) {
	b := newBook(t)
	p := planText(t, b, "o.csv", "order id,customer id,customer name,date,amount\n1,C1,Acme,2026-01-02,5\n2,C1,Acme,2026-01-03,6\n", exchange.Options{From: "shop"})
	if len(p.Stubs) != 1 || p.Stubs[0].Name != "Acme" || p.Stubs[0].Key != "C1" || p.Stubs[0].Line != 2 {
		t.Fatalf("stubs: %+v", p.Stubs)
	}
	apply(t, b, p)
	p = planText(t, b, "c.csv", crm+"C1,Acme Inc,Rome,,,\n", exchange.Options{From: "shop"})
	counts{kind: "customers", source: "shop", rows: 1, updated: 1}.check(t, "customers", apply(t, b, p))
	r := find(t, b, model.Customer, "C1")
	equal(t, "stub", r.Get("stub").IsZero(), true)
	equal(t, "name", r.Get("name").Str(), "Acme Inc")
	equal(t, "customers", len(each(t, b, model.Customer)), 1)
}

func TestReferencesFollowWhatTheBookKnows(t *testing.T) {
	b := newBook(t)
	importText(t, b, "a.csv", crm+"1,Acme GmbH,Rome,,acme.example,\n2,Bolt,,,,\n", exchange.Options{From: "crm"})
	text := "contact,email,company\nAnn,ann@x.example,acme\nBo,bo@x.example,acme.example\nCy,cy@x.example,\n"
	p := planText(t, b, "k.csv", text, exchange.Options{Kind: model.Contact})
	counts{kind: "contacts", source: p.Source, rows: 3, created: 3}.check(t, "by name, by domain, without", apply(t, b, p))
	acme := find(t, b, model.Customer, "1").ID
	equal(t, "linked", tally(t, b, model.Contact, "customer")[acme.String()], 2)
	p = planText(t, b, "k.csv", "contact,email,company\nDi,di@x.example,Nobody\n", exchange.Options{Kind: model.Contact})
	if v := p.Verdicts[0]; v.Result != exchange.Failed || v.Column != "company" || !strings.Contains(v.Reason, "Nobody") {
		t.Errorf("an unknown company: %+v", v)
	}
}

func TestParentsMayComeLaterOrNever(t *testing.T) {
	text := "Id,Name,ParentId,BillingCity\nA1,Child,A2,Rome\nA2,Parent,,Rome\nA3,Grandchild,A4,Rome\nA4,Orphan,A9,Rome\n"
	b := newBook(t)
	p := planText(t, b, "a.csv", text, exchange.Options{})
	counts{kind: "customers", source: "salesforce", rows: 4, created: 2, errors: 2}.check(t, "file", apply(t, b, p))
	equal(t, "parent", find(t, b, model.Customer, "A1").Get("parent").ID(), find(t, b, model.Customer, "A2").ID)
	if planText(t, b, "a.csv", text, exchange.Options{}).Changes() {
		t.Error("a second import changes something")
	}
	p = planText(t, b, "a.csv", "Id,Name,ParentId,BillingCity\nA2,Parent,A1,Rome\n", exchange.Options{})
	if v := p.Verdicts[0]; v.Result != exchange.Updated || len(v.Changes) != 1 || v.Changes[0].Field != "parent" {
		t.Errorf("a new parent: %+v", v)
	}
}

func TestRefusedRowsComeBackAndGoInWhenMended(t *testing.T) {
	b := newBook(t)
	text := crm + "1,Acme,Rome,,,ten\n2,=Bolt,Lyon,,,5\n2,=Bolt,Oslo,,,5\n3,,Bern,,,7\n4,Dune,Ulm,,,8\n"
	p := planText(t, b, "a.csv", text, exchange.Options{})
	counts{kind: "customers", source: p.Source, rows: 5, created: 2, conflicts: 1, errors: 2}.check(t, "file", apply(t, b, p))
	equal(t, "column of the failure", p.Verdicts[0].Column, "Employees")
	equal(t, "column of what is missing", p.Verdicts[3].Column, "Company Name")
	var out bytes.Buffer
	if err := p.WriteErrors(&out); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	if !strings.HasPrefix(got, "Customer ID,Company Name,City,Phone,Website,Employees,import line,import reason\n") || strings.Count(got, "\n") != 4 {
		t.Fatalf("error file:\n%s", got)
	}
	if !strings.Contains(got, "'=Bolt") {
		t.Errorf("a formula was not made harmless:\n%s", got)
	}
	mended := strings.Replace(strings.Replace(got, "ten", "10", 1), "3,,Bern", "3,Cone,Bern", 1)
	p = planText(t, b, "mended.csv", mended, exchange.Options{})
	counts{kind: "customers", source: p.Source, rows: 3, created: 2, updated: 1}.check(t, "mended", apply(t, b, p))
	r := find(t, b, model.Customer, "2")
	equal(t, "name", r.Get("name").Str(), "=Bolt")
	equal(t, "city", r.Get("city").Str(), "Oslo")
	for _, f := range find(t, b, model.Customer, "1").Fields {
		if strings.Contains(f.Name, "import") {
			t.Errorf("the error file's own column came in: %s", f.Name)
		}
	}
}

func TestTheStepIsOneBatchWithItsCounts(t *testing.T) {
	b := newBook(t)
	s := importText(t, b, "accounts.csv", crm+"1,Acme,Rome,,,\n", exchange.Options{From: "crm"})
	id, err := model.ParseID(s.Batch)
	if err != nil {
		t.Fatal(err)
	}
	head, err := b.Batch(id)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "label", head.Label, "import of 1 customer from accounts.csv")
	equal(t, "kind, source, target", [3]string{string(head.Kind), head.Source, head.Target}, [3]string{"import", "crm", "customers"})
	equal(t, "created", head.Counts["created"], 1)
	s.Batch = "B"
	equal(t, "summary", s.String(), `{"batch":"B","kind":"customers","source":"crm","rows":1,"created":1,"updated":0,"same":0,"conflicts":0,"duplicates":0,"errors":0,"file":"accounts.csv","stubs":0}`)
}

func TestOwnersBecomeHandles(t *testing.T) {
	b := newBook(t)
	u := model.NewRecord(model.User, b.NewID())
	u.Set("handle", model.Text("ana"))
	u.Set("name", model.Text("Ana Ruiz"))
	u.Set("external_id", model.Text("0055"))
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "root", Label: "add", Ops: []model.Op{model.CreateOp(u)}}); err != nil {
		t.Fatal(err)
	}
	importText(t, b, "a.csv", "id,company,owner\n1,Acme,ANA RUIZ\n2,Bolt,0055\n3,Cone,Bo\n", exchange.Options{})
	got := tally(t, b, model.Customer, "owner")
	equal(t, "ana", got["ana"], 2)
	equal(t, "somebody else", got["Bo"], 1)
}
