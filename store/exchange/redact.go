package exchange

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math"

	"opsdeck/model"
)

// Redactor replaces what tells who a customer is by pseudonyms, and amounts by bands, so that an
// export can be shown to others. The same text gives the same pseudonym within one salt, so that
// counts and joins still work.
type Redactor struct{ salt []byte }

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

// redactRules are the fields that are not treated as their type is. Texts that classify are kept,
// because they are what others want to see; everything that a person has written freely is not.
var redactRules = map[model.Kind]map[string]rule{
	model.Customer: {
		"industry": ruleKeep, "country": ruleKeep, "region": ruleKeep, "currency": ruleKeep, "language": ruleKeep,
		"business_model": ruleKeep, "type": ruleKeep, "rating": ruleKeep, "plan": ruleKeep, "channel": ruleKeep,
	},
	model.Contact:  {"department": ruleKeep, "language": ruleKeep},
	model.Contract: {"plan": ruleKeep, "currency": ruleKeep, "risks": ruleKeep},
	model.Order:    {"currency": ruleKeep, "channel": ruleKeep},
	model.Invoice:  {"currency": ruleKeep},
	model.Deal:     {"stage": ruleKeep, "currency": ruleKeep, "type": ruleKeep, "category": ruleKeep, "channel": ruleKeep},
	model.Churn:    {"reason": ruleKeep, "currency": ruleKeep},
	model.Item:     {"area": ruleKeep, "version": ruleKeep, "resolution": ruleKeep, "priority": ruleKeep, "source_state": ruleKeep},
	model.Usage:    {"feature": ruleKeep},
	model.Setting:  {"key": ruleKeep, "value": ruleKeep},
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
		switch ruleOf(rec.Kind, f) {
		case ruleKeep:
			out.Set(fv.Name, fv.Value)
		case rulePseudonym:
			out.Set(fv.Name, r.replace(f, fv.Value))
		case ruleBand:
			units, _ := fv.Value.Units()
			out.Set(fv.Name, model.Text(band(units)))
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
