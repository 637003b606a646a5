package engine

import (
	"encoding/binary"
	"hash/crc32"
)

// sumSize is the length of the checksum behind every stored value, in bytes.
const sumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum covers the bucket and the key beside the value, so that a record that strayed under
// another key is noticed. The lengths go in as well: without them the border between key and value
// could move unseen.
func checksum(bucket string, key, value []byte) uint32 {
	var head [16]byte
	binary.LittleEndian.PutUint64(head[:8], uint64(len(bucket)))
	binary.LittleEndian.PutUint64(head[8:], uint64(len(key)))
	sum := crc32.Update(0, castagnoli, head[:])
	sum = crc32.Update(sum, castagnoli, []byte(bucket))
	sum = crc32.Update(sum, castagnoli, key)
	return crc32.Update(sum, castagnoli, value)
}

// seal returns the stored form of a value: a copy with its checksum behind it.
func seal(bucket string, key, value []byte) []byte {
	stored := make([]byte, 0, len(value)+sumSize)
	stored = append(stored, value...)
	return binary.LittleEndian.AppendUint32(stored, checksum(bucket, key, value))
}

// unseal returns the value inside its stored form and whether the checksum is right. The capacity
// is cut so that an append cannot reach into the page.
func unseal(bucket string, key, stored []byte) ([]byte, bool) {
	n := len(stored) - sumSize
	if n < 0 {
		return nil, false
	}
	value := stored[:n:n]
	return value, binary.LittleEndian.Uint32(stored[n:]) == checksum(bucket, key, value)
}
