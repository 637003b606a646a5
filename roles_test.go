package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/ui/cli"
	"opsdeck/ui/serve"
)

// rolesPage is the page that says what roles may do.
const rolesPage = "docs/roles.md"

func TestRolesPageIsTrue(t *testing.T) {
	var out bytes.Buffer
	deps := cli.Deps{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now, NewID: newIDs()}
	if status := cli.Run(t.Context(), []string{"users", "roles"}, deps); status != 0 {
		t.Fatal(out.String())
	}
	text, err := os.ReadFile(rolesPage)
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "<!-- roles -->\n", "<!-- /roles -->"
	before, rest, ok1 := strings.Cut(string(text), from)
	table, after, ok2 := strings.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the table", rolesPage)
	}
	if table == out.String() {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; go test . -run %s -update writes it", rolesPage, t.Name())
	}
	if err := os.WriteFile(rolesPage, []byte(before+from+out.String()+to+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// documented is what the page says of a role.
type documented struct {
	name   string
	grants map[string][3]string // by area: add, edit, remove
	money  bool
	person bool
	powers string
}

// readRoles reads the table of the page, so that the engine is held against what people read.
func readRoles(t *testing.T) (roles []documented) {
	t.Helper()
	text, err := os.ReadFile(rolesPage)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "<!-- roles -->\n")
	rest, _, _ = strings.Cut(rest, "<!-- /roles -->")
	lines := strings.Split(strings.TrimSpace(rest), "\n")
	cells := func(line string) (out []string) {
		for c := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			out = append(out, strings.TrimSpace(c))
		}
		return out
	}
	head := cells(lines[0])
	for _, line := range lines[2:] {
		c := cells(line)
		r := documented{name: c[0], grants: map[string][3]string{}, powers: "," + strings.ReplaceAll(c[len(c)-1], ", ", ",") + ","}
		sees := c[len(c)-2]
		r.money, r.person = !strings.Contains(sees, "no amounts"), !strings.Contains(sees, "no mail")
		for i, area := range head[1 : len(head)-2] {
			if n := copy3(strings.Fields(c[i+1])); n[2] != "" {
				r.grants[area] = n
			}
		}
		roles = append(roles, r)
	}
	if len(roles) != len(model.Roles()) {
		t.Fatalf("the page tells of %d roles, not of %d", len(roles), len(model.Roles()))
	}
	return roles
}

func copy3(in []string) (out [3]string) {
	copy(out[:], in)
	return out
}

func (d documented) has(power string) bool { return strings.Contains(d.powers, ","+power+",") }

// reachesTo tells whether a reach extends to a record of this person ("own"), their team or others ("all").
func reachesTo(reach, whose string) bool {
	order := map[string]int{"–": 0, "own": 1, "team": 2, "all": 3}
	return order[reach] >= order[whose]
}

// box is an engine with a user of each role, as it runs on a shared machine.
type box struct {
	t      *testing.T
	path   string
	socket string
	front  string
	keys   map[string]gossh.Signer
	stop   func()
}

var frontAddress = regexp.MustCompile(`public keys at (\S+)`)

// startBox runs the verb serve until the test ends.
func startBox(t *testing.T) *box {
	t.Helper()
	dir := t.TempDir()
	b := &box{t: t, path: filepath.Join(dir, "book.db"), socket: filepath.Join(dir, "s"), keys: map[string]gossh.Signer{}}
	b.seed()
	words := &shared{grown: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, []string{"--book", b.path, "serve", "--socket", b.socket, "--listen", "127.0.0.1:0", "--most-per-user", "1000"}, cli.Deps{
			Stdin: strings.NewReader(""), Stdout: words, Stderr: words, Env: os.Environ(), User: userName(), Now: time.Now, NewID: newIDs(), Workstation: workstation,
		})
	}()
	b.stop = sync.OnceFunc(func() {
		cancel()
		if status := <-ended; status != 0 {
			t.Errorf("the engine ends with status %d:\n%s", status, words)
		}
	})
	t.Cleanup(b.stop)
	for b.front == "" {
		select {
		case <-words.grown:
			if m := frontAddress.FindStringSubmatch(words.String()); m != nil {
				b.front = m[1]
			}
		case status := <-ended:
			t.Fatalf("the engine ends with status %d:\n%s", status, words)
		case <-time.After(30 * time.Second):
			t.Fatalf("the engine does not start:\n%s", words)
		}
	}
	return b
}

// shared is a text that grows while it is read.
type shared struct {
	mu    sync.Mutex
	text  strings.Builder
	grown chan struct{}
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		select {
		case s.grown <- struct{}{}:
		default:
		}
	}()
	return s.text.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// seed makes a user of each role, in team "core", and customers that belong to them, their team and others.
func (b *box) seed() {
	b.t.Helper()
	book, err := store.Open(b.path, store.Options{Create: true, User: "owner", Now: time.Now, NewID: newIDs(), Today: func() day.Day { return day.FromTime(time.Now()) }})
	if err != nil {
		b.t.Fatal(err)
	}
	var ops []model.Op
	add := func(k model.Kind, fields map[string]model.Value) {
		r := model.NewRecord(k, book.NewID())
		for n, v := range fields {
			r.Set(n, v)
		}
		ops = append(ops, model.CreateOp(r))
	}
	customer := func(id, owner, team string) {
		add(model.Customer, map[string]model.Value{
			"name": model.Text("Customer " + id), "external_id": model.Text(id), "owner": model.Person(owner), "team": model.Text(team), "currency": model.Text("EUR"),
		})
		theirs := ops[len(ops)-1].ID
		add(model.Contract, map[string]model.Value{"external_id": model.Text("K-" + id), "customer": model.Ref(theirs), "start": model.Date(day.Of(2026, 1, 1))})
		add(model.Item, map[string]model.Value{
			"external_id": model.Text("I-" + id), "summary": model.Text("Item of " + id), "kind": model.Pick("bug"), "state": model.Pick("new"), "customers": model.Refs(theirs),
		})
	}
	for _, role := range model.Roles() {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			b.t.Fatal(err)
		}
		if b.keys[role.Name], err = gossh.NewSignerFromKey(private); err != nil {
			b.t.Fatal(err)
		}
		add(model.User, map[string]model.Value{
			"handle": model.Text(role.Name), "role": model.Pick(role.Name), "team": model.Text("core"),
			"ssh_keys": model.Long(strings.TrimSpace(string(gossh.MarshalAuthorizedKey(b.keys[role.Name].PublicKey())))),
		})
		customer("own-"+role.Name, role.Name, "elsewhere")
	}
	customer("team", "somebody", "core")
	customer("all", "somebody", "elsewhere")
	_, err = book.Do(b.t.Context(), model.Step{ID: book.NewID(), Actor: "owner", Label: "people", Ops: ops})
	if err = errors.Join(err, book.Close()); err != nil {
		b.t.Fatal(err)
	}
}

// way is how somebody gives a command line to the engine.
type way struct {
	name string
	run  func(role string, args ...string) (status int, out, words string)
}

func (b *box) ways() []way {
	remote := map[string]*gossh.Client{}
	for role, key := range b.keys {
		c, err := gossh.Dial("tcp", b.front, &gossh.ClientConfig{User: "x", Auth: []gossh.AuthMethod{gossh.PublicKeys(key)}, HostKeyCallback: gossh.InsecureIgnoreHostKey()})
		if err != nil {
			b.t.Fatal(err)
		}
		b.t.Cleanup(func() { _ = c.Close() })
		remote[role] = c
	}
	return []way{
		{"exec", func(role string, args ...string) (int, string, string) {
			local, err := serve.Dial(b.t.Context(), b.socket)
			if err != nil {
				b.t.Fatal(err)
			}
			defer local.Close()
			var out, words bytes.Buffer
			status, err := local.Run(b.t.Context(), serve.Call{Args: append([]string{"--as", role}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &words})
			if err != nil {
				b.t.Fatal(err)
			}
			return status, out.String(), words.String()
		}},
		{"TCP", func(role string, args ...string) (int, string, string) {
			s, err := remote[role].NewSession()
			if err != nil {
				b.t.Fatal(err)
			}
			defer s.Close()
			var out, words bytes.Buffer
			s.Stdout, s.Stderr = &out, &words
			quoted := make([]string, len(args))
			for i, a := range args {
				quoted[i] = "'" + a + "'"
			}
			err = s.Run(strings.Join(quoted, " "))
			var exit *gossh.ExitError
			if err != nil && !errors.As(err, &exit) {
				b.t.Fatal(err)
			}
			if exit != nil {
				return exit.ExitStatus(), out.String(), words.String()
			}
			return 0, out.String(), words.String()
		}},
	}
}

// subject is a kind that stands for an area, with what a record of it needs.
type subject struct {
	area, kind string
	fields     func(role, whose string, n int) []string
	edit       func(n int) string
}

// whose lists whose records of the kind there can be: views and users belong to persons, not to the
// customers of a team.
func (s subject) whose() []string {
	switch s.area {
	case "users":
		return []string{"all"}
	case "views":
		return []string{"own", "all"}
	}
	return []string{"own", "team", "all"}
}

func subjects() []subject {
	of := func(role, whose string) string {
		if whose == "own" {
			return "own-" + role
		}
		return whose
	}
	owner := func(role, whose string) string {
		if whose == "own" {
			return role
		}
		return "somebody"
	}
	return []subject{
		{"customers", "customer", func(role, whose string, n int) []string {
			team := map[string]string{"own": "elsewhere", "team": "core", "all": "elsewhere"}[whose]
			return []string{fmt.Sprintf("name=New %d", n), "owner=" + owner(role, whose), "team=" + team}
		}, func(n int) string { return fmt.Sprintf("city=C%d", n) }},
		{"customers", "contact", func(role, whose string, n int) []string {
			return []string{fmt.Sprintf("name=New %d", n), "customer=" + of(role, whose)}
		}, func(n int) string { return fmt.Sprintf("title=C%d", n) }},
		{"money", "order", func(role, whose string, n int) []string {
			return []string{"customer=" + of(role, whose), "date=2026-11-01", fmt.Sprintf("external_id=o%d", n)}
		}, func(n int) string { return fmt.Sprintf("date=2026-10-%02d", n%28+1) }},
		{"work", "task", func(role, whose string, n int) []string {
			return []string{fmt.Sprintf("title=New %d", n), "customer=" + of(role, whose)}
		}, func(n int) string { return fmt.Sprintf("title=C%d", n) }},
		{"queue", "item", func(role, whose string, n int) []string {
			return []string{fmt.Sprintf("summary=New %d", n), "kind=bug", "customers=" + of(role, whose)}
		}, func(n int) string { return fmt.Sprintf("summary=C%d", n) }},
		{"views", "view", func(role, whose string, n int) []string {
			return []string{fmt.Sprintf("name=New %d", n), "pane=customers", "owner=" + owner(role, whose)}
		}, func(n int) string { return fmt.Sprintf("filter=C%d", n) }},
		{"users", "user", func(role, whose string, n int) []string {
			return []string{fmt.Sprintf("handle=new%d", n), "role=guest"}
		}, func(n int) string { return fmt.Sprintf("name=C%d", n) }},
	}
}

// TestReportsHideAmountsFromWhoMayNotSeeThem: an amount that is left out must not come to nothing.
func TestReportsHideAmountsFromWhoMayNotSeeThem(t *testing.T) {
	b := startBox(t)
	for _, w := range b.ways() {
		for _, role := range readRoles(t) {
			status, out, words := w.run(role.name, "report", "segments", "-o", "csv")
			if status != 0 || strings.Contains(out, "hidden") == role.money || !role.money && !strings.Contains(out+words, "hidden") {
				t.Errorf("%s, %s: status %d: %s%s", w.name, role.name, status, out, words)
			}
		}
	}
}

// TestRolesAgreeWithTheirPage tries every cell of the table on every way in.
func TestRolesAgreeWithTheirPage(t *testing.T) {
	if testing.Short() {
		t.Skip("some thousand command lines")
	}
	b := startBox(t)
	owner, err := serve.Dial(t.Context(), b.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	made := regexp.MustCompile(`[0-9a-z]{26}`)
	// create makes a record as the owner and returns its id.
	create := func(kind string, fields []string) string {
		status, out, words := b.ownerRuns(owner, append([]string{"add", kind}, append(fields, "-o", "json")...)...)
		id := made.FindString(out)
		if status != 0 || id == "" {
			t.Fatalf("add %s %q: status %d: %s%s", kind, fields, status, out, words)
		}
		return id
	}
	n, cells := 0, 0
	for _, w := range b.ways() {
		for _, role := range readRoles(t) {
			try := func(may bool, what string, args ...string) {
				cells++
				status, _, words := w.run(role.name, args...)
				want := 5
				if may {
					want = 0
				}
				if status != want || !may && !strings.Contains(words, "may not") {
					t.Errorf("%s, %s: %s: status %d, want %d: %s", w.name, role.name, what, status, want, words)
				}
			}
			for _, s := range subjects() {
				for _, whose := range s.whose() {
					n++
					g := role.grants[s.area]
					what := s.kind + " " + whose
					try(reachesTo(g[0], whose), "add "+what, append([]string{"add", s.kind}, s.fields(role.name, whose, n)...)...)
					n++
					id := create(s.kind, s.fields(role.name, whose, n))
					try(reachesTo(g[1], whose), "set "+what, "set", s.kind, id, s.edit(n))
					try(reachesTo(g[2], whose), "remove "+what, "remove", s.kind, id)
				}
			}
			try(role.grants["settings"][1] == "all", "settings", "settings", "set", fmt.Sprintf("rate.EUR=1.%04d", n))
			status, _, words := b.ownerRuns(owner, "set", "customer", "all", fmt.Sprintf("city=C%d", n))
			if status != 0 {
				t.Fatal(words)
			}
			_, steps, _ := b.ownerRuns(owner, "list", "batches", "--limit", "1", "-o", "ids")
			for _, v := range verbRights(t, w, role, strings.TrimSpace(steps)) {
				try(v.right == "none" || role.has(v.right), v.right+": "+v.args[0], v.args...)
			}
		}
	}
	t.Logf("%d cells", cells)
}

// verbRight is a verb that needs a right of its own.
type verbRight struct {
	right string // "none", or a power
	args  []string
}

func verbRights(t *testing.T, w way, role documented, step string) []verbRight {
	t.Helper()
	out := []verbRight{
		{"none", []string{"list", "customers"}},
		{"none", []string{"show", "customer", "all"}},
		{"none", []string{"why", "customer", "all", "status"}},
		{"none", []string{"history"}},
		{"none", []string{"report", "today"}},
		{"none", []string{"users", "roles"}},
		{"none", []string{"settings", "show"}},
		{"export", []string{"export", "customers"}},
		{"maintain", []string{"check"}},
		{"maintain", []string{"status"}},
		{"audit", []string{"history", "--verify"}},
		{"undo any", []string{"undo", step}},
	}
	if w.name == "TCP" {
		return append(out, verbRight{"act as", []string{"--as", "somebody", "list", "customers"}})
	}
	file := filepath.Join(t.TempDir(), "new.csv")
	if err := os.WriteFile(file, []byte("external_id,name\nimported-"+role.name+",Imported\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return append(out,
		verbRight{"import", []string{"import", "customers", file}},
		verbRight{"maintain", []string{"backup", filepath.Join(t.TempDir(), "copy.db")}})
}

// ownerRuns runs a command line as the owner of the book.
func (b *box) ownerRuns(owner *serve.Client, args ...string) (status int, out, words string) {
	b.t.Helper()
	var o, w bytes.Buffer
	status, err := owner.Run(b.t.Context(), serve.Call{Args: args, Stdin: strings.NewReader(""), Stdout: &o, Stderr: &w})
	if err != nil {
		b.t.Fatal(err)
	}
	return status, o.String(), w.String()
}
