package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"opsdeck/ui/cli"
)

// What the guide prints of a real export is what the program prints: each table below a command is compared,
// line by line.
func TestTheGuideOfARealExportIsTrue(t *testing.T) {
	from := filepath.Join("..", "shared", "data", "ravenstack")
	if _, err := os.Stat(from); err != nil {
		t.Skip("the export is not on this machine: " + err.Error())
	}
	book := filepath.Join(t.TempDir(), "raven.db")
	run := func(args ...string) string {
		var out, said bytes.Buffer
		status := cli.Run(t.Context(), append([]string{"--book", book}, args...), cli.Deps{
			Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, User: "ana", Now: time.Now, NewID: counted(),
		})
		if status != 0 {
			t.Fatalf("opsdeck %v: status %d: %s", args, status, said.String())
		}
		return trimmed(out.String())
	}
	for _, file := range []string{"accounts.csv", "subscriptions.csv"} {
		run("import", filepath.Join(from, file))
	}
	guide, err := os.ReadFile(filepath.Join("docs", "guide.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```text\n\\$ opsdeck ([^\n]*)\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(blocks) < 4 {
		t.Fatalf("the guide has %d tables of the export, want at least 4", len(blocks))
	}
	for _, b := range blocks {
		got := run(strings.Fields(b[1])...)
		if want := trimmed(b[2]); !strings.Contains(got, want) {
			t.Errorf("opsdeck %s prints\n%s\nand the guide says\n%s", b[1], got, want)
		}
	}
}
