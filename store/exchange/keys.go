package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"opsdeck/model/same"
)

// keySep stands between the source and the parts of the key in an entry. It is escaped inside them,
// so two different keys never make the same entry.
const keySep = "|"

// longestEntry is the length beyond which an entry is replaced by its hash: entries are keys of an
// index, whose keys are bounded.
const longestEntry = 400

// Entry writes what a source calls a record, for the hidden list field "keys". The key may have
// several parts, for records that only several cells together tell apart.
func Entry(source string, key ...string) string {
	var b strings.Builder
	b.WriteString(escapeKey(source))
	for _, part := range key {
		b.WriteString(keySep)
		b.WriteString(escapeKey(part))
	}
	if b.Len() > longestEntry {
		return escapeKey(clip(source, 80)) + keySep + "#" + hash(b.String())
	}
	return b.String()
}

// EntrySource tells which source an entry is from.
func EntrySource(entry string) string {
	var b strings.Builder
	escaped := false
	for _, r := range entry {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case string(r) == keySep:
			return b.String()
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escapeKey also takes out control characters, which part the members of a list.
func escapeKey(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, `|\`) && strings.IndexFunc(s, unicode.IsControl) < 0 {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.NewReplacer(`\`, `\\`, keySep, `\`+keySep).Replace(s)
}

// clip shortens a text to a number of bytes without breaking a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}

// Signature names a header: files with the same columns in the same order have the same signature,
// whatever the case and spacing of their names.
func Signature(header []string) string {
	folded := make([]string, 0, len(header))
	for _, h := range header {
		if !isErrorColumn(h) {
			folded = append(folded, same.Fold(h))
		}
	}
	for len(folded) > 0 && folded[len(folded)-1] == "" {
		folded = folded[:len(folded)-1]
	}
	return "header-" + hash(strings.Join(folded, "\x1f"))[:12]
}

// rowHash tells rows without any key apart by all that they say. The order of columns plays no part.
func rowHash(header, cells []string) string {
	var parts []string
	for i, c := range cells {
		if c = strings.TrimSpace(c); c != "" {
			name := ""
			if i < len(header) {
				if isErrorColumn(header[i]) {
					continue
				}
				name = same.Fold(header[i])
			}
			parts = append(parts, name+"\x1f"+c)
		}
	}
	slices.Sort(parts)
	return "row " + hash(strings.Join(parts, "\x1e"))
}
