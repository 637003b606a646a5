package erase

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strings"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/same"
)

// sign is something by which an erased record would be known if a file brought it again.
type sign struct {
	what, text string
	form       string // how text was made; empty in what the first tombstones hold
}

// Forms of signs.
const (
	byWords = "words"   // anyOrder
	byTurn  = "turned"  // turned
	byBox   = "mailbox" // one for customers and contacts alike, since a shop's customers are people
)

// signs lists how a record is known, folded so that spelling does not matter.
func signs(r *model.Record) []sign {
	var out []sign
	put := func(what, text string) {
		if text != "" && !IsSubstituteText(text) {
			out = append(out, sign{what: what, text: text})
		}
	}
	name := func(text string) {
		if IsSubstituteText(text) {
			return
		}
		words := nameWords(text)
		if key := anyOrder(words); key != "" {
			out = append(out, sign{"name", key, byWords})
		}
		if key := turned(words); key != "" {
			out = append(out, sign{"name", key, byTurn})
		}
	}
	// Characters that nobody sees do not make somebody else of a person.
	text := func(field string) string { return strings.TrimSpace(strings.Map(seen, r.Get(field).Str())) }
	// A short id is known under the same words elsewhere; its source and it together are among the keys.
	if ext := text("external_id"); len([]rune(ext)) >= shortestID {
		put("external id", ext)
	}
	for _, field := range []string{"keys", model.MergedKeys} {
		for _, key := range r.Get(field).Items() {
			put("key", key)
		}
	}
	switch r.Kind {
	case model.Customer:
		if !IsSubstituteText(text("name")) {
			put("name", same.CompanyKey(text("name")))
		}
		put("name", same.CompanyKey(text("local_name")))
		name(same.CompanyKey(text("name")))
		name(same.CompanyKey(text("local_name")))
		put("registered id", same.Fold(text("registered_id")))
		if host := same.HostOf(text("domain")); !same.FreeMail(host) {
			put("web domain", host)
		}
	case model.Contact:
		if !IsSubstituteText(text("name")) {
			put("name", strings.Join(strings.Fields(same.FoldName(text("name"))), " "))
		}
		name(text("name"))
		put("mail address", strings.ToLower(text("email")))
		put("phone", same.PhoneKey(text("mobile")))
	default:
		return out
	}
	for _, a := range addresses(r) {
		out = append(out, sign{"mail address", mailbox(a), byBox})
	}
	return out
}

// Aliases are records of a kind that are known by words which somebody has said besides: names and mail addresses.
func Aliases(k model.Kind, words []string) []*model.Record {
	var out []*model.Record
	for _, w := range words {
		field := "name"
		if mailAddress(w) != "" {
			field = "email"
		}
		r := model.NewRecord(k, model.ID{})
		r.Set(field, model.Text(strings.TrimSpace(w)))
		out = append(out, r)
	}
	return out
}

// seen drops what is not seen.
func seen(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// Marks lists salted digests of what a record is known by. They tell it when it comes again, and nobody can read
// from them what it was; who has the book and a guess can only learn whether the guess is right.
func Marks(salt string, records ...*model.Record) []string {
	h := newHasher(salt)
	var out []string
	for _, r := range records {
		for _, s := range signs(r) {
			digest := h.mark(r.Kind, s)
			out = append(out, hex.EncodeToString(digest[:]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// digest is that of a sign.
type digest [16]byte

// hasher makes the digests of one salt.
type hasher struct {
	mac hash.Hash
	buf []byte
}

func newHasher(salt string) *hasher { return &hasher{mac: hmac.New(sha256.New, []byte(salt))} }

func (h *hasher) mark(k model.Kind, s sign) digest {
	if s.form == byBox {
		k = model.Contact
	}
	h.buf = append(h.buf[:0], byte(k))
	if s.form != "" {
		h.buf = append(append(h.buf, s.form...), 0)
	}
	h.buf = append(append(append(h.buf, s.what...), 0), s.text...)
	h.mac.Reset()
	h.mac.Write(h.buf)
	h.buf = h.mac.Sum(h.buf[:0])
	return digest(h.buf[:len(digest{})])
}

// Gone knows again what was erased. It is for one at a time.
type Gone struct {
	salts   []string
	hashers []*hasher
	marks   []map[digest]day.Day // of each salt
}

// NewGone collects the marks of erasures.
func NewGone(erasures []*model.Record) *Gone {
	g := &Gone{}
	for _, r := range erasures {
		salt := r.Get("salt").Str()
		at := slices.Index(g.salts, salt)
		if at < 0 {
			at = len(g.salts)
			g.salts, g.hashers, g.marks = append(g.salts, salt), append(g.hashers, newHasher(salt)), append(g.marks, map[digest]day.Day{})
		}
		for _, m := range r.Get("marks").Items() {
			var d digest
			if raw, err := hex.DecodeString(m); err == nil && copy(d[:], raw) == len(d) {
				g.marks[at][d] = r.Get("date").Day()
			}
		}
	}
	return g
}

// Known tells by what a record is known as one that was erased, and since when; false where it is not. What stands in
// the record that is there already, if any, does not count: a namesake who has stayed is somebody else.
func (g *Gone) Known(r, now *model.Record) (what string, since day.Day, ok bool) {
	if g == nil || len(g.salts) == 0 {
		return "", day.None, false
	}
	var own []sign
	for _, s := range signs(r) {
		for i, h := range g.hashers {
			since, ok := g.marks[i][h.mark(r.Kind, s)]
			if !ok {
				continue
			}
			if own == nil && now != nil {
				own = signs(now)
			}
			if !slices.Contains(own, s) {
				return s.what, since, true
			}
		}
	}
	return "", day.None, false
}
