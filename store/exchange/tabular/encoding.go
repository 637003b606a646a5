package tabular

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Names of the encodings that are found without help.
const (
	encUTF8    = "UTF-8"
	encUTF16LE = "UTF-16LE"
	encUTF16BE = "UTF-16BE"
	encGB18030 = "GB18030"
	encBig5    = "Big5"
	encCP932   = "CP932"
	enc1252    = "Windows-1252"
)

// textFile is what is known about the encoding of a text file.
type textFile struct {
	name string
	// enc is nil for UTF-8, whose bytes are used as they are.
	enc encoding.Encoding
	// bom is the number of bytes to leave out at the start.
	bom int
	// damaged says that some bytes do not fit, so cells must be checked one by one.
	damaged  bool
	nul      bool
	warnings []Warning
}

// reader decodes the file from its start.
func (t textFile) reader(s *stream) io.Reader {
	s.next = int64(t.bom)
	if t.enc == nil {
		return s
	}
	return transform.NewReader(s, t.enc.NewDecoder())
}

var encodings = map[string]encoding.Encoding{
	encUTF8:    nil,
	encUTF16LE: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	encUTF16BE: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	encGB18030: simplifiedchinese.GB18030,
	encBig5:    traditionalchinese.Big5,
	encCP932:   japanese.ShiftJIS,
	enc1252:    charmap.Windows1252,
}

// encodingAliases are spellings that people use and the HTML index of encodings does not have.
// Latin-1 and GBK are read as the supersets that files so labelled are really written in.
var encodingAliases = map[string]string{
	"utf8": encUTF8, "utf-8": encUTF8, "utf-8-sig": encUTF8, "ascii": encUTF8,
	"utf-16le": encUTF16LE, "utf16le": encUTF16LE, "utf-16be": encUTF16BE, "utf16be": encUTF16BE,
	"gb18030": encGB18030, "gbk": encGB18030, "gb2312": encGB18030, "cp936": encGB18030,
	"big5": encBig5, "big-5": encBig5, "cp950": encBig5,
	"cp932": encCP932, "ms932": encCP932, "windows-31j": encCP932, "sjis": encCP932,
	"shift-jis": encCP932, "shift_jis": encCP932, "shiftjis": encCP932,
	"windows-1252": enc1252, "cp1252": enc1252, "latin1": enc1252, "latin-1": enc1252, "iso-8859-1": enc1252,
}

// namedEncoding finds an encoding by the name that a person gave.
func namedEncoding(name string, head []byte, guess string) (textFile, error) {
	key := strings.ToLower(strings.TrimSpace(name))
	if key == "utf-16" || key == "utf16" {
		key = "utf-16le"
		if bytes.HasPrefix(head, []byte("\xfe\xff")) || guess == encUTF16BE {
			key = "utf-16be"
		}
	}
	canonical, ok := encodingAliases[key]
	if !ok {
		enc, err := htmlindex.Get(key)
		if err != nil || enc == encoding.Replacement {
			return textFile{}, fmt.Errorf("%w: no encoding is called %q; try utf-8, utf-16, gb18030, big5, cp932 or windows-1252 (--encoding)", ErrEncoding, name)
		}
		return textFile{name: key, enc: enc}, nil
	}
	return textFile{name: canonical, enc: encodings[canonical], bom: bomLength(canonical, head)}, nil
}

func bomLength(name string, head []byte) int {
	for _, b := range boms {
		if b.name == name && bytes.HasPrefix(head, []byte(b.mark)) {
			return len(b.mark)
		}
	}
	return 0
}

var boms = []struct{ name, mark string }{
	{encUTF8, "\xef\xbb\xbf"},
	{encUTF16LE, "\xff\xfe"},
	{encUTF16BE, "\xfe\xff"},
	{encGB18030, "\x84\x31\x95\x33"},
}

// findEncoding reads the whole file once. A prefix would not do: the one accented name of a file may
// well be in its last row.
func findEncoding(ctx context.Context, src *source, want string) (textFile, error) {
	head, err := src.prefix(4096)
	if err != nil {
		return textFile{}, err
	}
	stats, err := scanBytes(ctx, src)
	if err != nil {
		return textFile{}, err
	}
	if want != "" {
		return checkNamed(ctx, src, want, head, stats)
	}
	return sniffEncoding(ctx, src, head, stats)
}

func checkNamed(ctx context.Context, src *source, want string, head []byte, stats byteStats) (textFile, error) {
	t, err := namedEncoding(want, head, stats.utf16(src.size))
	if err != nil {
		return textFile{}, err
	}
	bad := stats.badUTF8
	if t.enc != nil {
		if bad, err = firstUndecodable(ctx, src, t); err != nil {
			return textFile{}, err
		}
	}
	if wide := t.name == encUTF16LE || t.name == encUTF16BE; wide && bad < 0 && stats.nuls == 0 && stats.badUTF8 < 0 {
		// A table in UTF-16 has delimiters or line ends, and each of them a NUL. Nearly all pairs of
		// bytes decode, so text of one byte a letter would come out as one long line and no rows.
		bad = 0
	}
	if bad >= 0 {
		return textFile{}, wrongEncoding(ctx, src, t, bad, head, stats)
	}
	if t.enc != nil && stats.badUTF8 < 0 && stats.multibyte > 0 && t.name != encUTF16LE && t.name != encUTF16BE {
		t.warnings = append(t.warnings, Warning{Kind: WarnEncoding, Text: fmt.Sprintf("every byte of the file is also valid UTF-8, but it is read as %s as asked", t.name)})
	}
	t.nul = stats.nuls > 0
	return t, nil
}

// wrongEncoding says where the named encoding breaks and which one would do.
func wrongEncoding(ctx context.Context, src *source, t textFile, at int64, head []byte, stats byteStats) error {
	line, err := lineAt(ctx, src, t, at)
	if err != nil {
		return err
	}
	var b [1]byte
	if _, err := src.r.ReadAt(b[:], at); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("cannot read the file: %w", err)
	}
	hint := "; leave --encoding out to have it found"
	if better, err := sniffEncoding(ctx, src, head, stats); err == nil && better.name != t.name {
		hint = fmt.Sprintf("; the file reads as %s (--encoding %s)", better.name, strings.ToLower(better.name))
	}
	return fmt.Errorf("line %d, byte %d: %w: 0x%02X does not fit %s here%s", line, at+1, ErrEncoding, b[0], t.name, hint)
}

func sniffEncoding(ctx context.Context, src *source, head []byte, stats byteStats) (textFile, error) {
	for _, b := range boms {
		if bytes.HasPrefix(head, []byte(b.mark)) {
			t := textFile{name: b.name, enc: encodings[b.name], bom: len(b.mark), nul: stats.nuls > 0}
			return t.withDamage(ctx, src, stats)
		}
	}
	if stats.nuls > 0 {
		if name := stats.utf16(src.size); name != "" {
			return textFile{name: name, enc: encodings[name]}.withDamage(ctx, src, stats)
		}
		if stats.nuls*10 > src.size {
			return textFile{}, fmt.Errorf("%w: %d of its %d bytes are NUL, so it is no text", ErrNotATable, stats.nuls, src.size)
		}
	}
	// A few broken bytes among many well-formed ones are a damaged UTF-8 file: no other encoding
	// makes well-formed UTF-8 by accident.
	if stats.badUTF8 < 0 || stats.multibyte > 8*stats.invalid {
		return textFile{name: encUTF8, nul: stats.nuls > 0}.withDamage(ctx, src, stats)
	}
	name, warning, err := sniffLegacy(ctx, src)
	if err != nil {
		return textFile{}, err
	}
	t := textFile{name: name, enc: encodings[name], nul: stats.nuls > 0}
	if warning != "" {
		t.warnings = append(t.warnings, Warning{Kind: WarnEncoding, Text: warning})
	}
	return t.withDamage(ctx, src, stats)
}

// withDamage notes bytes that do not fit an encoding that was chosen without being asked for.
func (t textFile) withDamage(ctx context.Context, src *source, stats byteStats) (textFile, error) {
	bad := stats.badUTF8
	if t.enc != nil {
		var err error
		if bad, err = firstUndecodable(ctx, src, t); err != nil {
			return textFile{}, err
		}
	}
	if bad < 0 {
		return t, nil
	}
	line, err := lineAt(ctx, src, t, bad)
	if err != nil {
		return textFile{}, err
	}
	t.damaged = true
	t.warnings = append(t.warnings, Warning{Line: line, Kind: WarnEncoding, Text: fmt.Sprintf("byte %d does not fit %s; such bytes are shown as \uFFFD and their rows marked (another --encoding may fit)", bad+1, t.name)})
	return t, nil
}

// firstUndecodable returns the offset of the first bytes that the encoding has no character for, -1
// when there are none.
func firstUndecodable(ctx context.Context, src *source, t textFile) (int64, error) {
	s := &stream{ctx: ctx, src: src, next: int64(t.bom)}
	dec := t.enc.NewDecoder()
	buf, dst := make([]byte, 64<<10), make([]byte, 256<<10)
	at, have := s.next, 0
	for {
		n, err := s.Read(buf[have:])
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		have += n
		atEOF := errors.Is(err, io.EOF)
		nDst, nSrc, terr := dec.Transform(dst, buf[:have], atEOF)
		if bytes.ContainsRune(dst[:nDst], utf8.RuneError) {
			if bad := badWithin(t.enc, buf[:nSrc]); bad >= 0 {
				return at + int64(bad), nil
			}
		}
		at += int64(nSrc)
		have = copy(buf, buf[nSrc:have])
		if terr != nil && !errors.Is(terr, transform.ErrShortSrc) && !errors.Is(terr, transform.ErrShortDst) {
			return at, nil
		}
		if atEOF && have == 0 {
			return -1, nil
		}
	}
}

// badWithin finds the first undecodable character of a chunk that has one, by decoding one
// character at a time. A real U+FFFD that the file spells out is not counted.
func badWithin(enc encoding.Encoding, chunk []byte) int {
	dec := enc.NewDecoder()
	real, err := enc.NewEncoder().Bytes([]byte("\uFFFD"))
	if err != nil {
		real = nil
	}
	var dst [16]byte
	for at := 0; at < len(chunk); {
		room := 3 // exactly the length of U+FFFD, so that it comes out alone
		nDst, nSrc, _ := dec.Transform(dst[:room], chunk[at:], true)
		for nSrc == 0 && room < len(dst) {
			room++
			nDst, nSrc, _ = dec.Transform(dst[:room], chunk[at:], true)
		}
		if nSrc == 0 {
			return at
		}
		if bytes.ContainsRune(dst[:nDst], utf8.RuneError) && (real == nil || !bytes.Equal(chunk[at:at+nSrc], real)) {
			return at
		}
		at += nSrc
	}
	return -1
}

// lineAt returns the 1-based line that a byte offset lies in.
func lineAt(ctx context.Context, src *source, t textFile, at int64) (int, error) {
	cut := &source{name: src.name, r: src.r, size: at}
	r := bufio.NewReaderSize(t.reader(&stream{ctx: ctx, src: cut}), 64<<10)
	lf, cr, last := 0, 0, byte(0)
	for {
		b, err := r.ReadByte()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		switch {
		case b == '\n':
			lf++
		case last == '\r':
			cr++
		}
		last = b
	}
	if last == '\r' {
		cr++
	}
	if lf == 0 {
		lf = cr
	}
	return lf + 1, nil
}
