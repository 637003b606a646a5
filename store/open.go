package store

import (
	"context"
	"errors"
	"fmt"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// Open opens the book at path. The errors of engine.Open come through. Where the cache beside a large
// book is known to show it as it is, only its lock is taken here: pictures come from the cache, the book
// itself is examined and opened meanwhile, and who reads or changes it waits for that.
func Open(path string, o Options) (*Book, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	r, err := engine.Reserve(path, engine.Options{
		Create: o.Create, ReadOnly: o.ReadOnly, Timeout: o.Timeout, User: o.User, Now: o.Now,
		Buckets: buckets(), Schema: schemaVersion,
	})
	if err != nil {
		return nil, err
	}
	b := newBook(o)
	b.late = newLate(r, b.begun, b.notify, b.keep.maps.viewed)
	b.eng = b.late
	b.keep.look(r.Path(), o)
	if b.keep.fresh {
		if o.Brief {
			b.late.begin()
		}
		return b, nil
	}
	if _, err := b.late.wait(); err != nil {
		return nil, errors.Join(err, b.late.Close())
	}
	return b, nil
}

// NewMemory makes an empty book in memory, for tests and for trying out.
func NewMemory(o Options) (*Book, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := newBook(o)
	b.eng = engine.NewMemory()
	return b, b.begun(b.eng)
}

func (o *Options) check() error {
	if o.Now == nil || o.NewID == nil || o.Today == nil {
		return errors.New("a book needs a clock, a maker of ids and a day")
	}
	return nil
}

func newBook(o Options) *Book {
	return &Book{core: &core{base: o, watchers: map[int]*watcher{}, present: map[*Book]model.Presence{}}, o: o}
}

// begun gives a new book its id.
func (c *core) begun(e engine.Engine) error {
	// Most of what the first screen has looked at is not looked at again.
	defer c.keep.maps.rest()
	if c.base.ReadOnly {
		return nil
	}
	if err := c.migrate(e); err != nil {
		return err
	}
	return e.Update(func(tx engine.Tx) error {
		if _, ok := tx.Get(bucketMeta, keyBook); ok {
			return nil
		}
		id := c.base.NewID()
		return tx.Put(bucketMeta, keyBook, id[:])
	})
}

// migrate brings an older book to the schema of this program, after a copy of it as it was. From schema 1 to 2
// nothing has to be rewritten: what is there keeps its form, and an older program must not write beside the new one.
func (c *core) migrate(e engine.Engine) error {
	found := schemaVersion
	if err := e.View(func(tx engine.Tx) (err error) {
		found, err = engine.Schema(tx)
		return err
	}); err != nil || found == 0 || found >= schemaVersion {
		return err
	}
	if bolt, ok := e.(*engine.Bolt); ok {
		if err := bolt.Backup(context.Background(), fmt.Sprintf("%s.schema%d", bolt.Path(), found)); err != nil {
			return fmt.Errorf("a copy before the book is brought from schema %d to %d: %w", found, schemaVersion, err)
		}
	}
	return e.Update(func(tx engine.Tx) error { return engine.SetSchema(tx, schemaVersion) })
}
