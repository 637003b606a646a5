package serve

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	gossh "golang.org/x/crypto/ssh"
)

func newSigner(t testing.TB) gossh.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := gossh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// borrowed offers a public key whose private half it does not have.
type borrowed struct{ gossh.Signer }

func (b borrowed) Sign(io.Reader, []byte) (*gossh.Signature, error) {
	return &gossh.Signature{Format: b.PublicKey().Type(), Blob: make([]byte, ed25519.SignatureSize)}, nil
}

// keyed is a desk for the holders of keys, which says who it takes somebody for.
func keyed(holders map[string]gossh.Signer) fakeDesk {
	return fakeDesk{
		admit: func(p Peer) (Admission, error) {
			for name, s := range holders {
				if p.UID < 0 && p.Key == authorized(s.PublicKey()) {
					return Admission{User: name}, nil
				}
			}
			return Admission{}, errors.New("this key belongs to nobody")
		},
		serve: func(_ context.Context, s Session) int { _, _ = io.WriteString(s.Stdout, s.User); return 0 },
	}
}

// keyedServe is a desk for the holder of one key.
func keyedServe(key gossh.Signer, serve func(context.Context, Session) int) fakeDesk {
	d := keyed(map[string]gossh.Signer{"ana": key})
	d.serve = serve
	return d
}

func (r *rig) connect(signers ...gossh.Signer) (*gossh.Client, error) {
	c, err := gossh.Dial("tcp", r.front, &gossh.ClientConfig{
		User: "root", Auth: []gossh.AuthMethod{gossh.PublicKeys(signers...)}, HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: patience,
	})
	if err == nil {
		r.t.Cleanup(func() { _ = c.Close() })
	}
	return c, err
}

func whoAmI(t *testing.T, c *gossh.Client) string {
	t.Helper()
	s, err := c.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Output("whoami")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestAKeyIsProvedAndNotOnlyOffered(t *testing.T) {
	ana, bo, stranger := newSigner(t), newSigner(t), newSigner(t)
	l := testLimits()
	l.PerAddress = 100
	r := start(t, keyed(map[string]gossh.Signer{"ana": ana, "bo": bo}), l, true)
	c, err := r.connect(ana)
	if err != nil {
		t.Fatal(err)
	}
	if got := whoAmI(t, c); got != "ana" {
		t.Errorf("ana is taken for %q", got)
	}
	if _, err := r.connect(borrowed{ana}); err == nil {
		t.Error("an offered key lets in who cannot prove it")
	}
	if _, err := r.connect(stranger); err == nil {
		t.Error("a stranger is let in")
	}
	// The client library stops at the first refused proof, so that the trick of offering another's key
	// before one's own is played on one connection by a client that signs for itself.
	if c, err := r.connect(stranger, bo); err != nil || whoAmI(t, c) != "bo" {
		t.Errorf("a second key does not help: %v", err)
	}
	if who := trick(t, r.front, ana, bo); who != "" && who != "bo" {
		t.Errorf("who offers ana's key and proves bo's is taken for %q", who)
	}
	none, err := gossh.Dial("tcp", r.front, &gossh.ClientConfig{User: "root", HostKeyCallback: gossh.InsecureIgnoreHostKey()})
	if err == nil {
		_ = none.Close()
		t.Error("somebody without a key is let in")
	}
	password, err := gossh.Dial("tcp", r.front, &gossh.ClientConfig{
		User: "root", Auth: []gossh.AuthMethod{gossh.Password(""), gossh.Password("root")}, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
	})
	if err == nil {
		_ = password.Close()
		t.Error("a password lets somebody in")
	}
}

// trick proves one key while the last key that it has offered is another's: the signer of the first
// answer offers the other one on the same connection before it signs.
func trick(t *testing.T, at string, victim, own gossh.Signer) string {
	t.Helper()
	signers := []gossh.Signer{own, victim, own}
	next := 0
	c, err := gossh.Dial("tcp", at, &gossh.ClientConfig{
		User: "x", HostKeyCallback: gossh.InsecureIgnoreHostKey(),
		Auth: []gossh.AuthMethod{gossh.RetryableAuthMethod(gossh.PublicKeysCallback(func() ([]gossh.Signer, error) {
			s := signers[min(next, len(signers)-1)]
			next++
			if next < len(signers) {
				s = borrowed{s}
			}
			return []gossh.Signer{s}, nil
		}), len(signers))},
	})
	if err != nil {
		return ""
	}
	defer c.Close()
	return whoAmI(t, c)
}

func TestNothingButSessionsIsServed(t *testing.T) {
	ana := newSigner(t)
	r := start(t, keyed(map[string]gossh.Signer{"ana": ana}), testLimits(), true)
	c, err := r.connect(ana)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := c.Listen("tcp", "127.0.0.1:0"); err == nil {
		_ = l.Close()
		t.Error("a port is forwarded from the engine")
	}
	if l, err := c.ListenUnix("/tmp/opsdeck-forward"); err == nil {
		_ = l.Close()
		t.Error("a socket is forwarded from the engine")
	}
	for _, to := range [][2]string{{"tcp", r.front}, {"unix", r.socket}} {
		if conn, err := c.Dial(to[0], to[1]); err == nil {
			_ = conn.Close()
			t.Errorf("a connection is forwarded to %s", to[1])
		}
	}
	for _, name := range []string{"sftp", "netconf", ""} {
		s, err := c.NewSession()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.RequestSubsystem(name); err == nil {
			t.Errorf("the subsystem %q is served", name)
		}
		_ = s.Close()
	}
	for _, channel := range []string{"x11", "auth-agent@openssh.com", "direct-streamlocal@openssh.com", fileChannel} {
		if ch, _, err := c.OpenChannel(channel, nil); err == nil {
			_ = ch.Close()
			t.Errorf("a channel %s is opened", channel)
		}
	}
	if got := whoAmI(t, c); got != "ana" {
		t.Errorf("afterwards the connection serves %q", got)
	}
}

func TestManyWrongKeysHurtNobody(t *testing.T) {
	ana := newSigner(t)
	l := testLimits()
	l.AuthAttempts = 3
	r := start(t, keyed(map[string]gossh.Signer{"ana": ana}), l, true)
	wrong := make([]gossh.Signer, 10)
	for i := range wrong {
		wrong[i] = newSigner(t)
	}
	connections := 334 // Three keys are looked at on each: a thousand wrong ones.
	if testing.Short() {
		connections = 20
	}
	for range connections {
		if _, err := r.connect(wrong...); err == nil {
			t.Fatal("a wrong key is let in")
		}
	}
	// The fourth key of a connection is not looked at any more.
	if _, err := r.connect(append(wrong[:3:3], ana)...); err == nil {
		t.Error("a connection may try more keys than the limit says")
	}
	if c, err := r.connect(ana); err != nil || whoAmI(t, c) != "ana" {
		t.Errorf("after many wrong keys the right one is refused: %v", err)
	}
}

func TestOneAddressCannotTakeAllConnections(t *testing.T) {
	ana := newSigner(t)
	l := testLimits()
	l.PerAddress = 5
	r := start(t, keyed(map[string]gossh.Signer{"ana": ana}), l, true)
	var silent []net.Conn
	for range 300 {
		c, err := net.Dial("tcp", r.front)
		if err != nil {
			t.Fatal(err)
		}
		silent = append(silent, c)
	}
	open := 0
	for _, c := range silent {
		banner := make([]byte, 4)
		if _, err := io.ReadFull(c, banner); err == nil && bytes.Equal(banner, []byte("SSH-")) {
			open++
		}
	}
	if open != l.PerAddress {
		t.Errorf("%d of 300 connections of one address are served, not %d", open, l.PerAddress)
	}
	// The socket of the machine has its own way in.
	status, out, _, err := r.run("", nil, "x")
	if err != nil || status != statusRefused || out != "" {
		t.Errorf("the socket: status %d, %q, %v", status, out, err)
	}
	for _, c := range silent {
		_ = c.Close()
	}
	for try := 0; ; try++ { // Their places become free when the engine has noticed.
		c, err := r.connect(ana)
		if err == nil {
			if got := whoAmI(t, c); got != "ana" {
				t.Errorf("ana is taken for %q", got)
			}
			return
		}
		if try == 1000 {
			t.Fatalf("the address is never served again: %v", err)
		}
	}
}

func TestAPlainClientCannotHandOverFiles(t *testing.T) {
	ana := newSigner(t)
	d := keyed(map[string]gossh.Signer{"ana": ana})
	d.serve = func(_ context.Context, s Session) int {
		_, err := s.Files.Open("a.csv")
		_, _ = fmt.Fprint(s.Stdout, err)
		return 0
	}
	r := start(t, d, testLimits(), true)
	c, err := r.connect(ana)
	if err != nil {
		t.Fatal(err)
	}
	if got := whoAmI(t, c); !strings.Contains(got, "cannot hand over files") {
		t.Errorf("the answer is %q", got)
	}
}
