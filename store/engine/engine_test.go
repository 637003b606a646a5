package engine

import (
	"path/filepath"
	"testing"
)

func TestBookKeepsWhatWasSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.db")
	b, err := Open(path, Options{Create: true, Buckets: []string{"a"}, Schema: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Update(func(tx Tx) error { return tx.Put("a", []byte("k"), []byte("v")) }); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b, err = Open(path, Options{Schema: 3, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	err = b.View(func(tx Tx) error {
		if v, ok := tx.Get("a", []byte("k")); !ok || string(v) != "v" {
			t.Errorf("got %q, %v", v, ok)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
