package table

import "opsdeck/model"

// Veiled returns the same picture without the fields that somebody must not see: they are empty for
// every record. What is computed from them shows, unless it is hidden itself. The receiver stays as
// it was, and all but the hidden columns is shared with it.
func (s *Snapshot) Veiled(hides func(model.Kind, *model.Field) bool) *Snapshot {
	v := *s
	v.hides = hides
	v.tables = make([]*Table, len(s.tables))
	s.each(func(t *Table) {
		c := t.thaw(&v, false)
		// Both remember what they were made from: words and orders of the whole picture would tell.
		c.words, c.orders = &words{}, newOrders()
		for i := range c.cols {
			if f := c.cols[i].field; hides(t.Schema.Kind, f) {
				c.cols[i] = newColumn(f)
				c.cols[i].freeze()
			}
		}
		v.tables[t.Schema.Kind] = c
	})
	return &v
}

// Hides tells whether the picture leaves a field out because its reader must not see it. What is empty in it
// then is not known to be nothing, and a sum of it is none.
func (s *Snapshot) Hides(k model.Kind, field string) bool {
	if s == nil || s.hides == nil {
		return false
	}
	f, ok := model.SchemaOf(k).Field(field)
	return ok && s.hides(k, f)
}
