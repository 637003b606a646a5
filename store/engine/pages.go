package engine

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
)

// deepest is more levels than a sound tree of any size has.
const deepest = 64

// walker reads every page of a book from the file, around bbolt and its map, believing nothing it
// reads. What it finds goes to bad, and it goes on with the next page or record.
type walker struct {
	src  io.ReaderAt
	path string
	head head
	ctx  context.Context

	bad    func(*CorruptError)
	record func(page uint64, bucket string, key, stored []byte) // nil: records are not looked into
	stop   bool

	seen []uint64 // one bit for each page
	bufs [deepest][]byte

	// Most pages follow the one before them in the file: they are read several at a time.
	ahead []byte
	from  uint64 // the first page of ahead
	last  uint64 // that was read
}

// window is how many pages are read at a time.
const window = 16

func newWalker(f *os.File, h head) *walker {
	return &walker{src: f, path: f.Name(), head: h, ctx: context.Background(), seen: make([]uint64, h.pages/64+1)}
}

// page is a page that has been read, its header checked and its elements within bounds.
type page struct {
	id    uint64
	flags uint16
	count int
	data  []byte
}

// element is an entry of a page: in a leaf a record or bucket, in a branch a child.
type element struct {
	flags      uint32
	key, value []byte
	child      uint64
	start, end uint64 // of key and value within the page
}

// walk reads all. The error is about reading (or a cancelled context), never about what was read.
func (w *walker) walk() error { return w.tree(span{}, w.head.root, "", 0) }

func (w *walker) report(page uint64, bucket string, key []byte, format string, args ...any) {
	w.bad(&CorruptError{Path: w.path, Page: page, Bucket: bucket, Key: slices.Clone(key), Reason: fmt.Sprintf(format, args...)})
}

// span is where the keys below a branch have to lie: low <= key < high; nil is open.
type span struct{ low, high []byte }

// tree walks a page and all below it. bucket is "" for the bucket of buckets.
func (w *walker) tree(in span, id uint64, bucket string, depth int) error {
	p, err := w.load(id, bucket, depth)
	if err != nil || p == nil {
		return err
	}
	switch {
	case p.flags == flagLeaf:
		return w.leaf(in, p, bucket, depth)
	case p.flags != flagBranch:
		w.report(id, bucket, nil, "expected a page of records, its kind is %#x", p.flags)
		return nil
	case p.count == 0:
		w.report(id, bucket, nil, "a branch without children")
		return nil
	}
	return w.entries(in, p, bucket, func(i int, e element) error {
		below := span{e.key, in.high}
		if i+1 < p.count {
			if next, ok := parseElement(p, i+1); ok {
				below.high = next.key
			}
		}
		return w.tree(below, e.child, bucket, depth+1)
	})
}

func (w *walker) leaf(in span, p *page, bucket string, depth int) error {
	return w.entries(in, p, bucket, func(_ int, e element) error {
		switch {
		case bucket == "" && (e.flags != flagSubBucket || len(e.value) < bucketHeader):
			w.report(p.id, string(e.key), nil, "expected a bucket, its kind is %#x", e.flags)
		case bucket == "":
			return w.bucket(p.id, string(e.key), e.value, depth)
		case e.flags != 0:
			w.report(p.id, bucket, e.key, "expected a record, its kind is %#x", e.flags)
		case w.record != nil:
			w.record(p.id, bucket, e.key, e.value)
		}
		return nil
	})
}

// bucket walks a bucket: a tree of its own or, when small, a page inside the bucket's entry.
func (w *walker) bucket(id uint64, name string, entry []byte, depth int) error {
	e := binary.NativeEndian
	if seq := e.Uint64(entry[8:]); seq != 0 {
		w.report(id, name, nil, "the bucket's counter is %d, it is never used", seq)
	}
	if root := e.Uint64(entry); root != 0 {
		return w.tree(span{}, root, name, depth+1)
	}
	data := entry[bucketHeader:]
	if len(data) < pageHeader {
		w.report(id, name, nil, "the bucket is cut off")
		return nil
	}
	p := &page{id: id, flags: e.Uint16(data[8:]), count: int(e.Uint16(data[10:])), data: data}
	if own, over := e.Uint64(data), e.Uint32(data[12:]); own != 0 || over != 0 || p.flags != flagLeaf {
		w.report(id, name, nil, "the header of the page inside the bucket is wrong (%d, %#x, %d)", own, p.flags, over)
		return nil
	}
	return w.leaf(span{}, p, name, depth)
}

// entries visits the entries of a page that lie within it, and reports keys out of order. Keys and
// values follow the list of entries and one another without a gap, as bbolt writes them: nothing
// else would show that the number of entries has become smaller.
func (w *walker) entries(in span, p *page, bucket string, visit func(i int, e element) error) error {
	end, gap := p.table(), false
	var last []byte
	for i := 0; i < p.count && !w.stop; i++ {
		e, ok := parseElement(p, i)
		if !ok {
			w.report(p.id, bucket, nil, "entry %d of %d reaches out of the page", i, p.count)
			gap = true
			continue
		}
		if e.start != end && !gap {
			w.report(p.id, bucket, nil, "its %d entries do not fill the page without a gap; some may be lost", p.count)
			gap = true
		}
		if last != nil && bytes.Compare(last, e.key) >= 0 {
			w.report(p.id, bucket, e.key, "the key is not greater than the one before it")
		}
		if bytes.Compare(e.key, in.low) < 0 || in.high != nil && bytes.Compare(e.key, in.high) >= 0 {
			w.report(p.id, bucket, e.key, "the key does not belong on this page")
		}
		end, last = e.end, e.key
		if err := visit(i, e); err != nil {
			return err
		}
	}
	return nil
}

// parseElement reads entry i of a page; false when it reaches out of the page.
func parseElement(p *page, i int) (element, bool) {
	table, at := p.table(), uint64(pageHeader+i*elementSize)
	if table > uint64(len(p.data)) {
		return element{}, false
	}
	n, raw := binary.NativeEndian, p.data[at:]
	var e element
	var pos, keyLen, valueLen uint64
	if p.flags == flagBranch {
		pos, keyLen, e.child = uint64(n.Uint32(raw)), uint64(n.Uint32(raw[4:])), n.Uint64(raw[8:])
	} else {
		e.flags, pos = n.Uint32(raw), uint64(n.Uint32(raw[4:]))
		keyLen, valueLen = uint64(n.Uint32(raw[8:])), uint64(n.Uint32(raw[12:]))
	}
	e.start = at + pos
	e.end = e.start + keyLen + valueLen
	if e.start < table || keyLen == 0 || keyLen > MaxKey || e.end > uint64(len(p.data)) {
		return element{}, false
	}
	e.key = p.data[e.start : e.start+keyLen]
	e.value = p.data[e.start+keyLen : e.end]
	return e, true
}

// table is where the list of entries ends and their keys and values begin.
func (p *page) table() uint64 { return uint64(pageHeader + p.count*elementSize) }

// load reads a page and checks its header; nil when it is not to be used. The page is valid until
// the next load at the same depth.
func (w *walker) load(id uint64, bucket string, depth int) (*page, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	if id < 2 || id >= w.head.pages || depth >= deepest {
		w.report(id, bucket, nil, "there can be no page here (%d pages, level %d)", w.head.pages, depth)
		return nil, nil
	}
	size := w.head.pageSize
	buf, err := w.read(w.bufs[depth][:0], id, 1)
	if err != nil {
		return nil, w.unreadable(id, bucket, err)
	}
	n := binary.NativeEndian
	own, over := n.Uint64(buf), uint64(n.Uint32(buf[12:]))
	if own != id || over >= w.head.pages-id {
		w.report(id, bucket, nil, "the header says page %d and %d more", own, over)
		return nil, nil
	}
	for i := id; i <= id+over; i++ {
		if w.seen[i/64]&(1<<(i%64)) != 0 {
			w.report(i, bucket, nil, "the page belongs to two places")
			return nil, nil
		}
		w.seen[i/64] |= 1 << (i % 64)
	}
	if over > 0 {
		if buf, err = w.read(buf, id+1, int(over)); err != nil {
			return nil, w.unreadable(id, bucket, err)
		}
	}
	w.bufs[depth] = buf
	return &page{id: id, flags: n.Uint16(buf[8:]), count: int(n.Uint16(buf[10:])), data: buf[:size*int(over+1)]}, nil
}

// read appends count pages to buf.
func (w *walker) read(buf []byte, id uint64, count int) ([]byte, error) {
	size := uint64(w.head.pageSize)
	if count == 1 && w.near(id) {
		at := (id - w.from) * size
		return append(buf, w.ahead[at:at+size]...), nil
	}
	have := len(buf)
	buf = slices.Grow(buf, count*w.head.pageSize)[:have+count*w.head.pageSize]
	_, err := w.src.ReadAt(buf[have:], int64(id)*int64(w.head.pageSize))
	return buf, err
}

// near tells whether a page has been read with those before it, and reads it with those behind it where the last one
// was close by. What cannot be read so is left to be read, and judged, by itself.
func (w *walker) near(id uint64) bool {
	size := uint64(w.head.pageSize)
	close := id > w.last && id-w.last <= window
	w.last = id
	if id >= w.from && (id-w.from+1)*size <= uint64(len(w.ahead)) {
		return true
	}
	if !close || id+window > w.head.pages {
		return false
	}
	w.from, w.ahead = id, slices.Grow(w.ahead[:0], window*w.head.pageSize)[:window*size]
	if _, err := w.src.ReadAt(w.ahead, int64(id*size)); err != nil {
		w.ahead = w.ahead[:0]
	}
	return len(w.ahead) > 0
}

// unreadable reports a page that the disk cannot give, which is damage like any other; other
// failures end the walk.
func (w *walker) unreadable(id uint64, bucket string, err error) error {
	if !errors.Is(err, syscall.EIO) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("page %d of %s: %w", id, w.path, err)
	}
	w.report(id, bucket, nil, "the page cannot be read: %v", err)
	return nil
}
