package cli

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui/serve"
)

// desk lets people in and carries out what they ask for, on one open book.
type desk struct {
	deps   Deps
	book   *store.Book
	shown  func() []serve.Present
	since  time.Time          // when the engine began
	copies func() backupState // nil where none are made
	log    *slog.Logger
	first  sync.Mutex // held while it is seen whether somebody is the first
}

// Admit says who a peer is to the book. On the machine of the book that is decided by their user id,
// elsewhere by their key. The first person of a book that has no administrator becomes one.
func (d *desk) Admit(p serve.Peer) (serve.Admission, error) {
	if p.UID < 0 {
		return d.byKey(p.Key)
	}
	name := accountName(p.UID)
	if p.UID == 0 || d.owns(p.UID) {
		return serve.Admission{User: name, Owner: true}, nil
	}
	d.first.Lock()
	defer d.first.Unlock()
	var known *model.Record
	led := false
	err := d.book.Each(model.User, func(r *model.Record) bool {
		uid, hasUID := r.Get("uid").Float()
		disabled := r.Get("disabled").IsTrue()
		switch {
		case hasUID && int(uid) == p.UID:
			known = r
		case !hasUID && r.Get("handle").Str() == name && r.Get("role").Str() != "" && known == nil:
			known = r
		}
		led = led || !disabled && r.Get("role").Str() == model.Administrator
		return true
	})
	switch {
	case err != nil:
		return serve.Admission{}, err
	case known != nil && known.Get("disabled").IsTrue():
		return serve.Admission{}, fmt.Errorf("%s may not come in any more; ask an administrator of the book", known.Get("handle").Str())
	case known != nil:
		return serve.Admission{User: known.Get("handle").Str()}, nil
	case !led:
		return d.makeAdministrator(name, p.UID)
	}
	return serve.Admission{}, fmt.Errorf("%s (uid %d) is no user of this book; an administrator can let you in with: opsdeck users add %s --role csm --uid %d", name, p.UID, name, p.UID)
}

// owns tells whether the book's file belongs to a user of the machine.
func (d *desk) owns(uid int) bool {
	info, err := os.Stat(d.book.Path())
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == uid
}

func (d *desk) makeAdministrator(name string, uid int) (serve.Admission, error) {
	r := model.NewRecord(model.User, d.book.NewID())
	r.Set("handle", model.Text(name))
	r.Set("role", model.Pick(model.Administrator))
	r.Set("uid", model.Number(float64(uid)))
	_, err := d.book.Do(context.Background(), model.Step{
		ID: d.book.NewID(), Actor: name, Label: name + " is the first and becomes administrator", Ops: []model.Op{model.CreateOp(r)},
	})
	if err == nil {
		d.log.Info("first administrator", "user", name, "uid", uid)
	}
	return serve.Admission{User: name}, err
}

// byKey finds the user who holds a public key.
func (d *desk) byKey(key string) (serve.Admission, error) {
	none := fmt.Errorf("this key belongs to nobody here; an administrator can add it with: opsdeck users key NAME FILE")
	offered, _, _, _, err := gossh.ParseAuthorizedKey([]byte(key))
	if err != nil {
		return serve.Admission{}, none
	}
	var found *model.Record
	err = d.book.Each(model.User, func(r *model.Record) bool {
		if !r.Get("disabled").IsTrue() && holdsKey(r.Get("ssh_keys").Str(), offered) {
			found = r
		}
		return found == nil
	})
	if err != nil {
		return serve.Admission{}, err
	}
	if found == nil {
		return serve.Admission{}, none
	}
	return serve.Admission{User: found.Get("handle").Str()}, nil
}

func holdsKey(lines string, key gossh.PublicKey) bool {
	want := string(key.Marshal())
	return slices.ContainsFunc(strings.Split(lines, "\n"), func(line string) bool {
		k, _, _, _, err := gossh.ParseAuthorizedKey([]byte(line))
		return err == nil && string(k.Marshal()) == want
	})
}

// accountName is the machine's name for a user id.
func accountName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil && u.Username != "" {
		return u.Username
	}
	return "uid" + strconv.Itoa(uid)
}

// Serve runs a command line, or the workstation, for somebody.
func (d *desk) Serve(ctx context.Context, s serve.Session) int {
	deps := d.deps
	deps.Stdin, deps.Stdout, deps.Stderr, deps.Env, deps.User = s.Stdin, s.Stdout, s.Stderr, s.Env, s.User
	deps.Host = &Host{Book: d.book, Owner: s.Owner, From: s.From, Files: s.Files, Terminal: s.Terminal, Present: d.shown, Since: d.since, Copies: d.copies, Stopping: s.Stopping, Again: variable(s.Env, againVariable) != ""}
	if zone, err := time.LoadLocation(variable(s.Env, "TZ")); err == nil && variable(s.Env, "TZ") != "" {
		now := deps.Now
		deps.Now = func() time.Time { return now().In(zone) }
	}
	if request, err := model.ParseID(variable(s.Env, requestVariable)); err == nil {
		deps.NewID = idsOf(request)
		if variable(s.Env, againVariable) != "" && d.done(request) {
			return exitDone
		}
	}
	return Run(ctx, s.Args, deps)
}

// The variables with which a client numbers its requests, so that one that it sends again after the
// connection broke is not carried out twice.
const (
	requestVariable = "OPSDECK_REQUEST"
	againVariable   = "OPSDECK_AGAIN"
)

// idsOf makes the ids of a request: the same ones whenever it is sent. They rise like others do.
func idsOf(request model.ID) func() model.ID {
	var mu sync.Mutex
	n := uint64(0)
	return func() model.ID {
		mu.Lock()
		defer mu.Unlock()
		n++
		return idOf(request, n)
	}
}

func idOf(request model.ID, n uint64) model.ID {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(request[:], n))
	id := request // The first six bytes are the time of the request.
	binary.BigEndian.PutUint32(id[6:], uint32(n))
	copy(id[10:], sum[:])
	return id
}

// mostIDs is how many ids of a request are looked for among the steps; verbs that take one step take
// its id among the first.
const mostIDs = 64

// done tells whether a step of a request is in the log.
func (d *desk) done(request model.ID) bool {
	for n := range uint64(mostIDs) {
		if _, err := d.book.Batch(idOf(request, n+1)); err == nil {
			return true
		}
	}
	return false
}

// variable returns a variable of an environment.
func variable(env []string, name string) string {
	for _, kv := range slices.Backward(env) {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			return v
		}
	}
	return ""
}
