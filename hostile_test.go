//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// endlessX is a field that does not end: as many letters as there is room for.
type endlessX struct{}

func (endlessX) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("x"), len(p))), nil }

// highest follows a process until it ends and returns the most memory that it has held, in bytes. What
// the system tells of it afterwards would count the memory of whoever started it.
func highest(pid int) (most int64) {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, rest, ok := strings.Cut(string(status), "VmHWM:")
		if err != nil || !ok { // The process has ended.
			return most
		}
		var kib int64
		if _, err := fmt.Sscan(rest, &kib); err != nil {
			return most
		}
		most = max(most, kib<<10)
	}
}

// giantWorkbook writes a workbook of which one part does not end: the sheet, or the texts that cells share.
func giantWorkbook(to io.Writer, head string, endless io.Reader) error {
	z := zip.NewWriter(to)
	parts := map[string]io.Reader{
		"_rels/.rels":                strings.NewReader(`<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/workbook.xml":            strings.NewReader(`<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": strings.NewReader(`<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/s.xml"/><Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`),
		"xl/worksheets/s.xml":        endless,
	}
	if strings.HasPrefix(head, "<sst>") {
		parts["xl/sharedStrings.xml"] = endless
		parts["xl/worksheets/s.xml"] = strings.NewReader(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`)
	}
	for name, part := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(w, part)
		}
		if err != nil {
			return err
		}
	}
	return z.Close()
}

// TestHostileGiantField imports files with one field of 80 MiB, or of a gigabyte with OPSDECK_FAULTS: it is
// refused in words, and memory does not grow with the file.
func TestHostileGiantField(t *testing.T) {
	if testing.Short() {
		t.Skip("measures the memory of the program as it is built for use, which a short run under the race detector does not have")
	}
	size := int64(80 << 20)
	if os.Getenv("OPSDECK_FAULTS") != "" {
		size = 1 << 30
	}
	dir := t.TempDir()
	for name, head := range map[string]string{
		"a.csv": "name,city\n\"", "b.json": `[{"name":"`, "c.ndjson": `{"name":"`,
		"d.xlsx": `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>`,
		"e.xlsx": `<sst><si><t>`, "f.xlsx": `<worksheet><sheetData><row r="`, "g.xlsx": `<worksheet><!--`,
	} {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		field := io.MultiReader(strings.NewReader(head), io.LimitReader(endlessX{}, size))
		if strings.HasSuffix(name, ".xlsx") {
			err = giantWorkbook(f, head, field)
		} else {
			_, err = io.Copy(f, field)
		}
		if err != nil || f.Close() != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("opsdeck", "--book", filepath.Join(dir, "book.db"), "import", "customers", path)
		// What is measured is what the program needs, not how late its garbage happens to be collected.
		cmd.Env = append(os.Environ(), "GOMEMLIMIT=256MiB")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		used := highest(cmd.Process.Pid)
		if err := cmd.Wait(); err == nil || !bytes.Contains(out.Bytes(), []byte("too large")) {
			t.Errorf("%s: %v\n%s", name, err, &out)
		}
		if used == 0 || used > 512<<20 {
			t.Errorf("%s: %d MiB of memory for a field that is refused", name, used>>20)
		}
		t.Logf("%s: a field of %d MiB, %d MiB of memory", name, size>>20, used>>20)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}
