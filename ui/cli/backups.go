package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"opsdeck/store"
)

// backups are the copies that an engine makes of its book while people work in it.
type backups struct {
	dir   string
	every time.Duration
	keepN int
	drill time.Duration // how often a copy is tried; 0 for never

	mu   sync.Mutex
	last backupState
}

// backupState is how the copies of a book stand.
type backupState struct {
	Dir     string
	File    string // the newest copy
	At      time.Time
	Bytes   int64
	Copies  int
	Failed  string    // why the last try made none
	Drilled time.Time // when a copy was last restored and found sound
	Trouble string    // what the last drill found
}

// state tells how the copies stand.
func (s *backups) state() backupState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

func (s *backups) note(change func(*backupState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.last)
}

func (s *backups) flags(f *pflag.FlagSet) {
	f.StringVar(&s.dir, "backups", "", "`directory` for copies of the book, made while people work; none without it")
	f.DurationVar(&s.every, "backup-every", time.Hour, "how often a copy is made, when anything has changed")
	f.IntVar(&s.keepN, "backup-keep", 48, "how many copies are kept")
	f.DurationVar(&s.drill, "drill-every", 24*time.Hour, "how often the newest copy is restored beside the book and checked; 0 for never")
}

// keep makes copies until the context ends, and now and then tries one. What fails is told in the log and tried
// again.
func (s *backups) keep(ctx context.Context, b *store.Book, now func() time.Time, log *slog.Logger, try func(context.Context, string) (drilled, error)) error {
	if s.dir == "" {
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("--backups: %w", err)
	}
	s.look()
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	last := uint64(0)
	var tried time.Time
	for {
		if snap, err := b.Snapshot(); err == nil && snap.Seq != last && s.makeOne(ctx, b, now(), log) {
			last = snap.Seq
		}
		if s.drill > 0 && now().Sub(tried) >= s.drill {
			tried = now()
			s.tryOne(ctx, tried, log, try)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look takes in the copies that are there already.
func (s *backups) look() {
	names, err := s.names()
	s.note(func(b *backupState) {
		b.Dir, b.Copies = s.dir, len(names)
		if err != nil || len(names) == 0 {
			return
		}
		b.File = filepath.Join(s.dir, names[len(names)-1])
		if info, err := os.Stat(b.File); err == nil {
			b.At, b.Bytes = info.ModTime(), info.Size()
		}
	})
}

// makeOne makes a copy and tells whether there is one now.
func (s *backups) makeOne(ctx context.Context, b *store.Book, now time.Time, log *slog.Logger) bool {
	begun := time.Now()
	path, err := s.one(ctx, b, now)
	if err != nil {
		s.note(func(b *backupState) { b.Failed = err.Error() })
		log.Error("backup failed", "why", err.Error())
		return false
	}
	s.look()
	s.note(func(b *backupState) { b.Failed = "" })
	state := s.state()
	log.Info("backup", "file", path, "bytes", state.Bytes, "copies", state.Copies, "took", time.Since(begun).Round(time.Millisecond).String())
	return true
}

// tryOne restores the newest copy beside the book and checks it.
func (s *backups) tryOne(ctx context.Context, now time.Time, log *slog.Logger, try func(context.Context, string) (drilled, error)) {
	d, err := try(ctx, s.dir)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		s.note(func(b *backupState) { b.Trouble = err.Error() })
		log.Error("restore drill failed", "why", err.Error())
		return
	}
	s.note(func(b *backupState) { b.Drilled, b.Trouble = now, "" })
	log.Info("restore drill", "file", d.file, "steps", d.steps, "took", d.took.Round(time.Millisecond).String())
}

// one makes a copy, which is verified as it is written, and lets the oldest go.
func (s *backups) one(ctx context.Context, b *store.Book, now time.Time) (string, error) {
	path := filepath.Join(s.dir, backupPrefix+now.UTC().Format("20060102T150405Z")+backupEnding)
	if err := b.Backup(ctx, path); err != nil {
		return "", err
	}
	names, err := s.names()
	for len(names) > max(s.keepN, 1) {
		err = errors.Join(err, os.Remove(filepath.Join(s.dir, names[0])))
		names = names[1:]
	}
	return path, err
}

// The names of copies sort by their age.
const (
	backupPrefix = "book-"
	backupEnding = ".db"
)

// names lists the copies that are there, the oldest first.
func (s *backups) names() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	var out []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), backupPrefix) && strings.HasSuffix(e.Name(), backupEnding) {
			out = append(out, e.Name())
		}
	}
	slices.Sort(out)
	return out, err
}
