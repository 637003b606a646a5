package erase

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/same"
)

// sign is something by which an erased record would be known if a file brought it again.
type sign struct{ what, text string }

// signs lists how a record is known, folded so that spelling does not matter.
func signs(r *model.Record) []sign {
	var out []sign
	put := func(what, text string) {
		if text != "" && !IsSubstituteText(text) {
			out = append(out, sign{what, text})
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
		put("registered id", same.Fold(text("registered_id")))
		put("web domain", same.HostOf(text("domain")))
	case model.Contact:
		if !IsSubstituteText(text("name")) {
			put("name", strings.Join(strings.Fields(same.FoldName(text("name"))), " "))
		}
		put("mail address", strings.ToLower(text("email")))
		put("phone", same.PhoneKey(text("mobile")))
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
	var out []string
	for _, r := range records {
		for _, s := range signs(r) {
			out = append(out, mark(salt, r.Kind, s))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func mark(salt string, k model.Kind, s sign) string {
	mac := hmac.New(sha256.New, []byte(salt))
	mac.Write([]byte{byte(k)})
	mac.Write([]byte(s.what + "\x00" + s.text))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Gone knows again what was erased.
type Gone struct {
	salts []string
	marks []map[string]day.Day // of each salt
}

// NewGone collects the marks of erasures.
func NewGone(erasures []*model.Record) *Gone {
	g := &Gone{}
	for _, r := range erasures {
		salt := r.Get("salt").Str()
		at := slices.Index(g.salts, salt)
		if at < 0 {
			at = len(g.salts)
			g.salts, g.marks = append(g.salts, salt), append(g.marks, map[string]day.Day{})
		}
		for _, m := range r.Get("marks").Items() {
			g.marks[at][m] = r.Get("date").Day()
		}
	}
	return g
}

// Known tells by what a record is known as one that was erased, and since when; false where it is not.
func (g *Gone) Known(r *model.Record) (what string, since day.Day, ok bool) {
	if g == nil || len(g.salts) == 0 {
		return "", day.None, false
	}
	for _, s := range signs(r) {
		for i, salt := range g.salts {
			if since, ok := g.marks[i][mark(salt, r.Kind, s)]; ok {
				return s.what, since, true
			}
		}
	}
	return "", day.None, false
}
