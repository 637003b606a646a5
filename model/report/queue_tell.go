package report

import (
	"cmp"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// Tell lists who is still to be told of what, by release: customer, contact, language and whose business
// it is; by release or item alone how far that has come.
func Tell(s *table.Snapshot, a Args) (Report, error) {
	switch a.By {
	case "":
		return toTell(s, a), nil
	case "release", "item", "owner":
		return told(s, a), nil
	}
	return Report{}, errField(a.By, model.Telling)
}

const tellDefinition = "customers linked to an item whose state is news to them (setting tell.states) and who have neither been told of it nor need not be; days since it came to that state"

// release names what an item was released in.
func release(t *table.Table, row int32) string {
	return cmp.Or(t.Str(row, "released_in"), named(""))
}

func toTell(s *table.Snapshot, a Args) Report {
	t, customers, contacts := s.Table(model.Item), s.Table(model.Customer), s.Table(model.Contact)
	r := Report{
		Name: "tell", Title: "Still to be told on " + s.Today.String(), Definition: tellDefinition,
		Columns: []Column{
			{"release", "Release"},
			{"external_id", "Id"},
			{"item", "Item"},
			{"state", "State"},
			{"days", "Days"},
			{"customer", "Customer"},
			{"contact", "Contact"},
			{"language", "Language"},
			{"owner", "Owner"},
			{"told", "Told"},
		},
	}
	type line struct {
		item  int32
		cells []Cell
	}
	var lines []line
	t.Rows(func(row int32) bool {
		if n, ok := t.Num(row, "to_tell"); !ok || n == 0 {
			return true
		}
		days := text("")
		if since, ok := t.Num(row, "state_since"); ok {
			days = count(int(max(0, float64(s.Now)-since/1000) / 86400))
		}
		for _, c := range s.Untold(row) {
			owner, contact := customers.Str(c, "owner"), ""
			if a.Owner != "" && owner != a.Owner {
				continue
			}
			if who := s.Addressee(row, c); who >= 0 {
				contact = contacts.Str(who, "name")
			}
			lines = append(lines, line{row, []Cell{
				text(release(t, row)), text(t.Str(row, "external_id")), text(t.Str(row, "summary")), text(t.Str(row, "state")), days,
				text(customers.Str(c, "name")), text(contact), text(s.News(row, c, "").Language), text(owner), text(t.Str(row, "told")),
			}})
		}
		return true
	})
	slices.SortStableFunc(lines, func(x, y line) int {
		return cmp.Or(strings.Compare(x.cells[0].Text, y.cells[0].Text), cmp.Compare(y.cells[4].Number, x.cells[4].Number))
	})
	for _, l := range lines {
		r.Rows = append(r.Rows, l.cells)
	}
	r.Why = func(row int) model.Why {
		w, err := s.Why(model.Item, lines[row].item, "told")
		if err != nil {
			w.Notes = append(w.Notes, err.Error())
		}
		return w
	}
	return r
}

// told counts by release, item or owner who knows and who does not.
func told(s *table.Snapshot, a Args) Report {
	t, customers, tellings := s.Table(model.Item), s.Table(model.Customer), s.Table(model.Telling)
	r := Report{
		Name: "tell", Title: "Told by " + a.By, Definition: tellDefinition,
		Columns: []Column{byColumn(model.Item, a.By), {"items", "Items"}, {"customers", "Customers"}, {"told", "Told"}, {"waived", "Waived"}, {"to_tell", "To tell"}, {"done", "Done %"}},
	}
	type line struct {
		name             string
		items            map[int32]bool
		told, waived, to int
	}
	at := map[string]*line{}
	var order []*line
	of := func(name string, row int32) *line {
		l := at[name]
		if l == nil {
			l = &line{name: name, items: map[int32]bool{}}
			at[name] = l
			order = append(order, l)
		}
		l.items[row] = true
		return l
	}
	t.Rows(func(row int32) bool {
		if t.Str(row, "told") == "" {
			return true
		}
		known := s.Tellings(row)
		for _, c := range s.Linked(row) {
			owner := customers.Str(c, "owner")
			if a.Owner != "" && owner != a.Owner {
				continue
			}
			l := of(map[string]string{"release": release(t, row), "item": strings.TrimSpace(t.Str(row, "external_id") + " " + t.Str(row, "summary")), "owner": named(owner)}[a.By], row)
			k, ok := known[c]
			switch {
			case !ok:
				l.to++
			case tellings.Str(k, "waived") != "":
				l.waived++
			default:
				l.told++
			}
		}
		return true
	})
	slices.SortStableFunc(order, func(x, y *line) int { return cmp.Or(cmp.Compare(y.to, x.to), strings.Compare(x.name, y.name)) })
	for _, l := range order {
		all := l.told + l.waived + l.to
		r.Rows = append(r.Rows, []Cell{
			text(l.name), count(len(l.items)), count(all), count(l.told), count(l.waived), count(l.to), percent(share(int64(l.told+l.waived), int64(all))),
		})
	}
	return r
}
