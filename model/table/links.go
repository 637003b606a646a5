package table

import "slices"

// links keeps a list of rows for each row: whom a field points at, or who points at it. What was read
// at the start of the program lies in one piece; lists that have changed since stand beside it.
type links struct {
	ends  []uint32 // where in flat the list of each row ends
	flat  []int32
	later vec[*[]int32]
}

// get returns a row's list, which must not be changed.
func (l *links) get(row int32) []int32 {
	if p := l.later.get(row); p != nil {
		return *p
	}
	if row < 0 || int(row) >= len(l.ends) {
		return nil
	}
	from := uint32(0)
	if row > 0 {
		from = l.ends[row-1]
	}
	return l.flat[from:l.ends[row]:l.ends[row]]
}

// set puts a row's list; the list belongs to links from then on.
func (l *links) set(row int32, list []int32) { l.later.set(row, &list) }

// insert adds a row to a list that stands in the order of ids. It makes a new list, because an older
// picture may share the one that is there.
func (l *links) insert(of, row int32, dir *directory) {
	old := l.get(of)
	id := dir.id(row)
	at, _ := slices.BinarySearchFunc(old, row, func(k, _ int32) int { return compareIDs(dir.id(k), id) })
	fresh := make([]int32, 0, len(old)+1)
	l.set(of, append(append(append(fresh, old[:at]...), row), old[at:]...))
}

// remove takes a row out of a list, into a new one.
func (l *links) remove(of, row int32) {
	old := l.get(of)
	kept := make([]int32, 0, len(old))
	for _, k := range old {
		if k != row {
			kept = append(kept, k)
		}
	}
	l.set(of, kept)
}

// linkBuilder collects pairs of rows in the order of the rows that they start from.
type linkBuilder struct {
	ends []uint32
	flat []int32
}

// add puts a row's list; the rows come in rising order.
func (b *linkBuilder) add(row int32, list ...int32) {
	for int(row) >= len(b.ends) {
		b.ends = append(b.ends, uint32(len(b.flat)))
	}
	b.flat = append(b.flat, list...)
	b.ends[row] = uint32(len(b.flat))
}

// turned makes the links that lead back, for rows up to size. Each list is in row order.
func (l *links) turned(size int32) links {
	back := links{ends: make([]uint32, size), flat: make([]int32, len(l.flat))}
	for _, to := range l.flat {
		back.ends[to]++
	}
	sum := uint32(0)
	for i, n := range back.ends {
		back.ends[i] = sum // Where the list begins, for now.
		sum += n
	}
	at := 0
	for row, end := range l.ends {
		for ; at < int(end); at++ {
			to := l.flat[at]
			back.flat[back.ends[to]] = int32(row)
			back.ends[to]++
		}
	}
	return back
}
