package tabular

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// byteStats is what one pass over the raw bytes tells.
type byteStats struct {
	nuls      int64    // NUL bytes
	nulAt     [2]int64 // of them at even and at odd offsets
	lf        int64    // bytes 0x0A
	lf16      [2]int64 // UTF-16 line feeds: [0] little endian, [1] big endian
	badUTF8   int64    // offset of the first byte that is not UTF-8, -1 for none
	invalid   int64    // bytes that are not UTF-8
	multibyte int64    // well-formed UTF-8 sequences of two bytes and more
}

const scanChunk = 256 << 10

func scanBytes(ctx context.Context, src *source) (byteStats, error) {
	st := byteStats{badUTF8: -1}
	s := &stream{ctx: ctx, src: src}
	buf := make([]byte, scanChunk)
	have := 0
	for {
		at := s.next - int64(have)
		n, err := s.Read(buf[have:])
		if err != nil && !errors.Is(err, io.EOF) {
			return st, err
		}
		atEOF := errors.Is(err, io.EOF)
		have += n
		used := st.add(buf[:have], at, atEOF)
		have = copy(buf, buf[used:have])
		if atEOF {
			return st, nil
		}
	}
}

// add counts a chunk and returns how much of it is done: a character cut off at its end is left for
// the next call, unless there is none. The offset of a chunk may be odd.
func (st *byteStats) add(chunk []byte, at int64, atEOF bool) int {
	used := len(chunk)
	if !atEOF {
		used -= partialRune(chunk)
	}
	chunk = chunk[:used]
	if bytes.IndexByte(chunk, 0) >= 0 {
		for i, b := range chunk {
			if b == 0 {
				st.nuls++
				st.nulAt[(at+int64(i))&1]++
			}
		}
	}
	for i := 0; ; i++ {
		k := bytes.IndexByte(chunk[i:], '\n')
		if k < 0 {
			break
		}
		i += k
		st.lf++
		odd := (at + int64(i)) & 1
		if odd == 0 && i+1 < len(chunk) && chunk[i+1] == 0 {
			st.lf16[0]++
		}
		if odd == 1 && i > 0 && chunk[i-1] == 0 {
			st.lf16[1]++
		}
	}
	st.addUTF8(chunk, at)
	return used
}

func (st *byteStats) addUTF8(chunk []byte, at int64) {
	for i := 0; i < len(chunk); {
		if chunk[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(chunk[i:])
		if r == utf8.RuneError && size == 1 {
			st.invalid++
			if st.badUTF8 < 0 {
				st.badUTF8 = at + int64(i)
			}
		} else {
			st.multibyte++
		}
		i += size
	}
}

// partialRune returns the length of an incomplete UTF-8 sequence at the end of b.
func partialRune(b []byte) int {
	for back := 1; back <= 3 && back <= len(b); back++ {
		c := b[len(b)-back]
		if utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-back:]) {
				return back
			}
			return 0
		}
	}
	return 0
}

// utf16 recognises UTF-16 without a mark: NUL bytes stand on one side of the pairs only, and line
// feeds are pairs themselves. It returns the name of the encoding or nothing.
func (st byteStats) utf16(size int64) string {
	for order, name := range []string{encUTF16LE, encUTF16BE} {
		high := 1 - order // the side of the pair where ASCII has its NUL
		if size%2 == 0 && st.nulAt[high]*50 >= size && st.nulAt[1-high]*10 <= st.nulAt[high] &&
			(st.lf == 0 || st.lf16[order] > 0) {
			return name
		}
	}
	return ""
}

// A legacy encoding is judged by what its characters would cost: common ones are cheap, rare ones
// dear, impossible ones nearly decisive. The one that explains the whole file most cheaply wins.
const (
	costCommon  = 4
	costLetter  = 3
	costUnusual = 12
	costRare    = 24
	costInvalid = 100
)

// doubleByte describes the byte ranges of a double-byte encoding. cost gets a lead byte and the one
// after it and returns what the character costs and how many bytes it takes.
type doubleByte struct {
	name string
	cost func(lead, next byte) (cost, size int)
}

// Simplified Chinese first: between two that explain a file equally well the more used one wins.
var doubleBytes = []doubleByte{
	{encGB18030, gb18030Cost},
	{encCP932, cp932Cost},
	{encBig5, big5Cost},
}

// gb18030Cost: level 1 hanzi (by frequency) are B0–D7, level 2 D8–F7, full-width forms and
// punctuation A1–A3, kana A4–A5; the rest of GBK is rare, four-byte characters rarer.
func gb18030Cost(lead, next byte) (int, int) {
	switch {
	case lead == 0x80 || lead == 0xff:
		return costInvalid, 1
	case next >= 0x30 && next <= 0x39:
		return costRare, 4
	case next < 0x40 || next == 0x7f || next == 0xff:
		return costInvalid, 1
	case next < 0xa1:
		return costRare, 2
	case lead >= 0xb0 && lead <= 0xd7, lead == 0xa1, lead == 0xa3:
		return costCommon, 2
	case lead >= 0xd8 && lead <= 0xf7, lead >= 0xa4 && lead <= 0xa9:
		return costUnusual, 2
	default:
		return costRare, 2
	}
}

// cp932Cost: kana and punctuation are 81–83, level 1 kanji 88–97, level 2 98–9F and E0–EA, NEC and
// IBM extensions 87, ED–FC; A1–DF are half-width katakana of one byte.
func cp932Cost(lead, next byte) (int, int) {
	switch {
	case lead >= 0xa1 && lead <= 0xdf:
		return costCommon, 1
	case lead == 0x80 || lead == 0xa0 || lead >= 0xfd:
		return costInvalid, 1
	case next < 0x40 || next == 0x7f || next > 0xfc:
		return costInvalid, 1
	case lead >= 0x81 && lead <= 0x83:
		return costLetter, 2
	case lead >= 0x88 && lead <= 0x97:
		return costCommon, 2
	case lead >= 0x98 && lead <= 0x9f, lead >= 0xe0 && lead <= 0xea, lead == 0x84:
		return costUnusual, 2
	default:
		return costRare, 2
	}
}

// big5Cost: punctuation and full-width forms A1–A3, frequent characters A4–C6, the rest C9–F9.
func big5Cost(lead, next byte) (int, int) {
	switch {
	case lead < 0x81 || lead == 0xff:
		return costInvalid, 1
	case next < 0x40 || (next > 0x7e && next < 0xa1) || next == 0xff:
		return costInvalid, 1
	case lead >= 0xa1 && lead <= 0xa3, lead >= 0xa4 && lead <= 0xc6:
		return costCommon, 2
	case lead >= 0xc9 && lead <= 0xf9:
		return costUnusual, 2
	default:
		return costRare, 2
	}
}

// western judges Windows-1252: letters with marks stand alone or in twos among ASCII letters, signs
// such as quotes, dashes and currency stand alone.
type western struct {
	cost int64
	run  int
	prev byte
}

func (w *western) add(b byte) {
	defer func() { w.prev = b }()
	if b < 0x80 {
		w.run = 0
		return
	}
	w.run++
	switch {
	case b == 0x81 || b == 0x8d || b == 0x8f || b == 0x90 || b == 0x9d:
		w.cost += costInvalid
	case w.run > 2:
		w.cost += costUnusual
	case b >= 0xc0 && b != 0xd7 && b != 0xf7 && isASCIILetterOrEdge(w.prev):
		w.cost += costLetter
	case b >= 0xc0:
		w.cost += 2 * costLetter
	default:
		w.cost += costLetter + 2
	}
}

func isASCIILetterOrEdge(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == ' ' || b == '"' || b == ',' || b == ';' || b == '\t' || b == '\n'
}

// tally runs one double-byte encoding over the bytes, which come in chunks.
type tally struct {
	doubleByte
	total int64
	lead  byte
	open  bool
	skip  int
}

func (t *tally) add(b byte) {
	switch {
	case t.skip > 0:
		t.skip--
	case t.open:
		t.open = false
		cost, size := t.cost(t.lead, b)
		t.total += int64(cost)
		if size == 1 {
			// The lead byte stood alone; b begins anew.
			t.add(b)
			return
		}
		t.skip = size - 2
	case b >= 0x80:
		t.lead, t.open = b, true
	}
}

// sniffLegacy chooses among the encodings that are not Unicode and returns a warning when the
// choice was close.
func sniffLegacy(ctx context.Context, src *source) (name, warning string, err error) {
	tallies := make([]tally, len(doubleBytes))
	for i, d := range doubleBytes {
		tallies[i] = tally{doubleByte: d}
	}
	var w western
	s := &stream{ctx: ctx, src: src}
	buf := make([]byte, scanChunk)
	for {
		n, err := s.Read(buf)
		for _, b := range buf[:n] {
			w.add(b)
			for i := range tallies {
				tallies[i].add(b)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", "", err
		}
	}
	best, second := enc1252, ""
	bestCost, secondCost := w.cost, int64(-1)
	for _, t := range tallies {
		if t.open {
			t.total += costInvalid
		}
		if t.total < bestCost {
			best, second, bestCost, secondCost = t.name, best, t.total, bestCost
		} else if secondCost < 0 || t.total < secondCost {
			second, secondCost = t.name, t.total
		}
	}
	if secondCost < bestCost*3/2 {
		warning = fmt.Sprintf("read as %s; %s is nearly as likely (--encoding)", best, second)
	}
	return best, warning, nil
}
