package report

import (
	"slices"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
)

// TestAroundFindsTheLongTail: each link once, the nearest one where several lead to the same firm.
func TestAroundFindsTheLongTail(t *testing.T) {
	l := table.NewLoader(day.Of(2026, 11, 22), model.NewSettings(nil))
	ids := map[string]model.ID{}
	put := func(k model.Kind, name string, fields ...string) {
		t.Helper()
		ids[name] = model.ID{byte(k), byte(len(ids) + 1)}
		l.Put(recordOf(t, k, ids[name], fields...))
	}
	firm := func(name, domain, parent string, more ...string) {
		fields := append([]string{"name", name, "domain", domain}, more...)
		if parent != "" {
			fields = append(fields, "parent", ids[parent].String())
		}
		put(model.Customer, name, fields...)
	}
	person := func(name, role, mail string, more ...string) {
		put(model.Contact, name, append([]string{"name", name, "customer", ids["Acme"].String(), "role", role, "email", mail}, more...)...)
	}
	firm("Acme", "https://www.acme.example/", "")
	put(model.Contract, "c", "customer", ids["Acme"].String(), "start", "2026-01-01", "end", "2027-03-31", "arr", "1000")
	firm("Acme Parts", "parts.example", "Acme")
	firm("Acme Partners", "partners.example", "Acme", "partner", "yes")
	firm("Consult", "consult.example", "")
	firm("Referred", "referred.example", "", "channel", "ACME")
	firm("Stranger", "stranger.example", "")
	person("Ana", "champion", "ana@acme.example")                      // of the chain
	person("Ben", "user", "ben@mail.acme.example", "stance", "for")    // beside it, at a part of the same domain
	person("Cem", "admin", "cem@consult.example", "stance", "against") // works for a firm of the book
	person("Dee", "decision maker", "dee@unknown.example")             // for one that is not in it
	person("Eva", "user", "eva@gmail.com", "left_on", "2026-01-01")    // has left
	person("Fay", "decision maker", "fay@gmail.com")                   // a mailbox says nothing
	r, err := Around(l.Snapshot(1), Args{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range r.Rows {
		got = append(got, row[0].Text+": "+row[3].Text+", "+row[4].Text+", "+row[5].Text)
	}
	want := []string{
		"Acme: Acme Partners, firm, partner of the group",
		"Acme: Acme Parts, firm, same group",
		"Acme: Consult, firm, their mail is used here",
		"Acme: Referred, firm, came by them",
		"Acme: unknown.example, firm, not in the book",
		"Acme: Ben, person, never met",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// recordOf makes a record of fields and what is written into them, in turn.
func recordOf(t *testing.T, k model.Kind, id model.ID, fields ...string) *model.Record {
	t.Helper()
	r := &model.Record{Kind: k, ID: id}
	for i := 0; i < len(fields); i += 2 {
		f, ok := model.SchemaOf(k).Field(fields[i])
		if !ok {
			t.Fatalf("no field %s", fields[i])
		}
		v, err := f.Parse(fields[i+1])
		if err != nil {
			t.Fatal(err)
		}
		r.Set(fields[i], v)
	}
	return r
}
