package engine

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

const accounts, total = 40, 4000

func account(i int) []byte { return fmt.Appendf(nil, "%03d", i%accounts) }

func addTo(tx Tx, i, amount int) error {
	value, _ := tx.Get("sum", account(i))
	n, err := strconv.Atoi(string(value))
	return errors.Join(err, tx.Put("sum", account(i), strconv.AppendInt(nil, int64(n+amount), 10)))
}

func addsUp(tx Tx) error {
	got := 0
	err := tx.Scan("sum", nil, nil, func(_, value []byte) (bool, error) {
		n, err := strconv.Atoi(string(value))
		got += n
		return true, err
	})
	if err == nil && got != total {
		return fmt.Errorf("a view adds up to %d", got)
	}
	return err
}

// TestEveryoneAtOnce lets readers, writers, checks and backups meet. Each writer moves an amount
// from one record to another, so the sum is the same in every view.
func TestEveryoneAtOnce(t *testing.T) {
	path := newBook(t)
	b := mustOpen(t, path, Options{hooks: hooks{noSync: true}})
	err := b.Update(func(tx Tx) error {
		var all error
		for i := range accounts {
			all = errors.Join(all, tx.Put("sum", account(i), strconv.AppendInt(nil, total/accounts, 10)))
		}
		return all
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	work := func(times int, do func(i int) error) {
		wg.Go(func() {
			for i := range times {
				if err := do(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for w := range 2 {
		work(100, func(i int) error {
			return b.Update(func(tx Tx) error { return errors.Join(addTo(tx, i*7, -w-1), addTo(tx, i*3+w, w+1)) })
		})
		work(200, func(int) error { return b.View(addsUp) })
	}
	work(5, func(int) error { mustBeSound(t, b); return nil })
	work(5, func(i int) error { return b.Backup(t.Context(), fmt.Sprintf("%s.copy%d", path, i)) })
	work(5, func(int) error { _, err := b.Stats(t.Context()); return err })
	wg.Wait()
	mustBeSound(t, b)
	copies, err := filepath.Glob(path + ".copy?")
	if err != nil || len(copies) != 5 {
		t.Fatalf("%d copies, %v", len(copies), err)
	}
	for _, copied := range copies {
		c := mustOpen(t, copied, Options{})
		if err := c.View(addsUp); err != nil {
			t.Errorf("%s: %v", copied, err)
		}
		mustBeSound(t, c)
	}
	if b.Path() != path {
		t.Errorf("the path is %s", b.Path())
	}
}
