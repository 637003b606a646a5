package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"

	"opsdeck/model"
)

// Redactor replaces what tells who a customer is by pseudonyms, and amounts by bands, so that an
// export can be shown to others. The same text gives the same pseudonym within one salt, so that
// counts and joins still work.
type Redactor struct {
	salt []byte
	own  map[string]rule // by field, or by kind and field, as somebody has asked for
}

// NewRedactor makes a redactor. Whoever knows the salt can try names against the pseudonyms, so it
// must be kept or thrown away; an empty one is drawn afresh from the book's maker of ids.
func NewRedactor(salt string, book Book) *Redactor {
	r := &Redactor{salt: []byte(salt)}
	for len(r.salt) < 32 && salt == "" {
		id := book.NewID()
		r.salt = append(r.salt, id[:]...)
	}
	return r
}

// rule is what redaction does with a field.
type rule uint8

const (
	ruleDefault   rule = iota // by the field's type, see ruleOf
	ruleKeep                  // tells nothing about who it is
	rulePseudonym             // replaced by a stable pseudonym
	ruleBand                  // an amount, replaced by the band that it lies in
	ruleDrop                  // left out
)

// ruleNames are the rules as people write them.
var ruleNames = map[string]rule{"keep": ruleKeep, "pseudonym": rulePseudonym, "band": ruleBand, "drop": ruleDrop}

// Rule sets what redaction does with a field, over what it would do: "city=keep", "contract.notes=drop". A field
// without a kind is meant in every kind.
func (r *Redactor) Rule(text string) error {
	field, name, ok := strings.Cut(text, "=")
	what, known := ruleNames[strings.TrimSpace(name)]
	if !ok || !known {
		return fmt.Errorf("%q is no rule; write FIELD=keep, FIELD=pseudonym, FIELD=band or FIELD=drop", text)
	}
	field = strings.TrimSpace(field)
	kinds := model.Kinds()
	if kind, rest, ok := strings.Cut(field, "."); ok && kind != "x" {
		k, ok := model.KindByName(kind)
		if !ok {
			return fmt.Errorf("%q: there is no kind %q", text, kind)
		}
		kinds, field = []model.Kind{k}, rest
	}
	found := false
	for _, k := range kinds {
		if f, ok := model.SchemaOf(k).Field(field); ok && !f.Has(model.FDerived) {
			if r.own == nil {
				r.own = map[string]rule{}
			}
			r.own[k.String()+"."+field], found = what, true
		}
	}
	if !found {
		return fmt.Errorf("%q: there is no field %q", text, field)
	}
	return nil
}

// ruleFor tells what redaction does with a field of a record.
func (r *Redactor) ruleFor(k model.Kind, f *model.Field) rule {
	if own, ok := r.own[k.String()+"."+f.Name]; ok {
		return own
	}
	return ruleOf(k, f)
}

// redactRules are the fields that are treated neither as their type nor as what classifies. Texts that classify
// are kept, because they are what others want to see; everything that a person has written freely is not.
var redactRules = map[model.Kind]map[string]rule{
	model.Setting: {"key": ruleKeep, "value": ruleKeep},
	model.Erasure: {"chain": ruleDrop, "record": ruleDrop, "salt": ruleDrop},
}

// prefixes give the pseudonyms of some fields a word that says what they stand for.
var prefixes = map[string]string{
	"name": "name", "local_name": "name", "external_id": "id", "registered_id": "id", "number": "id", "domain": "domain",
	"email": "mail", "phone": "phone", "mobile": "phone", "city": "place", "address": "place", "postal_code": "place",
	"owner": "person", "sales_owner": "person", "renewal_owner": "person", "tier_override_by": "person", "by": "person",
	"reporter": "person", "handle": "person", "team": "team", "tags": "tag", "url": "link",
}

// ruleOf tells what redaction does with a field.
func ruleOf(k model.Kind, f *model.Field) rule {
	if r := redactRules[k][f.Name]; r != ruleDefault {
		return r
	}
	if model.Classifies(k, f.Name) {
		return ruleKeep
	}
	switch f.Type {
	case model.TText, model.TLong, model.TPerson, model.TList:
		if f.Has(model.FHidden) {
			return ruleDrop
		}
		return rulePseudonym
	case model.TMoney:
		return ruleBand
	case model.TParts:
		return ruleDrop // source rows hold ids and prices
	}
	return ruleKeep
}

// record returns the redacted twin of a record; without a redactor the record itself.
func (r *Redactor) record(rec *model.Record) *model.Record {
	if r == nil {
		return rec
	}
	out := model.NewRecord(rec.Kind, rec.ID)
	schema := model.SchemaOf(rec.Kind)
	for _, fv := range rec.Fields {
		f, ok := schema.Field(fv.Name)
		if !ok {
			continue // a field of a newer program may hold anything
		}
		switch r.ruleFor(rec.Kind, f) {
		case ruleKeep:
			out.Set(fv.Name, fv.Value)
		case rulePseudonym:
			out.Set(fv.Name, r.replace(f, fv.Value))
		case ruleBand:
			if units, ok := fv.Value.Units(); ok { // What has no bands is left out.
				out.Set(fv.Name, model.Text(band(units)))
			}
		}
	}
	if rec.Kind == model.Setting && rec.Get("key").Str() == "company.name" {
		out.Set("value", model.Value{})
	}
	return out
}

// replace gives the pseudonym of a value; each member of a list has its own.
func (r *Redactor) replace(f *model.Field, v model.Value) model.Value {
	prefix := prefixes[f.Name]
	if prefix == "" {
		prefix = "text"
	}
	if items := v.Items(); items != nil {
		for i, it := range items {
			items[i] = r.pseudonym(prefix, it)
		}
		return model.List(items...)
	}
	if v.Str() == "" {
		return model.Value{} // What is no text has no pseudonym and is left out.
	}
	text := r.pseudonym(prefix, v.Str())
	switch f.Type {
	case model.TLong:
		return model.Long(text)
	case model.TPerson:
		return model.Person(text)
	}
	return model.Text(text)
}

// pseudonym is a word and twelve figures that depend on the text, its prefix and the salt, and on
// nothing else. Case and spacing of the text play no part.
func (r *Redactor) pseudonym(prefix, text string) string {
	mac := hmac.New(sha256.New, r.salt)
	mac.Write([]byte(prefix + "\x00" + nameKey(text)))
	return prefix + "-" + hex.EncodeToString(mac.Sum(nil)[:6])
}

// band is the range of an amount in steps of 1, 2, 5 and 10, in the form in which a filter takes it.
func band(units int64) string {
	sign, mag := "", float64(units)/model.MoneyScale
	if mag < 0 {
		sign, mag = "-", -mag
	}
	if mag < 1 {
		return "0..1"
	}
	ten := math.Pow(10, math.Floor(math.Log10(mag)))
	edges := []float64{1, 2, 5, 10}
	for i, lower := range edges[:3] {
		if mag < edges[i+1]*ten {
			low, high := plainFloat(lower*ten), plainFloat(edges[i+1]*ten)
			if sign != "" {
				return sign + high + ".." + sign + low
			}
			return low + ".." + high
		}
	}
	return sign + plainFloat(10*ten) + ".." + sign + plainFloat(20*ten)
}

func plainFloat(f float64) string { return model.Number(f).Format() }
