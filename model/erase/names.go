package erase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"opsdeck/model"
	"opsdeck/model/same"
)

// titles stand before or behind names in one list and are missing in the next.
var titles = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "miss": true, "mx": true, "dr": true, "prof": true, "herr": true, "frau": true, "mme": true, "sr": true, "sra": true,
}

// spellings are letters that systems without them write as two, and pairs that stand for such letters. Both
// become the plain letter, so "Müller" and "Mueller" are one.
var spellings = strings.NewReplacer("ß", "ss", "æ", "a", "œ", "o", "ø", "o", "ł", "l", "đ", "d", "ı", "i", "ae", "a", "oe", "o", "ue", "u")

// nameWords are the words of a name without case, accents, punctuation and titles. Initials that follow each
// other are one word, however they are dotted and spaced: "J. R. R. Tolkien" and "Tolkien, JRR" have the same words.
func nameWords(name string) []string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return r
		case unicode.Is(unicode.Cf, r), strings.ContainsRune("'\u2018\u2019\u02bc`\u00b4", r):
			return -1
		}
		return ' '
	}, same.FoldName(name))
	var out []string
	initials := false
	for w := range strings.FieldsSeq(folded) {
		initial := len([]rune(w)) == 1 && spelled([]rune(w)[0])
		switch last := len(out) - 1; {
		case initial && initials:
			out[last] += w
		default:
			out = append(out, w)
		}
		initials = initial
	}
	for i := range out {
		out[i] = spellings.Replace(out[i])
	}
	if named := slices.DeleteFunc(slices.Clone(out), func(w string) bool { return titles[w] }); len(named) > 0 {
		return named
	}
	return out
}

// anyOrder is a name in a form that is the same for every order of its words: they are sorted. It is empty where a
// name has no letters.
func anyOrder(words []string) string {
	return strings.Join(slices.Sorted(slices.Values(words)), " ")
}

// turned is a name of a script that puts no spaces between words in a form that is the same for family name first and
// family name last, wherever the border lies and whether or not it is seen: of all the ways to move characters from
// the front to the end, the one that sorts first. It is empty for other names.
func turned(words []string) string {
	var runes []rune
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); spelled(r) {
			return ""
		}
		runes = append(runes, []rune(w)...)
	}
	if len(runes) < 2 || slices.ContainsFunc(runes, spelled) {
		return ""
	}
	least := runes
	for i := 1; i < len(runes); i++ {
		if next := slices.Concat(runes[i:], runes[:i]); slices.Compare(next, least) < 0 {
			least = next
		}
	}
	return string(least)
}

// mostTurned is how many words a name may have of which other orders are looked for in texts.
const mostTurned = 4

// otherOrders lists a name as other people write it: the family name first or last, with a comma or without, and in
// scripts without spaces with one and without.
func otherOrders(name string) []string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;、，", r) })
	wide := turned(nameWords(name)) != ""
	if wide && len(words) == 1 {
		return cuts([]rune(words[0]))
	}
	if len(words) < 2 || len(words) > mostTurned {
		return nil
	}
	var out []string
	for i := range words {
		front, back := strings.Join(words[i:], " "), strings.Join(words[:i], " ")
		switch {
		case i == 0:
			out = append(out, front)
		default:
			out = append(out, front+" "+back, front+", "+back, back+", "+front)
		}
		if wide {
			out = append(out, strings.Join(slices.Concat(words[i:], words[:i]), ""))
		}
	}
	return out
}

// isPlain tells whether the name of a customer is without a company's legal form, so that it may be that of a person.
func isPlain(name string) bool {
	return len(strings.Fields(same.CompanyKey(name))) == len(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }))
}

// longestFamily is how many characters a family name has at most in a name that is written without a space.
const longestFamily = 3

func cuts(name []rune) []string {
	var out []string
	for i := 1; i < len(name) && i <= longestFamily; i++ {
		family, given := string(name[:i]), string(name[i:])
		out = append(out, family+" "+given, given+" "+family)
	}
	return out
}

// aliasWords are what names of custom fields consist of that hold another address of the person itself. An address in
// "x.manager email" is somebody else's.
var aliasWords = map[string]bool{
	"e": true, "mail": true, "mails": true, "email": true, "emails": true, "address": true, "addresses": true, "alias": true, "aliases": true,
	"alternate": true, "alternative": true, "alt": true, "additional": true, "other": true, "second": true, "secondary": true, "third": true,
	"primary": true, "private": true, "personal": true, "home": true, "work": true, "business": true, "office": true, "old": true, "former": true,
	"previous": true, "new": true, "login": true, "user": true, "username": true, "upn": true, "contact": true, "customer": true,
	"邮箱": true, "电子邮件": true, "メール": true, "メールアドレス": true, "correo": true, "electrónico": true, "correos": true,
}

// isAlias tells whether a field holds an address of the record's own.
func isAlias(field string) bool {
	custom, ok := strings.CutPrefix(field, model.CustomPrefix)
	if !ok {
		return field == "email" || field == "external_id"
	}
	words := strings.FieldsFunc(strings.ToLower(custom), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !aliasWords[w] })
}

// addresses lists a record's own mail addresses: in its field, in custom fields for more of them, and as the key by
// which a source knows it.
func addresses(r *model.Record) []string {
	var out []string
	put := func(text string) {
		if a := mailAddress(text); a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	for _, fv := range r.Fields {
		switch {
		case fv.Name == "keys" || fv.Name == model.MergedKeys:
			for _, key := range fv.Value.Items() {
				put(key[strings.LastIndexAny(key, "|\x00")+1:])
			}
		case isAlias(fv.Name):
			for _, part := range append(fv.Value.Items(), strings.FieldsFunc(fv.Value.Str(), func(r rune) bool { return strings.ContainsRune(",;\n\t ", r) })...) {
				put(part)
			}
		}
	}
	return out
}

// mailAddress takes a mail address out of the forms in which lists have it; empty where a text is none.
func mailAddress(s string) string {
	s = strings.ToLower(strings.TrimSpace(strings.Map(seen, same.FoldName(s))))
	s = strings.Trim(strings.TrimPrefix(s, "mailto:"), "<>\"'().")
	local, host, ok := strings.Cut(s, "@")
	if !ok || local == "" || strings.Contains(host, "@") || !strings.Contains(strings.Trim(host, "."), ".") || strings.ContainsFunc(s, unicode.IsSpace) {
		return ""
	}
	return s
}

// mailbox is where mail to an address arrives: what stands behind a plus sign is for the person's own sorting.
func mailbox(address string) string {
	local, host, _ := strings.Cut(address, "@")
	if box, _, ok := strings.Cut(local, "+"); ok && box != "" {
		local = box
	}
	return local + "@" + host
}
