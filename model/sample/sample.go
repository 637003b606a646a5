package sample

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Options say which book to make.
type Options struct {
	Customers int
	Seed      uint64
	Today     day.Day // the day on which the book is looked at; its history ends the day before
}

const (
	// richLimit is the number of customers up to which every customer gets a full history.
	richLimit = 2000
	// maxCustomers keeps the accounts in memory and the ids before today.
	maxCustomers = 1000000
)

var errOptions = errors.New("a sample company cannot be made")

func (o Options) check() error {
	if o.Customers < 0 || o.Customers > maxCustomers {
		return fmt.Errorf("%w with %d customers; ask for 0 to %d", errOptions, o.Customers, maxCustomers)
	}
	if first, last := day.Of(1980, 1, 1), day.Of(9000, 1, 1); o.Today < first || o.Today > last {
		return fmt.Errorf("%w for the day %q; give one between %s and %s", errOptions, o.Today, first, last)
	}
	return nil
}

// Generate calls fn with every record of the book, a record after the records that it points at: first
// users and settings, then kind by kind. Ids rise in this order. Each record is fn's to keep. It ends
// with fn's first error, and refuses a number of customers out of bounds or a day far from our time.
func Generate(o Options, fn func(*model.Record) error) error {
	if err := o.check(); err != nil {
		return err
	}
	g := &generator{
		Options:  o,
		Rand:     rand.New(rand.NewPCG(o.Seed, stream)),
		fn:       fn,
		side:     newSide(o.Seed),
		entries:  map[int]model.ID{},
		lean:     o.Customers > richLimit,
		accounts: make([]account, 0, o.Customers),
	}
	for _, step := range []func(){
		g.users, g.settings, g.customers, g.contacts, g.contracts, g.orders, g.invoices, g.handbook, g.items,
		g.touches, g.tasks, g.usage, g.deals, g.churns, g.voices, g.tellings, g.passedOn, g.benefits,
	} {
		step()
	}
	return g.err
}

// stream tells this package's random numbers from others that are seeded alike.
const stream = 0x6f70736465636b

// generator holds what later records need to know of earlier ones.
type generator struct {
	Options
	*rand.Rand
	fn       func(*model.Record) error
	err      error // of fn; nothing is made after it
	lean     bool  // few records per customer, for large books
	made     uint64
	draft    draft
	layouts  [model.LastKind + 1]layout
	accounts []account
	side     *rand.Rand       // of what is said about items
	entries  map[int]model.ID // of the handbook, by topic
	said     []said           // by item
}

// record begins the next record.
func (g *generator) record(k model.Kind) *draft {
	if g.layouts[k].names == nil {
		g.layouts[k] = newLayout(k)
	}
	d := &g.draft
	d.kind, d.id, d.set, d.layout = k, g.id(g.made), 0, &g.layouts[k]
	g.made++
	return d
}

// emit hands the record that was begun last to the caller.
func (g *generator) emit() {
	if g.err == nil {
		g.err = g.draft.err
	}
	if g.err == nil {
		g.err = g.fn(g.draft.record())
	}
}

// each calls fn with every account until the caller of Generate has had enough.
func (g *generator) each(fn func(i int, a *account)) {
	for i := range g.accounts {
		if g.err != nil {
			return
		}
		fn(i, &g.accounts[i])
	}
}

// id makes the id of the n-th record: a ULID whose time is n milliseconds after midnight of the day
// before today, and whose rest comes from the seed. A book would need 86 million records to reach today.
func (g *generator) id(n uint64) model.ID {
	var id model.ID
	ms := uint64(g.Today-1)*86400000 + n
	binary.BigEndian.PutUint64(id[:], ms<<16|mix(g.Seed, n)>>48)
	binary.BigEndian.PutUint64(id[8:], mix(^g.Seed, n))
	return id
}

// mix hashes two numbers (the finaliser of SplitMix64): the same place of a book always gives the same
// number, in whatever order it is asked for.
func mix(seed, n uint64) uint64 {
	z := seed + (n+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// chance is true with the probability p.
func (g *generator) chance(p float64) bool { return g.Float64() < p }

// between returns a whole number from lo to hi, both included.
func (g *generator) between(lo, hi int) int { return lo + g.IntN(hi-lo+1) }

// within returns a number from lo to hi.
func (g *generator) within(lo, hi float64) float64 { return lo + g.Float64()*(hi-lo) }

// past returns a day from lo to hi days before today.
func (g *generator) past(lo, hi int) day.Day { return g.Today - day.Day(g.between(lo, hi)) }

// often is the probability of something that large books have less of.
func (g *generator) often(rich, lean float64) bool {
	if g.lean {
		return g.chance(lean)
	}
	return g.chance(rich)
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// deck deals cards without replacement and is shuffled anew when it is used up, so that even a small
// book gets the shares that were asked for, and every sort of card.
type deck struct {
	cards []uint8
	next  int
}

// newDeck makes a deck that holds counts[c] cards c.
func newDeck(counts ...int) *deck {
	d := &deck{}
	for card, n := range counts {
		for range n {
			d.cards = append(d.cards, uint8(card))
		}
	}
	return d
}

func (d *deck) draw(g *generator) uint8 {
	if d.next == 0 {
		g.Shuffle(len(d.cards), func(i, j int) { d.cards[i], d.cards[j] = d.cards[j], d.cards[i] })
	}
	card := d.cards[d.next]
	d.next = (d.next + 1) % len(d.cards)
	return card
}
