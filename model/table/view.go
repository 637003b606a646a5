package table

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"opsdeck/model"
	"opsdeck/model/query"
)

// Sort is one key of an order.
type Sort struct {
	Field string
	Desc  bool
}

// rankCache remembers, for one picture, the order of all rows by a sort, which a changed filter keeps.
type rankCache struct {
	mu    sync.Mutex
	order map[string][]int32
}

func newRankCache() *rankCache { return &rankCache{order: map[string][]int32{}} }

// Order lists all records in the order of the sorts; equal records stand in the order of their ids,
// and empty fields come last in either direction. The list must not be changed.
func (t *Table) Order(sorts []Sort) []int32 {
	key := ""
	for _, s := range sorts {
		key += s.Field
		if s.Desc {
			key += "-"
		}
		key += ","
	}
	t.ranks.mu.Lock()
	defer t.ranks.mu.Unlock()
	if o, ok := t.ranks.order[key]; ok {
		return o
	}
	order := make([]int32, 0, t.count)
	t.each(func(row int32) { order = append(order, row) })
	slices.SortFunc(order, func(a, b int32) int { return compareIDs(t.dir.id(a), t.dir.id(b)) })
	for i := len(sorts) - 1; i >= 0; i-- {
		t.sortBy(order, sorts[i])
	}
	t.ranks.order[key] = order
	return order
}

// sortBy orders rows by one key and keeps the order of equals.
func (t *Table) sortBy(order []int32, s Sort) {
	c := t.col(s.Field)
	if c == nil {
		return
	}
	if c.textual || c.field.Type == model.TRef {
		t.sortTexts(order, c, s.Desc)
		return
	}
	type keyed struct {
		key  float64
		row  int32
		none bool
	}
	keys := make([]keyed, len(order))
	for i, row := range order {
		f, ok := c.float(row)
		if s.Desc {
			f = -f
		}
		keys[i] = keyed{f, row, !ok}
	}
	slices.SortStableFunc(keys, func(a, b keyed) int {
		if a.none != b.none {
			return emptyLast(a.none)
		}
		return cmp.Compare(a.key, b.key)
	})
	for i := range keys {
		order[i] = keys[i].row
	}
}

func emptyLast(aIsEmpty bool) int {
	if aIsEmpty {
		return 1
	}
	return -1
}

// sortTexts orders by folded text; the options of a pick stand in their own order.
func (t *Table) sortTexts(order []int32, c *column, desc bool) {
	type keyed struct {
		key string
		row int32
	}
	keys := make([]keyed, len(order))
	for i, row := range order {
		keys[i] = keyed{c.sortKey(row), row}
	}
	slices.SortStableFunc(keys, func(a, b keyed) int {
		if (a.key == "") != (b.key == "") {
			return emptyLast(a.key == "")
		}
		if desc {
			return strings.Compare(b.key, a.key)
		}
		return strings.Compare(a.key, b.key)
	})
	for i := range keys {
		order[i] = keys[i].row
	}
}

func (c *column) sortKey(row int32) string {
	text := c.str.get(row)
	if c.field.Type == model.TPick && text != "" {
		if i := slices.Index(c.field.Options, text); i >= 0 {
			return string(rune('0' + i))
		}
	}
	return query.Fold(text)
}

// View lists the records that a filter lets through, in an order.
func (t *Table) View(s *Snapshot, filter *query.Expr, env query.Env, sorts []Sort) []int32 {
	order := t.Order(sorts)
	if filter.Empty() {
		return order
	}
	match := filter.Compile(s.Columns(t.Schema.Kind), env)
	out := make([]int32, 0, min(len(order), 4096))
	for _, row := range order {
		if match(int(row)) {
			out = append(out, row)
		}
	}
	return out
}
