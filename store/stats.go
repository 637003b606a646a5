package store

import (
	"fmt"
	"os"

	"opsdeck/model"
	"opsdeck/store/engine"
)

// Stats are the sizes of a book.
type Stats struct {
	Records map[model.Kind]int // kinds without records are left out
	Steps   int                // batches in the log
	Ops     int                // changes of single records in them
	Entries int                // log entries, of up to 256 changes each
	Bytes   int64              // of the file; 0 in memory
}

// Total is the number of records of all kinds.
func (s Stats) Total() int {
	n := 0
	for _, k := range s.Records {
		n += k
	}
	return n
}

// Stats counts what a book holds. It reads keys and heads only, so that it takes a fraction of the time
// that reading every record takes.
func (b *Book) Stats() (Stats, error) {
	var s Stats
	err := b.eng.View(func(tx engine.Tx) error {
		s = Stats{Records: map[model.Kind]int{}}
		if err := tx.Scan(bucketRecord, nil, nil, func(key, _ []byte) (bool, error) {
			if kind, _, ok := splitRecordKey(key); ok {
				s.Records[kind]++
			}
			return true, nil
		}); err != nil {
			return err
		}
		raw, _ := tx.Get(bucketMeta, keySeq)
		s.Entries = int(seqOf(raw))
		return eachBatch(tx, func(h model.Batch) bool { s.Steps++; s.Ops += h.Ops; return true })
	})
	if err != nil || b.late == nil {
		return s, err
	}
	info, err := os.Stat(b.Path())
	if err != nil {
		return s, fmt.Errorf("the size of the book: %w", err)
	}
	s.Bytes = info.Size()
	return s, nil
}
