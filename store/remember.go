package store

import (
	"fmt"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"opsdeck/store/engine"
)

// maxRemembered is how many lines of each sort are remembered of a person, maxLine how long one may be, in bytes.
const (
	maxRemembered = 200
	maxLine       = 4 << 10
)

// rememberKey stands beside the drafts of a person and never among them: theirs have a 0 behind the owner.
func rememberKey(owner, what string) []byte { return append(append([]byte(owner), 1), what...) }

// Remember keeps a line that a person has typed, such as a filter, for their next session. It stands last;
// the same line from before goes. Like a draft it is no change of the book. Lines that are too long are
// passed over.
func (b *Book) Remember(owner, what, line string) error {
	if b.o.ReadOnly || line == "" || len(line) > maxLine {
		return nil
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	return b.eng.Update(func(tx engine.Tx) error {
		lines := slices.DeleteFunc(remembered(tx, owner, what), func(l string) bool { return l == line })
		lines = append(lines, line)
		body, err := cbor.Marshal(lines[max(0, len(lines)-maxRemembered):])
		if err != nil {
			return fmt.Errorf("remembering a line: %w", err)
		}
		return tx.Put(bucketDraft, rememberKey(owner, what), body)
	})
}

// Remembered lists the lines of a sort that a person has typed, the last one last.
func (b *Book) Remembered(owner, what string) ([]string, error) {
	if b.o.ReadOnly {
		return nil, nil // The bucket is not sure to be there.
	}
	var out []string
	err := b.eng.View(func(tx engine.Tx) error {
		out = remembered(tx, owner, what)
		return nil
	})
	return out, err
}

// remembered reads lines; what a newer program has written in another way counts as nothing.
func remembered(tx engine.Tx, owner, what string) []string {
	var lines []string
	if raw, ok := tx.Get(bucketDraft, rememberKey(owner, what)); !ok || cbor.Unmarshal(raw, &lines) != nil {
		return nil
	}
	return lines
}
