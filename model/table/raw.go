package table

import "unsafe"

// The lists of a cache are used where they lie: reading them one by one would cost what the cache is
// there to save. This file is the one place of the model that looks at memory as bytes. It is for types
// of a fixed size without pointers, in the machine's own order of bytes.

// rawBytes is a list as bytes, which are the list's own.
func rawBytes[T any](list []T) []byte {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), len(list)*rawSize[T]())
}

// fromRaw is bytes as a list. It must not be written to where the bytes must not; where they do not
// lie as the type has to, it is a copy.
func fromRaw[T any](raw []byte) []T {
	n := len(raw) / rawSize[T]()
	if n == 0 {
		return nil
	}
	first := unsafe.Pointer(unsafe.SliceData(raw))
	var one T
	if uintptr(first)%unsafe.Alignof(one) != 0 {
		list := make([]T, n)
		copy(rawBytes(list), raw)
		return list
	}
	return unsafe.Slice((*T)(first), n)
}

func rawSize[T any]() int {
	var one T
	return int(unsafe.Sizeof(one))
}

// rawText is bytes as a text; the bytes must not change any more.
func rawText(raw []byte) string { return unsafe.String(unsafe.SliceData(raw), len(raw)) }

func textBytes(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
