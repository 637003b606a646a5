package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"opsdeck/store/files"
)

// Files are files on the machine, and in the name, of whoever sits at a session. The engine asks the
// client for them over the connection: it never opens a path that a client names itself.
type Files interface {
	// Open reads a file of the client. fs.ErrNotExist says that there is none.
	Open(path string) (io.ReadCloser, error)
	// Create writes a file of the client; it is there in whole once Close has returned nil. Discard ends it
	// without that: what was there stays.
	Create(path string) (Created, error)
}

// Created is a file of the client that is being written.
type Created interface {
	io.WriteCloser
	Discard() error
}

// The channel on which the engine asks for a file.
const fileChannel = "file@opsdeck"

// fileRequest is what the engine asks for.
type fileRequest struct {
	Write bool   `json:"write"`
	Path  string `json:"path"`
}

// Words of refusals that mean something to the other side.
const noSuchFile = "no such file"

// remoteFiles are the files of an attached client.
type remoteFiles struct {
	ctx   ssh.Context
	share *share // of the session, which holds what is read until it is over
}

// conn is the client's connection, nil where there is none any more.
func (r remoteFiles) conn() *gossh.ServerConn {
	conn, _ := r.ctx.Value(ssh.ContextKeyConn).(*gossh.ServerConn)
	return conn
}

func (r remoteFiles) ask(q fileRequest) (gossh.Channel, error) {
	conn := r.conn()
	if conn == nil {
		return nil, errors.New("the connection is gone")
	}
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	ch, reqs, err := conn.OpenChannel(fileChannel, body)
	var refused *gossh.OpenChannelError
	switch {
	case errors.As(err, &refused) && refused.Message == noSuchFile:
		return nil, &fs.PathError{Op: "open", Path: q.Path, Err: fs.ErrNotExist}
	case errors.As(err, &refused) && refused.Reason == gossh.UnknownChannelType:
		return nil, fmt.Errorf("%s: this client cannot hand over files; log in to the machine and use opsdeck there", q.Path)
	case errors.As(err, &refused):
		return nil, fmt.Errorf("%s: %s", q.Path, refused.Message)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", q.Path, err)
	}
	go gossh.DiscardRequests(reqs)
	return ch, nil
}

// Open implements Files. What is read counts until the session is over. The client ends with a word on its standard
// error when it could not read on.
func (r remoteFiles) Open(path string) (io.ReadCloser, error) {
	if err := r.share.take(load{files: 1}); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	ch, err := r.ask(fileRequest{Path: path})
	if err != nil {
		return nil, errors.Join(err, r.share.take(load{files: -1}))
	}
	return &remoteReader{ch, path, r.share, load{files: 1}}, nil
}

type remoteReader struct {
	gossh.Channel
	path  string
	share *share
	mine  load // what it has taken of that
}

func (r *remoteReader) Read(p []byte) (int, error) {
	n, err := r.Channel.Read(p)
	more := load{bytes: int64(n)}
	if err := r.share.take(more); err != nil {
		// Nobody keeps half a file.
		err = errors.Join(err, r.share.take(r.mine.negative()))
		r.mine = load{}
		return 0, fmt.Errorf("%s: %w", r.path, err)
	}
	r.mine = r.mine.plus(more)
	if err != io.EOF {
		return n, err
	}
	// The end of the bytes is the end of the file only if the client says so.
	word, wordErr := io.ReadAll(io.LimitReader(r.Stderr(), 4096))
	if wordErr == nil && string(word) == wholeFile {
		return n, io.EOF
	}
	return n, fmt.Errorf("%s: the client stopped in the middle of the file: %s", r.path, word)
}

// Close ends the reading. The other side may have closed its end already.
func (r *remoteReader) Close() error { return ignoreEOF(closedOnly(r.Channel.Close())) }

// wholeFile is what the end of a file that went over in whole is followed by.
const wholeFile = "whole"

// Create implements Files.
func (r remoteFiles) Create(path string) (Created, error) {
	ch, err := r.ask(fileRequest{Write: true, Path: path})
	if err != nil {
		return nil, err
	}
	return &remoteWriter{ch, path}, nil
}

type remoteWriter struct {
	gossh.Channel
	path string
}

// Close ends the file and waits until the client has it. The end of the bytes is the end of the file
// only with the word that says so: a connection that breaks ends the bytes as well.
func (w *remoteWriter) Close() error {
	if _, err := io.WriteString(w.Stderr(), wholeFile); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	if err := w.CloseWrite(); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	word, err := io.ReadAll(io.LimitReader(w.Channel, 4096))
	err = errors.Join(err, closedOnly(w.Channel.Close()))
	if string(word) != wholeFile {
		err = errors.Join(fmt.Errorf("%s: not written: %s", w.path, word), ignoreEOF(err))
	}
	return ignoreEOF(err)
}

// Discard ends the bytes without the word that says that they are all.
func (w *remoteWriter) Discard() error { return ignoreEOF(closedOnly(w.Channel.Close())) }

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// offer hands over files that the person has named on their command line, and no others: the engine
// is trusted with the book, not with the person's home.
func offer(ctx context.Context, asked <-chan gossh.NewChannel, args []string) {
	for n := range asked {
		var q fileRequest
		if err := json.Unmarshal(n.ExtraData(), &q); err != nil {
			_ = n.Reject(gossh.ConnectionFailed, "not understood")
			continue
		}
		if !named(args, q) {
			_ = n.Reject(gossh.Prohibited, "the command line does not name this file")
			continue
		}
		go hand(ctx, n, q)
	}
}

// named tells whether a command line names a path, as an argument or as the value of a flag. Written
// may also be files beside one that is named, whose names begin and end like its name, as the error rows
// of several files are.
func named(args []string, q fileRequest) bool {
	for _, arg := range args {
		value := arg
		if strings.HasPrefix(arg, "-") {
			_, value, _ = strings.Cut(arg, "=")
		}
		if value == "" {
			continue
		}
		if value == q.Path {
			return true
		}
		ending := filepath.Ext(value)
		stem := strings.TrimSuffix(filepath.Base(value), ending)
		if q.Write && stem != "" && ending != "" && filepath.Ext(q.Path) == ending && filepath.Dir(value) == filepath.Dir(q.Path) &&
			strings.HasPrefix(filepath.Base(q.Path), stem+".") {
			return true
		}
	}
	return false
}

func hand(ctx context.Context, n gossh.NewChannel, q fileRequest) {
	if q.Write {
		take(n, q.Path)
		return
	}
	f, err := files.OpenStream(q.Path)
	if err != nil {
		_ = n.Reject(gossh.ConnectionFailed, refusalOf(err))
		return
	}
	defer f.Close()
	ch, reqs, err := n.Accept()
	if err != nil {
		return
	}
	defer ch.Close()
	go gossh.DiscardRequests(reqs)
	defer context.AfterFunc(ctx, func() { _ = ch.Close() })()
	word := wholeFile
	if _, err := io.Copy(ch, f); err != nil {
		word = err.Error()
	}
	_, _ = io.WriteString(ch.Stderr(), word)
	_ = ch.CloseWrite()
}

func refusalOf(err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return noSuchFile
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return err.Error()
}

// take writes a file that is there in whole or not at all.
func take(n gossh.NewChannel, path string) {
	f, err := files.Create(path)
	if err != nil {
		_ = n.Reject(gossh.ConnectionFailed, refusalOf(err))
		return
	}
	defer f.Discard()
	ch, reqs, err := n.Accept()
	if err != nil {
		return
	}
	defer ch.Close()
	go gossh.DiscardRequests(reqs)
	_, err = io.Copy(f, ch)
	said, wordErr := io.ReadAll(io.LimitReader(ch.Stderr(), 4096))
	if err == nil && (wordErr != nil || string(said) != wholeFile) {
		err = errors.New("the engine stopped in the middle of the file")
	}
	if err == nil {
		err = f.Close()
	}
	word := wholeFile
	if err != nil {
		word = refusalOf(err)
	}
	_, _ = io.WriteString(ch, word)
	_ = ch.CloseWrite()
}
