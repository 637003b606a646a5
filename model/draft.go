package model

// Draft is a form that somebody has begun to fill in and not saved: what was typed, so that a crash, a
// lost connection or a closed window costs nothing. It is no record: it is in no list, export, history
// or undo, and belongs to one person.
type Draft struct {
	// ID names the draft among those of its owner: the record that is edited, the one that adding will
	// make, or an id of its own where a form changes many records.
	ID    ID                `cbor:"1,keyasint"`
	Owner string            `cbor:"2,keyasint"`
	Kind  Kind              `cbor:"3,keyasint"`
	Adds  bool              `cbor:"4,keyasint,omitempty"` // the record does not exist yet
	Many  []ID              `cbor:"5,keyasint,omitempty"` // the records that a form of many changes
	Title string            `cbor:"6,keyasint,omitempty"` // of the form, for people
	Time  int64             `cbor:"7,keyasint"`           // milliseconds since 1970 UTC of the last key
	Typed map[string]string `cbor:"8,keyasint"`           // field → what was typed, as typed
	Given map[string]string `cbor:"9,keyasint,omitempty"` // what a form that adds was opened with
	// Seen is what the record held in the fields of Typed when the form was opened, so that a draft that
	// is taken up again overwrites nobody's later change unasked.
	Seen map[string]string `cbor:"10,keyasint,omitempty"`
}
