package model

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/oklog/ulid/v2"
)

// ID names a record or a batch. It is a ULID: made by whoever makes the change, sortable by time.
type ID [16]byte

// String writes the 26 characters of the ULID in lower case, or nothing for the zero id.
func (id ID) String() string {
	if id == (ID{}) {
		return ""
	}
	return strings.ToLower(ulid.ULID(id).String())
}

// IsZero tells whether the id is unset.
func (id ID) IsZero() bool { return id == ID{} }

var errBadID = errors.New("not an id")

// ParseID reads what String writes; letter case does not matter.
func ParseID(s string) (ID, error) {
	u, err := ulid.ParseStrict(strings.ToUpper(s))
	if err != nil {
		return ID{}, fmt.Errorf("%q: %w", s, errBadID)
	}
	return ID(u), nil
}

// Hex writes the sixteen bytes for messages about the inside of a book file.
func (id ID) Hex() string { return hex.EncodeToString(id[:]) }
