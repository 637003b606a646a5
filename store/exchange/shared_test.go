package exchange_test

import (
	"testing"

	"opsdeck/store/exchange"
)

func TestRavenStackAccountsTwice(t *testing.T) {
	b := newBook(t)
	counts{kind: "customers", source: "ravenstack", rows: 500, created: 500}.check(t, "first", load(t, b, "ravenstack/accounts.csv", exchange.Options{}))
	p := plan(t, b, shared(t, "ravenstack/accounts.csv"), exchange.Options{})
	if p.Changes() {
		t.Errorf("a second import changes something: %s", p.Summary(b.NewID()))
	}
	counts{kind: "customers", source: "ravenstack", rows: 500, same: 500}.check(t, "second", apply(t, b, p))
}
