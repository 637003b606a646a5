package table

import (
	"cmp"
	"slices"

	"opsdeck/model"
)

// Addressee is who at a customer is told of an item: the one who reported it, else a user, else anybody
// who has not left; -1 where the customer has no people.
func (s *Snapshot) Addressee(item, customer int32) int32 {
	t := s.tables[model.Contact]
	reporter := s.tables[model.Item].Str(item, "reporter")
	best, rank := int32(-1), 0
	for _, c := range t.Kids(customer, "customer") {
		if !t.Live(c) || t.Day(c, "left_on").IsSet() && t.Day(c, "left_on") <= s.Today {
			continue
		}
		r := 1
		switch {
		case reporter != "" && t.Str(c, "name") == reporter:
			r = 3
		case t.Str(c, "role") == "user":
			r = 2
		}
		if r > rank {
			best, rank = c, r
		}
	}
	return best
}

// News is what a customer is told of an item now. The customer's language is that of whom it is written
// to, else that of its country.
func (s *Snapshot) News(item, customer int32, sender string) model.News {
	t, customers, contacts := s.tables[model.Item], s.tables[model.Customer], s.tables[model.Contact]
	n := model.News{
		State: t.Str(item, "state"), Summary: t.Str(item, "summary"), Customer: customers.Str(customer, "name"), Version: t.Str(item, "released_in"),
		Reason: t.Str(item, "reason"), Sender: sender, Company: s.Settings.Text("company.name"),
	}
	if row, ok := s.person(sender); ok {
		n.Sender = cmp.Or(s.tables[model.User].Str(row, "name"), sender)
	}
	own := ""
	if c := s.Addressee(item, customer); c >= 0 {
		n.Contact, own = contacts.Str(c, "name"), contacts.Str(c, "language")
	}
	n.Language = model.LanguageOf(own, customers.Str(customer, "country"))
	return n
}

// person finds a user by the handle.
func (s *Snapshot) person(handle string) (at int32, ok bool) {
	t := s.tables[model.User]
	t.Rows(func(row int32) bool {
		if t.Str(row, "handle") == handle {
			at, ok = row, true
		}
		return !ok
	})
	return at, ok
}

// Telling completes what is said with telling a customer of an item: whom, and in which words, where that
// is left out.
func (s *Snapshot) Telling(item int32, values []model.FieldValue, sender string) []model.FieldValue {
	said := func(name string) int {
		return slices.IndexFunc(values, func(v model.FieldValue) bool { return v.Name == name })
	}
	i := said("customer")
	if i < 0 {
		return values
	}
	customer, ok := s.tables[model.Customer].Row(values[i].Value.ID())
	if !ok {
		return values
	}
	out := slices.Clone(values)
	if who := s.Addressee(item, customer); who >= 0 && said("contact") < 0 {
		out = append(out, model.FieldValue{Name: "contact", Value: model.Ref(s.tables[model.Contact].ID(who))})
	}
	if said("text") < 0 {
		out = append(out, model.FieldValue{Name: "text", Value: model.Long(s.News(item, customer, sender).Text())})
	}
	return out
}
