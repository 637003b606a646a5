package exchange

import (
	"strings"

	"opsdeck/model"
)

// found is a record of an index.
type found struct {
	id    model.ID
	title string
	city  string
	fresh bool // the plan makes it
	keyed bool // some source knows it
}

// mark is what else than a source's key may tell a record, the surest first.
type mark uint8

const (
	markExternal mark = iota
	markRegistered
	markDomain
	markMail
	markName
	markPhone
	marks
)

// String names the mark in the reasons of suspected duplicates.
func (m mark) String() string {
	return [...]string{"external id", "registered id", "web domain", "mail address", "name", "phone", ""}[m]
}

// told is one mark of a record.
type told struct {
	mark mark
	text string
}

// index finds the records of a kind by their marks: to follow references that name no source, and to
// suspect that a new record is an old one. It is made when it is first needed and takes the plan's
// own records in as they come.
type index struct {
	ids     map[model.ID]bool
	records []found
	heads   [marks]map[string]int32 // text → first link
	links   []link
}

// link is one record with a mark, and the link of the next record with the same one, 0 for none.
type link struct{ record, next int32 }

// index returns the index of a kind.
func (pl *planner) index(k model.Kind) (*index, error) {
	if ix := pl.indexes[k]; ix != nil {
		return ix, nil
	}
	ix := &index{ids: map[model.ID]bool{}, links: make([]link, 1)}
	for m := range ix.heads {
		ix.heads[m] = map[string]int32{}
	}
	pl.indexes[k] = ix
	return ix, pl.book.Each(k, func(r *model.Record) bool {
		ix.add(r, marksOf(r), false)
		return true
	})
}

func (ix *index) add(r *model.Record, all []told, fresh bool) {
	ix.ids[r.ID] = true
	at := int32(len(ix.records))
	ix.records = append(ix.records, found{r.ID, r.Title(), foldName(r.Get("city").Str()), fresh, !r.Get("keys").IsZero()})
	for _, t := range all {
		heads := ix.heads[t.mark]
		ix.links = append(ix.links, link{at, heads[t.text]})
		heads[t.text] = int32(len(ix.links) - 1)
	}
}

// with calls fn with each record that has a mark until fn returns false.
func (ix *index) with(t told, fn func(*found) bool) {
	for at := ix.heads[t.mark][t.text]; at != 0; at = ix.links[at].next {
		if !fn(&ix.records[ix.links[at].record]) {
			return
		}
	}
}

// marksOf lists what may tell a record, the surest first.
func marksOf(r *model.Record) []told {
	all := make([]told, 0, 5)
	put := func(m mark, text string) {
		if text != "" {
			all = append(all, told{m, text})
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
	return all
}

// one returns the single record that a mark tells, and how many there are.
func (ix *index) one(t told) (f found, n int) {
	if t.text != "" {
		ix.with(t, func(g *found) bool { f = *g; n++; return true })
	}
	return f, n
}

// suspect lists a new customer or contact that may be another one, with the surest reason, and takes
// it into the index. Stubs are not suspected: their name is often only a key.
func (pl *planner) suspect(p *planned, v *Verdict) {
	ix := pl.indexes[p.kind]
	if ix == nil || p.kind != model.Customer && p.kind != model.Contact {
		return
	}
	all := marksOf(p.after)
	for _, t := range all {
		f := ix.match(t, p)
		if f == nil {
			continue
		}
		reason := "same " + t.mark.String()
		if t.mark == markName && f.city != "" {
			reason = "same name and city"
		}
		pl.plan.Suspects = append(pl.plan.Suspects, Suspect{
			Line: v.Line, Table: v.Table, Kind: p.kind, ID: p.id, Title: p.after.Title(),
			Other: f.id, OtherTitle: f.title, InFile: f.fresh, Reason: reason,
		})
		break
	}
	ix.add(p.after, all, true)
}

// match finds another record with the same mark, the latest one. Customers of one name in two cities
// are two.
func (ix *index) match(t told, p *planned) (other *found) {
	city := foldName(p.after.Get("city").Str())
	ix.with(t, func(f *found) bool {
		apart := t.mark == markName && p.kind == model.Customer && f.city != city && f.city != "" && city != ""
		if f.id != p.id && !apart {
			other = f
		}
		return other == nil
	})
	return other
}
