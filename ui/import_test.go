package ui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/intake"
)

// write makes a file for a test and returns its path.
func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// importing opens the import of a file on an empty book.
func importing(t testing.TB, path string) (*session, *store.Book) {
	t.Helper()
	b := newBook(t, 0)
	s := openOn(t, b, 140, 40)
	s.Press("I").Paste(path).Press("enter")
	return s, b
}

func customers(t testing.TB, b *store.Book) int {
	t.Helper()
	n := 0
	if err := b.Each(model.Customer, func(*model.Record) bool { n++; return true }); err != nil {
		t.Fatal(err)
	}
	return n
}

const crmHead = "Account ID,Company,Employees,Country\n"

func TestAnImportIsSeenCorrectedDoneAndTakenBack(t *testing.T) {
	s, b := importing(t, filepath.Join("testdata", "import.csv"))
	s.Expect("7 rows: create 4 · update 0 · same 0 · conflict 1 · error 2", "Employees", "“,” between columns", "evil")
	s.Press("v").Expect("error", "conflict").Press("e").Expect("Import › testdata/import.csv › error", "\"many\" is not a number").ExpectNot("Aldermoor")
	// A cell is mended in its form; the plan is made again.
	s.Press("e").Expect("Line 3", "Bolt & Söhne, Wien")
	s.Press("ctrl+u").Type("40").Press("ctrl+s").Expect("create 5", "error 1")
	// The other row is left out, and taken back in.
	s.Press("x").Expect("error 0", "left out by hand: 1", "Rows 6")
	s.Press("X").Expect("error 2").ExpectNot("left out by hand")
	s.Press("v", "e", "x").Expect("error 1", "left out by hand: 1")
	s.Press("ctrl+s").Expect("Import import.csv", "2 rows stay out", "one undo takes it back", "[n Not yet]").Press("enter")
	if n := customers(t, b); n != 0 {
		t.Fatalf("%d customers are there before anything was confirmed", n)
	}
	s.Press("ctrl+s", "y").ExpectSaid("Saved: import of 4 customers from import.csv", "u takes it back", "what stayed out is shown here")
	s.Expect("same 4", "error 1", "conflict 1").ExpectNot("has all of this already")
	if n := customers(t, b); n != 4 {
		t.Fatalf("%d customers", n)
	}
	s.Press("u").ExpectSaid("Undone: import of 4 customers").Expect("The book has changed since")
	s.Press("r").Expect("create 4").Press("ctrl+s", "y").Expect("same 4")
	s.Press("H").Expect("Imports, newest first", "import of 4 customers from import.csv", "(und")
	s.Press("enter").Expect("Undo this step?").Press("y").ExpectSaid("Undone: import of 4 customers")
	if n := customers(t, b); n != 0 {
		t.Errorf("%d customers are left of what was taken back", n)
	}
	s.Press("esc", "esc", "esc").Expect("The book has no customers yet.")
}

func TestWhatAColumnBecomesIsChosenAndRemembered(t *testing.T) {
	path := write(t, "a.csv", "Kd-Nr,Firmierung,Land\n1,Acme,Spain\n2,Bolt,France\n")
	s, b := importing(t, path)
	s.Expect("cannot tell what the rows are", "enter answers it")
	s.Press("enter").Expect("Which is it?", "customers", "invoices").Press("enter").ExpectNot("cannot tell")
	s.Press("]").Expect("Kd-Nr", "Firmierung", "Acme · Bolt")
	s.Press("j", "enter").Expect("Firmierung becomes").Type("name").Press("enter").Expect("chosen now")
	s.Press("k", "enter").Type("own key").Press("enter").Expect("external_id")
	s.Press("j", "j", "x").Expect("left out").Press("x").Expect("x.Land")
	s.Press("[", "ctrl+s", "y").ExpectSaid("import of 2 customers from a.csv").Expect("2 customers")
	// The next file with the same header needs no word.
	again := write(t, "b.csv", "Kd-Nr,Firmierung,Land\n1,Acme AG,Spain\n3,Crux,Italy\n")
	s.Command("import "+again).Expect("create 1", "update 1", "name Acme → Acme AG").Press("]").Expect("chosen before")
	s.Press("1", "I").Press("esc")
	if n := customers(t, b); n != 2 {
		t.Errorf("%d customers", n)
	}
}

func TestAFileThatCanBeReadInTwoWaysAsks(t *testing.T) {
	s, b := importing(t, write(t, "o.csv", "order no;customer id;date;amount\nO-1;C-1;01/02/2026;1.234,50\nO-2;C-3;03/04/2026;99,00\n"))
	s.Expect(`column "date" can be read in more than one way`).ExpectNot("--dates")
	s.Press("enter").Expect("01/02/2026 is 2026-02-01", "mdy").Press("enter").Expect("create 2", "customer C-1, date 2026-02-01")
	s.Press("o").Expect("What the file is", "dmy").Press("esc")
	s.Press("ctrl+s", "y").ExpectSaid("import of 2 orders, 2 customers")
	if n := customers(t, b); n != 2 {
		t.Errorf("%d stubs", n)
	}
}

func TestOptionsOfAFile(t *testing.T) {
	s, _ := importing(t, write(t, "list.txt", "Exported on Monday\nF-6;Foxtrot Ltd;x;120\n"))
	s.Press("o", "space").Type("customers").Press("enter")
	s.Press("tab").Type("erp").Press("tab", "tab", "tab", "tab", "tab").Type("1").Press("tab").Type("id,name,-,employees").Press("tab").Type("country=Spain").Press("ctrl+s")
	s.Expect("customers ← erp", "create 1", "Foxtrot Ltd", "Spain")
	s.Press("o", "tab", "tab", "tab", "tab", "tab", "tab", "tab", "tab").Type("; nonsense").Press("ctrl+s").Expect("is not field=value")
}

func TestRefusedRowsAreWritten(t *testing.T) {
	path := write(t, "c.csv", crmHead+"1,Acme,12,Spain\n2,Bolt,many,Spain\n")
	s, _ := importing(t, path)
	s.Press("E").Expect("c-refused.csv").Press("ctrl+s").ExpectSaid("Written:")
	text, err := os.ReadFile(strings.TrimSuffix(path, ".csv") + "-refused.csv")
	if err != nil || !strings.Contains(string(text), "Bolt,many") || strings.Contains(string(text), "Acme") {
		t.Errorf("%v\n%s", err, text)
	}
	s.Press("E").Press("ctrl+s").ExpectSaid("the rows are not written", "exists")
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		write(t, "empty.csv", ""):      "empty",
		filepath.Join(dir, "gone.csv"): "no such file",
		dir:                            "is a folder",
		write(t, "bin.csv", "\x00\x01\x02\xff\xfe\x00"): "bin.csv",
		write(t, "bad.xlsx", "PK\x03\x04 no workbook"):  "bad.xlsx",
	} {
		s := openOn(t, newBook(t, 0), 140, 40)
		s.Command("import "+name).Expect(want).Press("ctrl+s", "e", "x", "v", "j", "]", "enter", "esc", "esc", "esc", "esc")
		s.Expect("Customers")
	}
	if os.Geteuid() != 0 {
		secret := write(t, "secret.csv", crmHead)
		if err := os.Chmod(secret, 0); err != nil {
			t.Fatal(err)
		}
		openOn(t, newBook(t, 0), 140, 40).Command("import " + secret).Expect("permission denied")
	}
}

func TestAFileThatChangesBetweenPlanAndImport(t *testing.T) {
	path := write(t, "c.csv", crmHead+"1,Acme,12,Spain\n")
	s, b := importing(t, path)
	if err := os.WriteFile(path, []byte(crmHead+"1,Acme,12,Spain\n2,Bolt,13,Spain\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Press("ctrl+s").Expect("The file has changed since it was read").Press("n", "r").Expect("create 2")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s.Press("ctrl+s").Expect("The file is gone since it was read").Press("y").ExpectSaid("import of 2 customers")
	if n := customers(t, b); n != 2 {
		t.Errorf("%d customers", n)
	}
}

func TestARecordThatChangesBetweenPlanAndImport(t *testing.T) {
	path := write(t, "c.csv", crmHead+"1,Acme,12,Spain\n")
	s, b := importing(t, path)
	s.Press("ctrl+s", "y").ExpectSaid("import of 1 customer")
	s.Command("import " + write(t, "d.csv", crmHead+"1,Acme,14,Spain\n")).Expect("update 1")
	var before *model.Record
	if err := b.Each(model.Customer, func(r *model.Record) bool { before = r; return false }); err != nil {
		t.Fatal(err)
	}
	after := before.Clone()
	v, err := mustField(t, "employees").Parse("13")
	if err != nil {
		t.Fatal(err)
	}
	after.Set("employees", v)
	op, _ := model.UpdateOp(before, after)
	save(t, b, "bo", "count again", op)
	s.Press("ctrl+s", "y").Expect("employees 13 → 14")
	s.Press("ctrl+s", "y").ExpectSaid("import of 1 customer from d.csv")
}

func mustField(t *testing.T, name string) *model.Field {
	t.Helper()
	f, ok := model.SchemaOf(model.Customer).Field(name)
	if !ok {
		t.Fatalf("customers have no %s", name)
	}
	return f
}

func TestReadingOnlyPlansAndDoesNotImport(t *testing.T) {
	b := newBook(t, 0)
	s := openWith(t, b, 140, 40, ui.Options{ReadOnly: true})
	s.Command("import testdata/import.csv").Expect("create 4").Press("ctrl+s").ExpectSaid("reading only")
	if n := customers(t, b); n != 0 {
		t.Errorf("%d customers", n)
	}
}

// elsewhere is a book in a session that cannot see the person's files.
type elsewhere struct{ ui.Backend }

func TestASessionWithoutFilesSaysWhy(t *testing.T) {
	s := openOn(t, elsewhere{lookedAt(t)}, 140, 40)
	s.Press("I").ExpectSaid("this session cannot see your files").Command("import x.csv").ExpectSaid("cannot see your files")
	s.Press("ctrl+k").Type("import").Expect("this session cannot see your files")
}

func TestTheSampleCompanyIsOneStep(t *testing.T) {
	b := newBook(t, 0)
	s := openOn(t, b, 140, 40)
	s.Press("N").ExpectSaid("Saved: sample company of 400 customers").Expect("400 customers")
	s.Press("N").ExpectSaid("the book has customers already")
	s.Press("u").Expect("The book has no customers yet.")
	s.Press("enter").Type("a").Expect("Add customer").Press("esc", "enter").Type("I").Expect("Import a file")
}

// shelf lists the same files on every machine.
type shelf struct{ ui.Importer }

func (shelf) Recent() []string { return []string{"/srv/exports/accounts-2026-10.csv"} }

func (shelf) Browse(dir string) ([]ui.FileEntry, error) {
	if dir == "locked/" {
		return nil, errors.New("locked/: permission denied")
	}
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	return []ui.FileEntry{
		{Name: ".hidden", Dir: true},
		{Name: "exports", Dir: true},
		{Name: "accounts.csv", Size: 36_600, Changed: at},
		{Name: "orders 月.xlsx", Size: 1_400_000, Changed: at},
		{Name: "notes.md", Size: 12, Changed: at},
		{Name: "evil\x1b[2J.csv", Size: 1, Changed: at},
	}, nil
}

func TestTheFilePicker(t *testing.T) {
	for _, size := range goldenSizes() {
		s := openWith(t, lookedAt(t), size[0], size[1], ui.Options{Importer: shelf{}})
		s.Press("I", "down", "down")
		golden(t, filepath.Join("testdata", fmt.Sprintf("import-file-%dx%d.txt", size[0], size[1])), s.Screen()+"\n")
	}
	s := openWith(t, lookedAt(t), 120, 40, ui.Options{Importer: shelf{}})
	s.Press("I").Expect("read before", "exports/", "36.6 KB", "orders 月.xlsx").ExpectNot(".hidden", "evil")
	s.Type("EX").ExpectNot("accounts").Press("tab").Expect("> exports/", "accounts.csv")
	s.Type("..").Press("enter").Expect("> exports/../")
	s.Press("ctrl+u").Type("locked/").Expect("permission denied")
	s.Press("esc").ExpectNot("Import a file")
}

// slow is an importer that waits in the middle of reading until it is let go on.
type slow struct {
	ui.Importer
	reached, goOn chan struct{}
}

func (i slow) Plan(ctx context.Context, job ui.ImportJob, progress func(done, total int64, rows int)) (ui.ImportPlan, error) {
	first := true
	return i.Importer.Plan(ctx, job, func(done, total int64, rows int) {
		progress(done, total, rows)
		if first {
			first = false
			i.reached <- struct{}{}
			<-i.goOn
		}
	})
}

// background runs a command and those that it starts aside, as the program does.
func background(cmd tea.Cmd, out chan<- tea.Msg) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if v := reflect.ValueOf(msg); msg != nil && v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() {
				background(v.Index(i).Interface().(tea.Cmd), out)
			}
			return
		}
		out <- msg
	}()
}

func TestKeysAreAnsweredWhileALargeFileIsRead(t *testing.T) {
	var text strings.Builder
	text.WriteString(crmHead)
	for i := range 20_000 {
		fmt.Fprintf(&text, "%d,Company %d,%d,Spain\n", i, i, i%900)
	}
	b := newBook(t, 0)
	im := slow{intake.New(b, intake.Options{Today: func() day.Day { return today }}), make(chan struct{}), make(chan struct{})}
	s := openWith(t, b, 140, 40, ui.Options{Importer: im})
	msgs := make(chan tea.Msg, 64)
	for _, stop := range []bool{true, false} {
		s.Press(letters(":import " + write(t, "big.csv", text.String()))...)
		_, cmd := s.app.Update(key(t, "enter"))
		background(cmd, msgs)
		<-im.reached
		s.Expect("Reading")
		s.Press("j", "G", "]", "]", "v").ExpectSaid("the file is still being read")
		s.Press("?").Expect("Import").Press("esc")
		if stop {
			s.Press("esc").Expect("The reading was stopped.")
		}
		close(im.goOn)
		for planned := false; !planned; {
			msg := <-msgs
			planned = msg != nil && strings.Contains(fmt.Sprintf("%T", msg), "Planned")
			_, cmd := s.app.Update(msg)
			background(cmd, msgs)
		}
		if stop {
			s.Expect("The reading was stopped.").ExpectNot("20,000 rows")
			im.goOn = make(chan struct{})
			s.Press("esc").ExpectNot("stopped")
			s = openWith(t, b, 140, 40, ui.Options{Importer: im})
			continue
		}
		s.Expect("20,000 rows: create 20,000")
	}
	s.Press("G").Expect("20,001").Filter("20000").Expect("Rows 1 ")
	s.Press("esc", "ctrl+s", "y").ExpectSaid("import of 20000 customers")
	if n := customers(t, b); n != 20_000 {
		t.Errorf("%d customers", n)
	}
}

func TestHostileCellsStayInTheirPlace(t *testing.T) {
	var text strings.Builder
	text.WriteString("Account ID,Company,Employees,\"evil\x1b[2J\u202ename\"\n")
	for i, h := range hostile() {
		fmt.Fprintf(&text, "%d,%q,x%d,\"%s\"\n", i, fmt.Sprint("c", i), i, strings.NewReplacer("\"", "\"\"", "\x00", "").Replace(h))
	}
	path := write(t, "evil\x1b[2J.csv", text.String())
	s := openOn(t, newBook(t, 0), 120, 40)
	s.Press(":").Paste("import " + path).Press("enter")
	if strings.Contains(s.Screen(), "Rows 0") {
		t.Fatalf("nothing was read:\n%s", s.Screen())
	}
}
