// Command opsdeck is a terminal workstation for the people who keep B2B SaaS customers.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"os/user"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // A box without the zones of the world must count like any other.

	"github.com/oklog/ulid/v2"

	"opsdeck/model"
	"opsdeck/ui/cli"
)

func main() {
	// A terminal that is closed hangs up: the book is closed then as well. A second signal ends the program
	// at once: the first one may have found it in a long write.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], cli.Deps{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.Environ(), User: userName(), Now: time.Now, NewID: newIDs(), Workstation: workstation,
	}))
}

// userName is the name that the operating system has for whoever runs the program.
func userName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}

// newIDs makes ids that rise even within one millisecond.
func newIDs() func() model.ID {
	var mu sync.Mutex
	entropy := ulid.Monotonic(rand.Reader, 0)
	return func() model.ID {
		mu.Lock()
		defer mu.Unlock()
		id, err := ulid.New(ulid.Now(), entropy)
		for err != nil { // The entropy of this millisecond is used up.
			id, err = ulid.New(ulid.Now(), entropy)
		}
		return model.ID(id)
	}
}
