package table

// Records is how many records of all kinds there are.
func (s *Snapshot) Records() int {
	n := 0
	s.each(func(t *Table) { n += t.count })
	return n
}

// MakeWarm makes what the first look at each list and the first letter of a filter would have to make.
func (s *Snapshot) MakeWarm() {
	s.each(func(t *Table) {
		t.rowWords()
		t.Order([]Sort{{Field: t.Schema.Title}})
	})
}

// Warm tells whether that has been done.
func (s *Snapshot) Warm() bool {
	warm := true
	s.each(func(t *Table) { warm = warm && t.words.ready.Load() != nil })
	return warm
}
