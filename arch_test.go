package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The program's shape is held here and nowhere else: which room may use which, how long a file and a
// function may be, and what no package may do. Each rule is a function from sources to violations, so
// that it can be shown to fail on a source that breaks it before it is asked about the program.

// room is a package of the program. It may import the rooms it names, a trailing /... taking in the
// rooms below, and so may its tests, which may use the rooms of tests as well.
type room struct {
	path  string
	may   []string
	tests []string
}

// rooms is the picture of the program: main → ui/cli → ui → ui/kit and ui/lang, ui → model, store → model and
// store/engine, store/exchange → model. A package that has no line here has no place yet.
var rooms = []room{
	{path: ".", may: []string{"..."}},
	{path: "model", may: []string{"model/day", "model/score", "model/sla"}},
	{path: "model/day"},
	{path: "model/erase", may: []string{"model", "model/day", "model/same"}},
	{path: "model/formula"},
	{path: "model/scorecard", may: []string{"model", "model/formula", "model/score"}},
	{path: "model/query", may: []string{"model/day"}},
	{path: "model/score", may: []string{"model/day"}},
	{path: "model/sla", may: []string{"model/day"}},
	{path: "model/table", may: []string{"model", "model/day", "model/formula", "model/query", "model/score", "model/scorecard", "model/sla"}, tests: []string{"model/sample"}},
	{path: "model/report", may: []string{"model", "model/day", "model/query", "model/same", "model/score", "model/scorecard", "model/sla", "model/table"}, tests: []string{"model/..."}},
	{path: "model/same", may: []string{"model"}},
	{path: "model/sample", may: []string{"model", "model/day"}, tests: []string{"model/..."}},
	{path: "store", may: []string{"model/...", "store/engine", "store/cache"}},
	{path: "store/cache"},
	{path: "store/files"},
	{path: "store/engine"},
	{path: "store/exchange", may: []string{"model/...", "store/exchange/tabular", "store/files"}, tests: []string{"store", "store/engine"}},
	{path: "store/exchange/tabular", may: []string{"store/files"}},
	{path: "ui", may: []string{"model/...", "ui/kit", "ui/lang"}, tests: []string{"store", "store/engine", "ui/intake"}},
	{path: "ui/kit"},
	{path: "ui/intake", may: []string{"model/...", "store/exchange/...", "store/files", "ui"}, tests: []string{"store", "store/engine"}},
	{path: "ui/lang"},
	{path: "ui/serve", may: []string{"store/files", "ui"}},
	{path: "ui/cli", may: []string{"model/...", "store/...", "ui", "ui/kit", "ui/lang", "ui/serve"}},
}

// holders names for a library the one place that may know it, so that it can be replaced there.
var holders = map[string]func(f file) bool{
	"go.etcd.io/bbolt":                     func(f file) bool { return f.room() == "store/engine" },
	"github.com/charmbracelet/ultraviolet": func(f file) bool { return f.path == "ui/kit/screen.go" },
	"github.com/xuri/excelize/v2":          func(f file) bool { return f.room() == "store/exchange/tabular" },
	"github.com/expr-lang/expr":            func(f file) bool { return f.room() == "model/formula" },
	"github.com/spf13/cobra":               func(f file) bool { return f.room() == "ui/cli" },
}

const (
	maxFile     = 450 // lines
	maxTestFile = 700
	maxFunction = 60
	maxUpdate   = 80 // the root Update, which is the one switch over everything that can happen
)

type file struct {
	path   string // with slashes, from the root of the module
	text   string
	syntax *ast.File
}

func (f file) room() string { return path.Dir(f.path) }
func (f file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// in tells whether the file lies in the room or below it.
func (f file) in(room string) bool { return within(f.room(), room) }

func within(p, root string) bool { return p == root || strings.HasPrefix(p, root+"/") }

// program is what the rules look at: the sources, and the names in the top folder.
type program struct {
	fset  *token.FileSet
	files []file
	top   []string
	built []string // patterns of .gitignore: what tools leave behind is not part of the program
}

func (p program) at(pos token.Pos, format string, args ...any) string {
	where := p.fset.Position(pos)
	return fmt.Sprintf("%s:%d: %s", where.Filename, where.Line, fmt.Sprintf(format, args...))
}

func parse(t *testing.T, sources map[string]string) program {
	t.Helper()
	p := program{fset: token.NewFileSet()}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		syntax, err := parser.ParseFile(p.fset, name, sources[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, file{path: name, text: sources[name], syntax: syntax})
	}
	return p
}

// readProgram takes in the module that the test stands in.
func readProgram(t *testing.T) program {
	t.Helper()
	sources := map[string]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go":
			return nil
		}
		text, err := os.ReadFile(name)
		sources[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, sources)
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		p.top = append(p.top, e.Name())
	}
	ignored, err := os.ReadFile(".gitignore")
	if err != nil {
		t.Fatal(err)
	}
	p.built = strings.Fields(string(ignored))
	return p
}

// followArrows: a room uses the rooms it may use, and no other.
func followArrows(p program) (bad []string) {
	for _, f := range p.files {
		at := slices.IndexFunc(rooms, func(r room) bool { return r.path == f.room() })
		if at < 0 {
			bad = append(bad, p.at(f.syntax.Package, "%s has no line in the table of rooms", f.room()))
			continue
		}
		may := rooms[at].may
		if f.isTest() {
			may = append([]string{f.room()}, append(may, rooms[at].tests...)...)
		}
		for _, spec := range f.syntax.Imports {
			target, ours := strings.CutPrefix(importPath(spec), "opsdeck/")
			if ours && !slices.ContainsFunc(may, func(m string) bool { return allows(m, target) }) {
				bad = append(bad, p.at(spec.Pos(), "%s may not import %s", f.room(), target))
			}
		}
	}
	return bad
}

func importPath(spec *ast.ImportSpec) string { return strings.Trim(spec.Path.Value, "`\"") }

func allows(pattern, target string) bool {
	root, below := strings.CutSuffix(pattern, "...")
	return pattern == target || below && (root == "" || within(target, strings.TrimSuffix(root, "/")))
}

// keepLibrariesInPlace: some libraries are known in one place only.
func keepLibrariesInPlace(p program) (bad []string) {
	for _, f := range p.files {
		for _, spec := range f.syntax.Imports {
			for library, holds := range holders {
				if within(importPath(spec), library) && !holds(f) {
					bad = append(bad, p.at(spec.Pos(), "%s is not known here", library))
				}
			}
		}
	}
	return bad
}

// zones is the one file of model that looks zones up by name: the program carries their rules with it, so
// that they are the same on every machine.
const zones = "model/sla/zone.go"

// doNoIO: model computes, and its answer depends on nothing but what it is given. ui draws for people on
// many machines at once, so that the process it runs in tells it nothing. One file looks at memory as
// bytes, for the cache.
func doNoIO(p program) (bad []string) {
	for _, f := range p.files {
		if f.isTest() || !f.in("model") && !f.in("ui") || f.in("ui/cli") || f.in("ui/serve") {
			continue
		}
		for _, spec := range f.syntax.Imports {
			if target := importPath(spec); f.in("model") && doesIO(target) && (target != "unsafe" || f.path != "model/table/raw.go") {
				bad = append(bad, p.at(spec.Pos(), "model may not import %s", target))
			}
		}
		eachForeignName(f, func(s *ast.SelectorExpr, pkg string) {
			if readsWorld(pkg, s.Sel.Name, f.in("model")) && !(f.path == zones && s.Sel.Name == "LoadLocation") {
				bad = append(bad, p.at(s.Pos(), "%s.%s is not for %s", pkg, s.Sel.Name, f.room()))
			}
		})
	}
	return bad
}

// eachForeignName visits what a file names of other packages.
func eachForeignName(f file, visit func(s *ast.SelectorExpr, pkg string)) {
	names := map[string]string{}
	for _, spec := range f.syntax.Imports {
		names[localName(spec)] = importPath(spec)
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && names[x.Name] != "" {
				visit(s, names[x.Name])
			}
		}
		return true
	})
}

func localName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	base := path.Base(importPath(spec))
	if base == "v2" {
		return path.Base(path.Dir(importPath(spec)))
	}
	return base
}

func doesIO(target string) bool {
	for _, root := range []string{"os", "net", "io/fs", "log", "syscall", "path/filepath", "crypto/rand", "embed", "runtime", "unsafe", "testing"} {
		if within(target, root) {
			return true
		}
	}
	return false
}

// readsWorld tells whether a name of a package answers by the machine and not by its arguments. A source of
// random numbers that the caller seeds is fine; the global one is not.
func readsWorld(pkg, name string, model bool) bool {
	switch pkg {
	case "os":
		return strings.Contains(strings.ToLower(name), "env")
	case "time":
		return slices.Contains([]string{"Now", "Since", "Until"}, name) ||
			model && slices.Contains([]string{"After", "AfterFunc", "Tick", "NewTicker", "NewTimer", "Sleep", "Local", "LoadLocation"}, name)
	case "fmt":
		return strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Scan")
	case "math/rand", "math/rand/v2":
		return !strings.HasPrefix(name, "New") && !slices.Contains([]string{"Rand", "Source", "Source64", "PCG", "ChaCha8", "Zipf"}, name)
	}
	return false
}

// stayShort: what does not fit a few screens is read by nobody.
func stayShort(p program) (bad []string) {
	for _, f := range p.files {
		most := maxFile
		if f.isTest() {
			most = maxTestFile
		}
		if n := strings.Count(f.text, "\n"); n > most {
			bad = append(bad, fmt.Sprintf("%s: %d lines, of %d at most", f.path, n, most))
		}
		for _, d := range f.syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			most := maxFunction
			if fn.Name.Name == "Update" && fn.Recv != nil && f.room() == "ui" {
				most = maxUpdate
			}
			if n := p.fset.Position(fn.End()).Line - p.fset.Position(fn.Pos()).Line + 1; n > most {
				bad = append(bad, p.at(fn.Pos(), "%s has %d lines, of %d at most", fn.Name.Name, n, most))
			}
		}
	}
	return bad
}

// neverSleep: a test that waits for time to pass is slow on a fast machine and wrong on a slow one.
func neverSleep(p program) (bad []string) {
	for _, f := range p.files {
		if f.isTest() {
			eachForeignName(f, func(s *ast.SelectorExpr, pkg string) {
				if pkg == "time" && s.Sel.Name == "Sleep" {
					bad = append(bad, p.at(s.Pos(), "a test sleeps"))
				}
			})
		}
	}
	return bad
}

// obeyLinters: a finding is mended or shown to be wrong, not silenced.
func obeyLinters(p program) (bad []string) {
	for _, f := range p.files {
		for _, group := range f.syntax.Comments {
			for _, c := range group.List {
				if strings.HasPrefix(c.Text, "//nolint") || strings.HasPrefix(c.Text, "//lint:") {
					bad = append(bad, p.at(c.Pos(), "a linter is silenced"))
				}
			}
		}
	}
	return bad
}

// keepTheTopClear: the first thing a reader sees lists nothing but the rooms and what every project has.
func keepTheTopClear(p program) (bad []string) {
	known := []string{"go.mod", "go.sum", "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "contrib", "docs", "testdata", "model", "store", "ui", "main.go", "workstation.go"}
	for _, name := range p.top {
		left := slices.ContainsFunc(p.built, func(pattern string) bool {
			ok, err := path.Match(strings.Trim(pattern, "/"), name)
			return ok && err == nil
		})
		if !left && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, "_test.go") && !slices.Contains(known, name) {
			bad = append(bad, name+": has no place in the top folder")
		}
	}
	return bad
}

// changeNoPackageVariable: with several people in one process, a variable of a package would be shared by
// all of them. It is set where it is declared and never again.
func changeNoPackageVariable(p program) (bad []string) {
	packages := map[string][]*ast.File{}
	for _, f := range p.files {
		key := f.room() + " " + f.syntax.Name.Name
		packages[key] = append(packages[key], f.syntax)
	}
	for _, key := range slices.Sorted(maps.Keys(packages)) {
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
		// Only names and own types are resolved here: what is imported stays unknown, and the errors that this makes are no news.
		conf := types.Config{Error: func(error) {}}
		_, _ = conf.Check(key, p.fset, packages[key], info)
		pointed := changedByPointer(packages[key], info)
		for _, syntax := range packages[key] {
			bad = append(bad, stateOf(p, syntax, info)...)
			ast.Inspect(syntax, func(n ast.Node) bool {
				for _, target := range append(written(n, info), lent(n, info, pointed)...) {
					if name := packageVariable(target, info); name != "" {
						bad = append(bad, p.at(n.Pos(), "the package variable %s is changed", name))
					}
				}
				return true
			})
		}
	}
	return bad
}

// changedByPointer collects the types of which a package changes values through pointers. An entry of a
// table may be pointed at where its type is none of them.
func changedByPointer(files []*ast.File, info *types.Info) map[types.Type]bool {
	changed := map[types.Type]bool{}
	for _, syntax := range files {
		ast.Inspect(syntax, func(n ast.Node) bool {
			for _, target := range written(n, info) {
				for inner := operand(target); inner != nil; inner = operand(inner) {
					if p, ok := info.TypeOf(inner).(*types.Pointer); ok {
						changed[p.Elem()] = true
					}
				}
			}
			return true
		})
	}
	return changed
}

// lent lists what others could change through its address: handed to another package, or of a type that is
// changed through pointers. What is no struct is taken to be; types of other packages are not known here.
func lent(n ast.Node, info *types.Info, changed map[types.Type]bool) (list []ast.Expr) {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		t := info.TypeOf(n.X)
		if n.Op != token.AND || t == nil || t == types.Typ[types.Invalid] {
			return nil
		}
		if _, record := t.Underlying().(*types.Struct); !record || changed[t] {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if s, ok := n.Fun.(*ast.SelectorExpr); !ok || importedAs(s.X, info) == "" {
			return nil
		}
		for _, arg := range n.Args {
			if a, ok := arg.(*ast.UnaryExpr); ok && a.Op == token.AND {
				list = append(list, a.X)
			}
		}
	}
	return list
}

// stateOf finds variables of a package that are made to be changed: locks, counters, channels, buffers.
func stateOf(p program, syntax *ast.File, info *types.Info) (bad []string) {
	for _, d := range syntax.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for _, e := range append([]ast.Expr{v.Type}, v.Values...) {
				if holdsState(e, info) {
					bad = append(bad, p.at(v.Pos(), "the package variable %s is made to be changed", v.Names[0].Name))
				}
			}
		}
	}
	return bad
}

func holdsState(e ast.Expr, info *types.Info) bool {
	switch e := e.(type) {
	case *ast.ChanType:
		return true
	case *ast.StarExpr:
		return holdsState(e.X, info)
	case *ast.UnaryExpr:
		return holdsState(e.X, info)
	case *ast.CompositeLit:
		return holdsState(e.Type, info)
	case *ast.IndexExpr:
		return holdsState(e.X, info)
	case *ast.CallExpr:
		made, ok := e.Fun.(*ast.Ident)
		return ok && (made.Name == "new" || made.Name == "make") && holdsState(e.Args[0], info)
	case *ast.SelectorExpr:
		switch importedAs(e.X, info) {
		case "sync", "sync/atomic":
			return !strings.HasPrefix(e.Sel.Name, "OnceValue") // It computes a constant, once.
		case "strings", "bytes":
			return e.Sel.Name == "Builder" || e.Sel.Name == "Buffer"
		}
	}
	return false
}

// written lists what a statement or expression writes to.
func written(n ast.Node, info *types.Info) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.SendStmt:
		return []ast.Expr{n.Chan}
	case *ast.CallExpr:
		if len(n.Args) > 0 && writesFirst(n, info) {
			return n.Args[:1]
		}
	}
	return nil
}

// writesFirst tells whether a call writes to its first argument.
func writesFirst(call *ast.CallExpr, info *types.Info) bool {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		// Appending to a whole table copies it, appending to a part of it overwrites the rest.
		_, part := call.Args[0].(*ast.SliceExpr)
		return slices.Contains([]string{"clear", "close", "copy", "delete"}, fun.Name) || fun.Name == "append" && part
	case *ast.SelectorExpr:
		name := fun.Sel.Name
		switch importedAs(fun.X, info) {
		case "sort":
			return !strings.HasPrefix(name, "Search") && !strings.Contains(name, "Sorted")
		case "slices":
			return strings.HasPrefix(name, "Sort") && !strings.HasPrefix(name, "Sorted") ||
				slices.Contains([]string{"Reverse", "Delete", "DeleteFunc", "Compact", "CompactFunc", "Insert", "Replace"}, name)
		case "maps":
			return slices.Contains([]string{"Copy", "DeleteFunc", "Insert"}, name)
		}
	}
	return false
}

func importedAs(e ast.Expr, info *types.Info) string {
	if x, ok := e.(*ast.Ident); ok {
		if pkg, ok := info.Uses[x].(*types.PkgName); ok {
			return pkg.Imported().Path()
		}
	}
	return ""
}

// packageVariable is the name of the variable of a package that an expression is rooted in, or "".
func packageVariable(e ast.Expr, info *types.Info) string {
	for ; e != nil; e = operand(e) {
		switch x := e.(type) {
		case *ast.SelectorExpr:
			if pkg := importedAs(x.X, info); pkg != "" {
				return path.Base(pkg) + "." + x.Sel.Name
			}
		case *ast.Ident:
			v, ok := info.Uses[x].(*types.Var)
			if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				return v.Name()
			}
		}
	}
	return ""
}

// operand is what an expression picks a part of, nil where it picks from nothing.
func operand(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.ParenExpr:
		return x.X
	case *ast.StarExpr:
		return x.X
	case *ast.IndexExpr:
		return x.X
	case *ast.SliceExpr:
		return x.X
	case *ast.SelectorExpr:
		return x.X
	}
	return nil
}

// rule is one line of the program's shape, with sources that break it and sources that do not.
type rule struct {
	name   string
	check  func(program) []string
	breaks []source
	keeps  []source
}

type source struct{ path, text string }

func TestArchitecture(t *testing.T) {
	whole := readProgram(t)
	if len(whole.files) < 50 {
		t.Fatalf("only %d source files were found", len(whole.files))
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			if len(r.breaks) == 0 || len(r.keeps) == 0 {
				t.Fatal("nothing shows that the rule tells right from wrong")
			}
			for _, s := range r.breaks {
				if got := r.check(specimen(t, s)); len(got) != 1 {
					t.Errorf("%s is broken by %q, the rule says %q", r.name, s.text, got)
				}
			}
			for _, s := range r.keeps {
				if got := r.check(specimen(t, s)); len(got) != 0 {
					t.Errorf("%s is kept by %q, the rule says %q", r.name, s.text, got)
				}
			}
			for _, v := range r.check(whole) {
				t.Error(v)
			}
		})
	}
}

// specimen is a program of one source. A path that is no Go file is a name in the top folder.
func specimen(t *testing.T, s source) program {
	t.Helper()
	if !strings.HasSuffix(s.path, ".go") {
		return program{top: []string{s.path}, built: strings.Fields(s.text)}
	}
	p := parse(t, map[string]string{s.path: s.text})
	p.top = []string{strings.Split(s.path, "/")[0]}
	return p
}
