//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"opsdeck/ui/kit"
)

// verbsOnFiles are command lines that read or write the file at F. Each is also run where F is not what it should be.
var verbsOnFiles = []string{
	"import customers F", "import orders refused.csv --map F", "import orders refused.csv --errors F", "import customers --dry-run F",
	"export customers --out F", "export customers -o xlsx --out F", "export book --out F", "export hand-over --out F",
	"settings load F", "scorecard check F", "scorecard load F", "users key ana F", "report sla-due --start 2026-11-23T10:00 --target 1h --calendar F",
	"backup F", "restore F", "restore --drill F", "doctor --save F", "doctor --backup F --save saved.db",
	"--book F list customers", "--book F check", "--book F doctor", "--book F compact", "--book F add customer name=x",
}

// ran is what became of a command line.
type ran struct {
	status int // -1 when it did not end by itself
	text   string
}

// runIn runs a command line in a directory, for at most ten seconds.
func runIn(t *testing.T, dir string, args ...string) ran {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, "opsdeck", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return ran{-1, string(out)}
	case errors.As(err, &exit):
		return ran{exit.ExitCode(), string(out)}
	case err != nil:
		t.Fatal(err)
	}
	return ran{0, string(out)}
}

// lineWith puts a path into a command line on the book of its directory.
func lineWith(line, path string) []string {
	args := []string{"--book", "book.db"}
	if strings.HasPrefix(line, "--book") {
		args = nil
	}
	for _, word := range strings.Fields(line) {
		args = append(args, strings.ReplaceAll(word, "F", path))
	}
	return args
}

// place makes a directory with a book and a file of which a row is refused.
func place(t *testing.T) string {
	t.Helper()
	dir := filepath.Dir(bookOf(t, 3))
	if err := os.WriteFile(filepath.Join(dir, "refused.csv"), []byte("customer,amount,date\nZyzzyva 1,1,never\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestHostilePaths gives to every verb that reads or writes a file something else: each ends by itself, fails, and
// leaves what is there as it is.
func TestHostilePaths(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program some three hundred times, which the race detector makes minutes of")
	}
	dir := place(t)
	at := func(name string) string { return filepath.Join(dir, name) }
	long := strings.Repeat("n", 300)
	err := errors.Join(
		syscall.Mkfifo(at("pipe"), 0o600), os.Mkdir(at("folder"), 0o700), os.Symlink("loop", at("loop")), os.Symlink("nowhere/x", at("dead")),
		os.Symlink("folder", at("tofolder")), os.WriteFile(at("file"), []byte("a,b\n"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", at("socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	before := tree(t, dir)
	for _, path := range []string{"pipe", "folder", "folder/", "tofolder", "loop", "dead", "socket", "nowhere/x", "file/x", long, "", "/dev/zero", "/proc/self/mem"} {
		for _, line := range verbsOnFiles {
			if path == "" && (strings.HasPrefix(line, "--book") || strings.Contains(line, "--")) {
				continue // Without a value a flag is as if it were not there.
			}
			if path == "/dev/zero" && (strings.Contains(line, "--out") || strings.Contains(line, "--errors")) {
				continue // What is written there may be gone.
			}
			got := runIn(t, dir, lineWith(line, path)...)
			if got.status == -1 {
				t.Errorf("%s, where F is %.30q: does not end\n%s", line, path, got.text)
			}
			if got.status == 0 {
				t.Errorf("%s, where F is %.30q: passes\n%s", line, path, got.text)
			}
			if strings.Contains(got.text, "panic") || strings.Contains(got.text, "goroutine") {
				t.Errorf("%s, where F is %.30q:\n%s", line, path, got.text)
			}
		}
	}
	after := tree(t, dir)
	for _, name := range []string{"book.db.lock", "book.db.cache", "book.db"} {
		delete(before, name)
		delete(after, name)
	}
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("before:\n%v\nafter:\n%v", before, after)
	}
	if got := runIn(t, dir, "--book", "book.db", "check"); got.status != 0 {
		t.Error(got.text)
	}
}

// tree is what is in a directory: the type and size of each entry by its name.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		size := info.Size()
		if info.IsDir() {
			size = 0
		}
		out[e.Name()] = fmt.Sprint(info.Mode(), " ", size)
	}
	return out
}

// TestHostileTargets writes over what must not be lost: the book itself, files that belong to it, the file that is
// taken in, a file without the right to write, on a disk that is full.
func TestHostileTargets(t *testing.T) {
	dir := place(t)
	for _, target := range []string{"book.db", "./book.db", "book.db.lock", "book.db.cache", "alias.db"} {
		if target == "alias.db" {
			if err := os.Symlink("book.db", filepath.Join(dir, target)); err != nil {
				t.Fatal(err)
			}
		}
		for _, line := range []string{"export customers --out F", "export book --out F", "import orders refused.csv --errors F", "backup F", "doctor --save F"} {
			if target == "book.db.cache" && (line == "backup F" || line == "doctor --save F") {
				continue // Backup and doctor write books, of which no program makes use as a cache.
			}
			if got := runIn(t, dir, lineWith(line, target)...); got.status < 1 {
				t.Errorf("%s, where F is %s: %d\n%s", line, target, got.status, got.text)
			}
		}
	}
	if got := runIn(t, dir, "--book", "book.db", "import", "orders", "refused.csv", "--errors", "./refused.csv"); got.status != 2 || !strings.Contains(got.text, "taken in") {
		t.Errorf("refused rows over the file that they come from: %d\n%s", got.status, got.text)
	}
	if got := runIn(t, dir, "--book", "book.db", "check"); got.status != 0 {
		t.Error(got.text)
	}
}

// TestHostileFullDisk exports over a file where there is no room for a second one.
func TestHostileFullDisk(t *testing.T) {
	full := t.TempDir()
	if err := syscall.Mount("tmpfs", full, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no small file system can be mounted here: %v", err)
	}
	defer func() { _ = syscall.Unmount(full, syscall.MNT_DETACH) }()
	out := filepath.Join(full, "out.csv")
	if err := os.WriteFile(out, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(full, "ballast"), make([]byte, 56<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	big := filepath.Dir(bookOf(t, 3000))
	for _, line := range []string{"export customers --out F", "export customers -o xlsx --out F", "export book --out F", "backup " + full + "/copy.db", "doctor --save " + full + "/saved.db"} {
		if got := runIn(t, big, lineWith(line, out)...); got.status < 1 {
			t.Errorf("%s: %d\n%s", line, got.status, got.text)
		}
		if text, err := os.ReadFile(out); err != nil || string(text) != "old" {
			t.Errorf("%s: the file of before holds %.20q, %v", line, text, err)
		}
	}
	for name := range tree(t, full) {
		if name != "out.csv" && name != "ballast" && !strings.HasSuffix(name, ".lock") {
			t.Errorf("%s stays on the full disk", name)
		}
	}
}

// TestHostileRights exports over a file that may be read and not written.
func TestHostileRights(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("working in another account's name takes root")
	}
	nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	dir, err := os.MkdirTemp("", "opsdeck-noright-") // t.TempDir lies below directories of root's
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	old, locked := filepath.Join(dir, "old.csv"), filepath.Join(dir, "locked")
	err = errors.Join(os.WriteFile(old, []byte("old"), 0o400), os.Mkdir(locked, 0o700), os.Chmod(dir, 0o777))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self) // It stands for opsdeck under that name.
	if err != nil || os.WriteFile(filepath.Join(dir, "opsdeck"), program, 0o755) != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		cmd := exec.Command(filepath.Join(dir, "opsdeck"), append([]string{"--book", filepath.Join(dir, "book.db")}, args...)...)
		cmd.SysProcAttr, cmd.Dir = nobody, dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("add", "customer", "name=Zyzzyva"); err != nil {
		t.Skipf("the account nobody cannot run the program here: %v %s", err, out)
	}
	for _, out := range []string{old, filepath.Join(locked, "out.csv")} {
		if text, err := run("export", "customers", "--out", out); err == nil || !strings.Contains(text, "permission denied") {
			t.Errorf("%s: %v\n%s", out, err, text)
		}
	}
	if text, err := os.ReadFile(old); err != nil || string(text) != "old" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestHostileNames gives to verbs files whose names hold line breaks, escape sequences and marks that turn the direction
// of writing: no verb says a line that the name has made up, and none obeys it.
func TestHostileNames(t *testing.T) {
	dir := place(t)
	const forged = "book.db is sound; nothing has to be done"
	for _, name := range []string{"a\n" + forged, "b\x1b]0;evil\x07\x1b[2J", "c\u202etxt.csv", "d\r" + forged, "e\u2028" + forged, "f\xff\xfe%n%s"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("name,when\nx,never\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, line := range verbsOnFiles {
			for _, path := range []string{"./" + name, "./no" + name} {
				if strings.HasPrefix(line, "restore") || strings.Contains(line, "add customer") && strings.HasPrefix(path, "./no") {
					continue // They make a book of that name, or of this one.
				}
				got := runIn(t, dir, lineWith(line, path)...)
				if got.status < 0 {
					t.Errorf("%s, where F is %q: does not end", line, path)
				}
				for l := range strings.Lines(got.text) {
					l = strings.TrimSuffix(l, "\n")
					if strings.HasPrefix(l, forged) || l != kit.Clean(l) {
						t.Errorf("%s, where F is %q, says %q", line, path, l)
					}
				}
			}
		}
	}
	history := runIn(t, dir, "--book", "book.db", "history")
	for l := range strings.Lines(history.text) {
		if l = strings.TrimSuffix(l, "\n"); strings.HasPrefix(l, forged) || l != kit.Clean(l) {
			t.Errorf("the history says %q", l)
		}
	}
}

// TestHostileWorkbookParts imports workbooks whose parts are called like files elsewhere, or are links: nothing but the
// workbook is read, and nothing is unpacked.
func TestHostileWorkbookParts(t *testing.T) {
	dir := place(t)
	secret := filepath.Join(dir, "secret.xml")
	if err := os.WriteFile(secret, []byte(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>`+
		`<row r="2"><c r="A2" t="inlineStr"><is><t>Secret Ltd</t></is></c></row></sheetData></worksheet>`), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, target := range []string{"../../../../../../../.." + secret, secret, "file://" + secret, `..\..\secret.xml`, `C:\secret.xml`, "worksheets/link.xml", "http://localhost/secret.xml"} {
		for _, inside := range []string{"xl/worksheets/link.xml", "../" + filepath.Base(secret), secret, `..\secret.xml`, `C:\secret.xml`, "xl/../../evil.xml", "a\x00b", strings.Repeat("d/", 300) + "x"} {
			path := filepath.Join(dir, "parts.xlsx")
			if err := os.WriteFile(path, workbookWith(t, target, inside, secret), 0o600); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			got := runIn(t, dir, "--book", "book.db", "import", "customers", "--dry-run", "parts.xlsx")
			if got.status < 0 || strings.Contains(got.text, "Secret") || strings.Contains(got.text, "panic") {
				t.Errorf("%d: target %q, part %.40q: %d\n%s", i, target, inside, got.status, got.text)
			}
			if after := tree(t, dir); fmt.Sprint(before) != fmt.Sprint(after) {
				t.Errorf("target %q, part %.40q: before:\n%v\nafter:\n%v", target, inside, before, after)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "evil.xml")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a part of a workbook was unpacked beside it")
	}
}

// workbookWith is a workbook whose sheet is said to be at target, and which has a part of a name that is a link.
func workbookWith(t *testing.T, target, inside, to string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	add := func(h *zip.FileHeader, text string) {
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add(&zip.FileHeader{Name: "_rels/.rels"}, `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	add(&zip.FileHeader{Name: "xl/workbook.xml"}, `<workbook><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	add(&zip.FileHeader{Name: "xl/_rels/workbook.xml.rels"}, `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="`+target+`"/></Relationships>`)
	link := &zip.FileHeader{Name: inside}
	link.SetMode(fs.ModeSymlink | 0o777)
	add(link, to)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// plainClient is an ordinary SSH client of an engine.
func plainClient(t *testing.T, socket string) *gossh.Client {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	c, chans, reqs, err := gossh.NewClientConn(conn, "engine", &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	client := gossh.NewClient(c, chans, reqs)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// TestHostileClient asks an engine, as an ordinary SSH client that hands over no files, to read and write files of the
// engine's machine by every verb that names one: nothing of them comes back, and nothing is changed.
func TestHostileClient(t *testing.T) {
	dir := place(t)
	// The file is one that a verb would take, so that reading it would show.
	card := runIn(t, dir, "--book", "book.db", "scorecard", "show", "standard")
	words := strings.Replace(card.text, `"standard"`, `"Hush"`, 1)
	if card.status != 0 || words == card.text {
		t.Fatal(card.text)
	}
	s := startServer(t, filepath.Join(dir, "book.db"))
	if s == nil {
		t.Fatal("the engine does not start")
	}
	defer s.kill()
	secret := filepath.Join(dir, "secret.toml")
	if err := os.WriteFile(secret, []byte(words), 0o600); err != nil {
		t.Fatal(err)
	}
	client := plainClient(t, s.socket)
	before := tree(t, dir)
	lines := append([]string{"serve --log F", "serve --hostkey F", "demo --book F", "settings edit", "import customers x --errors F", "backup dir/../F"}, verbsOnFiles...)
	for _, line := range lines {
		for _, path := range []string{secret, filepath.Join(dir, "made.csv")} {
			session, err := client.NewSession()
			if err != nil {
				t.Fatal(err)
			}
			for _, env := range []string{"EDITOR=touch " + dir + "/made", "VISUAL=touch " + dir + "/made", "HOME=" + dir, "TMPDIR=" + dir, "XDG_CONFIG_HOME=" + dir, "OPSDECK_CONFIG=@" + secret, "OPSDECK_SOCKET=" + dir + "/other"} {
				name, value, _ := strings.Cut(env, "=")
				_ = session.Setenv(name, value) // It may be refused.
			}
			out, err := session.CombinedOutput(strings.ReplaceAll(line, "F", path))
			_ = session.Close()
			if strings.Contains(string(out), "Hush") {
				t.Errorf("%s gives away a file of the engine's machine:\n%s", line, out)
			}
			if err == nil {
				t.Errorf("%s passes:\n%s", line, out)
			}
		}
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != words {
		t.Errorf("the file holds %q, %v", text, err)
	}
	after := tree(t, dir)
	for _, name := range []string{"book.db", "book.db.lock", "book.db.cache"} {
		delete(before, name)
		delete(after, name)
	}
	if fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("before:\n%v\nafter:\n%v", before, after)
	}
}
