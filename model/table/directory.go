package table

import (
	"sync"

	"opsdeck/model"
)

// directory gives every record of a kind its row number, once and for all pictures of a book. It
// only grows; a record that is pointed at before it is known gets its number then.
type directory struct {
	mu   sync.RWMutex
	rows map[model.ID]int32
	ids  []model.ID
}

func newDirectory() *directory { return &directory{rows: map[model.ID]int32{}} }

// row returns the record's number and makes one where there is none.
func (d *directory) row(id model.ID) int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r, ok := d.rows[id]; ok {
		return r
	}
	r := int32(len(d.ids))
	d.rows[id] = r
	d.ids = append(d.ids, id)
	return r
}

// find returns the record's number if it has one.
func (d *directory) find(id model.ID) (int32, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r, ok := d.rows[id]
	return r, ok
}

func (d *directory) id(row int32) model.ID {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if row < 0 || int(row) >= len(d.ids) {
		return model.ID{}
	}
	return d.ids[row]
}
