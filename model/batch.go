package model

// BatchKind is what sort of step a batch is.
type BatchKind string

// The sorts of steps.
const (
	Edit   BatchKind = "edit"
	Import BatchKind = "import"
	Undo   BatchKind = "undo"
	Redo   BatchKind = "redo"

	// Exported notes that somebody has taken records away. It changes nothing, and nothing can take it back.
	Exported BatchKind = "export"
	Erase    BatchKind = "erase" // the one that cannot be taken back
)

// Batch heads one step of the log: what was done at once and is taken back at once.
type Batch struct {
	ID      ID        `cbor:"1,keyasint"` // made by whoever asks, so that asking again is recognised
	Seq     uint64    `cbor:"2,keyasint"` // place of its first log entry; assigned by the book
	Entries int       `cbor:"3,keyasint"` // number of log entries
	Ops     int       `cbor:"4,keyasint"` // number of ops
	Time    int64     `cbor:"5,keyasint"` // microseconds since 1970 UTC, rising strictly within a book
	Actor   string    `cbor:"6,keyasint"`
	Replica string    `cbor:"7,keyasint,omitempty"`
	Kind    BatchKind `cbor:"8,keyasint"`
	Label   string    `cbor:"9,keyasint"`            // for people: "set owner of 37 customers"
	Of      ID        `cbor:"10,keyasint,omitempty"` // the batch that an undo or a redo is about
	Undone  bool      `cbor:"11,keyasint,omitempty"` // taken back at the moment
	// Counts of an import by verdict, in the order of the import's answer; empty for other kinds.
	Counts map[string]int `cbor:"12,keyasint,omitempty"`
	Source string         `cbor:"13,keyasint,omitempty"`
	Target string         `cbor:"14,keyasint,omitempty"` // kind of record that an import was about
	From   string         `cbor:"15,keyasint,omitempty"` // where from: a terminal or an address; empty for the book's own machine
	Sealed bool           `cbor:"16,keyasint,omitempty"` // the log's chain of hashes holds who, when and from where too
	// Salt is what label and source are hashed with for the chain. Where they were erased it is gone and Digest is
	// left. Heads of schema 1 have neither: the chain holds their words as they are.
	Salt   []byte `cbor:"17,keyasint,omitempty"`
	Digest []byte `cbor:"18,keyasint,omitempty"`
}

// Step is what somebody wants done at once, and taken back at once.
type Step struct {
	ID     ID // made by the caller; a step whose id is in the log is answered, not done again
	Actor  string
	Label  string
	Kind   BatchKind // empty means Edit
	Of     ID        // of an undo or redo: the batch that it is about
	Ops    []Op
	Counts map[string]int
	Source string
	Target string
}

// Entry is one step's change of one record.
type Entry struct {
	Batch Batch
	Op    Op
}
