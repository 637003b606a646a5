package serve

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"opsdeck/ui"
)

// Options say where an engine listens and what it works with.
type Options struct {
	Local   net.Listener // of the Unix socket
	Network net.Listener // of the TCP front; nil for none
	HostKey []byte       // private key of the TCP front, PEM
	Desk    Desk
	Limits  Limits
	Log     *slog.Logger
	Version string
}

// Engine serves the sessions of a book.
type Engine struct {
	o        Options
	servers  []*ssh.Server
	sessions *sessions
	gate     *gate
}

// New makes an engine. It serves nothing before Run.
func New(o Options) (*Engine, error) {
	e := &Engine{o: o, sessions: newSessions(o.Limits), gate: newGate(o.Limits.PerAddress)}
	local, err := e.server(localConn)
	if err != nil {
		return nil, err
	}
	// Nobody looks at the key of a socket that lies beside the book. Left to itself the library makes one
	// of RSA, which takes a tenth of a second at every start.
	if err := addPassingKey(local); err != nil {
		return nil, err
	}
	e.servers = append(e.servers, local)
	if o.Network == nil {
		return e, nil
	}
	front, err := e.server(networkConn(e.gate))
	if err != nil {
		return nil, err
	}
	signer, err := gossh.ParsePrivateKey(o.HostKey)
	if err != nil {
		return nil, fmt.Errorf("host key: %w", err)
	}
	front.AddHostKey(signer)
	front.PublicKeyHandler = e.keyKnown
	e.servers = append(e.servers, front)
	return e, nil
}

// addPassingKey gives a server a key of its own that is kept nowhere.
func addPassingKey(s *ssh.Server) error {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return fmt.Errorf("the key of the socket: %w", err)
	}
	signer, err := gossh.NewSignerFromKey(key)
	if err != nil {
		return fmt.Errorf("the key of the socket: %w", err)
	}
	s.AddHostKey(signer)
	return nil
}

// server makes an SSH server that offers sessions and nothing else: no forwarding, no subsystem, no
// agent.
func (e *Engine) server(wrap ssh.ConnCallback) (*ssh.Server, error) {
	s := &ssh.Server{
		Handler: e.session, Version: "opsdeck_" + e.o.Version, ConnCallback: wrapStalled(wrap, e.o.Limits.Stalled),
		HandshakeTimeout: e.o.Limits.Handshake, IdleTimeout: e.o.Limits.Idle,
		PtyCallback:       func(ssh.Context, ssh.Pty) bool { return true },
		SubsystemHandlers: map[string]ssh.SubsystemHandler{},
		RequestHandlers:   map[string]ssh.RequestHandler{"keepalive@openssh.com": alive},
		ChannelHandlers:   map[string]ssh.ChannelHandler{"session": ssh.DefaultSessionHandler},
		ServerConfigCallback: func(ssh.Context) *gossh.ServerConfig {
			return &gossh.ServerConfig{MaxAuthTries: e.o.Limits.AuthAttempts}
		},
		ConnectionFailedCallback: func(c net.Conn, err error) {
			e.o.Log.Info("refused", "from", c.RemoteAddr().String(), "why", err.Error())
		},
	}
	return s, s.SetOption(ssh.EmulatePty())
}

func alive(ssh.Context, *ssh.Server, *gossh.Request) (bool, []byte) { return true, nil }

// keyKnown lets keys in that the book's users hold. A client may offer any key before it proves that
// it holds one, so the session asks again for the key that was proved.
func (e *Engine) keyKnown(ctx ssh.Context, key ssh.PublicKey) bool {
	_, err := e.o.Desk.Admit(Peer{UID: -1, Key: authorized(key), From: ctx.RemoteAddr().String()})
	return err == nil
}

func authorized(key ssh.PublicKey) string { return string(gossh.MarshalAuthorizedKey(key)) }

// Run serves until the context ends or a listener fails. Sessions then have a moment to end by
// themselves.
func (e *Engine) Run(ctx context.Context) error {
	listeners := []net.Listener{e.o.Local, e.o.Network}
	failed := make(chan error, len(e.servers))
	var done sync.WaitGroup
	for i, s := range e.servers {
		done.Go(func() { failed <- s.Serve(listeners[i]) })
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	e.sessions.end()
	for i, s := range e.servers {
		// A server that has not begun to serve yet does not know its listener.
		err = errors.Join(err, closedOnly(s.Close()), closedOnly(listeners[i].Close()))
	}
	done.Wait()
	return closedOnly(err)
}

// closedOnly keeps errors that are more than the end that was asked for.
func closedOnly(err error) error {
	if errors.Is(err, ssh.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// session carries out one session. A panic ends it alone.
func (e *Engine) session(s ssh.Session) {
	peer := Peer{UID: -1, From: s.RemoteAddr().String()}
	if uid, ok := s.Context().Value(uidKey{}).(int); ok {
		peer.UID, peer.From = uid, fmt.Sprintf("uid %d", uid)
	} else if key := s.PublicKey(); key != nil {
		peer.Key = authorized(key)
	}
	log := e.o.Log.With("from", peer.From)
	status := statusRefused
	defer func() {
		if r := recover(); r != nil {
			log.Error("a session ended in a panic", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			status = statusFailed
		}
		_ = s.Exit(status)
	}()
	if len(s.Subsystem()) > 0 || gossh.Channel(s) == nil {
		return
	}
	who, err := e.o.Desk.Admit(peer)
	if err != nil {
		refuse(s, err)
		log.Info("not admitted", "why", err.Error())
		return
	}
	args := words(s.RawCommand())
	if len(args) > 0 && args[0] == "opsdeck" {
		args = args[1:]
	}
	mine, err := e.sessions.begin(s.Context(), who.User, peer.From, args)
	if errors.Is(err, errStopping) {
		status = StatusStopping // Its client looks for the next engine, and has nothing to tell.
		return
	}
	if err != nil {
		refuse(s, err)
		log.Info("not admitted", "why", err.Error())
		return
	}
	defer e.sessions.over(mine)
	log.Info("session", "user", who.User, "verb", mine.verb, "args", len(args))
	status = e.o.Desk.Serve(mine.ctx, e.describe(s, who, mine, args))
	if e.sessions.stopping() && mine.ctx.Err() != nil && s.Context().Err() == nil {
		// The engine has ended it, not the person.
		_, _ = io.WriteString(s.Stderr(), "opsdeck: the engine is stopping\r\n")
		status = StatusStopping
	}
	log.Info("session over", "user", who.User, "verb", mine.verb, "status", status, "lasted", time.Since(mine.since).Round(time.Millisecond).String())
}

// Exit statuses of the command line that the engine itself gives.
const (
	statusFailed  = 1
	statusRefused = 5

	// StatusStopping is that of a session that ended because the engine stops. It is what sysexits.h
	// calls a temporary failure: trying again in a moment helps.
	StatusStopping = 75
)

func refuse(s ssh.Session, err error) { _, _ = fmt.Fprintf(s.Stderr(), "opsdeck: %v\r\n", err) }

// describe says what a session's client has told of itself.
func (e *Engine) describe(s ssh.Session, who Admission, mine *running, args []string) Session {
	out := Session{
		Admission: who, From: mine.from, Args: args, Env: let(s.Environ()), Stdin: s,
		Stdout: e.watch(s, s), Stderr: e.watch(s, s.Stderr()), Files: remoteFiles{s.Context(), mine.files}, Stopping: e.sessions.stops,
	}
	pty, resized, ok := s.Pty()
	if !ok {
		return out
	}
	sizes := make(chan ui.Size, 1)
	go func() {
		defer close(sizes)
		for w := range resized {
			select {
			case <-sizes: // Only the newest size matters.
			default:
			}
			sizes <- ui.Size{Width: w.Width, Height: w.Height}
		}
	}()
	out.Terminal = &Terminal{Term: pty.Term, Width: pty.Window.Width, Height: pty.Window.Height, Resized: sizes}
	out.Env = append(out.Env, "TERM="+pty.Term)
	return out
}

// let keeps of an environment what says how the person's terminal and language are. Any client can send any
// variable: a program that one names, or a file, would be the engine's.
func let(env []string) []string {
	return slices.DeleteFunc(env, func(e string) bool {
		name, _, ok := strings.Cut(e, "=")
		return !ok || !passes(name)
	})
}

// Sessions lists who is there now.
func (e *Engine) Sessions() []Present { return e.sessions.list() }
