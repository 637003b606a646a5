// Package erase says what goes when a person or a customer is erased, what stays and in which form, and how an
// erased one is known again without being kept. It is data protection's right to be forgotten, worked out for a
// book that keeps everything: docs/decisions/0022.
package erase

import (
	"strings"

	"opsdeck/model"
)

// Struck stands where a text was that named somebody who was erased.
const Struck = "[erased]"

const pseudonym = "erased "

// pseudonymTail is how many characters of a record's id its pseudonym ends in: those that are drawn at random.
const pseudonymTail = 8

// Pseudonym is what an erased record is called: it tells it from others, and not who it was.
func Pseudonym(id model.ID) string {
	text := id.String()
	return pseudonym + text[len(text)-pseudonymTail:]
}

// IsSubstitute tells whether a value can be what an erasing has left behind.
func IsSubstitute(v model.Value) bool {
	switch v.Type() {
	case model.TNone:
		return true
	case model.TText, model.TLong, model.TPerson:
		return IsSubstituteText(v.Str())
	}
	return false
}

// IsSubstituteText is IsSubstitute for a plain text.
func IsSubstituteText(s string) bool {
	tail, ok := strings.CutPrefix(s, pseudonym)
	return s == Struck || ok && len(tail) == pseudonymTail && strings.Trim(tail, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

// Restores tells whether a value may be what another one was before names were struck out of it, as a file from before
// has it: everything around the places that were struck is the same.
func Restores(struck, v model.Value) bool {
	switch struck.Type() {
	case model.TText, model.TLong, model.TList:
	default:
		return false
	}
	parts, text := strings.Split(struck.Format(), Struck), v.Format()
	last := parts[len(parts)-1]
	if len(parts) == 1 || !strings.HasPrefix(text, parts[0]) || !strings.HasSuffix(text[len(parts[0]):], last) {
		return false
	}
	text = text[len(parts[0]) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

// Goes tells whether a value goes when its record is erased: everything that was written in words, unless the
// field only classifies. Amounts, counts, dates, choices, links and who of our own people had to do with it stay,
// so that sums are what they were.
func Goes(k model.Kind, field string, v model.Value) bool {
	switch v.Type() {
	case model.TText, model.TLong, model.TList, model.TParts:
		return !model.Classifies(k, field) && !workings[k][field]
	}
	return false
}

// workings are texts that only the program and the company's own order of things know: without them figures and
// groups would change.
var workings = map[model.Kind]map[string]bool{
	model.Customer: {"team": true, "calendar": true, "tier_standing": true},
	model.Contract: {"catalogue": true, "reviewed": true},
	model.Task:     {"cause": true},
	model.Telling:  {"state": true, "round": true},
}

// Instead is what takes the place of a value that goes: nothing, or where the field has to have content, a word.
func Instead(k model.Kind, field string, v model.Value, word string) model.Value {
	s := model.SchemaOf(k)
	if s == nil {
		return model.Value{}
	}
	if f, ok := s.Field(field); !ok || !f.Has(model.FRequired) {
		return model.Value{}
	}
	if v.Type() == model.TLong {
		return model.Long(word)
	}
	return model.Text(word)
}

// Owned lists the kinds whose records are about the one customer in their field "customer", and are erased with it.
func Owned() []model.Kind {
	return []model.Kind{
		model.Contact, model.Contract, model.Order, model.Invoice, model.Touch, model.Task, model.Usage, model.Deal, model.Churn, model.Benefit,
		model.Voice, model.Telling,
	}
}

// names are the fields by which people and customers are known. Of records that are not erased they stay as they
// are, whatever they say: a namesake is somebody else.
var names = map[string]bool{
	"name": true, "local_name": true, "email": true, "phone": true, "mobile": true, "domain": true,
	"external_id": true, "registered_id": true, "keys": true, model.MergedKeys: true,
}

// Searched tells whether a field of a record that is not erased itself is looked through for mentions.
func Searched(k model.Kind, field string, v model.Value) bool {
	switch v.Type() {
	case model.TText, model.TLong, model.TList, model.TParts:
	default:
		return false
	}
	switch k {
	case model.User, model.Erasure:
		return false
	case model.Customer, model.Contact:
		return !names[field]
	case model.Setting:
		return field != "key"
	}
	return field != "keys" && field != model.MergedKeys
}

// shortest is how many letters a word needs to be looked for in texts. With less it is in everything.
const shortest = 2

// shortestID is how many an id needs, which is often a plain number.
const shortestID = 6

// Words lists what tells a customer or contact in a text that others wrote: names, addresses of mail, numbers,
// domains, and ids of some length. Names of people are among them in the orders in which others write them.
func Words(r *model.Record) []string {
	var out []string
	for _, field := range []string{"name", "local_name", "email", "phone", "mobile", "registered_id", "domain", "external_id"} {
		text := strings.TrimSpace(r.Get(field).Str())
		least := shortest
		if field == "external_id" || field == "registered_id" {
			least = shortestID
		}
		if len([]rune(text)) >= least && !IsSubstituteText(text) {
			out = append(out, text)
		}
	}
	if name := r.Get("name").Str(); !IsSubstituteText(name) && (r.Kind == model.Contact || isPlain(name)) {
		out = append(out, otherOrders(name)...)
	}
	return append(out, addresses(r)...)
}
