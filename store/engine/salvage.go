package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// Salvaged is a record of a damaged book whose checksum is right.
type Salvaged struct {
	Bucket     string
	Key, Value []byte // valid during the call
	// Stray records were found on a page to which nothing leads any more: lost with a damaged page above it,
	// or an old version that has been replaced since.
	Stray bool
}

// Salvage hands out every record of a book that is whole, damaged as the book may be, and reports the
// damage. Where there is any, pages to which nothing leads are searched too, for records of the buckets
// that the caller names. The file is not written to; the book must not be open anywhere for writing. An
// error says that the file could not be read. Of o, Timeout and AllowNetwork count.
func Salvage(ctx context.Context, path string, o Options, buckets []string, damage func(error), found func(Salvaged) error) error {
	path, lock, err := lockDamaged(path, o)
	if err != nil {
		return err
	}
	defer lock.release()
	sound := true
	bad := func(err error) { sound = false; damage(err) }
	var failed error
	verify := verifyRecords(path, func(c *CorruptError) { bad(c) })
	weak, err := walkFile(path, func(w *walker) {
		w.ctx, w.bad = ctx, func(c *CorruptError) { bad(c) }
		w.record = func(page uint64, bucket string, key, stored []byte) {
			value, ok := sealerOf(bucket).unseal(key, stored)
			if !ok {
				verify(page, bucket, key, stored)
			} else if failed == nil {
				failed = found(Salvaged{Bucket: bucket, Key: key, Value: value})
				w.stop = failed != nil
			}
		}
	})
	switch {
	case failed != nil || ctx.Err() != nil:
		return errors.Join(failed, ctx.Err())
	case err != nil:
		bad(explain(path, err))
	case weak != nil:
		bad(weak)
	}
	if sound {
		return nil
	}
	return explain(path, searchPages(ctx, path, buckets, found))
}

// searchPages looks at every page of a file as if it might hold records. The checksum of a record takes in
// the bucket and the key, so it says where a record belongs as well as that it is whole.
func searchPages(ctx context.Context, path string, buckets []string, found func(Salvaged) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := os.Getpagesize()
	if h, _, err := readHead(f); err == nil {
		size = h.pageSize
	}
	s := searcher{found: found}
	for _, b := range buckets {
		s.buckets = append(s.buckets, bucketSealer{b, sealerOf(b)})
	}
	w := newWalker(f, head{pageSize: size, pages: uint64(info.Size()) / uint64(size)})
	w.ctx, w.bad = ctx, func(*CorruptError) {} // It has been told.
	for id := uint64(2); id < w.head.pages; id++ {
		clear(w.seen)
		p, err := w.load(id, "", 0)
		if err != nil {
			return err
		}
		if p == nil {
			if p, err = s.cutOff(w, id); err != nil {
				return err
			}
		}
		if p != nil && p.flags == flagLeaf {
			if err := s.page(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// cutOff reads a page whose header asks for more pages than there are, as in a file that was cut off: what
// lies on the page itself may be whole.
func (s *searcher) cutOff(w *walker, id uint64) (*page, error) {
	buf, err := w.read(nil, id, 1)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, w.unreadable(id, "", err)
	}
	n := binary.NativeEndian
	return &page{id: id, flags: n.Uint16(buf[8:]), count: int(n.Uint16(buf[10:])), data: buf}, nil
}

type bucketSealer struct {
	name string
	sealer
}

type searcher struct {
	buckets []bucketSealer
	found   func(Salvaged) error
}

func (s *searcher) page(p *page) error {
	for i := range p.count {
		e, ok := parseElement(p, i)
		if !ok {
			continue
		}
		if e.flags == flagSubBucket {
			if err := s.inside(e.value); err != nil {
				return err
			}
			continue
		}
		for _, b := range s.buckets {
			if value, ok := b.unseal(e.key, e.value); ok {
				if err := s.found(Salvaged{Bucket: b.name, Key: e.key, Value: value, Stray: true}); err != nil {
					return fmt.Errorf("record of %s: %w", b.name, err)
				}
				break
			}
		}
	}
	return nil
}

// inside searches a small bucket, which lies within its entry.
func (s *searcher) inside(entry []byte) error {
	if len(entry) < bucketHeader+pageHeader || binary.NativeEndian.Uint64(entry) != 0 {
		return nil
	}
	data, n := entry[bucketHeader:], binary.NativeEndian
	if flags := n.Uint16(data[8:]); flags != flagLeaf {
		return nil
	}
	return s.page(&page{flags: flagLeaf, count: int(n.Uint16(data[10:])), data: data})
}
