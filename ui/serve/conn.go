package serve

import (
	"io"
	"net"
	"time"

	"charm.land/ssh"
)

// uidKey is where a connection's context keeps the user id of the peer.
type uidKey struct{}

// localConn asks the kernel who is at the other end of the socket. Who cannot be told is not let in.
func localConn(ctx ssh.Context, c net.Conn) net.Conn {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return nil
	}
	uid, err := peerUID(u)
	if err != nil {
		return nil
	}
	ctx.SetValue(uidKey{}, uid)
	return c
}

func networkConn(g *gate) ssh.ConnCallback {
	return func(_ ssh.Context, c net.Conn) net.Conn {
		passed, ok := g.pass(c)
		if !ok {
			return nil
		}
		return passed
	}
}

// wrapStalled ends connections whose client does not read what it is sent.
func wrapStalled(wrap ssh.ConnCallback, after time.Duration) ssh.ConnCallback {
	return func(ctx ssh.Context, c net.Conn) net.Conn {
		if c = wrap(ctx, c); c == nil {
			return nil
		}
		return &impatient{c, after}
	}
}

// impatient is a connection whose writes have a time limit.
type impatient struct {
	net.Conn
	after time.Duration
}

func (c *impatient) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.after)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// watch makes writes of a session end its connection when the client leaves them unread for too long.
// The protocol's window keeps what is unread small; without a limit of time the session would stay for
// as long as the connection does.
func (e *Engine) watch(s ssh.Session, to io.Writer) io.Writer {
	conn, ok := s.Context().Value(ssh.ContextKeyConn).(io.Closer)
	if !ok {
		return to
	}
	return &unread{to, conn, e.o.Limits.Unread}
}

type unread struct {
	io.Writer
	conn  io.Closer
	after time.Duration
}

func (w *unread) Write(p []byte) (int, error) {
	defer time.AfterFunc(w.after, func() { _ = w.conn.Close() }).Stop()
	return w.Writer.Write(p)
}
