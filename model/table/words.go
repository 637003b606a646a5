package table

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"opsdeck/model"
)

// words are the folded texts that the bare words of a filter look into, a text for each row. They are
// made when a kind is searched for the first time, and then follow the book.
type words struct {
	mu    sync.Mutex
	ready atomic.Pointer[rowWords]
}

type rowWords struct {
	base  *pieces // by row
	later vec[*string]
}

func (w *rowWords) get(row int32) string {
	if text := w.later.get(row); text != nil {
		return *text
	}
	return w.base.get(row)
}

// Words returns the folded text that bare words of a filter look into.
func (t *Table) Words(row int32) string { return t.rowWords().get(row) }

func (t *Table) rowWords() *rowWords {
	if w := t.words.ready.Load(); w != nil {
		return w
	}
	t.words.mu.Lock()
	defer t.words.mu.Unlock()
	w := t.words.ready.Load()
	if w == nil {
		search := t.searched()
		w = &rowWords{base: joined(int(t.size), func(b *strings.Builder, i int) { t.foldRow(b, int32(i), search) })}
		t.words.ready.Store(w)
	}
	return w
}

// next returns the words of the next picture: the same but for the rows that differ. Where these are not
// known, same lists the columns that have stayed as they were.
func (w *words) next(t *Table, same map[string]bool) *words {
	old, fresh := w.ready.Load(), &words{}
	if old == nil {
		return fresh
	}
	if same != nil {
		if same[""] && !slices.ContainsFunc(t.cols, func(c column) bool { return c.field.Has(model.FSearch) && !same[c.field.Name] }) {
			fresh.ready.Store(old)
		}
		return fresh
	}
	now := *old
	search := t.searched()
	for _, row := range t.marked {
		var b strings.Builder
		if t.foldRow(&b, row, search); b.String() != now.get(row) {
			text := b.String()
			now.later.set(row, &text)
		}
	}
	now.later.freeze()
	fresh.ready.Store(&now)
	return fresh
}

// searched lists the columns that bare words look into, each with its folded texts.
func (t *Table) searched() []func(row int32) string {
	var out []func(row int32) string
	for i := range t.cols {
		if c := &t.cols[i]; c.field.Has(model.FSearch) {
			out = append(out, c.folded())
		}
	}
	return out
}

// folded returns a column's texts as filters compare them.
func (c *column) folded() func(row int32) string {
	fold := c.dict.fold(&c.texts)
	return func(row int32) string { return fold(c.code.get(row)) }
}

// foldRow joins a row's searched texts. They are parted by a control character that no word can hold,
// so that a word never matches across two fields.
func (t *Table) foldRow(b *strings.Builder, row int32, search []func(row int32) string) {
	if !t.Live(row) {
		return
	}
	for _, text := range search {
		if s := text(row); s != "" {
			b.WriteString(s)
			b.WriteString(listSep)
		}
	}
}
