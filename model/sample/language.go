package sample

import "strconv"

// word is a word as it is written, and in Latin letters for web domains and mail addresses.
type word struct{ text, latin string }

// trade is what a company does: the word in its name, and the industry and business model it means.
type trade struct {
	text, latin     string
	industry, model string
}

// place is where a company has its seat.
type place struct {
	country, currency, region string
	city                      word
	phone                     string   // country and area code
	register                  string   // what register numbers begin with; none that an authority hands out
	forms                     []string // legal forms
}

// post is a job title with its department.
type post struct{ title, department string }

// nameParts is what a company's full name is put together from.
type nameParts struct {
	root, trade, form, city string
	n                       int // which name of its language it is
}

// language is everything that is worded in one language.
type language struct {
	code         string
	index        int // of the texts of topics
	places       []place
	heads, tails []word // a company's own name is a head and a tail
	trades       []trade
	company      func(nameParts) string
	given        []word
	family       []word
	person       func(given, family string) string
	posts        [7]post // by role, in the order of model.ContactRoles
	streets      []string
	address      func(street string, number int) string
	objectives   []string
	strengths    []string
	weaknesses   []string
	outcomes     []string
	notes        [5][]string // of touches, by type (call, visit, mail, training, review), in the order of their subjects
	farewells    []string    // what customers said who left
}

var languages = [4]*language{&english, &chinese, &japanese, &spanish}

// companyName returns the n-th name of a language, the name in Latin letters and the trade that is
// part of it. Names of one language are all different.
func (l *language) companyName(n int, p *place, form string) (name, latin string, t *trade) {
	roots := len(l.heads) * len(l.tails)
	total := roots * len(l.trades)
	const stride = 7919 // A prime: every combination comes once before one comes again.
	at, round := n*stride%total, n/total
	head, tail := &l.heads[at%roots%len(l.heads)], &l.tails[at%roots/len(l.heads)]
	t = &l.trades[at/roots]
	root, business, ascii := head.text+tail.text, t.text, head.latin+tail.latin+"-"+t.latin
	if round > 0 {
		// A second trade keeps names apart when there are more companies than names with one.
		second := &l.trades[(at/roots+round)%len(l.trades)]
		business, ascii = l.both(business, second.text), ascii+"-"+second.latin
	}
	if again := round / len(l.trades); again > 0 {
		root += strconv.Itoa(again + 1)
		ascii += strconv.Itoa(again + 1)
	}
	return l.company(nameParts{root, business, form, p.city.text, n}), ascii, t
}

func (l *language) both(a, b string) string {
	switch l {
	case &english:
		return a + " & " + b
	case &spanish:
		return a + " y " + b
	}
	return a + b
}

// human is a person at a customer.
type human struct{ name, latin string }

// human returns who the k-th contact of the i-th customer is, whoever asks.
func (g *generator) human(i, k int) human {
	l := g.accounts[i].lang
	h := mix(g.Seed+7, uint64(i)*16+uint64(k))
	given, family := &l.given[h%uint64(len(l.given))], &l.family[h>>32%uint64(len(l.family))]
	return human{l.person(given.text, family.text), given.latin + "." + family.latin}
}
