package table

import (
	"hash/maphash"
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"opsdeck/model/query"
)

// dict holds the different texts of a column, each under a small number; 0 is the empty text. What was
// read at the start of the program lies in one piece; what came later is added behind it. Nothing is
// ever changed, so that every picture reads without a lock.
type dict struct {
	mu    sync.Mutex
	base  string   // the texts 1..len(ends), one after the other
	ends  []uint32 // where in base each ends; text 0 is empty
	extra []string // the texts after those
	// index finds texts that are there already. It is nil for columns of which nearly every text is
	// different, such as names: a text that comes twice then stands there twice.
	index  map[string]uint32
	late   bool // the index is yet to be made, by the first who wants to find a text
	folded atomic.Pointer[pieces]
	// collated are the keys of texts by language, under mu.
	collated map[string]*collated
}

// smallest is how many different texts a column may always have before the index is given up.
const smallest = 1024

func newDict(options []string) *dict {
	d := &dict{ends: []uint32{0}, index: map[string]uint32{}}
	for _, o := range options {
		d.add(o)
	}
	return d
}

// texts is what one picture sees of a dict: everything up to its own making.
type texts struct {
	base  string
	ends  []uint32
	extra []string
}

func (d *dict) view() texts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return texts{d.base, d.ends, d.extra}
}

func (t *texts) len() int { return len(t.ends) + len(t.extra) }

func (t *texts) get(code uint32) string {
	if int(code) < len(t.ends) {
		if code == 0 {
			return ""
		}
		return t.base[t.ends[code-1]:t.ends[code]]
	}
	if at := int(code) - len(t.ends); at < len(t.extra) {
		return t.extra[at]
	}
	return ""
}

// code returns the number of a text and adds the text where it is new.
func (d *dict) code(text string) uint32 {
	if text == "" {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.late {
		d.makeIndex()
	}
	if c, ok := d.index[text]; ok {
		return c
	}
	return d.add(text)
}

// indexed tells whether texts that are there already are found again.
func (d *dict) indexed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.index != nil || d.late
}

func (d *dict) makeIndex() {
	d.late, d.index = false, make(map[string]uint32, len(d.ends))
	for t, code := (texts{base: d.base, ends: d.ends}), uint32(1); int(code) < t.len(); code++ {
		d.index[t.get(code)] = code
	}
}

// add puts a text behind the others. The text is copied, as it may be a part of a whole record.
func (d *dict) add(text string) uint32 {
	code := uint32(len(d.ends) + len(d.extra))
	text = strings.Clone(text)
	d.extra = append(d.extra, text)
	if d.index != nil {
		d.index[text] = code
	}
	return code
}

// builder fills a dict while a book is loaded. Nobody else may use the dict meanwhile.
type builder struct {
	d       *dict
	options []string
	base    strings.Builder
	given   int // texts put, each time one came
	seed    maphash.Seed
	places  []uint32 // numbers of texts by hash, 0 is free; nil once nearly every text is different
	taken   int
}

func newBuilder(d *dict, options []string) *builder {
	b := &builder{d: d, options: options, seed: maphash.MakeSeed(), places: make([]uint32, 64)}
	b.base.Grow(len(d.base))
	b.base.WriteString(d.base)
	extra := d.extra
	d.extra = nil
	for _, text := range extra {
		b.add([]byte(text))
	}
	return b
}

// code returns the number of a text and adds the text where it is new.
func (b *builder) code(text []byte) uint32 {
	if len(text) == 0 {
		return 0
	}
	for i, o := range b.options {
		if o == string(text) {
			return uint32(i + 1)
		}
	}
	b.given++
	if b.places == nil {
		return b.add(text)
	}
	mask := uint64(len(b.places) - 1)
	at := maphash.Bytes(b.seed, text) & mask
	for b.places[at] != 0 {
		if b.text(b.places[at]) == string(text) {
			return b.places[at]
		}
		at = (at + 1) & mask
	}
	code := b.add(text)
	b.places[at] = code
	if b.taken++; b.taken > smallest && b.taken > b.given/2 {
		b.places, b.d.index = nil, nil
	} else if 2*b.taken > len(b.places) {
		b.spread()
	}
	return code
}

// text is a text that has been added; those beyond the one piece are not found again.
func (b *builder) text(code uint32) string {
	if int(code) >= len(b.d.ends) {
		return ""
	}
	return b.base.String()[b.d.ends[code-1]:b.d.ends[code]]
}

// spread doubles the places.
func (b *builder) spread() {
	old := b.places
	b.places = make([]uint32, 2*len(old))
	mask := uint64(len(b.places) - 1)
	for _, code := range old {
		if code == 0 {
			continue
		}
		at := maphash.String(b.seed, b.text(code)) & mask
		for b.places[at] != 0 {
			at = (at + 1) & mask
		}
		b.places[at] = code
	}
}

// add puts a text behind the others. Beyond four gigabytes texts stand by themselves.
func (b *builder) add(text []byte) uint32 {
	d := b.d
	code := uint32(len(d.ends) + len(d.extra))
	if len(d.extra) > 0 || b.base.Len()+len(text) > math.MaxUint32 {
		d.extra = append(d.extra, string(text))
		return code
	}
	b.base.Write(text)
	d.ends = append(d.ends, uint32(b.base.Len()))
	return code
}

// end closes the dict. Texts that may come again can be found in it.
func (b *builder) end() {
	b.d.base = b.base.String()
	for _, code := range b.places {
		if code != 0 {
			b.d.index[b.text(code)] = code
		}
	}
}

// pieces are many texts in one piece, by number.
type pieces struct {
	base string
	ends []uint32
}

func (p *pieces) get(i int32) string {
	if i < 0 || int(i) >= len(p.ends) {
		return ""
	}
	from := uint32(0)
	if i > 0 {
		from = p.ends[i-1]
	}
	return p.base[from:p.ends[i]]
}

// joined writes n texts into one piece, several at a time.
func joined(n int, write func(b *strings.Builder, i int)) *pieces {
	const block = 1 << 14
	parts := make([]strings.Builder, (n+block-1)/block)
	p := &pieces{ends: make([]uint32, n)}
	inParallel(len(parts), func(k int) {
		for i := k * block; i < min(n, (k+1)*block); i++ {
			write(&parts[k], i)
			p.ends[i] = uint32(parts[k].Len())
		}
	})
	if len(parts) == 1 {
		p.base = parts[0].String()
		return p
	}
	var all strings.Builder
	for k := range parts {
		before := uint32(all.Len())
		all.WriteString(parts[k].String())
		parts[k].Reset()
		for i := k * block; i < min(n, (k+1)*block); i++ {
			p.ends[i] += before
		}
	}
	p.base = all.String()
	return p
}

// fold returns a text as filters and sorts compare it. The fixed part of a dict is folded at once, when
// it is asked for the first time.
func (d *dict) fold(t *texts) func(code uint32) string {
	f := d.folded.Load()
	if f == nil {
		f = joined(len(t.ends), func(b *strings.Builder, i int) { foldInto(b, t.get(uint32(i))) })
		d.folded.Store(f)
	}
	return func(code uint32) string {
		if int(code) < len(f.ends) {
			return f.get(int32(code))
		}
		return query.Fold(t.get(code))
	}
}

// foldInto writes query.Fold of a text without making a string for it where it is plain.
func foldInto(b *strings.Builder, s string) {
	for i := range len(s) {
		if s[i] >= 0x80 {
			b.WriteString(query.Fold(s))
			return
		}
	}
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
}

// settle brings the texts that came last into the one piece, while nobody else uses the dict.
func (d *dict) settle() {
	if len(d.extra) == 0 {
		return
	}
	b := newBuilder(d, nil)
	b.end()
}

// stale tells whether so many texts have come since the start that the dict is better made anew.
func (d *dict) stale() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.extra) > 4*smallest+len(d.ends)/4
}

// renew gives columns that share a dict a new one, with the texts that rows still have.
func renew(size int32, columns ...*column) {
	old := columns[0]
	d := newDict(old.field.Options)
	b := newBuilder(d, old.field.Options)
	for _, c := range columns {
		view := c.dict.view()
		codes := map[uint32]uint32{}
		for row := range size {
			was := c.code.get(row)
			if was == 0 {
				continue
			}
			now, ok := codes[was]
			if !ok {
				now = b.code([]byte(view.get(was)))
				codes[was] = now
			}
			c.code.set(row, now)
		}
		c.dict = d
	}
	b.end()
}
