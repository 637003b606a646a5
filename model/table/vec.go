package table

import "slices"

const (
	chunkBits = 10
	chunkSize = 1 << chunkBits
	chunkMask = chunkSize - 1
)

// vec is a long list cut into chunks. A copy of a vec shares its chunks; set copies a chunk before
// it is written for the first time after freeze.
type vec[T comparable] struct {
	chunks []*[chunkSize]T
	owned  []bool // chunks that no other vec shares; nil while frozen
}

// get returns the zero value for places that nothing was put to, those below zero among them.
func (v *vec[T]) get(i int32) T {
	c := int(uint32(i) >> chunkBits)
	if c >= len(v.chunks) || v.chunks[c] == nil {
		var zero T
		return zero
	}
	return v.chunks[c][i&chunkMask]
}

// put writes a value and tells whether another one was there. Writing what is there copies nothing.
func (v *vec[T]) put(i int32, x T) bool {
	if v.get(i) == x {
		return false
	}
	v.set(i, x)
	return true
}

func (v *vec[T]) set(i int32, x T) {
	c := int(i) >> chunkBits
	if c >= len(v.owned) || !v.owned[c] {
		v.own(c)
	}
	v.chunks[c][i&chunkMask] = x
}

// own makes chunk c this vec's alone.
func (v *vec[T]) own(c int) {
	if v.owned == nil {
		v.chunks = append(make([]*[chunkSize]T, 0, max(c+1, len(v.chunks))), v.chunks...)
		v.owned = make([]bool, len(v.chunks), cap(v.chunks))
	}
	for c >= len(v.chunks) {
		v.chunks = append(v.chunks, nil)
		v.owned = append(v.owned, false)
	}
	fresh := new([chunkSize]T)
	if v.chunks[c] != nil {
		*fresh = *v.chunks[c]
	}
	v.chunks[c], v.owned[c] = fresh, true
}

// reserve makes room for rows up to size, so that several may then write, each to chunks of its own.
func (v *vec[T]) reserve(size int32) {
	n := max(len(v.chunks), int(size+chunkMask)>>chunkBits)
	if v.owned != nil && len(v.owned) >= n {
		return
	}
	v.chunks = append(make([]*[chunkSize]T, 0, n), v.chunks...)[:n]
	v.owned = append(make([]bool, 0, n), v.owned...)[:n]
}

// changed tells whether anything has been written since the last freeze.
func (v *vec[T]) changed() bool { return slices.Contains(v.owned, true) }

// freeze ends the writing: from now on the chunks may be shared.
func (v *vec[T]) freeze() { v.owned = nil }
