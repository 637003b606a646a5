package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"opsdeck/model"
	"opsdeck/model/erase"
)

// A log entry holds ops of one step. It begins with the hash of everything up to and with it, and the id of
// its batch. What follows tells its form by the first byte: an op, in the entries of schema 1, whose hash is
// over the bytes as they are; or saltedEntry, whose hash is over a digest of each value, so that a value can be
// erased and the chain still holds. docs/decisions/0022 says why.
//
// salted = saltedEntry, withSecret, secret (16), ops
//
//	| saltedEntry, withSlots, count uvarint, slots, ops
//
// slot   = slotEmpty | slotKept, key (16) | slotErased, digest (32)
//
// There is a slot for the From and the To of every change, in their order. The digest of a value is the hash of
// its key and its encoding; the key is the slot's number encrypted with the entry's secret. Once a value is erased,
// the secret goes, the keys of the other values stay, and nobody can try values against the digest that is left.
const (
	chainSize   = 32
	entryHead   = chainSize + 16
	saltedEntry = 2
	withSecret  = 0
	withSlots   = 1
	slotEmpty   = 0
	slotKept    = 1
	slotErased  = 2
	keySize     = aes.BlockSize
)

// entry is a log entry taken apart.
type entry struct {
	batch  model.ID
	plain  []byte // of an entry of schema 1: what its hash is over
	secret []byte // of an entry of which nothing is erased
	slots  []slot // of an entry of which something is
	ops    []model.Op
}

// slot is the place of one value in an entry.
type slot struct {
	state byte
	with  []byte // its key, or the digest of what was there
}

var errEntry = errors.New("a log entry is broken")

// newSecret draws what the digests of a step are salted with.
func (b *Book) newSecret() ([]byte, error) {
	source := b.o.Entropy
	if source == nil {
		source = rand.Reader
	}
	secret := make([]byte, keySize)
	if _, err := io.ReadFull(source, secret); err != nil {
		return nil, fmt.Errorf("a random number: %w", err)
	}
	return secret, nil
}

// decodeEntry reads the ops of a log entry and whose they are.
func decodeEntry(raw []byte) (model.ID, []model.Op, error) {
	e, err := readEntry(raw)
	return e.batch, e.ops, err
}

func readEntry(raw []byte) (entry, error) {
	e, rest, err := openEntry(raw)
	if err != nil {
		return e, err
	}
	if e.ops, err = model.DecodeOps(rest); err == nil && e.slots != nil && len(e.slots) != slotsOf(e.ops) {
		err = errEntry
	}
	return e, err
}

// opsOf finds the ops of a log entry as they are encoded.
func opsOf(raw []byte) ([]byte, error) {
	_, rest, err := openEntry(raw)
	return rest, err
}

// openEntry reads what stands before the ops of an entry, and returns them as they are encoded.
func openEntry(raw []byte) (e entry, rest []byte, err error) {
	if len(raw) < entryHead {
		return entry{}, nil, errors.New("a log entry is too short")
	}
	e = entry{batch: model.ID(raw[chainSize:entryHead])}
	rest = raw[entryHead:]
	switch {
	case len(rest) == 0 || rest[0] != saltedEntry:
		e.plain = raw[chainSize:]
	case len(rest) < 2:
		return e, nil, errEntry
	case rest[1] == withSecret && len(rest) >= 2+keySize:
		e.secret, rest = rest[2:2+keySize], rest[2+keySize:]
	case rest[1] == withSlots:
		e.slots, rest, err = readSlots(rest[2:])
	default:
		return e, nil, errEntry
	}
	return e, rest, err
}

func readSlots(b []byte) ([]slot, []byte, error) {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)) {
		return nil, nil, errEntry
	}
	b = b[w:]
	slots := make([]slot, n)
	for i := range slots {
		if len(b) == 0 || b[0] > slotErased {
			return nil, nil, errEntry
		}
		size := [...]int{0, keySize, sha256.Size}[b[0]]
		if len(b) <= size {
			return nil, nil, errEntry
		}
		slots[i], b = slot{b[0], b[1 : 1+size]}, b[1+size:]
	}
	return slots, b, nil
}

func slotsOf(ops []model.Op) int {
	n := 0
	for i := range ops {
		n += 2 * len(ops[i].Changes)
	}
	return n
}

// erased tells whether the value of a slot has gone.
func (e *entry) erased(at int) bool { return e.slots != nil && e.slots[at].state == slotErased }

// hasErased counts the values of the entry that have gone.
func (e *entry) hasErased() int {
	n := 0
	for i := range e.slots {
		if e.slots[i].state == slotErased {
			n++
		}
	}
	return n
}

// encode writes the entry behind chain, the hash before it.
func (e *entry) encode(chain []byte) ([]byte, error) {
	raw := e.unchained()
	link, err := e.link(chain)
	copy(raw, link)
	return raw, err
}

// unchained writes the entry with room for its hash.
func (e *entry) unchained() []byte {
	raw := make([]byte, chainSize, chainSize+len(e.batch)+128*len(e.ops))
	raw = append(append(raw, e.batch[:]...), saltedEntry)
	if e.slots == nil {
		raw = append(append(raw, withSecret), e.secret...)
	} else {
		raw = binary.AppendUvarint(append(raw, withSlots), uint64(len(e.slots)))
		for _, s := range e.slots {
			raw = append(append(raw, s.state), s.with...)
		}
	}
	for i := range e.ops {
		raw = model.AppendOp(raw, e.ops[i])
	}
	return raw
}

// link is the hash of everything up to and with the entry, where chain is the hash before it.
func (e *entry) link(chain []byte) ([]byte, error) {
	h := sha256.New()
	h.Write(chain)
	if err := e.hashed(h); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// hashed writes what the hash of the entry goes over beside the one before it, to a hash or a buffer.
func (e *entry) hashed(to io.Writer) error {
	if e.plain != nil {
		_, err := to.Write(e.plain)
		return err
	}
	keys, err := e.keys()
	if err != nil {
		return err
	}
	body := append(e.batch[:len(e.batch):len(e.batch)], saltedEntry)
	at := 0
	for i := range e.ops {
		op := &e.ops[i]
		body = append(body, byte(op.Verb), byte(op.Kind))
		body = binary.BigEndian.AppendUint32(append(body, op.ID[:]...), uint32(len(op.Changes)))
		for j := range op.Changes {
			c := &op.Changes[j]
			body = append(binary.AppendUvarint(body, uint64(len(c.Field))), c.Field...)
			for _, v := range [...]model.Value{c.From, c.To} {
				if body, err = keys.digest(body, at, v); err != nil {
					return err
				}
				at++
			}
		}
		// In parts, so that a large entry needs no second copy of itself.
		if _, err := to.Write(body); err != nil {
			return err
		}
		body = body[:0]
	}
	_, err = to.Write(body)
	return err
}

// linkOf is the hash that an entry has to begin with when it stands behind chain.
func linkOf(chain, raw []byte) ([]byte, error) {
	e, err := readEntry(raw)
	if err != nil {
		return nil, err
	}
	return e.link(chain)
}

// slotKeys finds the keys of slots: from the secret, or as they were kept.
type slotKeys struct {
	block  cipher.Block
	slots  []slot
	number [keySize]byte
	key    [keySize]byte
	value  []byte
}

func (e *entry) keys() (*slotKeys, error) {
	if e.slots != nil {
		return &slotKeys{slots: e.slots}, nil
	}
	block, err := aes.NewCipher(e.secret)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errEntry, err)
	}
	return &slotKeys{block: block}, nil
}

func (k *slotKeys) of(at int) []byte {
	if k.slots != nil {
		return k.slots[at].with
	}
	binary.BigEndian.PutUint64(k.number[8:], uint64(at))
	k.block.Encrypt(k.key[:], k.number[:])
	return k.key[:]
}

// digest appends what stands for the value of a slot. An erased value may have left nothing but a word for
// itself behind: whatever else stood there would not be held by the chain.
func (k *slotKeys) digest(to []byte, at int, v model.Value) ([]byte, error) {
	if k.slots != nil && k.slots[at].state == slotErased {
		if !erase.IsSubstitute(v) {
			return nil, fmt.Errorf("%w: a value stands where one was erased", errEntry)
		}
		return append(append(to, slotKept), k.slots[at].with...), nil
	}
	if k.slots != nil && (k.slots[at].state == slotEmpty) != v.IsZero() {
		return nil, fmt.Errorf("%w: a value is there that was not, or the other way round", errEntry)
	}
	if v.IsZero() {
		return append(to, slotEmpty), nil
	}
	k.value = model.AppendValue(append(k.value[:0], k.of(at)...), v)
	sum := sha256.Sum256(k.value)
	return append(append(to, slotKept), sum[:]...), nil
}

// erase replaces values of a salted entry and returns how many have gone that were there. Instead gives what
// shall stand for a value, which is the value itself where it stays.
func (e *entry) erase(instead func(op *model.Op, field string, v model.Value) model.Value) (int, error) {
	keys, err := e.keys()
	if err != nil {
		return 0, err
	}
	gone, at := 0, 0
	slots := e.slots
	for i := range e.ops {
		op := &e.ops[i]
		for j := range op.Changes {
			c := &op.Changes[j]
			for _, v := range [...]*model.Value{&c.From, &c.To} {
				next := instead(op, c.Field, *v)
				if next != *v && !e.erased(at) {
					if slots == nil {
						slots = keys.all(e.ops)
						keys = &slotKeys{slots: slots}
					}
					sum, err := keys.digest(nil, at, *v)
					if err != nil {
						return 0, err
					}
					slots[at] = slot{slotErased, sum[1:]}
					gone++
				}
				*v = next
				at++
			}
		}
	}
	if gone > 0 {
		e.slots, e.secret = slots, nil
	}
	return gone, nil
}

// all lists the slots of an entry of which nothing is erased yet.
func (k *slotKeys) all(ops []model.Op) []slot {
	out := make([]slot, 0, slotsOf(ops))
	for i := range ops {
		for j := range ops[i].Changes {
			for _, v := range [...]model.Value{ops[i].Changes[j].From, ops[i].Changes[j].To} {
				s := slot{state: slotEmpty}
				if !v.IsZero() {
					s = slot{slotKept, bytes.Clone(k.of(len(out)))}
				}
				out = append(out, s)
			}
		}
	}
	return out
}

// salted is the entry in the form whose values can go.
func (e *entry) salted(secret []byte) entry {
	return entry{batch: e.batch, secret: slices.Clone(secret), ops: e.ops}
}

// shown are the ops as people see them in a history: with a word where a value was erased and nothing is left.
func (e *entry) shown() []model.Op {
	if e.slots == nil {
		return e.ops
	}
	at := 0
	for i := range e.ops {
		for j := range e.ops[i].Changes {
			c := &e.ops[i].Changes[j]
			for _, v := range [...]*model.Value{&c.From, &c.To} {
				if e.erased(at) && v.IsZero() {
					*v = model.Text(erase.Struck)
				}
				at++
			}
		}
	}
	return e.ops
}
