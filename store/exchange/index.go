package exchange

import (
	"strings"

	"opsdeck/model"
)

// found is a record of an index.
type found struct {
	id     model.ID
	title  string
	city   string
	source string // the line's file when the record is new, empty when the book has it
}

// The marks of an index: what a text is.
const (
	markExternal   = "external id"
	markRegistered = "registered id"
	markDomain     = "web domain"
	markName       = "name"
	markPhone      = "phone"
	markMail       = "mail address"
)

// index finds the records of a kind by what else than their keys may tell them: to follow references
// that name no source, and to suspect that a new record is an old one. It is made when it is first
// needed and takes the plan's own records in as they come.
type index struct {
	ids map[model.ID]bool
	by  map[[2]string][]found
}

// index returns the index of a kind.
func (pl *planner) index(k model.Kind) (*index, error) {
	if ix := pl.indexes[k]; ix != nil {
		return ix, nil
	}
	ix := &index{ids: map[model.ID]bool{}, by: map[[2]string][]found{}}
	pl.indexes[k] = ix
	return ix, pl.book.Each(k, func(r *model.Record) bool {
		ix.add(r, false)
		return true
	})
}

func (ix *index) add(r *model.Record, fresh bool) {
	ix.ids[r.ID] = true
	f := found{id: r.ID, title: r.Title(), city: foldName(r.Get("city").Str())}
	if fresh {
		f.source = "file"
	}
	for _, m := range marksOf(r) {
		ix.by[m] = append(ix.by[m], f)
	}
}

// marksOf lists what may tell a record, the surest first.
func marksOf(r *model.Record) [][2]string {
	marks := make([][2]string, 0, 5)
	put := func(mark, text string) {
		if text != "" {
			marks = append(marks, [2]string{mark, text})
		}
	}
	put(markExternal, r.Get("external_id").Str())
	switch r.Kind {
	case model.Customer:
		put(markRegistered, fold(r.Get("registered_id").Str()))
		if host := hostOf(r.Get("domain").Str()); !freeMail[host] {
			put(markDomain, host)
		}
		put(markName, companyKey(r.Get("name").Str()))
		put(markPhone, phoneKey(r.Get("phone").Str()))
	case model.Contact:
		put(markMail, strings.ToLower(r.Get("email").Str()))
		if id := r.Get("customer").ID(); !id.IsZero() {
			put(markName, foldName(r.Get("name").Str())+" at "+id.String())
		}
		// Colleagues share a switchboard, so a number alone tells no person.
		if phone := phoneKey(r.Get("phone").Str()); phone != "" {
			put(markPhone, phone+" "+foldName(r.Get("name").Str()))
		}
	case model.Contract, model.Invoice:
		put(markName, r.Get("number").Str())
	}
	return marks
}

// one returns the single record that a mark tells, and how many there are.
func (ix *index) one(mark, text string) (found, int) {
	all := ix.by[[2]string{mark, text}]
	if text == "" || len(all) == 0 {
		return found{}, 0
	}
	return all[0], len(all)
}

// suspect lists a new customer or contact that may be another one, with the surest reason, and takes
// it into the index. Stubs are not suspected: their name is often only a key.
func (pl *planner) suspect(p *planned, v *Verdict) {
	if p.kind != model.Customer && p.kind != model.Contact {
		return
	}
	ix := pl.indexes[p.kind]
	if ix == nil {
		return
	}
	for _, m := range marksOf(p.after) {
		f, ok := ix.match(m, p)
		if !ok {
			continue
		}
		reason := "same " + m[0]
		if m[0] == markName && f.city != "" {
			reason = "same name and city"
		}
		pl.plan.Suspects = append(pl.plan.Suspects, Suspect{
			Line: v.Line, Table: v.Table, Kind: p.kind, ID: p.id, Title: p.after.Title(),
			Other: f.id, OtherTitle: f.title, InFile: f.source != "", Reason: reason,
		})
		break
	}
	ix.add(p.after, true)
}

// match finds another record with the same mark. Customers of one name in two cities are two.
func (ix *index) match(m [2]string, p *planned) (found, bool) {
	city := foldName(p.after.Get("city").Str())
	for _, f := range ix.by[m] {
		if f.id == p.id {
			continue
		}
		if m[0] == markName && p.kind == model.Customer && f.city != city && f.city != "" && city != "" {
			continue
		}
		return f, true
	}
	return found{}, false
}
