package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/cli"
)

var update = flag.Bool("update", false, "write into the guides what the commands print now")

// What README and the guides say is run here. In their fenced blocks
//
//   - "console" holds commands after "$ " with all that they print; a line "…" stands for any lines
//     and "…" at a line's end for the rest of the line;
//   - "sh" holds commands that must succeed;
//   - "filter KIND" holds filters, each before two spaces and its meaning;
//   - "file NAME" is written into the folder that the commands run in;
//   - "toml config" must be a configuration of the workstation;
//   - "screen WIDTHxHEIGHT KEY…" is the screen after these keys, on top of those of the screens before it.
//
// The commands of a page run one after the other on one book. It is the sample company, but for the pages
// that say how a book is filled.
func TestDocumentsAreTrue(t *testing.T) {
	if testing.Short() {
		t.Skip("some hundred commands, one after the other")
	}
	for _, page := range pages(t) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			path, err := filepath.Abs(page)
			if err != nil {
				t.Fatal(err)
			}
			s := newShell(t)
			if filepath.Base(page) != "import.md" {
				s.must(t, "opsdeck demo --book '"+s.book+"' -q")
			}
			lines := strings.Split(string(text), "\n")
			list := blocks(lines)
			for i := range list {
				s.run(t, page, &list[i])
			}
			s.leave()
			for _, b := range slices.Backward(list) {
				lines = slices.Replace(lines, b.from, b.to, b.lines...)
			}
			if *update {
				if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// pages lists what a user reads; each must be there.
func pages(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob("docs/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides were found: %v", err)
	}
	return append(guides, "README.md")
}

// block is a fenced block: the words behind its opening fence, and its lines from … to in the page.
type block struct {
	info     []string
	from, to int
	lines    []string
}

func blocks(lines []string) (list []block) {
	open := false
	for i, l := range lines {
		info, fence := strings.CutPrefix(l, "```")
		switch {
		case fence && open:
			last := &list[len(list)-1]
			last.to, last.lines = i, slices.Clone(lines[last.from:i])
		case fence:
			if info == "" {
				info = "text"
			}
			list = append(list, block{info: strings.Fields(info), from: i + 1})
		}
		open = open != fence
	}
	return list
}

// shell runs commands in a folder of its own, always at the same moment and with the same ids.
type shell struct {
	book string
	home string
	ids  uint64

	screens *screens // nil while the workstation is not open
}

func moment() time.Time { return time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC) }

func today() day.Day { return day.Of(2026, time.November, 22) }

func (s *shell) newID() (id model.ID) {
	s.ids++
	binary.BigEndian.PutUint64(id[:8], uint64(moment().UnixMilli())<<16)
	binary.BigEndian.PutUint64(id[8:], s.ids<<20)
	return id
}

// leave closes the workstation, which holds the book alone.
func (s *shell) leave() {
	if s.screens != nil {
		s.screens.close()
		s.screens = nil
	}
}

func newShell(t *testing.T) *shell {
	home := t.TempDir()
	t.Chdir(home)
	s := &shell{home: home, book: filepath.Join(home, ".local/share/opsdeck/book.db")}
	if err := os.MkdirAll(filepath.Dir(s.book), 0o750); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shell) run(t *testing.T, page string, b *block) {
	t.Helper()
	switch b.info[0] {
	case "console":
		s.console(t, page, b)
	case "sh":
		for _, l := range b.lines {
			if strings.HasPrefix(l, "opsdeck") {
				s.must(t, l)
			}
		}
	case "filter":
		for _, l := range b.lines {
			filter, meaning, _ := strings.Cut(l, "  ")
			if strings.TrimSpace(meaning) == "" {
				t.Errorf("%s: the filter %q has no meaning", page, l)
			}
			if out, status := s.exec(t, []string{"list", b.info[1], "--limit", "1", "--where", filter}); status != 0 {
				t.Errorf("%s: %s", page, out)
			}
		}
	case "file":
		if err := os.WriteFile(b.info[1], []byte(strings.Join(b.lines, "\n")+"\n"), 0o600); err != nil {
			t.Error(err)
		}
	case "toml":
		if len(b.info) > 1 && b.info[1] == "config" {
			if _, err := ui.ParseConfig(strings.Join(b.lines, "\n")); err != nil {
				t.Errorf("%s:%d: %v", page, b.from, err)
			}
		}
	case "screen":
		s.screen(t, page, b)
	}
}

// screen presses keys in the workstation and compares what it shows.
func (s *shell) screen(t *testing.T, page string, b *block) {
	t.Helper()
	if s.screens == nil {
		s.screens = s.openScreens(t)
	}
	var w, h int
	if _, err := fmt.Sscanf(b.info[1], "%dx%d", &w, &h); err != nil {
		t.Fatalf("%s:%d: %q is no size: %v", page, b.from, b.info[1], err)
	}
	s.screens.send(tea.WindowSizeMsg{Width: w, Height: h})
	s.screens.press(b.info[2:])
	got := s.screens.shown()
	switch want := strings.Join(b.lines, "\n"); {
	case got == want:
	case *update:
		b.lines = strings.Split(got, "\n")
	default:
		t.Errorf("%s:%d: after %v the screen is another (-page +now), -update takes it over:\n%s", page, b.from, b.info[2:], lineDiff(want, got))
	}
}

// console runs the commands of a transcript and compares what they print. What differs is replaced.
func (s *shell) console(t *testing.T, page string, b *block) {
	t.Helper()
	var shown []string
	for i := 0; i < len(b.lines); {
		command, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			t.Errorf("%s:%d: %q stands before the first command", page, b.from+i+1, b.lines[i])
			return
		}
		from := i + 1
		for i++; i < len(b.lines) && !strings.HasPrefix(b.lines[i], "$ "); i++ {
		}
		shown = append(shown, b.lines[from-1])
		out, _ := s.exec(t, words(t, command)[1:])
		want, got := strings.Join(b.lines[from:i], "\n"), trimmed(out)
		switch {
		case pattern(want).MatchString(got):
			shown = append(shown, b.lines[from:i]...)
		case *update:
			shown = append(shown, strings.Split(got, "\n")...)
		default:
			t.Errorf("%s:%d: %s prints something else (-page +now), -update takes it over:\n%s", page, b.from+from, command, lineDiff(want, got))
		}
	}
	b.lines = shown
}

func lineDiff(want, got string) string {
	return cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n"))
}

// must runs a command that has to succeed. What opens the workstation says that it needs a terminal.
func (s *shell) must(t *testing.T, line string) {
	t.Helper()
	args := words(t, line)[1:]
	out, status := s.exec(t, args)
	opens := len(args) == 0 || args[0] == "demo" && !slices.Contains(args, "--book")
	if status != 0 && (!opens || !strings.Contains(out, "terminal")) {
		t.Errorf("%s: exit status %d\n%s", line, status, out)
	}
}

// exec runs one command line and returns its words and, after them, its data: words are said when the work
// is done, and in a page they read better first. The folder is written as ~.
func (s *shell) exec(t *testing.T, args []string) (string, int) {
	t.Helper()
	s.leave()
	var data, said bytes.Buffer
	status := cli.Run(t.Context(), args, cli.Deps{
		Stdin: strings.NewReader(""), Stdout: &data, Stderr: &said, User: "ana",
		Env: []string{"HOME=" + s.home, "XDG_DATA_HOME=" + s.home + "/.local/share", "XDG_RUNTIME_DIR=" + s.home},
		Now: moment, NewID: s.newID,
		Workstation: func(context.Context, *store.Book, cli.WorkstationOptions) error {
			return errors.New("there is a terminal")
		},
	})
	return strings.ReplaceAll(said.String()+data.String(), s.home, "~"), status
}

// words parts a command line as a shell does, without its comment.
func words(t *testing.T, line string) (list []string) {
	t.Helper()
	var word strings.Builder
	var quote rune
	inside := false
	for _, r := range line + " " {
		switch {
		case quote != 0 && r != quote:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote ^= r
			inside = true
		case r == '#' && !inside:
			return list
		case r == ' ':
			if inside {
				list = append(list, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(r)
			inside = true
		}
	}
	if quote != 0 {
		t.Fatalf("%q: a quotation does not end", line)
	}
	return list
}

// trimmed takes blanks from the ends of lines: nobody can see them in a page.
func trimmed(s string) string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// pattern makes a regular expression of what a page shows.
func pattern(want string) *regexp.Regexp {
	lines := strings.Split(trimmed(want), "\n")
	for i, l := range lines {
		switch {
		case l == "…":
			lines[i] = `(?s:.*?)`
		case strings.HasSuffix(l, "…"):
			lines[i] = regexp.QuoteMeta(strings.TrimSuffix(l, "…")) + `[^\n]*`
		default:
			lines[i] = regexp.QuoteMeta(l)
		}
	}
	return regexp.MustCompile(`^` + strings.Join(lines, `\n`) + `$`)
}

// TestPatternTellsPagesApart keeps the comparison above from agreeing with everything.
func TestPatternTellsPagesApart(t *testing.T) {
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{"a\nb", "a\nb", true},
		{"a\nb", "a\nc", false},
		{"a\n…\nd", "a\nb\nc\nd", true},
		{"a\n…\nd", "a\nb\nc", false},
		{"a b…", "a bcd", true},
		{"a b…", "a bcd\ne", false},
		{"a.c", "abc", false},
		{"", "a", false},
	} {
		if got := pattern(c.want).MatchString(c.got); got != c.same {
			t.Errorf("%q against %q: %v", c.want, c.got, got)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)|src="([^"]+)"`)

// TestLinksLead follows every link to a file of the project.
func TestLinksLead(t *testing.T) {
	decisions, err := filepath.Glob("docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	index, err := os.ReadFile("docs/decisions/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range decisions {
		if name := filepath.Base(d); name != "README.md" && !bytes.Contains(index, []byte("("+name+")")) {
			t.Errorf("docs/decisions/README.md does not list %s", name)
		}
	}
	seen := 0
	for _, page := range append(append(pages(t), decisions...), "CHANGELOG.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target := m[1] + m[2]
			if strings.Contains(target, "://") {
				continue
			}
			seen++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", page, target)
			}
		}
	}
	if seen == 0 {
		t.Error("no links were found")
	}
}

// TestFeatureTableIsWhole: every row of what opsdeck is for has its line in README, with its state.
func TestFeatureTableIsWhole(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, m := range regexp.MustCompile(`(?m)^\| ([A-E][0-9]) \|.*\| (done|partly|not yet)\b.*\|$`).FindAllStringSubmatch(string(text), -1) {
		rows = append(rows, m[1])
	}
	var want []string
	for _, group := range []string{"A1234567", "B12345678", "C123456789", "D12345678", "E123456"} {
		for _, n := range group[1:] {
			want = append(want, group[:1]+string(n))
		}
	}
	if !slices.Equal(rows, want) {
		t.Errorf("the feature table has the rows %v, want %v", rows, want)
	}
}
