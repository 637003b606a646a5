// Package serve lets several people work in one book: an engine that holds the book and speaks the
// SSH protocol on a Unix socket, and the client that attaches to it.
//
// On the socket who somebody is comes from the kernel (the user id of the peer), never from what a
// client says; on the optional TCP front it comes from a public key that the book's users hold. What
// a person may do is decided by the book itself, for every change, within its transaction. The
// package knows no customer: what a session does is the business of a Desk.
package serve

import (
	"context"
	"io"
	"time"

	"opsdeck/ui"
)

// Peer is whoever is at the other end of a connection, as far as the connection can vouch for it.
type Peer struct {
	UID  int    // from the kernel, on a Unix socket; -1 over the network
	Key  string // the public key that they have proved to hold, as in authorized_keys; over the network
	From string // where they are, for the log
}

// Admission is what a desk makes of a peer.
type Admission struct {
	User  string
	Owner bool // the book's file is theirs: no role limits them
}

// Desk does the work of the sessions.
type Desk interface {
	// Admit says who a peer is; the error says why there is no place for them, in words for them.
	Admit(p Peer) (Admission, error)
	// Serve carries out a session and returns its exit status.
	Serve(ctx context.Context, s Session) int
}

// Session is one run of the program for somebody.
type Session struct {
	Admission
	From     string
	Args     []string // the command line; empty for the workstation
	Env      []string // "NAME=value", as the client has sent it
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Terminal *Terminal       // nil without one
	Files    Files           // the client's own files
	Stopping <-chan struct{} // closed when the engine is about to stop; the context ends soon after
}

// Terminal is the terminal of a session.
type Terminal struct {
	Term          string
	Width, Height int
	Resized       <-chan ui.Size
}

// Limits keep one client, or many, from taking what others need.
type Limits struct {
	Sessions     int           // at once, of all people
	PerUser      int           // at once, of one person
	PerAddress   int           // connections at once from one address of the network, not yet admitted ones included
	Handshake    time.Duration // until somebody is admitted
	Idle         time.Duration // without a key or a byte
	Stalled      time.Duration // how long a connection may take no byte
	Unread       time.Duration // how long a client may leave unread what it is sent
	Grace        time.Duration // between the word that the engine stops and the end of the sessions
	AuthAttempts int           // keys that a connection may offer
	PerUserFiles int           // files that the open sessions of one person may have handed over
	PerUserMiB   int           // how large these files may be together, in 1,048,576 bytes
	Files        int           // the same for all people
	MiB          int
}

// DefaultLimits suit a team of some hundred people on one machine.
func DefaultLimits() Limits {
	return Limits{
		Sessions: 500, PerUser: 32, PerAddress: 20, Handshake: 10 * time.Second, Idle: 24 * time.Hour,
		Stalled: 30 * time.Second, Unread: 15 * time.Minute, Grace: 500 * time.Millisecond, AuthAttempts: 6,
		PerUserFiles: 256, PerUserMiB: 4 << 10, Files: 1024, MiB: 16 << 10,
	}
}
