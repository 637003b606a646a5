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
	"time"

	"github.com/spf13/pflag"

	"opsdeck/store"
)

// backups are the copies that an engine makes of its book while people work in it.
type backups struct {
	dir   string
	every time.Duration
	keepN int
}

func (s *backups) flags(f *pflag.FlagSet) {
	f.StringVar(&s.dir, "backups", "", "`directory` for copies of the book, made while people work; none without it")
	f.DurationVar(&s.every, "backup-every", time.Hour, "how often a copy is made, when anything has changed")
	f.IntVar(&s.keepN, "backup-keep", 48, "how many copies are kept")
}

// keep makes copies until the context ends. A copy that fails is told in the log and tried again.
func (s *backups) keep(ctx context.Context, b *store.Book, now func() time.Time, log *slog.Logger) error {
	if s.dir == "" {
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("--backups: %w", err)
	}
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	last := uint64(0)
	for {
		if snap, err := b.Snapshot(); err == nil && snap.Seq != last {
			if path, err := s.one(ctx, b, now()); err != nil {
				log.Error("backup failed", "why", err.Error())
			} else {
				last = snap.Seq
				log.Info("backup", "file", path)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
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
