package table

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"

	"opsdeck/model"
)

// directory gives every record of a kind its row number, once and for all pictures of a book. It
// only grows; a record that is pointed at before it is known gets its number then.
type directory struct {
	mu     sync.RWMutex
	ids    []model.ID
	places []int32 // rows by hash, one more than the row; 0 is free
	shift  int     // which bits of the hash say the place
	rising bool    // rows are in the order of ids
	// borrowed places are those of a cache and must not be written to.
	borrowed bool
}

func newDirectory() *directory { return &directory{places: make([]int32, 16), shift: 60, rising: true} }

// place finds where a row number stands or belongs. At least half of the places are free.
func (d *directory) place(id model.ID) int {
	// Ids end in random or in counted bits; the multiplications bring both into the uppermost.
	high, low := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
	at := int((high*0x9e3779b97f4a7c15 ^ low) * 0xff51afd7ed558ccd >> d.shift)
	mask := len(d.places) - 1
	for d.places[at] != 0 && d.ids[d.places[at]-1] != id {
		at = (at + 1) & mask
	}
	return at
}

// row returns the record's number and makes one where there is none.
func (d *directory) row(id model.ID) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(id)
}

// add is row for those who have the directory to themselves.
func (d *directory) add(id model.ID) int32 {
	at := d.place(id)
	if d.places[at] != 0 {
		return d.places[at] - 1
	}
	if n := len(d.ids); n > 0 && compareIDs(d.ids[n-1], id) > 0 {
		d.rising = false
	}
	if d.borrowed {
		d.places, d.borrowed = slices.Clone(d.places), false
	}
	d.ids = append(d.ids, id)
	d.places[at] = int32(len(d.ids))
	if 2*len(d.ids) > len(d.places) {
		d.grow()
	}
	return int32(len(d.ids) - 1)
}

func (d *directory) grow() {
	d.places = make([]int32, 2*len(d.places))
	d.shift--
	for i, id := range d.ids {
		d.places[d.place(id)] = int32(i + 1)
	}
}

// index finds places for ids that were put in one after the other, each once.
func (d *directory) index() {
	for 2*len(d.ids) > len(d.places)/2 {
		d.places = make([]int32, 2*len(d.places))
		d.shift--
	}
	for i, id := range d.ids {
		d.places[d.place(id)] = int32(i + 1)
		d.rising = d.rising && (i == 0 || compareIDs(d.ids[i-1], id) < 0)
	}
}

// find returns the record's number if it has one.
func (d *directory) find(id model.ID) (int32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	row := d.places[d.place(id)] - 1
	return row, row >= 0
}

func (d *directory) id(row int32) model.ID {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ids[row]
}

// view returns the ids that have rows by now, and whether rows are in the order of ids.
func (d *directory) view() ([]model.ID, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ids, d.rising
}

func compareIDs(a, b model.ID) int { return bytes.Compare(a[:], b[:]) }
