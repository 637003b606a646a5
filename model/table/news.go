package table

import "opsdeck/model"

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
	own := ""
	if c := s.Addressee(item, customer); c >= 0 {
		n.Contact, own = contacts.Str(c, "name"), contacts.Str(c, "language")
	}
	n.Language = model.LanguageOf(own, customers.Str(customer, "country"))
	return n
}
