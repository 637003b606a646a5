package tabular

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// A table that is read as what it is not must be refused: no rows and no word would look like success.
func TestMistakenFilesAreRefused(t *testing.T) {
	csv := "id,name,since\n1,Acme,03/04/2024\n"
	for _, c := range []struct {
		name, file, data, encoding string
		want                       error
		says                       string
	}{
		{"one byte a letter read as UTF-16", "a.csv", csv, "utf-16", ErrEncoding, "reads as UTF-8"},
		{"the same, little endian", "a.csv", csv, "utf-16le", ErrEncoding, "line 1, byte 1"},
		{"the same, big endian", "a.csv", csv, "utf-16be", ErrEncoding, "line 1, byte 1"},
		{"bytes that are no workbook", "a.xlsx", "\x93\x81\xffjunk,\x81\n\x9d\x8f", "", ErrNotATable, "no workbook"},
	} {
		rs, err := OpenBytes(context.Background(), c.file, []byte(c.data), Options{Encoding: c.encoding})
		for _, r := range rs {
			_ = r.Close()
		}
		if !errors.Is(err, c.want) || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	rs, err := OpenBytes(context.Background(), "a.xlsx", []byte(csv), Options{})
	if err != nil || len(rs) != 1 {
		t.Fatalf("plain text under a workbook's name is read: %v", err)
	}
	_ = rs[0].Close()
}
