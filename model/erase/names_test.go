package erase

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
)

// gone is what a book knows of people and customers who were erased.
func gone(t interface{ Helper() }, records ...*model.Record) *Gone {
	t.Helper()
	e := model.NewRecord(model.Erasure, model.ID{9})
	e.Set("salt", model.Text("5a17"))
	e.Set("date", model.Date(day.Of(2026, 11, 22)))
	e.Set("marks", model.List(Marks("5a17", records...)...))
	return NewGone([]*model.Record{e})
}

func made(k model.Kind, pairs ...string) *model.Record {
	r := model.NewRecord(k, model.ID{})
	for i := 0; i < len(pairs); i += 2 {
		r.Set(pairs[i], model.Text(pairs[i+1]))
	}
	return r
}

func TestAnErasedNameIsKnownInEveryOrder(t *testing.T) {
	for erased, again := range map[string][]string{
		"Wang Mei":               {"Mei Wang", "WANG, Mei", "wang  mei", "Mei\u3000Wang", "Mei\u200b Wang"},
		"Müller, Anna":           {"Anna Müller", "Anna Mueller", "ANNA MULLER", "Mueller Anna", "Dr. Anna Müller", "Müller, Anna, Dr.", "Mu\u0308ller Anna"},
		"Gabriel García Márquez": {"García Márquez, Gabriel", "Garcia Marquez Gabriel", "Márquez, Gabriel García", "Gabriel  Garcia-Marquez"},
		"J. R. R. Tolkien":       {"Tolkien, J.R.R.", "JRR Tolkien", "J.R.R. Tolkien", "j r r tolkien", "Tolkien J. R. R."},
		"John R. Smith":          {"Smith, John R", "JOHN R SMITH", "John R.  Smith", "Smith John R."},
		"Seán O'Brien":           {"O’Brien, Sean", "OBrien Sean"},
		"田中太郎":                   {"太郎 田中", "田中 太郎", "田中　太郎", "太郎田中"},
		"김 민수":                   {"민수 김", "김민수", "민수김"},
		"マリア・ガルシア":               {"ガルシア マリア", "ガルシア・マリア", "マリアガルシア"},
		"王梅":                     {"王 梅", "梅 王"},
	} {
		g := gone(t, made(model.Contact, "name", erased))
		for _, name := range again {
			if what, since, ok := g.Known(made(model.Contact, "name", name), nil); !ok || what != "name" || since != day.Of(2026, 11, 22) {
				t.Errorf("%q comes back as %q (%s, %v)", erased, name, what, since)
			}
		}
	}
}

func TestOthersThanTheErasedAreTakenIn(t *testing.T) {
	g := gone(
		t, made(model.Contact, "name", "Wang Mei", "email", "mei@north.example", "x.manager email", "boss@north.example"), made(model.Contact, "name", "John R. Smith"),
		made(model.Contact, "name", "田中太郎"), made(model.Contact, "name", "Dr. Li"), made(model.Customer, "name", "Zenith Steel GmbH", "domain", "gmail.com"),
	)
	for _, name := range []string{"Mei", "Wang", "Wang Mei Ling", "Wang Wei", "John Smith", "J. Smith", "John R.S. Smith", "Smith", "田中花子", "太田中郎", "Dr.", "Dr. Wu", "Zenith Steel"} {
		if what, _, ok := g.Known(made(model.Contact, "name", name), nil); ok {
			t.Errorf("%q is refused by its %s", name, what)
		}
	}
	for _, r := range []*model.Record{
		made(model.Contact, "name", "The boss", "email", "boss@north.example"), made(model.Contact, "name", "Bo", "notes", "assistant of mei@north.example"),
		made(model.Customer, "name", "Somebody's shop", "domain", "gmail.com"), made(model.Customer, "name", "Zenith"), made(model.Customer, "name", "Wang Mei"),
	} {
		if what, _, ok := g.Known(r, nil); ok {
			t.Errorf("%q is refused by its %s", r.Title(), what)
		}
	}
	// A namesake who has stayed is updated; somebody else does not become the erased one.
	namesake, other := made(model.Contact, "name", "Mei Wang"), made(model.Contact, "name", "Bo Ray")
	if _, _, ok := g.Known(made(model.Contact, "name", "Mei Wang", "title", "CFO"), namesake); ok {
		t.Error("a namesake who has stayed cannot be updated")
	}
	if _, _, ok := g.Known(made(model.Contact, "name", "Mei Wang"), other); !ok {
		t.Error("somebody else becomes the erased one")
	}
}

func TestAnErasedPersonIsKnownByEveryAddress(t *testing.T) {
	r := made(model.Contact, "name", "Mei Wang", "email", "Mei.Wang@North.example", "x.E-Mail 2", "mei@home.example; wang.mei@old.example", "external_id", "mw@id.example")
	r.Set("keys", model.List("crm|key@crm.example"))
	g := gone(t, append(Aliases(model.Contact, []string{"said@also.example", "Mei-Mei Wang"}), r)...)
	for _, email := range []string{
		"mei.wang@north.example", "MEI.WANG+news@north.example", "Mei@Home.example", "<wang.mei@old.example>", "mailto:mw@id.example", "key@crm.example", "said@also.example", "ｍｅｉ@home.example",
	} {
		for _, back := range []*model.Record{
			made(model.Contact, "name", "M", "email", email), made(model.Contact, "name", "M", "x.other_mail", email), made(model.Customer, "name", "M", "x.email", email),
		} {
			if what, _, ok := g.Known(back, nil); !ok || what != "mail address" {
				t.Errorf("%s brings her back (%s)", email, what)
			}
		}
	}
	if _, _, ok := g.Known(made(model.Contact, "name", "Wang, Mei Mei"), nil); !ok {
		t.Error("a name that was given besides brings her back")
	}
	for _, email := range []string{"wang@north.example", "mei.wang@south.example", "@north.example", "+news@north.example"} {
		if what, _, ok := g.Known(made(model.Contact, "name", "M", "email", email), nil); ok {
			t.Errorf("%s is refused by its %s", email, what)
		}
	}
}

// TestTombstonesOfBefore: an erasure with digests as programs wrote them that knew nothing of orders refuses what it did.
func TestTombstonesOfBefore(t *testing.T) {
	old := model.NewRecord(model.Erasure, model.ID{9})
	old.Set("salt", model.Text("5a17"))
	old.Set("date", model.Date(day.Of(2026, 2, 1)))
	old.Set("marks", model.List("0f76a84d7fceb07b127b423615ae4153", "7900921a679a930234b4a34fc820b135"))
	g := NewGone([]*model.Record{old})
	for _, c := range []struct {
		r    *model.Record
		want bool
	}{
		{made(model.Contact, "name", "WANG  Mei"), true},
		{made(model.Contact, "name", "M", "email", "MEI@north.example"), true},
		{made(model.Contact, "name", "Mei Wang"), false},
	} {
		if _, _, ok := g.Known(c.r, nil); ok != c.want {
			t.Errorf("%q: known %v", c.r.Title(), ok)
		}
	}
}

// anyName draws what people are called, in scripts with spaces and without.
func anyName() *rapid.Generator[[]string] {
	latin := rapid.StringMatching(`[A-ZÀÉÖÜŁ][a-zäéöüñç]{2,8}`)
	wide := rapid.StringMatching(`[一-龥]{1,2}`)
	return rapid.OneOf(rapid.SliceOfN(latin, 2, 4), rapid.SliceOfN(wide, 2, 2))
}

func TestAnyOrderOfAnyNameIsKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := anyName().Draw(t, "words")
		k := rapid.SampledFrom([]model.Kind{model.Contact, model.Customer}).Draw(t, "kind")
		g := gone(t, made(k, "name", strings.Join(words, " ")))
		order := rapid.Permutation(words).Draw(t, "order")
		sep := rapid.SampledFrom([]string{" ", ", ", "  ", "\u3000", "\u00a0", ". "}).Draw(t, "between")
		if name := strings.Join(order, sep); !known(g, k, name) {
			t.Fatalf("%q comes back as %q", words, name)
		}
		other := anyName().Draw(t, "other")
		if a, b := slices.Sorted(slices.Values(nameWords(strings.Join(words, " ")))), slices.Sorted(slices.Values(nameWords(strings.Join(other, " ")))); !slices.Equal(a, b) && turned(other) == "" && k == model.Contact && known(g, k, strings.Join(other, " ")) {
			t.Fatalf("%q is taken for %q", other, words)
		}
	})
}

func known(g *Gone, k model.Kind, name string) bool {
	_, _, ok := g.Known(made(k, "name", name), nil)
	return ok
}

func TestTextsNameThePersonInOtherOrders(t *testing.T) {
	for name, texts := range map[string]map[string]string{
		"Wang Mei":               {"ask Mei Wang": "ask [erased]", "Wang, Mei; Mei, Wang": "[erased]; [erased]", "Mei Ling Wang": "Mei Ling Wang"},
		"Müller, Anna":           {"Anna Mu\u0308ller called": "[erased] called", "MÜLLER Anna": "[erased]"},
		"Gabriel García Márquez": {"García Márquez, Gabriel wrote": "[erased] wrote"},
		"田中太郎":                   {"と太郎 田中さん": "と[erased]さん", "田中 太郎": "[erased]"},
		"田中 太郎":                  {"田中太郎さん、太郎田中": "[erased]さん、[erased]"},
	} {
		m := NewMatcher(Words(made(model.Contact, "name", name)))
		for text, want := range texts {
			if got := m.Strike(text); got != want {
				t.Errorf("%q in %q: %q, want %q", name, text, got, want)
			}
		}
	}
}

func BenchmarkKnown(b *testing.B) {
	var all []*model.Record
	for i := range 100 {
		all = append(all, made(model.Contact, "name", fmt.Sprintf("Wang Mei %d", i), "email", fmt.Sprintf("mei%d@north.example", i)))
	}
	g := gone(b, all...)
	r := made(model.Contact, "name", "Anna Müller", "email", "anna@south.example", "x.email 2", "am@home.example")
	for b.Loop() {
		if _, _, ok := g.Known(r, nil); ok {
			b.Fatal("known")
		}
	}
}
