package table

import (
	"slices"

	"opsdeck/model"
	"opsdeck/model/day"
)

// Loader builds the first picture of a book. Kinds may be loaded side by side, each by one goroutine
// through its own KindLoader.
type Loader struct {
	s     *Snapshot
	kinds []*KindLoader // by kind
	month day.Day       // of usage, where it is given
	alone bool          // the figures of customers are wanted alone
}

// NewLoader begins a picture.
func NewLoader(today day.Day, settings *model.Settings) *Loader {
	l := &Loader{s: New(today, settings), kinds: make([]*KindLoader, kinds()), month: day.None}
	l.s.each(func(t *Table) { l.kinds[t.Schema.Kind] = newKindLoader(t) })
	return l
}

// Kind returns what loads the records of a kind, nil for an unknown one.
func (l *Loader) Kind(k model.Kind) *KindLoader {
	if int(k) >= len(l.kinds) {
		return nil
	}
	return l.kinds[k]
}

// Put adds a record, each once. Records of unknown kinds are left out: lists cannot show them.
func (l *Loader) Put(r *model.Record) {
	if k := l.Kind(r.Kind); k != nil {
		// What has just been encoded can be read.
		_ = k.Add(r.ID, model.AppendRecord(nil, r))
	}
}

// UseMonth gives the month that figures of usage are about, for pictures of a part of a book: which month
// is the last whole one is a matter of the whole book. Without a month the records loaded decide.
func (l *Loader) UseMonth(month day.Day) { l.month = month }

// ForCustomers leaves out the figures that rest on those of customers and on which none of customers rests: what
// contracts, contacts, items and articles have beside what is in their records. It is for pictures out of which customers
// are judged and nothing else is read.
func (l *Loader) ForCustomers() { l.alone = true }

// Snapshot follows the references, computes the figures and ends the building.
func (l *Loader) Snapshot(seq uint64) *Snapshot {
	l.s.Seq = seq
	var refs []*refLoader
	for _, k := range l.kinds {
		if k != nil {
			refs = append(refs, k.end()...)
		}
	}
	inParallel(len(l.kinds), func(i int) {
		if k := l.kinds[i]; k != nil {
			k.t.dir.index()
		}
	})
	inParallel(len(refs), func(i int) { refs[i].resolve(l.s) })
	for _, r := range refs {
		r.makeMissing(l.s)
	}
	inParallel(len(refs), func(i int) { refs[i].link(l.s) })
	l.s.each(func(t *Table) { t.size = int32(len(t.dir.ids)) })
	for row := range l.s.tables[model.Item].size {
		l.s.widest = max(l.s.widest, len(l.s.tables[model.Item].cols[itemAt.customers].lists.get(row)))
	}
	all := newDirty(true)
	all.month, all.alone = l.month, l.alone
	l.s.derive(all)
	l.s.each(func(t *Table) {
		t.settle()
		t.freeze()
	})
	return l.s
}

// KindLoader takes in the records of one kind.
type KindLoader struct {
	t      *Table
	fields []fieldLoader // by index into Schema.Fields
	custom map[string]*fieldLoader
}

// fieldLoader fills one column.
type fieldLoader struct {
	c      *column
	texts  *builder
	refs   *refLoader
	custom bool
}

func newKindLoader(t *Table) *KindLoader {
	k := &KindLoader{t: t, fields: make([]fieldLoader, len(t.cols)), custom: map[string]*fieldLoader{}}
	for i := range t.cols {
		f := &k.fields[i]
		f.c = &t.cols[i]
		if f.c.field.Has(model.FDerived) {
			f.c = nil
			continue
		}
		switch f.c.as {
		case asText:
			f.texts = newBuilder(f.c.dict, f.c.field.Options)
		case asRow, asRows:
			f.refs = &refLoader{c: f.c, t: t}
		}
	}
	return k
}

// Kind tells which records the loader takes in.
func (k *KindLoader) Kind() model.Kind { return k.t.Schema.Kind }

// Add takes in a record as model.AppendRecord has encoded it, each once and best in the order of ids.
// The error is that of an encoding that cannot be read.
func (k *KindLoader) Add(id model.ID, encoded []byte) error {
	row := int32(len(k.t.dir.ids))
	k.t.dir.ids = append(k.t.dir.ids, id)
	k.t.live.set(row, true)
	k.t.count++
	r := model.ReadFields(k.t.Schema.Kind, id, encoded)
	for r.Next() {
		f := k.field(&r)
		if f == nil || f.c == nil || !f.c.holds(r.Type) {
			continue
		}
		switch f.c.as {
		case asText:
			code := f.texts.code(r.Text)
			f.c.code.set(row, code)
			if f.custom && code != 0 {
				f.c.used++
			}
		case asNumber:
			f.c.num.set(row, cellOf(r.N))
		case asDay:
			f.c.day.set(row, dayOf(day.Day(r.N)))
		case asFlag:
			f.c.flag.set(row, uint8(1+min(1, max(0, r.N))))
		case asRow, asRows:
			f.refs.add(row, r.Text)
		}
	}
	return r.Err()
}

// field finds what takes in the field that was read last, nil for fields of a newer program.
func (k *KindLoader) field(r *model.FieldReader) *fieldLoader {
	if r.Index >= 0 {
		return &k.fields[r.Index]
	}
	if r.Name == nil {
		return nil
	}
	f, ok := k.custom[string(r.Name)]
	if !ok {
		if c := k.t.customColumn(string(r.Name)); c != nil {
			f = &fieldLoader{c: c, texts: newBuilder(c.dict, nil), custom: true}
		}
		k.custom[string(r.Name)] = f
	}
	return f
}

// end closes the texts and returns the references that are to be followed.
func (k *KindLoader) end() []*refLoader {
	var refs []*refLoader
	for i := range k.fields {
		if f := &k.fields[i]; f.texts != nil {
			f.texts.end()
		} else if f.refs != nil {
			refs = append(refs, f.refs)
		}
	}
	for _, f := range k.custom {
		if f != nil {
			f.texts.end()
		}
	}
	return refs
}

// refLoader keeps the references of one column until every record has its row.
type refLoader struct {
	c    *column
	t    *Table // that the column belongs to
	rows []int32
	ends []uint32 // of each row's list in ids
	ids  []model.ID
	to   []int32 // by ids: the row, or -1 for a record that is not there
}

func (l *refLoader) add(row int32, ids []byte) {
	for len(ids) >= len(model.ID{}) {
		l.ids = append(l.ids, model.ID(ids))
		ids = ids[len(model.ID{}):]
	}
	l.rows = append(l.rows, row)
	l.ends = append(l.ends, uint32(len(l.ids)))
}

func (l *refLoader) resolve(s *Snapshot) {
	dir := s.tables[l.c.field.Ref].dir
	l.to = make([]int32, len(l.ids))
	for i, id := range l.ids {
		l.to[i] = dir.places[dir.place(id)] - 1
	}
}

// makeMissing gives rows to records that are pointed at and not there, which a sound book has none of.
func (l *refLoader) makeMissing(s *Snapshot) {
	for i, to := range l.to {
		if to < 0 {
			l.to[i] = s.tables[l.c.field.Ref].dir.add(l.ids[i])
		}
	}
	l.ids = nil
}

func (l *refLoader) link(s *Snapshot) {
	b := linkBuilder{flat: make([]int32, 0, len(l.to))}
	if n := len(l.rows); n > 0 {
		b.ends = make([]uint32, 0, l.rows[n-1]+1)
	}
	from := uint32(0)
	for i, row := range l.rows {
		b.add(row, l.to[from:l.ends[i]]...)
		from = l.ends[i]
	}
	all := links{ends: b.ends, flat: b.flat}
	if l.c.as == asRows {
		l.c.lists = all
	} else {
		for i, row := range l.rows {
			l.c.to.set(row, l.to[i]+1)
		}
	}
	l.c.kids = all.turned(int32(len(s.tables[l.c.field.Ref].dir.ids)))
	if l.t.dir.rising {
		return
	}
	from = 0
	for _, end := range l.c.kids.ends {
		slices.SortFunc(l.c.kids.flat[from:end], func(a, b int32) int { return compareIDs(l.t.dir.ids[a], l.t.dir.ids[b]) })
		from = end
	}
}
