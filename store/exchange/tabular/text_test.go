package tabular

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dataDir is the folder of real files beside the repository; tests over it are skipped without it.
func dataDir(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the package")
		}
		dir = filepath.Dir(dir)
	}
	data := filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the real files are not here: ", err)
	}
	return data
}

// readAll reads every row of the only table and closes it.
func readAll(t testing.TB, rs []Reader, err error) (*Table, []Row) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) != 1 {
		t.Fatalf("%d tables, want one", len(rs))
	}
	rows, err := drain(rs[0])
	if err != nil {
		t.Fatal(err)
	}
	return rs[0].Table(), rows
}

func drain(r Reader) (rows []Row, err error) {
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return rows, r.Close()
		}
		if err != nil {
			return rows, errors.Join(err, r.Close())
		}
		rows = append(rows, row)
	}
}

func readText(t testing.TB, text string, o Options) (*Table, []Row) {
	t.Helper()
	rs, err := OpenBytes(context.Background(), "test.csv", []byte(text), o)
	return readAll(t, rs, err)
}

func cellsOf(rows []Row) [][]string {
	out := [][]string{}
	for _, r := range rows {
		out = append(out, r.Cells)
	}
	return out
}

func TestRowsKeepTheirLines(t *testing.T) {
	tab, rows := readText(t, "a,b\n\n1,\"x\ny\"\n2,z\n", Options{})
	if diff := cmp.Diff([]string{"a", "b"}, tab.Header); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{{"1", "x\ny"}, {"2", "z"}}, cellsOf(rows)); diff != "" {
		t.Error(diff)
	}
	if rows[0].Line != 3 || rows[1].Line != 5 {
		t.Errorf("rows start on lines %d and %d, want 3 and 5", rows[0].Line, rows[1].Line)
	}
}
