package table

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"opsdeck/model"
	"opsdeck/model/day"
)

// A cache is a picture as bytes, to be looked at where it lies: a start that maps such a file reads
// nothing but what it shows. It is written and read by the same functions, which walk whatever columns
// the schema has, so a new field needs no code here. Whoever keeps it makes sure that the bytes are the
// ones that were written, by the same program.

// WriteCache writes the picture, with the words and orders that have been made.
func (s *Snapshot) WriteCache(w io.Writer) error {
	a := &archive{w: w, seen: map[*dict]bool{}}
	s.archive(a)
	return a.err
}

// ReadCache returns the picture that WriteCache wrote. It and all that comes from it rest on the bytes,
// which must begin at a multiple of eight and stay as they are for as long as the program runs.
func ReadCache(data []byte) (*Snapshot, error) {
	a := &archive{in: data, seen: map[*dict]bool{}}
	s := New(day.None, model.NewSettings(nil))
	s.archive(a)
	if a.err == nil && a.at != len(data) {
		a.err = errCache
	}
	if a.err != nil {
		return nil, a.err
	}
	s.rules = newRules(s.Settings, s.Today)
	s.rules.severity.Base = s.inForce
	s.turns.Store(s.Now) // Which clock turns next is looked for with the first question.
	s.readCards()
	return s, nil
}

// Shape is a number that differs where the tables of two programs differ.
func Shape() uint64 {
	h := fnv.New64a()
	for _, k := range model.Kinds() {
		schema := model.SchemaOf(k)
		fmt.Fprintf(h, "%d %s %s\n", k, schema.Name, schema.Title)
		for _, f := range schema.Fields {
			fmt.Fprintf(h, "%d %s %d %d %d %q\n", f.Num, f.Name, f.Type, f.Flags, f.Ref, f.Options)
		}
	}
	return h.Sum64()
}

var errCache = errors.New("the cache is cut off or of another make")

// archive writes a picture, or reads one. Its functions do what they are asked for with what they are
// given a pointer to; after an error they do nothing.
type archive struct {
	w    io.Writer // nil while reading
	in   []byte
	at   int
	err  error
	seen map[*dict]bool
}

func (a *archive) reading() bool { return a.w == nil }

// unit is what every list begins at a multiple of, so that it can be used where it lies.
const unit = 8

func (a *archive) put(raw []byte) {
	if a.err != nil {
		return
	}
	n, err := a.w.Write(raw)
	a.at += n
	if gap := -a.at & (unit - 1); err == nil && gap > 0 {
		n, err = a.w.Write(make([]byte, gap))
		a.at += n
	}
	a.err = err
}

// take returns the next n bytes.
func (a *archive) take(n int) []byte {
	if a.err == nil && (n < 0 || n > len(a.in)-a.at) {
		a.err = errCache
	}
	if a.err != nil {
		return nil
	}
	raw := a.in[a.at : a.at+n : a.at+n]
	a.at = min(len(a.in), a.at+(n+unit-1)&^(unit-1))
	return raw
}

// number is any integer, with 64 bits.
func number[T ~int | ~int32 | ~int64 | ~uint64](a *archive, n *T) {
	if a.reading() {
		if list := fromRaw[int64](a.take(8)); len(list) == 1 {
			*n = T(list[0])
		}
		return
	}
	a.put(rawBytes([]int64{int64(*n)}))
}

func (a *archive) flag(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	number(a, &n)
	*b = n == 1
}

// list is a list of a type without pointers.
func list[T any](a *archive, l *[]T) {
	n := len(*l)
	number(a, &n)
	switch {
	case !a.reading():
		a.put(rawBytes(*l))
	case n < 0 || n > len(a.in):
		a.err = errCache
	default:
		*l = fromRaw[T](a.take(n * rawSize[T]()))
	}
}

func (a *archive) text(s *string) {
	raw := textBytes(*s)
	list(a, &raw)
	if a.reading() {
		*s = rawText(raw)
	}
}

// chunks is a vec; chunks in which nothing is are left out.
func chunks[T comparable](a *archive, v *vec[T]) {
	full := make([]byte, len(v.chunks))
	for i, c := range v.chunks {
		var empty [chunkSize]T
		if c != nil && *c != empty {
			full[i] = 1
		}
	}
	list(a, &full)
	if a.reading() {
		*v = vec[T]{chunks: make([]*[chunkSize]T, len(full))}
	}
	for i := range full {
		switch {
		case full[i] == 0:
		case !a.reading():
			a.put(rawBytes(v.chunks[i][:]))
		default:
			if c := fromRaw[T](a.take(chunkSize * rawSize[T]())); len(c) == chunkSize {
				v.chunks[i] = (*[chunkSize]T)(c)
			}
		}
	}
}

func (s *Snapshot) archive(a *archive) {
	number(a, &s.Seq)
	number(a, &s.Today)
	number(a, &s.Now)
	number(a, &s.widest)
	number(a, &s.useMonth)
	number(a, &s.inForce)
	s.archiveSettings(a)
	s.each(func(t *Table) { t.archive(a) })
}

func (s *Snapshot) archiveSettings(a *archive) {
	keys := s.Settings.Keys()
	n := len(keys)
	number(a, &n)
	values := map[string]string{}
	for i := range n {
		if a.err != nil {
			return
		}
		key, value := "", ""
		if !a.reading() {
			key, value = keys[i], s.Settings.Text(keys[i])
		}
		a.text(&key)
		a.text(&value)
		values[key] = value
	}
	if a.reading() {
		s.Settings = model.NewSettings(values)
	}
}

func (t *Table) archive(a *archive) {
	ids := t.ids
	list(a, &ids)
	t.ids = ids
	t.archiveDirectory(a)
	number(a, &t.size)
	number(a, &t.count)
	chunks(a, &t.live)
	for i := range t.cols {
		t.cols[i].archive(a)
	}
	t.archiveCustom(a)
	t.archiveWords(a)
	t.archiveOrders(a)
}

// archiveDirectory keeps the places of ids ready: finding them for all would take longer than all else.
// They are made for the ids of this picture, as the directory may know later ones by now.
func (t *Table) archiveDirectory(a *archive) {
	d := newDirectory()
	d.ids = t.ids
	if !a.reading() {
		d.index()
	}
	list(a, &d.places)
	number(a, &d.shift)
	a.flag(&d.rising)
	if !a.reading() {
		return
	}
	if n := len(d.places); n < 2*len(d.ids) || n < 1 || n&(n-1) != 0 || d.shift < 1 || d.shift > 63 || 1<<(64-d.shift) != n {
		a.fail()
		return
	}
	d.borrowed = true
	t.dir, t.rising = d, d.rising
}

func (a *archive) fail() {
	if a.err == nil {
		a.err = errCache
	}
}

func (c *column) archive(a *archive) {
	switch c.as {
	case asText:
		a.dict(c)
		chunks(a, &c.code)
		number(a, &c.used)
	case asNumber:
		chunks(a, &c.num)
	case asDay:
		chunks(a, &c.day)
	case asFlag:
		chunks(a, &c.flag)
	case asRow:
		chunks(a, &c.to)
		a.links(&c.kids)
	case asRows:
		a.links(&c.lists)
		a.links(&c.kids)
	}
}

// dict is the texts of a column in one piece. Where columns share them, they come with the first.
func (a *archive) dict(c *column) {
	d := c.dict
	if !a.seen[d] {
		a.seen[d] = true
		t, known := c.texts.joined(), d.indexed()
		if len(t.extra) > 0 {
			a.err = fmt.Errorf("a cache of more than %d bytes of text", math.MaxUint32)
		}
		folded := d.folded.Load()
		if folded == nil {
			folded = &pieces{}
		}
		a.text(&t.base)
		list(a, &t.ends)
		a.flag(&known)
		a.pieces(&folded)
		a.collated(d)
		if a.reading() && len(t.ends) == 0 {
			a.fail()
			return
		}
		if a.reading() {
			d.base, d.ends, d.extra, d.index, d.late = t.base, t.ends, nil, nil, known
			if len(folded.ends) > 0 {
				d.folded.Store(folded)
			}
		}
	}
	if a.reading() {
		c.texts = d.view()
	}
}

// collated keeps the keys by which texts are sorted in the languages that have been asked for.
func (a *archive) collated(d *dict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	langs := slices.Sorted(maps.Keys(d.collated))
	n := len(langs)
	number(a, &n)
	for i := range n {
		if a.err != nil {
			return
		}
		lang, keys := "", &pieces{}
		if !a.reading() {
			lang, keys = langs[i], d.collated[langs[i]].keys
		}
		a.text(&lang)
		a.pieces(&keys)
		if a.reading() {
			if d.collated == nil {
				d.collated = map[string]*collated{}
			}
			d.collated[lang] = &collated{sync.OnceValue(func() *collation { return plainCollation(lang) }), keys}
		}
	}
}

func (a *archive) pieces(p **pieces) {
	if a.reading() {
		*p = &pieces{}
	}
	a.text(&(*p).base)
	list(a, &(*p).ends)
}

// joined returns the texts with the later ones in the same piece, where they fit.
func (t *texts) joined() texts {
	size := len(t.base)
	for _, e := range t.extra {
		size += len(e)
	}
	if len(t.extra) == 0 || size > math.MaxUint32 {
		return *t
	}
	var base strings.Builder
	base.Grow(size)
	base.WriteString(t.base)
	ends := slices.Clone(t.ends)
	for _, e := range t.extra {
		base.WriteString(e)
		ends = append(ends, uint32(base.Len()))
	}
	return texts{base: base.String(), ends: ends}
}

func (a *archive) links(l *links) {
	ends, flat := l.ends, l.flat
	if !a.reading() && len(l.later.chunks) > 0 {
		b := linkBuilder{}
		for row := range int32(max(len(l.ends), len(l.later.chunks)*chunkSize)) {
			b.add(row, l.get(row)...)
		}
		ends, flat = b.ends, b.flat
	}
	list(a, &ends)
	list(a, &flat)
	if a.reading() {
		*l = links{ends: ends, flat: flat}
	}
}

func (t *Table) archiveCustom(a *archive) {
	names := slices.Sorted(maps.Keys(t.custom))
	n := len(names)
	number(a, &n)
	for i := range n {
		if a.err != nil {
			return
		}
		name := ""
		if !a.reading() {
			name = names[i]
		}
		a.text(&name)
		c := t.custom[name]
		if a.reading() {
			c = t.customColumn(name)
		}
		if c == nil {
			a.fail()
			return
		}
		c.archive(a)
	}
}

// archiveWords joins the words that have changed since they were made with the others.
func (t *Table) archiveWords(a *archive) {
	p, w := &pieces{}, t.words.ready.Load()
	made := w != nil
	if a.flag(&made); !made {
		return
	}
	if w != nil {
		p = w.base
		if len(w.later.chunks) > 0 {
			p = joined(int(t.size), func(b *strings.Builder, i int) { b.WriteString(w.get(int32(i))) })
		}
	}
	a.pieces(&p)
	if a.reading() {
		t.words.ready.Store(&rowWords{base: p})
	}
}

func (t *Table) archiveOrders(a *archive) {
	t.orders.mu.Lock()
	defer t.orders.mu.Unlock()
	keys := slices.Sorted(maps.Keys(t.orders.made))
	n := len(keys)
	number(a, &n)
	for i := range n {
		if a.err != nil {
			return
		}
		key := ""
		if !a.reading() {
			key = keys[i]
		}
		a.text(&key)
		order := t.orders.made[key]
		list(a, &order)
		t.orders.made[key] = order
	}
}
