package ui_test

import (
	"strings"
	"testing"

	"opsdeck/model"
)

// anyWith is a record of a kind in the shared book, with a text field.
func anyWith(t *testing.T, k model.Kind, field string) (model.ID, string) {
	t.Helper()
	s, err := lookedAt(t).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	id, text := model.ID{}, ""
	s.Table(k).Rows(func(row int32) bool {
		id, text = s.Table(k).ID(row), s.Table(k).Str(row, field)
		return text == ""
	})
	if text == "" {
		t.Fatalf("no %s has a %s", k, field)
	}
	return id, text
}

func TestEveryRecordIsReachedByNameAndID(t *testing.T) {
	for _, c := range []struct {
		kind  model.Kind
		field string
	}{{model.Item, "summary"}, {model.Contact, "email"}, {model.Invoice, "number"}, {model.Contract, "external_id"}} {
		id, text := anyWith(t, c.kind, c.field)
		s := look(t, 160, 48)
		s.Command("go "+id.String()).Expect(c.kind.String()+" ", text)
		s.Press("esc", "ctrl+k").Expect("recent " + c.kind.String())
		s.Type(id.String()).Press("enter").Expect(c.kind.String()+" ", text)
	}
	id, name := anyWith(t, model.Customer, "name")
	s := look(t, 160, 48)
	s.Command("go "+id.String()).Expect("Decision chain", name).Press("esc")
	s.Command("go customer "+name).Expect("Decision chain", name).Press("esc")
	s.Command("go nobodyiscalledso").ExpectSaid("no record's name or id holds")
	s.Command("go").ExpectSaid("write a name or an id")
	s.Command("go a").Expect("Which “a”?")
}

func TestCopyOffersCellRowIDAndLink(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("j", "y").Expect("Copy", "Cell", "Row", "External id", "Link")
	s.Press("r")
	if !strings.Contains(s.clipboard, "\tcustomer\t") || strings.Contains(s.clipboard, "\n") {
		t.Errorf("the row is copied as %q", s.clipboard)
	}
	id, _ := anyWith(t, model.Customer, "name")
	s.Press("y", "i")
	if len(s.clipboard) != len(id.String()) {
		t.Errorf("the id is copied as %q", s.clipboard)
	}
	s.Press("y", "l")
	if !strings.HasPrefix(s.clipboard, "https://") && !strings.HasPrefix(s.clipboard, "opsdeck show customer ") {
		t.Errorf("the link is copied as %q", s.clipboard)
	}
	s.Press("space", "space", "y", "m")
	if lines := strings.Split(s.clipboard, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "Name\t") {
		t.Errorf("the marked rows are copied as %q", s.clipboard)
	}
}
