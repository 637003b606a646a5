package ui

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"opsdeck/ui/lang"
)

// TestMistakesOfAModelAreSaid demands that everything that can be wrong with a scoring model, as its check and what
// it calls say it, is said in each language, with its values filled in.
func TestMistakesOfAModelAreSaid(t *testing.T) {
	found := map[string]string{}
	for dir, files := range map[string][]string{
		"../model/scorecard": nil, "../model/formula": nil,
		"../model/score": {"scale.go", "tier.go", "weighted.go", "health.go"},
		"../model/table": {"cardops.go", "cards.go", "preview.go", "trial.go", "whatif.go"},
	} {
		parsed(t, dir, func(name string, _ *token.FileSet, file *ast.File) {
			if files != nil && !slices.Contains(files, filepath.Base(name)) {
				return
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if text := mistake(n); text != "" {
					found[text] = name
				}
				return true
			})
		})
	}
	if len(found) < 60 {
		t.Fatalf("only %d mistakes are found in the sources", len(found))
	}
	for _, code := range []string{"zh", "ja", "es"} {
		l := lang.New(code)
		for text, where := range found {
			english := filled(text)
			if said := l.Say(english); said == english {
				t.Errorf("%s: %s does not say %q", where, code, english)
			}
		}
	}
	if said := lang.New("es").Say(`criterion "size": row 2: it begins at 5000, but row 1 ends at 4000: there is a gap between them`); strings.Contains(said, "begins") || strings.Contains(said, "criterion") {
		t.Errorf("a mistake within a mistake is said as %q", said)
	}
}

// mistake is the English text of an error that a node makes; empty for other nodes and for those that only put
// others together.
func mistake(n ast.Node) string {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at, ok := map[string]int{"Errorf": 0, "New": 0, "fail": 0, "refuse": 1}[name]
	if !ok || at >= len(call.Args) {
		return ""
	}
	text := literal(call.Args[at])
	if key, put := strings.CutSuffix(text, ": %w"); put && !strings.ContainsAny(key, " %") {
		return "" // The key of the file in front of another mistake.
	}
	if !strings.Contains(strings.TrimSpace(regexp.MustCompile(`(^[a-z_.]*%s:)|%[a-z]`).ReplaceAllString(text, "")), " ") {
		return ""
	}
	return text
}

// filled puts values in the places of the verbs, as they are when somebody reads them.
func filled(text string) string {
	text = strings.NewReplacer("%%", "%", "%q", `"zz"`, "%d", "7", "%g", "7.5", "%s", "zz", "%v", "zz", "%w", "zz", "%T", "zz").Replace(text)
	return text
}
