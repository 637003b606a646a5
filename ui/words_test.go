package ui

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// said collects every English text that the program says through the catalogue, with the place where
// it does so. A word for one place alone, "[state] open", has no place: it may have an entry.
type said map[string]string

func (s said) add(where string, texts ...string) {
	for _, t := range texts {
		if t != "" && s[t] == "" && hasLetters(t) {
			s[t] = where
		}
	}
}

// hasLetters tells words from signs and from codes in capitals, which are the same everywhere.
func hasLetters(text string) bool {
	text = strings.NewReplacer("%s", "", "%d", "", "%q", "").Replace(text)
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// TestNoTextWithoutTranslation holds the code and the catalogue together: what is said has an entry,
// and an entry is said somewhere.
func TestNoTextWithoutTranslation(t *testing.T) {
	s := said{}
	for _, dir := range []string{".", "../model", "../model/table"} {
		s.literals(t, dir)
	}
	s.tables(t)
	have := map[string]bool{}
	sources := literals(t)
	for _, text := range lang.Texts() {
		have[text] = true
		if _, used := s[text]; !used && !written(sources, text) {
			t.Errorf("the catalogue has %q, which nobody says", text)
		}
	}
	var missing strings.Builder
	for _, text := range slices.Sorted(maps.Keys(s)) {
		if s[text] != "" && !have[text] {
			fmt.Fprintf(&missing, "# %s\n%s\n  zh \n  ja \n  es \n", s[text], strings.ReplaceAll(text, "\n", `\n`))
		}
	}
	if missing.Len() > 0 {
		t.Errorf("texts without a translation; fill these in and put them into a file of ui/lang/words:\n%s", missing.String())
	}
}

// literals joins every text that stands in the sources of the program.
func literals(t *testing.T) string {
	var all strings.Builder
	for _, dir := range []string{".", "cli", "kit", "../model", "../model/table", "../model/query", "../model/day", "../model/score", "../model/scorecard", "../model/formula", "../model/report", "../model/same", "../store", "../store/exchange"} {
		parsed(t, dir, func(_ string, _ *token.FileSet, file *ast.File) {
			ast.Inspect(file, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					all.WriteString(literal(lit) + "\x00")
				}
				return true
			})
		})
	}
	return all.String()
}

// written tells whether the pieces of a sentence that is put together stand in the sources.
func written(sources, text string) bool {
	if strings.HasPrefix(text, "[") {
		return false
	}
	for _, form := range strings.Split(text, " | ") {
		if text == "edit by %s" || text == "undo by %s" || text == "redo by %s" {
			continue // The kind of a step, put together with who did it.
		}
		for _, piece := range regexp.MustCompile(`%[-+.0-9]*[a-z]`).Split(form, -1) {
			if !strings.Contains(sources, strings.TrimSpace(piece)) {
				return false
			}
		}
	}
	return true
}

// parsed reads the sources of a folder, tests left out.
func parsed(t *testing.T, dir string, visit func(name string, fset *token.FileSet, file *ast.File)) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		visit(name, fset, file)
	}
}

// literals reads the sources of a folder for texts that are given to T, N, In and say, and for those
// that stand in what is shown.
func (s said) literals(t *testing.T, dir string) {
	parsed(t, dir, func(name string, fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				s.call(fset.Position(n.Pos()).String(), n)
			case *ast.KeyValueExpr:
				key, ok := n.Key.(*ast.Ident)
				if ok && slices.Contains(shownKeysOf(), key.Name) && !strings.HasPrefix(filepath.Base(name), "schema") {
					s.add(fset.Position(n.Pos()).String(), literal(n.Value))
				}
			case *ast.FuncDecl:
				if n.Name.Name == "off" {
					s.returned(fset, n)
				}
			}
			return true
		})
	})
}

// shownKeysOf lists the fields of structs whose texts are shown.
func shownKeysOf() []string {
	return []string{"Title", "Help", "Hint", "None", "Label", "Note", "Formula", "Yes", "No", "Empty", "Question", "title", "label", "empty"}
}

// returned adds the reasons that a function gives.
func (s said) returned(fset *token.FileSet, f *ast.FuncDecl) {
	ast.Inspect(f, func(n ast.Node) bool {
		if r, ok := n.(*ast.ReturnStmt); ok {
			for _, e := range r.Results {
				s.add(fset.Position(r.Pos()).String(), literal(e))
			}
		}
		return true
	})
}

func (s said) call(where string, call *ast.CallExpr) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	text := func(i int) string {
		if i >= len(call.Args) {
			return ""
		}
		return literal(call.Args[i])
	}
	switch f.Sel.Name {
	case "T", "NewMenu", "NewPalette", "NewPager", "NewForm", "newForm", "kitForm", "formula", "note", "records":
		s.add(where, text(0))
	case "step":
		s.add(where, text(0), text(2))
	case "say":
		s.add(where, text(0), text(1))
	case "N":
		if one := text(1); one != "" {
			s.add(where, one+" | "+text(2))
		}
	case "In":
		s.add(where, text(1))
		if text(0) != "" {
			s["["+text(0)+"] "+text(1)] = ""
		}
	}
}

// literal is a text that is written out, in pieces or in one.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return text
		}
	case *ast.BinaryExpr:
		if x, y := literal(e.X), literal(e.Y); x != "" && y != "" {
			return x + y
		}
	}
	return ""
}

// tables adds the texts that stand in tables of data and are said where they are shown.
func (s said) tables(t *testing.T) {
	for _, b := range Bindings() {
		s.add("key "+b.Keys[0], b.Label, b.Help)
	}
	for _, sc := range scopes() {
		s.add("scope", string(sc))
	}
	for _, k := range model.Kinds() {
		s.kind(model.SchemaOf(k))
	}
	s.add("a yes or no", "yes", "no")
	for m, formula := range moveFormulas() {
		s.add("movement of revenue", formula)
		s["[movement] "+string(m)] = ""
	}
	w := kit.DefaultFormWords()
	s.add("form", w.Required, w.NoOption, w.Discard, w.Yes, w.No, w.Keys, w.Editor, w.Find, w.Finding)
	a := New(t.Context(), noBook{}, Options{})
	people := &usersPane{newListPane(usersSpec())}
	for _, p := range append(slices.Clone(a.panes), people) {
		sp := p.spec()
		s.add("pane "+sp.title, sp.title, sp.empty)
		for _, c := range sp.columns {
			s.add("column of "+sp.title, c.title)
		}
	}
}

func (s said) kind(schema *model.Schema) {
	where := "kind " + schema.Name
	s.add(where, schema.Name, schema.Plural, "%s "+schema.Name+" | %s "+schema.Plural)
	for i := range schema.Fields {
		f := &schema.Fields[i]
		if f.Has(model.FHidden) {
			continue
		}
		s.add(where+", field "+f.Name, f.Label, f.Help)
		for _, o := range f.Options {
			s.add(where+", option of "+f.Name, o)
			if hasLetters(o) {
				s["["+f.Name+"] "+o] = ""
			}
		}
	}
}

// noBook is enough of a book to make a workstation with.
type noBook struct{ Backend }

func (noBook) ReadOnly() bool { return false }
