package table

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/query"
)

// Sort is one key of an order.
type Sort struct {
	Field string
	Desc  bool
	Lang  string // whose alphabet texts follow, as a BCP 47 tag; empty for the order of folded text
}

func orderKey(sorts []Sort) string {
	var b strings.Builder
	for _, s := range sorts {
		b.WriteString(s.Field)
		if s.Desc {
			b.WriteString(downward)
		}
		b.WriteString(inLanguage)
		b.WriteString(s.Lang)
		b.WriteByte(',')
	}
	return b.String()
}

// The marks behind a field in the key of an order. No name of a field has control characters.
const (
	downward   = "\x01"
	inLanguage = "\x02"
)

// follows tells whether an order rests on other tables, so that it may change without any of its rows.
func (t *Table) follows(sorts []Sort) bool {
	return slices.ContainsFunc(sorts, func(s Sort) bool {
		c := t.col(s.Field)
		return c != nil && (c.as == asRow || c.as == asRows || c.field.Type == model.TMoney && t.exchange(c) != nil)
	})
}

// sorted sorts all rows from nothing.
func (t *Table) sorted(sorts []Sort) []int32 {
	order := make([]int32, 0, t.count)
	for row := range t.size {
		if t.live.get(row) {
			order = append(order, row)
		}
	}
	if !t.rising {
		slices.SortFunc(order, t.byID)
	}
	type keyed struct {
		key uint64
		at  int32
		row int32
	}
	keys := make([]keyed, len(order))
	var by []func(row int32) uint64
	for _, s := range sorts {
		by = append(by, t.sortKeys(s)...)
	}
	for _, key := range slices.Backward(by) {
		for i, row := range order {
			keys[i] = keyed{key(row), int32(i), row}
		}
		sortInParallel(keys, func(a, b keyed) int {
			if a.key != b.key {
				return cmp.Compare(a.key, b.key)
			}
			return int(a.at - b.at)
		})
		for i := range keys {
			order[i] = keys[i].row
		}
	}
	return order
}

func (t *Table) byID(a, b int32) int { return compareIDs(t.ids[a], t.ids[b]) }

// lastKey is the sort key of an empty field, in either direction.
const lastKey = math.MaxUint64

// sortKeys turns a field into numbers that stand as its values do, the first deciding; none for a field
// nobody has.
func (t *Table) sortKeys(s Sort) []func(row int32) uint64 {
	c := t.col(s.Field)
	if c == nil {
		return nil
	}
	var key func(row int32) uint64
	if c.field.Type == model.TMoney {
		if x := t.exchange(c); x != nil {
			return x.moneyKeys(c, s.Desc)
		}
	}
	switch c.as {
	case kept:
		return nil
	case asText:
		rank := c.ranks(t.size, s.Lang)
		key = func(row int32) uint64 {
			if code := c.code.get(row); code != 0 {
				return uint64(rank[code])
			}
			return lastKey
		}
	case asRow, asRows:
		key = t.targetRanks(c, s.Lang)
	default:
		key = func(row int32) uint64 {
			if f, ok := c.float(row); ok {
				return floatKey(f)
			}
			return lastKey
		}
	}
	return []func(int32) uint64{turned(key, s.Desc)}
}

// turned is a sort key in the other direction where that is asked for; what is last stays last.
func turned(key func(row int32) uint64, desc bool) func(row int32) uint64 {
	if !desc {
		return key
	}
	return func(row int32) uint64 {
		if k := key(row); k != lastKey {
			return lastKey - 1 - k
		}
		return lastKey
	}
}

// floatKey orders floats as unsigned integers: the sign bit turned, and below zero all others too.
func floatKey(f float64) uint64 {
	bits := math.Float64bits(f)
	if bits>>63 != 0 {
		return ^bits
	}
	return bits | 1<<63
}

// targetRanks orders references by the words for the first record pointed at.
func (t *Table) targetRanks(c *column, lang string) func(row int32) uint64 {
	target := t.snap.tables[c.field.Ref]
	title := target.col(target.Schema.Title)
	rank := title.ranks(target.size, lang)
	return func(row int32) uint64 {
		first := c.first(row)
		if code := title.code.get(first); first >= 0 && code != 0 {
			return uint64(rank[code])
		}
		return lastKey
	}
}

// first is the first row that a reference points at, or -1.
func (c *column) first(row int32) int32 {
	if c.as == asRow {
		return c.row(row)
	}
	if list := c.lists.get(row); len(list) > 0 {
		return list[0]
	}
	return -1
}

// ranks numbers a column's texts in the order of a sort: the options of a pick as they are listed, all
// else by folded text or in the order of a language. Texts that are alike share a rank, those that no row has have none.
func (c *column) ranks(size int32, lang string) []uint32 {
	n := c.texts.len()
	fold := c.dict.key(&c.texts, lang)
	type keyed struct {
		first, second uint64 // the first sixteen bytes, which decide most comparisons
		code          uint32
	}
	var keys []keyed
	out := make([]uint32, n)
	for row := range size {
		out[c.code.get(row)] = 1
	}
	options := len(c.field.Options)
	for code := 1; code < n; code++ {
		if out[code] == 0 || code <= options {
			out[code] = uint32(code)
			continue
		}
		text := fold(uint32(code))
		keys = append(keys, keyed{prefixOf(text), prefixOf(text[min(8, len(text)):]), uint32(code)})
	}
	sortInParallel(keys, func(a, b keyed) int {
		switch {
		case a.first != b.first:
			return cmp.Compare(a.first, b.first)
		case a.second != b.second:
			return cmp.Compare(a.second, b.second)
		}
		return strings.Compare(fold(a.code), fold(b.code))
	})
	rank := uint32(options)
	for i, k := range keys {
		if i == 0 || k.first != keys[i-1].first || k.second != keys[i-1].second || fold(k.code) != fold(keys[i-1].code) {
			rank++
		}
		out[k.code] = rank
	}
	return out
}

// prefixOf packs the first eight bytes of a text.
func prefixOf(s string) uint64 {
	var p uint64
	for i := range 8 {
		p <<= 8
		if i < len(s) {
			p |= uint64(s[i])
		}
	}
	return p
}

// View lists the records that a filter lets through, in an order.
func (t *Table) View(s *Snapshot, filter *query.Expr, env query.Env, sorts []Sort) []int32 {
	return t.Among(t.Order(sorts), s, filter, env)
}

// Among lists those of some rows that a filter lets through, in their order.
func (t *Table) Among(order []int32, s *Snapshot, filter *query.Expr, env query.Env) []int32 {
	if filter.Empty() {
		return order
	}
	match := filter.Compile(s.Columns(t.Schema.Kind), env)
	if t.most(order) {
		through := t.through(order, match)
		match = func(row int) bool { return through[row/64]&(1<<(row%64)) != 0 }
	}
	parts := make([][]int32, (len(order)+rowBlock-1)/rowBlock)
	inParallel(len(parts), func(i int) {
		for _, row := range order[i*rowBlock : min(len(order), (i+1)*rowBlock)] {
			if match(int(row)) {
				parts[i] = append(parts[i], row)
			}
		}
	})
	return slices.Concat(parts...)
}

// rowBlock is how many rows are looked at in one go when several goroutines share them; a multiple of 64.
const rowBlock = 1 << 14

// most tells whether so many rows are listed that it is worth while to look at them in the order in which they lie in
// memory: in the order of a field, nearly every row of a large table would have to be waited for.
func (t *Table) most(rows []int32) bool { return len(rows) > rowBlock && len(rows) >= int(t.size)/4 }

// marks sets the bit of each row listed.
func (t *Table) marks(rows []int32) []uint64 {
	marks := make([]uint64, (t.size+63)/64)
	for _, row := range rows {
		marks[row/64] |= 1 << (row % 64)
	}
	return marks
}

// asTheyLie lists the same rows in the order in which they lie in memory.
func (t *Table) asTheyLie(rows []int32) []int32 {
	out := make([]int32, 0, len(rows))
	for at, rest := range t.marks(rows) {
		for ; rest != 0; rest &= rest - 1 {
			out = append(out, int32(at*64+bits.TrailingZeros64(rest)))
		}
	}
	return out
}

// through tells by a bit for each row which of the rows listed match.
func (t *Table) through(rows []int32, match func(row int) bool) []uint64 {
	wanted := t.marks(rows)
	inParallel((int(t.size)+rowBlock-1)/rowBlock, func(i int) {
		for at := i * rowBlock / 64; at < min(len(wanted), (i+1)*rowBlock/64); at++ {
			for rest := wanted[at]; rest != 0; rest &= rest - 1 {
				if bit := bits.TrailingZeros64(rest); !match(at*64 + bit) {
					wanted[at] &^= 1 << bit
				}
			}
		}
	})
	return wanted
}

// compare orders two rows as sorted does.
func (t *Table) compare(a, b int32, sorts []Sort) int {
	for _, s := range sorts {
		c := t.col(s.Field)
		if c == nil || c.as == kept {
			continue
		}
		emptyA, emptyB := c.empty(a), c.empty(b)
		switch {
		case emptyA && emptyB:
			continue
		case emptyA:
			return 1
		case emptyB:
			return -1
		}
		if d := c.compare(a, b, s.Lang); d != 0 {
			if s.Desc {
				return -d
			}
			return d
		}
	}
	return t.byID(a, b)
}

// compare orders two rows by a field that both have.
func (c *column) compare(a, b int32, lang string) int {
	if c.as != asText {
		x, _ := c.float(a)
		y, _ := c.float(b)
		return cmp.Compare(x, y)
	}
	x, y := c.code.get(a), c.code.get(b)
	if x == y {
		return 0
	}
	if options := uint32(len(c.field.Options)); x <= options || y <= options {
		return cmp.Compare(x, y)
	}
	fold := c.dict.key(&c.texts, lang)
	return strings.Compare(fold(x), fold(y))
}
