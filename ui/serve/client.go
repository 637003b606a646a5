package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	gossh "golang.org/x/crypto/ssh"
)

// ErrNoEngine says that nobody serves the book.
var ErrNoEngine = errors.New("no engine serves this book")

// LostError says that the connection to the engine broke before it had answered.
type LostError struct{ Err error }

// Error implements error.
func (e *LostError) Error() string { return "the connection to the engine broke: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *LostError) Unwrap() error { return e.Err }

// Client is a connection to an engine.
type Client struct {
	ssh  *gossh.Client
	conn net.Conn
}

// Dial connects to the engine at a socket. ErrNoEngine says that nobody is there; any other error is
// a refusal.
func Dial(ctx context.Context, socket string) (*Client, error) {
	info, err := os.Stat(socket)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, ErrNoEngine
		}
		return nil, fmt.Errorf("engine: %w", err)
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", socket)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOENT):
		return nil, ErrNoEngine
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("engine at %s: you may not use it; its group may (%w)", socket, err)
	case err != nil:
		return nil, fmt.Errorf("engine: %w", err)
	}
	if err := trusted(conn, info); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	// The kernel vouches for both ends of the socket, so no host key is needed.
	config := &gossh.ClientConfig{User: "opsdeck", HostKeyCallback: gossh.InsecureIgnoreHostKey()}
	c, chans, reqs, err := gossh.NewClientConn(conn, socket, config)
	if err != nil {
		return nil, errors.Join(&LostError{err}, closedOnly(conn.Close()))
	}
	return &Client{ssh: gossh.NewClient(c, chans, reqs), conn: conn}, nil
}

// trusted refuses a socket behind which somebody else sits than the one who owns it: what is typed
// would go to them.
func trusted(c net.Conn, info os.FileInfo) error {
	u, isUnix := c.(*net.UnixConn)
	st, isStat := info.Sys().(*syscall.Stat_t)
	if !isUnix || !isStat {
		return nil
	}
	uid, err := peerUID(u)
	if err != nil {
		return err
	}
	if uid != 0 && uid != int(st.Uid) {
		return fmt.Errorf("engine: the socket belongs to uid %d, but uid %d answers there; ask whoever keeps this machine", st.Uid, uid)
	}
	return nil
}

// Close ends the connection.
func (c *Client) Close() error { return closedOnly(c.ssh.Close()) }

// Call is a command line for the engine.
type Call struct {
	Args           []string
	Env            []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run carries out a command line on the engine and returns its exit status. A *LostError says that
// the connection broke before there was one.
func (c *Client) Run(ctx context.Context, call Call) (int, error) {
	s, err := c.session(ctx, call.Args, call.Env)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	defer context.AfterFunc(ctx, func() { _ = c.conn.Close() })()
	s.Stdin, s.Stdout, s.Stderr = call.Stdin, call.Stdout, call.Stderr
	if err := s.Start(quoteAll(call.Args)); err != nil {
		return 0, &LostError{err}
	}
	return statusOf(s.Wait())
}

// session opens a session with an environment; files that the arguments name are offered.
func (c *Client) session(ctx context.Context, args, env []string) (*gossh.Session, error) {
	s, err := c.ssh.NewSession()
	if err != nil {
		return nil, &LostError{err}
	}
	if asked := c.ssh.HandleChannelOpen(fileChannel); asked != nil {
		go offer(ctx, asked, args)
	}
	for _, e := range env {
		name, value, ok := strings.Cut(e, "=")
		if ok && passes(name) {
			if err := s.Setenv(name, value); err != nil {
				return nil, errors.Join(&LostError{err}, s.Close())
			}
		}
	}
	return s, nil
}

// passes tells which variables an engine is told of: how the person's terminal and language are, and
// nothing that is theirs alone.
func passes(name string) bool {
	switch name {
	case "LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "CLICOLOR_FORCE", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "WT_SESSION", "TMUX", "STY", "TZ", "COLUMNS", "LINES":
		return true
	}
	return strings.HasPrefix(name, "LC_") || strings.HasPrefix(name, "OPSDECK_")
}

func statusOf(err error) (int, error) {
	var exit *gossh.ExitError
	var missing *gossh.ExitMissingError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit):
		return exit.ExitStatus(), nil
	case errors.As(err, &missing):
		return 0, &LostError{err}
	}
	return 0, &LostError{err}
}
