package table

const (
	chunkBits = 10
	chunkSize = 1 << chunkBits
	chunkMask = chunkSize - 1
)

// vec is a long list cut into chunks. A copy of a vec shares its chunks; set copies a chunk before
// it is written for the first time after freeze.
type vec[T any] struct {
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

func (v *vec[T]) set(i int32, x T) {
	if v.owned == nil {
		v.chunks = append([]*[chunkSize]T(nil), v.chunks...)
		v.owned = make([]bool, len(v.chunks), len(v.chunks)+1)
	}
	c := int(i) >> chunkBits
	for c >= len(v.chunks) {
		v.chunks = append(v.chunks, nil)
		v.owned = append(v.owned, false)
	}
	if !v.owned[c] {
		fresh := new([chunkSize]T)
		if v.chunks[c] != nil {
			*fresh = *v.chunks[c]
		}
		v.chunks[c], v.owned[c] = fresh, true
	}
	v.chunks[c][i&chunkMask] = x
}

// freeze ends the writing: from now on the chunks may be shared.
func (v *vec[T]) freeze() { v.owned = nil }
