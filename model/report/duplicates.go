package report

import (
	"fmt"

	"opsdeck/model"
	"opsdeck/model/same"
	"opsdeck/model/table"
)

// Pair is a record that may be another one, and why. The other one is the older, so it is the one to keep.
type Pair struct {
	Row, Other int32 // in the table of the kind
	Reason     string
}

// Suspects lists the records of a kind that may be others, each once with its surest reason, in the order
// in which they came into the book. Stubs are among them: a record that an import has made for a name alone
// is often the duplicate of a real one.
func Suspects(s *table.Snapshot, k model.Kind) []Pair {
	t := s.Table(k)
	if t == nil || !model.CanMerge(k) {
		return nil
	}
	ix := same.NewIndex()
	var out []Pair
	t.Rows(func(row int32) bool {
		r := same.Record{Key: int(row), City: same.FoldName(t.Str(row, "city"))}
		marks := same.MarksOf(k, func(field string) string {
			if field != "customer" {
				return t.Str(row, field)
			}
			if c := t.To(row, field); c >= 0 {
				return s.Table(model.Customer).ID(c).String()
			}
			return ""
		})
		if other, reason, ok := ix.Match(k, r, marks); ok {
			out = append(out, Pair{Row: row, Other: int32(other.Key), Reason: reason})
		}
		ix.Add(r, marks)
		return true
	})
	return out
}

// Duplicates lists suspected duplicates among customers and contacts.
func Duplicates(s *table.Snapshot, a Args) (Report, error) {
	kinds := []model.Kind{model.Customer, model.Contact}
	if a.By != "" {
		k, ok := model.KindByName(a.By)
		if !ok || !model.CanMerge(k) {
			return Report{}, fmt.Errorf("duplicates are looked for by customer or by contact, not by %q", a.By)
		}
		kinds = []model.Kind{k}
	}
	r := Report{
		Name: "duplicates", Title: "Suspected duplicates",
		Definition: "records that may be an older one, by the surest that is the same: external id, registered id, web domain or mail address, " +
			"name (and city), phone digits; free mail hosts, legal forms, case, accents and width play no part; 'opsdeck do merge' merges two",
		Columns: []Column{
			{"kind", "Kind"},
			{"reason", "Reason"},
			{"name", "Name"},
			{"city", "City"},
			{"id", "Id"},
			{"other_name", "May be"},
			{"other_city", "City"},
			{"other_id", "Id"},
		},
	}
	for _, k := range kinds {
		t := s.Table(k)
		for _, p := range Suspects(s, k) {
			r.Rows = append(r.Rows, []Cell{
				text(k.String()), text(p.Reason), text(s.Title(k, p.Row)), text(t.Str(p.Row, "city")), text(t.ID(p.Row).String()),
				text(s.Title(k, p.Other)), text(t.Str(p.Other, "city")), text(t.ID(p.Other).String()),
			})
		}
	}
	return r, nil
}
