package ui_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/ui"
)

// explosive is a book whose records cannot be read without a panic.
type explosive struct{ *store.Book }

func (explosive) Get(model.Kind, model.ID) (*model.Record, error) { panic("boom") }

// running is a workstation on a terminal that is somewhere else, as an engine has many of.
type running struct {
	t     *testing.T
	keys  *io.PipeWriter
	ended chan error

	mu    sync.Mutex
	out   bytes.Buffer
	fresh chan struct{}
}

func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.fresh <- struct{}{}:
	default:
	}
	return r.out.Write(p)
}

func runRemote(t *testing.T, b ui.Backend) *running {
	t.Helper()
	in, keys := io.Pipe()
	r := &running{t: t, keys: keys, ended: make(chan error, 1), fresh: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		r.ended <- ui.Run(ctx, b, ui.Options{Actor: "ana", Now: clock, Theme: "dark", Live: true, Remote: &ui.Remote{Width: 120, Height: 40, Resized: make(chan ui.Size)}},
			in, r, []string{"TERM=xterm-256color"})
	}()
	t.Cleanup(func() {
		stop()
		_ = keys.Close()
	})
	return r
}

// awaits waits until a text has been drawn.
func (r *running) awaits(text string) {
	r.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		r.mu.Lock()
		found := strings.Contains(r.out.String(), text)
		r.mu.Unlock()
		if found {
			return
		}
		select {
		case <-r.fresh:
		case <-deadline:
			r.t.Fatalf("the screen never says %q", text)
		}
	}
}

func TestAPanicEndsItsWorkstationAlone(t *testing.T) {
	b := sampleBook(t)
	bad, good := runRemote(t, explosive{b}), runRemote(t, b)
	bad.awaits("Ambercastle")
	good.awaits("Ambercastle")
	if _, err := io.WriteString(bad.keys, "e"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-bad.ended:
		if err == nil || !strings.Contains(err.Error(), "panic") {
			t.Errorf("the workstation that panics ends with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("a workstation goes on after a panic")
	}
	saveField(t, b, "bo", firstName, "name", model.Text("Aardvark of bo"))
	good.awaits("Aardvark")
	if _, err := io.WriteString(good.keys, "q"); err != nil {
		t.Fatal(err)
	}
	if err := <-good.ended; err != nil {
		t.Errorf("the other workstation ends with %v", err)
	}
}
