package same

import (
	"strings"

	"opsdeck/model"
)

// Mark is what else than a source's key may tell a record, the surest first.
type Mark uint8

// The marks, in the order in which they are asked.
const (
	External Mark = iota
	Registered
	Domain
	Mail
	Name
	Phone
	marks
)

// reason says why a record may be another one.
func (m Mark) reason() string {
	return [...]string{"same external id", "same registered id", "same web domain", "same mail address", "same name", "same phone", ""}[m]
}

// Told is one mark of a record, folded so that equal texts mean the same.
type Told struct {
	Mark Mark
	Text string
}

// MarksOf lists what may tell a record of a kind, the surest first. Get reads a field as text; the
// customer of a contact is an id, empty for none.
func MarksOf(k model.Kind, get func(field string) string) []Told {
	all := make([]Told, 0, 5)
	put := func(m Mark, text string) {
		if text != "" {
			all = append(all, Told{m, text})
		}
	}
	put(External, get("external_id"))
	switch k {
	case model.Customer:
		put(Registered, Fold(get("registered_id")))
		if host := HostOf(get("domain")); !freeMail[host] {
			put(Domain, host)
		}
		put(Name, CompanyKey(get("name")))
		put(Phone, PhoneKey(get("phone")))
	case model.Contact:
		put(Mail, strings.ToLower(get("email")))
		name := FoldName(get("name"))
		if id := get("customer"); id != "" {
			put(Name, name+" at "+id)
		}
		// Colleagues share a switchboard, so a number alone tells no person.
		if phone := PhoneKey(get("phone")); phone != "" {
			put(Phone, phone+" "+name)
		}
	case model.Contract, model.Invoice:
		put(Name, get("number"))
	}
	return all
}

// Record is a record of an index: Key is the caller's own number of it.
type Record struct {
	Key  int
	City string // folded
	name string // its mark of a name
}

// Index finds records by their marks.
type Index struct {
	records []Record
	heads   [marks]map[string]span
	next    []int32 // of each link, the next link of the same mark, 0 for none
	of      []int32 // the record of each link
}

// span is the first and the last link of a mark.
type span struct{ first, last int32 }

// NewIndex makes an empty index.
func NewIndex() *Index {
	ix := &Index{next: make([]int32, 1), of: make([]int32, 1)}
	for m := range ix.heads {
		ix.heads[m] = map[string]span{}
	}
	return ix
}

// Add takes a record in.
func (ix *Index) Add(r Record, all []Told) {
	at := int32(len(ix.records))
	r.name = nameOf(all)
	ix.records = append(ix.records, r)
	for _, t := range all {
		link := int32(len(ix.next))
		ix.next, ix.of = append(ix.next, 0), append(ix.of, at)
		s, there := ix.heads[t.Mark][t.Text]
		if there {
			ix.next[s.last] = link
			s.last = link
		} else {
			s = span{link, link}
		}
		ix.heads[t.Mark][t.Text] = s
	}
}

// With calls fn with each record that has a mark, in the order of their adding, until fn returns false.
func (ix *Index) With(t Told, fn func(Record) bool) {
	if t.Text == "" {
		return
	}
	for at := ix.heads[t.Mark][t.Text].first; at != 0; at = ix.next[at] {
		if !fn(ix.records[ix.of[at]]) {
			return
		}
	}
}

func nameOf(all []Told) string {
	for _, t := range all {
		if t.Mark == Name {
			return t.Text
		}
	}
	return ""
}

// mostAlike bounds how many records of one mark are looked through for the one with the same name too:
// a thousand shops of one web domain must not cost a million comparisons.
const mostAlike = 64

// Match finds the record that another one most surely is, and the reason in words: one with the surest
// mark, among these the first that has the same name and city too, else the first. Customers of one name in
// two cities are two. False says that there is none.
func (ix *Index) Match(k model.Kind, r Record, all []Told) (other Record, reason string, ok bool) {
	r.name = nameOf(all)
	for _, t := range all {
		seen, best := 0, -1
		ix.With(t, func(o Record) bool {
			apart := o.City != r.City && o.City != "" && r.City != ""
			if o.Key == r.Key || t.Mark == Name && k == model.Customer && apart {
				return true
			}
			alike := 0
			if o.name == r.name && r.name != "" {
				alike = 1
				if !apart {
					alike = 2
				}
			}
			if alike > best {
				other, ok, best = o, true, alike
			}
			seen++
			return best < 2 && seen < mostAlike
		})
		if ok {
			reason = t.Mark.reason()
			if t.Mark == Name && k == model.Customer && other.City != "" && r.City != "" {
				reason = "same name and city"
			}
			return other, reason, true
		}
	}
	return Record{}, "", false
}
