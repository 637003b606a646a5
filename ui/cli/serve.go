package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"opsdeck/store"
	"opsdeck/ui/serve"
)

// serving are the flags of serve.
type serving struct {
	socket  string
	listen  string
	hostKey string
	log     string
	backups *backups
	json    bool
	limits  serve.Limits
}

func (a *app) serveCommand() *cobra.Command {
	s := serving{limits: serve.DefaultLimits(), backups: &backups{}}
	c := &cobra.Command{
		Use:   "serve",
		Short: "Keep the book for several people",
		Long: "Keep the book for several people until stopped. On the machine of the book they come in through the socket, and who\n" +
			"they are is what the machine says; 'ssh -t box opsdeck' needs nothing else. The first one becomes administrator.\n" +
			"With --listen people without an account on the machine come in with a public key that 'opsdeck users key' has added.",
		Args: args(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), s) },
	}
	f := c.Flags()
	f.StringVar(&s.socket, "socket", "", "where to listen (default beside the book)")
	f.StringVar(&s.listen, "listen", "", "`address` of a TCP front for public keys, such as :2222; off by default")
	f.StringVar(&s.hostKey, "host-key", "", "`file` of the TCP front's private key (default hostkey/ssh_host_ed25519 beside the book); made when missing")
	f.StringVar(&s.log, "log", "", "`file` of the log (default standard error)")
	f.BoolVar(&s.json, "log-json", false, "write the log as lines of JSON, not as key=value")
	s.backups.flags(f)
	f.IntVar(&s.limits.Sessions, "most-sessions", s.limits.Sessions, "sessions at once")
	f.IntVar(&s.limits.PerUser, "most-per-user", s.limits.PerUser, "sessions of one person at once")
	f.IntVar(&s.limits.PerAddress, "most-per-address", s.limits.PerAddress, "connections of one network address at once")
	f.IntVar(&s.limits.PerUserFiles, "most-files-per-user", s.limits.PerUserFiles, "files that open sessions of one person have handed over")
	f.IntVar(&s.limits.Files, "most-files", s.limits.Files, "files that all open sessions have handed over")
	f.IntVar(&s.limits.PerUserMiB, "most-mib-per-user", s.limits.PerUserMiB, "how large these files of one person may be together, in `MiB`")
	f.IntVar(&s.limits.MiB, "most-mib", s.limits.MiB, "how large these files of all may be together, in `MiB`; they lie in the directory for temporary files")
	f.DurationVar(&s.limits.Idle, "idle", s.limits.Idle, "end sessions in which nothing happens for so long")
	return c
}

func (a *app) serve(ctx context.Context, s serving) (err error) {
	log, closeLog, err := a.openLog(s.log, s.json)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	return a.withBook(toCreate, func(b *store.Book) error {
		o, err := a.listeners(b, s)
		if err != nil {
			return err
		}
		o.Limits, o.Log = s.limits, log
		if _, err := b.Snapshot(); err != nil { // Nobody should wait for it.
			return err
		}
		a.say("serving %s at %s; ctrl+c stops", b.Path(), o.Local.Addr())
		if o.Network != nil {
			a.say("public keys at %s", o.Network.Addr())
		}
		log.Info("serving", "book", b.Path(), "socket", o.Local.Addr().String())
		defer log.Info("stopped")
		var work errgroup.Group
		ctx, stop := context.WithCancel(ctx)
		work.Go(func() error {
			defer stop()
			return a.engine(ctx, b, o, s.backups.state)
		})
		work.Go(func() error { return s.backups.keep(ctx, b, a.Now, log, a.drill) })
		return work.Wait()
	})
}

// openLog opens the log of an engine: lines of key=value, or of JSON.
func (a *app) openLog(path string, asJSON bool) (*slog.Logger, func() error, error) {
	out, done := a.Stderr, func() error { return nil }
	if path != "" {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
		if err != nil {
			return nil, nil, fmt.Errorf("--log: %w", err)
		}
		out, done = f, f.Close
	}
	if asJSON {
		return slog.New(slog.NewJSONHandler(out, nil)), done, nil
	}
	return slog.New(slog.NewTextHandler(out, nil)), done, nil
}

// listeners opens what an engine listens at.
func (a *app) listeners(b *store.Book, s serving) (o serve.Options, err error) {
	if o.Local, err = serve.Inherited(a.env); err != nil {
		return o, err
	}
	if o.Local == nil {
		if s.socket == "" {
			if s.socket, err = serve.SocketOf(b.Path(), a.env("XDG_RUNTIME_DIR")); err != nil {
				return o, usagef("%w; or name one with --socket", err)
			}
		}
		if o.Local, err = serve.Listen(s.socket, true); err != nil {
			return o, err
		}
	}
	if s.listen == "" {
		return o, nil
	}
	if s.hostKey == "" {
		s.hostKey = filepath.Join(filepath.Dir(b.Path()), "hostkey", "ssh_host_ed25519")
	}
	if o.HostKey, err = serve.HostKey(s.hostKey); err == nil {
		o.Network, err = net.Listen("tcp", s.listen)
	}
	if err != nil {
		return o, errors.Join(fmt.Errorf("--listen: %w", err), o.Local.Close())
	}
	return o, nil
}

// engine serves a book until the context ends.
func (a *app) engine(ctx context.Context, b *store.Book, o serve.Options, copies func() backupState) error {
	d := &desk{deps: a.Deps, book: b, log: o.Log, since: a.Now(), copies: copies}
	o.Desk, o.Version = d, versionText()
	e, err := serve.New(o)
	if err != nil {
		return err
	}
	d.shown = e.Sessions
	return e.Run(ctx)
}

// letIn lets others attach to the workstation that is about to open here. That it cannot is no reason
// not to work alone. The function that it returns ends it.
func (a *app) letIn(ctx context.Context, b *store.Book, socket string) (end func()) {
	l, err := serve.Listen(socket, false)
	if err != nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var serving errgroup.Group
	serving.Go(func() error {
		return a.engine(ctx, b, serve.Options{Local: l, Limits: serve.DefaultLimits(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, nil)
	})
	return func() {
		cancel()
		_ = serving.Wait()
	}
}

// patience is how long a verb waits for a book that others hold.
func (a *app) patience() time.Duration {
	if a.LockWait > 0 {
		return a.LockWait
	}
	return lockWait
}
