package table

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// orders remembers the orders that were asked for. The next picture inherits them: a changed filter
// keeps its order, and a change of a few records moves these few.
type orders struct {
	mu   sync.Mutex
	made map[string][]int32
	// follow are orders that rest on other tables, too, and are made anew for each picture.
	follow map[string][]int32
	// Of a picture before: its orders, and the rows that differ since. Nil where too many do.
	before map[string][]int32
	marked []int32
}

// mostOrders is how many orders a picture remembers of either sort.
const mostOrders = 16

func newOrders() *orders { return &orders{made: map[string][]int32{}, follow: map[string][]int32{}} }

// Order lists all records in the order of the sorts; equal records stand in the order of their ids,
// and empty fields come last in either direction. The list must not be changed.
func (t *Table) Order(sorts []Sort) []int32 {
	o, key := t.orders, orderKey(sorts)
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, before := o.made, o.before
	if t.follows(sorts) {
		kept, before = o.follow, nil
	}
	if order, ok := kept[key]; ok {
		return order
	}
	var order []int32
	if old, ok := before[key]; ok {
		order = t.repaired(old, o.marked, sorts)
	} else if other := t.opposite(kept, sorts); other != nil {
		order = t.reversed(other, sorts[0])
	} else {
		order = t.sorted(sorts)
	}
	if len(kept) >= mostOrders {
		clear(kept)
	}
	kept[key] = order
	return order
}

// opposite is the order by the same text the other way round, where it is remembered. Others rest on other tables, or
// are made as fast anew.
func (t *Table) opposite(kept map[string][]int32, sorts []Sort) []int32 {
	if len(sorts) != 1 || t.follows(sorts) {
		return nil
	}
	s := sorts[0]
	if c := t.col(s.Field); c == nil || c.as != asText {
		return nil
	}
	s.Desc = !s.Desc
	return kept[orderKey([]Sort{s})]
}

// reversed turns the order by a text round: those alike keep the order of their ids, and those without stay last.
func (t *Table) reversed(order []int32, s Sort) []int32 {
	c := t.col(s.Field)
	some := len(order)
	for some > 0 && c.empty(order[some-1]) {
		some--
	}
	out := make([]int32, 0, len(order))
	for end := some; end > 0; {
		from := end - 1
		for from > 0 && c.compare(order[from-1], order[end-1], s.Lang) == 0 {
			from--
		}
		out = append(out, order[from:end]...)
		end = from
	}
	return append(out, order[some:]...)
}

// next returns what the next picture starts from. Where the rows that differ are not known, same lists
// the columns that have stayed as they were.
func (o *orders) next(t *Table, same map[string]bool) *orders {
	fresh := newOrders()
	o.mu.Lock()
	defer o.mu.Unlock()
	if same != nil {
		for key, order := range o.made {
			if restsOn(key, same) {
				fresh.made[key] = order
			}
		}
		return fresh
	}
	if len(t.marked) == 0 {
		fresh.made = maps.Clone(o.made)
		fresh.before, fresh.marked = o.before, o.marked
		return fresh
	}
	before, marked := o.made, t.marked
	if len(o.made) == 0 {
		// Nobody has asked this picture: the orders of the one before stay good with more rows to move.
		before, marked = o.before, slices.Concat(o.marked, t.marked)
	}
	if len(marked) <= t.count/16+16 {
		fresh.before, fresh.marked = maps.Clone(before), marked
	}
	return fresh
}

// restsOn tells whether an order by these sorts looks at no other columns.
func restsOn(key string, columns map[string]bool) bool {
	for part := range strings.SplitSeq(key, ",") {
		field, _, _ := strings.Cut(part, inLanguage)
		if !columns[strings.TrimSuffix(field, downward)] {
			return false
		}
	}
	return true
}

// repaired moves the rows that differ to where they belong and takes out those without a record.
func (t *Table) repaired(old, marked []int32, sorts []Sort) []int32 {
	moved := make(map[int32]bool, len(marked))
	var back []int32
	for _, row := range marked {
		if !moved[row] && t.Live(row) {
			back = append(back, row)
		}
		moved[row] = true
	}
	slices.SortFunc(back, func(a, b int32) int { return t.compare(a, b, sorts) })
	stay := make([]int32, 0, len(old))
	for _, row := range old {
		if !moved[row] {
			stay = append(stay, row)
		}
	}
	out := make([]int32, 0, len(stay)+len(back))
	for _, row := range back {
		at, _ := slices.BinarySearchFunc(stay, row, func(x, y int32) int { return t.compare(x, y, sorts) })
		out = append(append(out, stay[:at]...), row)
		stay = stay[at:]
	}
	return append(out, stay...)
}
