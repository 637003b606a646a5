package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/store/exchange"
	"opsdeck/store/exchange/tabular"
)

// do adds records to a book.
func do(t testing.TB, b *store.Book, records ...*model.Record) {
	t.Helper()
	step := model.Step{ID: b.NewID(), Actor: "ana", Label: "add"}
	for _, r := range records {
		step.Ops = append(step.Ops, model.CreateOp(r))
	}
	if _, err := b.Do(t.Context(), step); err != nil {
		t.Fatal(err)
	}
}

// fullBook has records of every kind, with texts that files have trouble with.
func fullBook(t testing.TB) *store.Book {
	t.Helper()
	b := newBook(t)
	record := func(k model.Kind, fields map[string]model.Value) *model.Record {
		r := model.NewRecord(k, b.NewID())
		for n, v := range fields {
			r.Set(n, v)
		}
		do(t, b, r)
		return r
	}
	acme := record(model.Customer, map[string]model.Value{
		"name": model.Text(" =Acme, \"Ltd\"; n/a"), "external_id": model.Text("NULL"), "tags": model.List("a;b", `c\d`, "e"),
		"annual_revenue": model.Money(123456789012345), "seats": model.Number(0.1), "partner": model.Bool(false), "since": model.Date(day.Of(1999, 12, 31)),
		"description": model.Long("two\r\nlines\n\n\ttabs 'quoted' 中文 🙂\u202eabc"), "x.SLA": model.Text("--"), "x.Zz, \"q\"": model.Text("-1E02"), "owner": model.Person("ana"),
		"keys": model.List(exchange.Entry("crm", "1"), exchange.Entry("list", "acme")),
	})
	child := record(model.Customer, map[string]model.Value{"name": model.Text("'=Child"), "parent": model.Ref(acme.ID), "stub": model.Bool(true)})
	ann := record(model.Contact, map[string]model.Value{"name": model.Text("Ann"), "customer": model.Ref(acme.ID), "role": model.Pick("veto holder")})
	con := record(model.Contract, map[string]model.Value{
		"customer": model.Ref(acme.ID), "start": model.Date(day.Of(2026, 1, 1)), "amount": model.Money(-1), "per": model.Pick("month"), "notes": model.Long("  edge  "),
	})
	record(model.Order, map[string]model.Value{"customer": model.Ref(child.ID), "date": model.Date(day.Of(2026, 2, 3)), "lines": model.PartRows([][]string{{"p1", "2", "3", ""}, {"p2", "1", "", "0.1"}})})
	record(model.Invoice, map[string]model.Value{"customer": model.Ref(acme.ID), "contract": model.Ref(con.ID), "date": model.Date(day.Of(2026, 2, 3)), "amount": model.Money(0), "number": model.Text("007")})
	item := record(model.Item, map[string]model.Value{
		"summary": model.Text("+1"), "customers": model.Refs(acme.ID, child.ID), "opened": model.Time(1700000000123), "state": model.Pick("handed over"), "words": model.Long("@cmd"),
	})
	record(model.Article, map[string]model.Value{"title": model.Text("How to print"), "answer": model.Long("press\nprint"), "question": model.Text("printing?")})
	record(model.Voice, map[string]model.Value{"item": model.Ref(item.ID), "customer": model.Ref(acme.ID), "importance": model.Pick("3"), "words": model.Long("we cannot ship")})
	record(model.Decision, map[string]model.Value{"item": model.Ref(item.ID), "verdict": model.Pick("planned"), "version": model.Text("9.3"), "with": model.List("CEO", "head of sales"), "rank": model.Number(2), "arr": model.Money(12345)})
	record(model.Telling, map[string]model.Value{"item": model.Ref(item.ID), "customer": model.Ref(acme.ID), "channel": model.Pick("mail"), "round": model.Text("released@1")})
	record(model.Item, map[string]model.Value{"summary": model.Text("twin"), "duplicate_of": model.Ref(item.ID), "state": model.Pick("duplicate")})
	record(model.Article, map[string]model.Value{"title": model.Text("=How"), "answer": model.Long("so\nand so")})
	record(model.Voice, map[string]model.Value{"item": model.Ref(item.ID), "customer": model.Ref(acme.ID), "importance": model.Pick("2"), "words": model.Long("slow!")})
	record(model.Telling, map[string]model.Value{"item": model.Ref(item.ID), "customer": model.Ref(acme.ID), "contact": model.Ref(ann.ID), "state": model.Text("fixed")})
	record(model.Touch, map[string]model.Value{"customer": model.Ref(acme.ID), "date": model.Date(day.Of(2026, 2, 3)), "type": model.Pick("call"), "contacts": model.Refs(ann.ID)})
	record(model.Task, map[string]model.Value{"title": model.Text("Call"), "customer": model.Ref(acme.ID), "cause": model.Text("rule|x")})
	record(model.Usage, map[string]model.Value{"customer": model.Ref(acme.ID), "feature": model.Text("f"), "month": model.Date(day.Of(2026, 2, 1)), "count": model.Number(3), "rows": model.PartRows([][]string{{"u", "2026-02-01", "3", "", "", ""}})})
	record(model.Deal, map[string]model.Value{"name": model.Text("d"), "customer": model.Ref(acme.ID), "won": model.Bool(true)})
	record(model.Churn, map[string]model.Value{"customer": model.Ref(child.ID), "date": model.Date(day.Of(2026, 2, 1)), "feedback": model.Long("too dear")})
	record(model.Benefit, map[string]model.Value{
		"name": model.Text("=Faster"), "customer": model.Ref(acme.ID), "type": model.Pick(model.BenefitSaved), "baseline": model.Number(9.5), "now": model.Number(3),
		"unit": model.Pick("minutes"), "measure": model.Text("for each invoice"), "times": model.Number(1200), "hourly_cost": model.Money(280000), "confirmed_by": model.Ref(ann.ID), "note": model.Long("clerks\nonly"),
	})
	record(model.Setting, map[string]model.Value{"key": model.Text("company.name"), "value": model.Long("Our Secret Ltd")})
	record(model.Mapping, map[string]model.Value{"signature": model.Text("header-1"), "toml": model.Long("kind = \"customers\"\n")})
	record(model.View, map[string]model.Value{"name": model.Text("Mine"), "pane": model.Pick("queue"), "filter": model.Text("owner:me")})
	record(model.User, map[string]model.Value{"handle": model.Text("ana")})
	record(model.Snapshot, map[string]model.Value{"name": model.Text("week 5"), "date": model.Date(day.Of(2026, 2, 1)), "renewals": model.Number(1), "rows": model.PartRows([][]string{{"c", "2027-01-01", "open", "", "", "1", "", "EUR", "ana", "Acme"}})})
	record(model.Scorecard, map[string]model.Value{
		"name": model.Text("small"), "external_id": model.Text("small"), "purpose": model.Pick("tier"), "version": model.Number(2),
		"definition": model.Long("name = \"small\"\n[[criterion]]\nkey = \"employees\"\npoints = \"0:0 10:50\"\nweight = 1.0\n"),
	})
	eraseIn(t, b)
	return b
}

// eraseIn notes that somebody was erased from the book.
func eraseIn(t testing.TB, b *store.Book) {
	t.Helper()
	gone := model.NewRecord(model.Erasure, b.NewID())
	for n, v := range map[string]model.Value{
		"name": model.Text("erased 01234567"), "what": model.Pick("contact"), "date": model.Date(day.Of(2026, 2, 1)), "salt": model.Text("5a17"), "marks": model.List("00ff", "11ee"),
	} {
		gone.Set(n, v)
	}
	step := model.Step{ID: b.NewID(), Actor: "test", Label: "test", Kind: model.Import, Ops: []model.Op{model.CreateOp(gone)}}
	if _, err := b.Do(t.Context(), step); err != nil {
		t.Fatal(err)
	}
}

// noUsers is the book without what a book file leaves out.
func noUsers(text string) string {
	_, rest, _ := strings.Cut(text, "customer ")
	return rest
}

func TestABookFileRestoresABookAndChangesNothingInItsOwn(t *testing.T) {
	b := fullBook(t)
	file := bytesOf(t, b)
	if !bytes.Equal(file, bytesOf(t, b)) {
		t.Error("two exports of one book differ")
	}
	p := planText(t, b, "book.ndjson", string(file), exchange.Options{})
	if p.Changes() || !p.Complete() {
		t.Errorf("its own export changes a book: %s %v", p.Summary(model.ID{}), firstReasons(p))
	}
	lines := bytes.Count(file, []byte("\n")) - 1
	counts{kind: "book", source: "opsdeck", rows: lines, same: lines}.check(t, "own book", p.Summary(model.ID{}))
	empty := newBook(t)
	p = planText(t, empty, "book.ndjson", string(file), exchange.Options{})
	counts{kind: "book", source: "opsdeck", rows: lines, created: lines}.check(t, "empty book", apply(t, empty, p))
	if !bytes.Equal(file, bytesOf(t, empty)) {
		t.Errorf("the restored book differs:\n%s\n%s", file, bytesOf(t, empty))
	}
	equal(t, "records", noUsers(dump(t, empty)), noUsers(dump(t, b)))
	for i, line := range strings.Split(strings.TrimSpace(string(file)), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("line %d is no JSON", i+1)
		}
	}
}

func TestABookFileThatDoesNotFit(t *testing.T) {
	b := newBook(t)
	acme := model.NewRecord(model.Customer, b.NewID())
	acme.Set("name", model.Text("Acme"))
	acme.Set("keys", model.List(exchange.Entry("crm", "1")))
	do(t, b, acme)
	id := func(n int) string { return model.ID{9, byte(n)}.String() }
	head := `{"format":"opsdeck book","version":1}` + "\n"
	text := head +
		`{"kind":"customer","id":"` + id(1) + `","fields":{"name":"Twin","keys":["crm|1"]}}` + "\n" +
		`{"kind":"contact","id":"` + id(2) + `","fields":{"name":"Lost","customer":"` + id(9) + `"}}` + "\n" +
		`{"kind":"contact","id":"` + id(3) + `","fields":{"name":"Boss of lost","reports_to":"` + id(2) + `"}}` + "\n" +
		`{"kind":"contact","id":"` + id(4) + `","fields":{}}` + "\n" +
		`{"kind":"gizmo","id":"` + id(5) + `","fields":{}}` + "\n" +
		`{"kind":"user","id":"` + id(6) + `","fields":{"handle":"root"}}` + "\n" +
		"not json\n" +
		`{"kind":"contact","id":"` + id(7) + `","fields":{"name":"Kept","?99":{"type":3,"text":"7"}}}` + "\n"
	p := planText(t, b, "book.ndjson", text, exchange.Options{})
	counts{kind: "book", source: "opsdeck", rows: 8, created: 1, conflicts: 1, errors: 6}.check(t, "file", apply(t, b, p))
	kept := each(t, b, model.Contact)
	if len(kept) != 1 || kept[0].Get("?99") != model.Number(7) {
		t.Errorf("a field of a newer program is lost: %+v", kept)
	}
	for _, h := range []string{`{"format":"opsdeck book","version":2}`, `{"format":"opsdeck book","version":1,"redacted":true}`} {
		if _, err := exchange.PlanBytes(t.Context(), b, "b", []byte(h+"\n"), exchange.Options{}); err == nil {
			t.Errorf("%s is taken", h)
		}
	}
}

// tableOf exports a kind.
func tableOf(t testing.TB, b *store.Book, k model.Kind, format string, r *exchange.Redactor) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := exchange.ExportKind(context.Background(), b, k, &out, exchange.ExportOptions{Format: format, Redact: r}); err != nil {
		t.Fatalf("%s as %s: %v", k, format, err)
	}
	return out.String()
}

func TestExportedTablesComeBackUnchanged(t *testing.T) {
	b := fullBook(t)
	for _, format := range []string{"csv", "json", "ndjson", "xlsx"} {
		for _, k := range model.Kinds() {
			text := tableOf(t, b, k, format, nil)
			for _, kind := range []model.Kind{k, model.KNone} {
				p := planText(t, b, plural(k)+"."+format, text, exchange.Options{Kind: kind})
				n := len(each(t, b, k))
				want := counts{kind: plural(k), source: "opsdeck", rows: n, same: n}
				want.check(t, plural(k)+" as "+format, p.Summary(model.ID{}))
				if t.Failed() {
					t.Fatalf("%v %v\n%s", firstReasons(p), p.Verdicts, text)
				}
			}
		}
		if md := tableOf(t, b, model.Customer, "md", nil); !strings.Contains(md, "| id") {
			t.Errorf("no table:\n%s", md)
		}
	}
}

func plural(k model.Kind) string { return model.SchemaOf(k).Plural }

func TestAnEditedTableComesBackAsEdits(t *testing.T) {
	b := fullBook(t)
	text := tableOf(t, b, model.Item, "csv", nil)
	acme, child := each(t, b, model.Customer)[0], each(t, b, model.Customer)[1]
	edited := strings.Replace(text, acme.ID.String()+"; "+child.ID.String(), child.ID.String(), 1)
	if edited == text {
		t.Fatalf("the items do not name their customers by id:\n%s", text)
	}
	edited = strings.Replace(edited, "twin", "Twin", 1)
	line := strings.Repeat(",", strings.Count(strings.SplitN(text, "\n", 2)[0], ",")-1)
	p := planText(t, b, "items.csv", edited+",New one"+line+"\n", exchange.Options{})
	counts{kind: "items", source: "opsdeck", rows: 3, created: 1, updated: 2}.check(t, "edited", apply(t, b, p))
	item := each(t, b, model.Item)[0]
	equal(t, "customers left", len(item.Get("customers").IDs()), 1)
	if again := planText(t, b, "items.csv", edited+",New one"+line+"\n", exchange.Options{}); again.Changes() {
		t.Error("the edited table changes something the second time")
	}
}

func TestFormulasInExportsAreListed(t *testing.T) {
	b := fullBook(t)
	var out bytes.Buffer
	report, err := exchange.ExportKind(t.Context(), b, model.Customer, &out, exchange.ExportOptions{Format: "csv"})
	if err != nil {
		t.Fatal(err)
	}
	if report.Counts[tabular.ChangedFormula] == 0 || len(report.Changes) == 0 || report.Changes[0].Column != "name" {
		t.Errorf("report: %+v", report)
	}
	if strings.Contains(out.String(), "\n=") || strings.Contains(out.String(), ",=") {
		t.Errorf("a formula stands in the file:\n%s", out.String())
	}
}

func TestRedactionLeavesNoOriginal(t *testing.T) {
	b := fullBook(t)
	do(t, b, customerWithSecrets(b))
	r := exchange.NewRedactor("salt", b)
	var all strings.Builder
	for _, k := range model.Kinds() {
		for _, format := range []string{"csv", "json", "ndjson", "md"} {
			all.WriteString(tableOf(t, b, k, format, r))
		}
		all.WriteString(partsOf(t, tableOf(t, b, k, "xlsx", r)))
	}
	var book bytes.Buffer
	if _, err := exchange.ExportBook(t.Context(), b, &book, r); err != nil {
		t.Fatal(err)
	}
	all.Write(book.Bytes())
	got := strings.ToLower(all.String())
	checked := 0
	for _, k := range model.Kinds() {
		for _, rec := range each(t, b, k) {
			for _, fv := range rec.Fields {
				f, _ := model.SchemaOf(k).Field(fv.Name)
				for _, secret := range secretsIn(f, fv.Value) {
					checked++
					if strings.Contains(got, strings.ToLower(strings.Trim(strconvJSON(secret), `"`))) {
						t.Errorf("%s.%s: %q is still there", k, fv.Name, secret)
					}
				}
			}
		}
	}
	if checked < 30 {
		t.Fatalf("only %d texts were looked for", checked)
	}
	if !strings.Contains(got, `"country":"freedonia"`) || !strings.Contains(got, `"annual_revenue":"1000000..2000000"`) {
		t.Errorf("what tells nothing is gone, or an amount has no band:\n%s", got)
	}
	if tableOf(t, b, model.Customer, "csv", r) != tableOf(t, b, model.Customer, "csv", exchange.NewRedactor("salt", b)) {
		t.Error("one salt gives two pseudonyms")
	}
	if tableOf(t, b, model.Customer, "csv", r) == tableOf(t, b, model.Customer, "csv", exchange.NewRedactor("", b)) {
		t.Error("another salt gives the same pseudonyms")
	}
}

// partsOf is all that a workbook holds, its properties too, as it stands there and with the escapes of XML taken back.
func partsOf(t *testing.T, workbook string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, part := range z.File {
		f, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(part.Name + "\n" + string(raw) + "\n" + html.UnescapeString(string(raw)))
	}
	return all.String()
}

func TestRedactionGoesByItsRules(t *testing.T) {
	b := fullBook(t)
	do(t, b, customerWithSecrets(b))
	r := exchange.NewRedactor("salt", b)
	plain := tableOf(t, b, model.Customer, "json", r)
	for _, rule := range []string{"city=keep", "customer.annual_revenue=drop", "customers.industry=pseudonym", "seats = drop", "employees=band", "x.SLA=drop"} {
		if err := r.Rule(rule); err != nil {
			t.Fatal(err)
		}
	}
	got := tableOf(t, b, model.Customer, "json", r)
	for _, c := range []struct {
		text          string
		before, after bool
	}{
		{`-city"`, false, true},
		{`"annual_revenue":"`, true, false},
		{`"industry":"Steel`, true, false},
		{`"industry":"text-`, false, true},
		{`"seats":0.1`, true, false},
		{`"x.SLA":"text-`, true, false},
	} {
		if strings.Contains(strings.ToLower(plain), strings.ToLower(c.text)) != c.before || strings.Contains(strings.ToLower(got), strings.ToLower(c.text)) != c.after {
			t.Errorf("%s: before %v, after %v\n%s", c.text, c.before, c.after, got)
		}
	}
	for _, wrong := range []string{"city", "city=hide", "nothing=drop", "cities.name=drop", "customer.nothing=drop", "customer.arr=drop"} {
		if r.Rule(wrong) == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func strconvJSON(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// secretsIn lists the texts of a value that nobody may find in a redacted export.
func secretsIn(f *model.Field, v model.Value) []string {
	keep := map[string]bool{"country": true, "industry": true, "currency": true, "key": true, "feature": true, "toml": true, "signature": true}
	switch f.Type {
	case model.TMoney:
		if n, _ := v.Units(); n > 1000*model.MoneyScale {
			return []string{strings.TrimSuffix(v.Format(), ".00")}
		}
	case model.TText, model.TLong, model.TPerson, model.TList:
		if keep[f.Name] || f.Name == "handle" {
			return nil
		}
		var out []string
		for _, s := range append(v.Items(), v.Str()) {
			if len(s) > 4 {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func customerWithSecrets(b *store.Book) *model.Record {
	r := model.NewRecord(model.Customer, b.NewID())
	for i := range model.SchemaOf(model.Customer).Fields {
		f := &model.SchemaOf(model.Customer).Fields[i]
		if f.Has(model.FDerived) {
			continue
		}
		secret := fmt.Sprintf("secret-%d-%s", i, f.Name)
		switch f.Type {
		case model.TText:
			r.Set(f.Name, model.Text(secret))
		case model.TLong:
			r.Set(f.Name, model.Long(secret))
		case model.TPerson:
			r.Set(f.Name, model.Person(secret))
		case model.TList:
			r.Set(f.Name, model.List(secret))
		}
	}
	for name, text := range map[string]string{
		"country": "Freedonia", "industry": "Steel", "region": "N", "currency": "EUR", "language": "xx", "business_model": "b", "type": "t", "rating": "A", "plan": "P", "channel": "c",
	} {
		r.Set(name, model.Text(text))
	}
	r.Set("annual_revenue", model.Money(1234567*model.MoneyScale))
	return r
}

func TestBands(t *testing.T) {
	for units, want := range map[int64]string{
		0: "0..1", 9999: "0..1", 10000: "1..2", 19999: "1..2", 20000: "2..5", 99990000: "5000..10000", 100000000: "10000..20000", -35000: "-5..-2",
	} {
		b := newBook(t)
		r := model.NewRecord(model.Customer, b.NewID())
		r.Set("name", model.Text("A"))
		r.Set("gross_profit", model.Money(units))
		do(t, b, r)
		if got := tableOf(t, b, model.Customer, "json", exchange.NewRedactor("s", b)); !strings.Contains(got, `"gross_profit":"`+want+`"`) {
			t.Errorf("%d: want %s in %s", units, want, got)
		}
	}
}

func TestEntriesAreNeverConfused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringOfN(rapid.SampledFrom([]rune(`ab|\`)), 1, 6, -1)
		a, b := rapid.SliceOfN(part, 2, 3).Draw(t, "a"), rapid.SliceOfN(part, 2, 3).Draw(t, "b")
		ea, eb := exchange.Entry(a[0], a[1:]...), exchange.Entry(b[0], b[1:]...)
		if (ea == eb) != (strings.Join(a, "\x00") == strings.Join(b, "\x00")) {
			t.Fatalf("%q and %q give %q and %q", a, b, ea, eb)
		}
		if got := exchange.EntrySource(ea); got != a[0] {
			t.Fatalf("the source of %q is %q and not %q", ea, got, a[0])
		}
		if items := model.List(ea, eb+"!").Items(); items[0] != ea {
			t.Fatalf("a list does not keep %q", ea)
		}
	})
	if e := exchange.Entry("crm", strings.Repeat("x", 10000)); len(e) > 500 || exchange.EntrySource(e) != "crm" {
		t.Errorf("a long key: %s", e)
	}
}
