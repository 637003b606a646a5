package store

import (
	"encoding/binary"

	"opsdeck/model"
)

// schemaVersion is the newest layout of a book that this program knows. Every bucket and key stands
// in this file with the version that brought it.
//
//	1  the first
//	2  the log is chained over salted digests of values, so that values can be erased; entries of schema 1 stay
//	   as they are until something is erased
const schemaVersion = 2

// The buckets, all since version 1. Records, batches and log are the book; the other buckets are
// indexes that Check compares with a rebuild.
const (
	bucketRecord = "record"     // kind, id → model.AppendRecord
	bucketLog    = "log"        // seq → chain hash, batch id, ops
	bucketBatch  = "batch"      // seq of its first log entry → model.Batch
	bucketMeta   = "meta"       // book's id, last seq, chain hash
	indexBatch   = "ix-batch"   // batch id → seq
	indexTouched = "ix-touched" // record id, seq → nothing: which log entries changed a record
	indexKey     = "ix-key"     // kind, source key → record id
	indexExt     = "ix-ext"     // kind, external id, 0, record id → nothing
	indexRef     = "ix-ref"     // record id pointed at, kind, record id → nothing
	// Drafts are no part of the log; an older program leaves the bucket alone.
	bucketDraft = "draft" // owner, 0, draft id → model.Draft; owner, 1, sort → lines typed
)

func buckets() []string {
	return []string{
		bucketRecord, bucketLog, bucketBatch, bucketMeta, indexBatch, indexTouched, indexKey, indexExt, indexRef, bucketDraft,
	}
}

// The keys of bucketMeta.
var (
	keyBook  = []byte("book")  // the book's id, made at creation
	keyChain = []byte("chain") // hash of the last log entry
	keySeq   = []byte("seq")   // number of the last log entry
	keyTime  = []byte("time")  // time of the last batch, microseconds
)

// nothing is the value of index entries that are all key.
var nothing = []byte{1}

func recordKey(k model.Kind, id model.ID) []byte { return append([]byte{byte(k)}, id[:]...) }

func splitRecordKey(b []byte) (model.Kind, model.ID, bool) {
	if len(b) != 17 {
		return 0, model.ID{}, false
	}
	return model.Kind(b[0]), model.ID(b[1:17]), true
}

func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

func seqOf(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

func touchedKey(id model.ID, seq uint64) []byte { return binary.BigEndian.AppendUint64(id[:], seq) }

func sourceKey(k model.Kind, key string) []byte { return append([]byte{byte(k)}, key...) }

func extPrefix(k model.Kind, ext string) []byte {
	return append(append([]byte{byte(k)}, ext...), 0)
}

func extKey(k model.Kind, ext string, id model.ID) []byte { return append(extPrefix(k, ext), id[:]...) }

func refKey(to model.ID, k model.Kind, from model.ID) []byte {
	return append(append(append([]byte(nil), to[:]...), byte(k)), from[:]...)
}

func draftKey(owner string, id model.ID) []byte { return append(append([]byte(owner), 0), id[:]...) }

// after returns the first key behind every key that begins with prefix, nil when there is none.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// indexEntries lists the entries that a record has in the three indexes over its content.
func indexEntries(r *model.Record) []indexEntry {
	if r == nil {
		return nil
	}
	var out []indexEntry
	for _, fv := range r.Fields {
		switch {
		case fv.Name == "keys":
			for _, key := range fv.Value.Items() {
				out = append(out, indexEntry{indexKey, string(sourceKey(r.Kind, key)), r.ID})
			}
		case fv.Name == "external_id":
			if ext := fv.Value.Str(); len(ext) <= maxIndexed {
				out = append(out, indexEntry{indexExt, string(extKey(r.Kind, ext, r.ID)), model.ID{}})
			}
		case fv.Value.Type() == model.TRef || fv.Value.Type() == model.TRefs:
			for _, to := range fv.Value.IDs() {
				out = append(out, indexEntry{indexRef, string(refKey(to, r.Kind, r.ID)), model.ID{}})
			}
		}
	}
	return out
}

// sameIndexed tells of two versions of a record, without listing their entries, that they have the same ones.
func sameIndexed(a, b *model.Record) bool {
	if a == nil || b == nil {
		return a == b
	}
	next := func(r *model.Record, i int) int {
		for i < len(r.Fields) && !indexed(&r.Fields[i]) {
			i++
		}
		return i
	}
	i, j := next(a, 0), next(b, 0)
	for i < len(a.Fields) && j < len(b.Fields) && a.Fields[i] == b.Fields[j] {
		i, j = next(a, i+1), next(b, j+1)
	}
	return i == len(a.Fields) && j == len(b.Fields)
}

// indexed tells the fields that indexEntries looks at.
func indexed(fv *model.FieldValue) bool {
	t := fv.Value.Type()
	return t == model.TRef || t == model.TRefs || fv.Name == "keys" || fv.Name == "external_id"
}

// indexedRecord tells which record an entry of an index over the content of records belongs to.
func indexedRecord(bucket string, key, value []byte) (recordID, bool) {
	switch {
	case bucket == indexKey && len(key) > 0 && len(value) == 16:
		return recordID{model.Kind(key[0]), model.ID(value)}, true
	case bucket == indexExt && len(key) > 17:
		return recordID{model.Kind(key[0]), model.ID(key[len(key)-16:])}, true
	case bucket == indexRef && len(key) == 33:
		return recordID{model.Kind(key[16]), model.ID(key[17:])}, true
	}
	return recordID{}, false
}

// maxIndexed is the length of an external id beyond which it is no key to look up by.
const maxIndexed = 1024

// indexEntry is one index key and the record id that it leads to, zero where the key is all.
type indexEntry struct {
	bucket string
	key    string
	id     model.ID
}

func (e indexEntry) value() []byte {
	if e.id.IsZero() {
		return nothing
	}
	return e.id[:]
}
