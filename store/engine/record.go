package engine

import (
	"encoding/binary"
	"hash/crc32"
)

// sumSize is the length of the checksum behind every stored value, in bytes.
const sumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealer seals the records of one bucket. The checksum covers the bucket and the key beside the
// value, so that a record that strayed under another key or into another bucket is noticed.
type sealer uint32

func sealerOf(bucket string) sealer { return sealer(crc32.Checksum([]byte(bucket), castagnoli)) }

// sum starts from the bucket and the length of the key: without the length the border between key
// and value could move unseen.
func (s sealer) sum(key, value []byte) uint32 {
	start := uint32(s) ^ uint32(len(key))
	return crc32.Update(crc32.Update(start, castagnoli, key), castagnoli, value)
}

// seal returns the stored form of a value: a copy with its checksum behind it.
func (s sealer) seal(key, value []byte) []byte {
	stored := make([]byte, 0, len(value)+sumSize)
	stored = append(stored, value...)
	return binary.LittleEndian.AppendUint32(stored, s.sum(key, value))
}

// unseal returns the value inside its stored form and whether the checksum is right. The capacity
// is cut so that an append cannot reach into the page.
func (s sealer) unseal(key, stored []byte) ([]byte, bool) {
	n := len(stored) - sumSize
	if n < 0 {
		return nil, false
	}
	value := stored[:n:n]
	return value, binary.LittleEndian.Uint32(stored[n:]) == s.sum(key, value)
}
