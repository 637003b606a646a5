package cli

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/store"
)

// backedUp is a book with copies that an engine makes of it.
type backedUp struct {
	t    *testing.T
	a    *app
	b    *store.Book
	s    *backups
	now  time.Time
	log  *bytes.Buffer
	slog *slog.Logger
}

func backUp(t *testing.T, keep int) *backedUp {
	t.Helper()
	dir := t.TempDir()
	var n atomic.Uint64
	u := &backedUp{t: t, now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), s: &backups{dir: filepath.Join(dir, "copies"), keepN: keep}, log: &bytes.Buffer{}}
	u.a = &app{Deps: Deps{Stderr: io.Discard, User: "ana", Now: func() time.Time { return u.now }, NewID: func() model.ID {
		id := model.ID{1}
		binary.BigEndian.PutUint64(id[8:], n.Add(1))
		return id
	}}, book: filepath.Join(dir, "book.db")}
	u.slog = slog.New(slog.NewTextHandler(u.log, nil))
	b, err := u.a.open(toCreate)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	u.b = b
	if err := os.MkdirAll(u.s.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return u
}

// customer adds a customer and makes a copy.
func (u *backedUp) customer(name string) {
	u.t.Helper()
	r := model.NewRecord(model.Customer, u.b.NewID())
	r.Set("name", model.Text(name))
	if _, err := u.b.Do(u.t.Context(), u.a.step(u.b, "add "+name, []model.Op{model.CreateOp(r)})); err != nil {
		u.t.Fatal(err)
	}
	u.now = u.now.Add(time.Hour)
	if !u.s.makeOne(u.t.Context(), u.b, u.now, u.slog) {
		u.t.Fatalf("no copy is made: %s", u.log)
	}
}

func TestCopiesAreKeptAndTried(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	u := backUp(t, 3)
	for _, name := range []string{"One", "Two", "Three", "Four", "Five"} {
		u.customer(name)
	}
	if state := u.s.state(); state.Copies != 3 || !strings.Contains(state.File, "20261122T150000Z") || state.Failed != "" {
		t.Errorf("of five copies, three to be kept: %+v", state)
	}
	u.s.tryOne(t.Context(), u.now, u.slog, u.a.drill)
	if state := u.s.state(); state.Trouble != "" || !state.Drilled.Equal(u.now) {
		t.Errorf("the drill says %+v", state)
	}
	d, err := u.a.drill(t.Context(), u.s.dir)
	if err != nil || d.steps != 5 || !strings.Contains(d.text, "5 customers") {
		t.Errorf("the newest copy holds %+v, %v", d, err)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "opsdeck-drill-*")); len(left) > 0 {
		t.Errorf("the drill leaves %v", left)
	}
}

func TestADrillFindsACopyThatIsDamaged(t *testing.T) {
	u := backUp(t, 3)
	u.customer("One")
	path := u.s.state().File
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(body, []byte("One"))
	body[at] ^= 4
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	u.s.tryOne(t.Context(), u.now, u.slog, u.a.drill)
	if state := u.s.state(); state.Trouble == "" || !state.Drilled.IsZero() || !strings.Contains(u.log.String(), "restore drill failed") {
		t.Errorf("a flipped bit is not found: %+v\n%s", state, u.log)
	}
}

func TestAnEngineMakesACopyAtItsStartAndEndsAtOnce(t *testing.T) {
	u := backUp(t, 3)
	u.customer("One")
	u.s.every, u.s.drill = time.Hour, 24*time.Hour
	ctx, stop := context.WithCancel(t.Context())
	tried := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- u.s.keep(ctx, u.b, u.a.Now, u.slog, func(_ context.Context, dir string) (drilled, error) {
			tried <- dir
			return drilled{}, nil
		})
	}()
	if dir := <-tried; dir != u.s.dir {
		t.Errorf("%s is tried", dir)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if state := u.s.state(); state.Copies == 0 || state.Drilled.IsZero() && ctx.Err() == nil {
		t.Errorf("the copies stand at %+v", state)
	}
}
