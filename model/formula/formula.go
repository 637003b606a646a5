// Package formula is what people may compute a criterion by: expressions over the fields of a customer,
// such as (arr - overdue) / seats. It holds the expression library to what such a thing needs.
//
// The rules are:
//   - An expression has no loops, no lists and no calls but those of Functions, and a bounded length and
//     number of parts, so that its time is bounded too.
//   - All numbers are floating point; dividing by zero and results that are no number are errors that
//     say where in the expression they are.
//   - A field without content makes the result unknown, unless ?? gives what to take instead.
package formula

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Bounds of an expression.
const (
	MaxLength = 1000 // characters
	MaxParts  = 200  // operators, names, numbers and calls
)

// Type is what a name in an expression stands for.
type Type uint8

// The types of names.
const (
	Number Type = iota
	Text
	Bool
)

// Error says what is wrong with an expression and where.
type Error struct {
	Formula string
	Column  int // from 1; 0 where it is about the whole
	Reason  string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Column == 0 {
		return e.Reason
	}
	return fmt.Sprintf("column %d: %s", e.Column, e.Reason)
}

// Formula is an expression that has been checked. It may be used by several goroutines, each with a
// Machine of its own.
type Formula struct {
	text    string
	program *vm.Program
	names   []string // that the expression uses
	needed  []string // those of them without which there is no result
}

// Functions lists the functions that an expression may call, as people write them.
func Functions() []string {
	return []string{"abs(x)", "ceil(x)", "floor(x)", "round(x)", "min(a, b)", "max(a, b)", "sqrt(x)", "log10(x)", "lower(text)", "upper(text)"}
}

// Compile checks an expression over names of given types. Errors are *Error.
func Compile(text string, names map[string]Type) (*Formula, error) {
	f := &Formula{text: text}
	if strings.TrimSpace(text) == "" {
		return nil, &Error{Formula: text, Reason: "the formula is empty"}
	}
	if len(text) > MaxLength {
		return nil, &Error{Formula: text, Reason: fmt.Sprintf("the formula has %d characters; at most %d are allowed", len(text), MaxLength)}
	}
	env := make(map[string]any, len(names))
	for name, typ := range names {
		env[name] = map[Type]any{Number: 0.0, Text: "", Bool: false}[typ]
	}
	guard := &guard{known: names}
	options := []expr.Option{
		expr.Env(env), expr.MaxNodes(MaxParts), expr.Optimize(false), expr.DisableIfOperator(), expr.DisableAllBuiltins(),
		expr.Patch(guard),
	}
	for _, b := range []string{"lower", "upper"} {
		options = append(options, expr.EnableBuiltin(b))
	}
	program, err := expr.Compile(text, append(options, functions()...)...)
	if guard.err != nil {
		return nil, guard.at(text)
	}
	if err != nil {
		return nil, explain(text, err)
	}
	f.program = program
	f.names, f.needed = guard.used, guard.needed()
	return f, nil
}

// Text is the expression as it was written.
func (f *Formula) Text() string { return f.text }

// Names lists the names that the expression uses, in their order.
func (f *Formula) Names() []string { return f.names }

// Missing lists the names without content that keep the expression from having a result.
func (f *Formula) Missing(env map[string]any) []string {
	var out []string
	for _, n := range f.needed {
		if env[n] == nil {
			out = append(out, n)
		}
	}
	return out
}

// Machine evaluates expressions one after the other. The zero Machine is ready.
type Machine struct{ vm vm.VM }

// Value is the result of an expression: a number, or a text where IsText.
type Value struct {
	Number float64 // yes is 1, no is 0
	Text   string
	IsText bool
}

// Run evaluates an expression over the content of names: float64, string, bool or nil. It is false
// where a field that is needed has no content. Errors are *Error.
func (m *Machine) Run(f *Formula, env map[string]any) (Value, bool, error) {
	for _, n := range f.needed {
		if env[n] == nil {
			return Value{}, false, nil
		}
	}
	out, err := m.vm.Run(f.program, env)
	if err != nil {
		return Value{}, false, explain(f.text, err)
	}
	switch v := out.(type) {
	case nil:
		return Value{}, false, nil
	case bool:
		if v {
			return Value{Number: 1}, true, nil
		}
		return Value{}, true, nil
	case string:
		return Value{Text: v, IsText: true}, true, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Value{}, false, &Error{Formula: f.text, Column: 1, Reason: "the result is not a number that can be counted with"}
		}
		return Value{Number: v}, true, nil
	case int:
		return Value{Number: float64(v)}, true, nil
	}
	return Value{}, false, &Error{Formula: f.text, Column: 1, Reason: fmt.Sprintf("the result is a %T, not a number", out)}
}

// explain turns an error of the library into one that says where.
func explain(text string, err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return &Error{Formula: text, Reason: strings.SplitN(err.Error(), "\n", 2)[0]}
	}
	reason := strings.SplitN(at.Message, "\n", 2)[0]
	if rest, ok := strings.CutPrefix(reason, "unknown name "); ok {
		reason = fmt.Sprintf("there is no field %q", rest)
	}
	reason = strings.NewReplacer("float64", "number", "string", "text", "int", "number").Replace(reason)
	return &Error{Formula: text, Column: at.Column + 1, Reason: reason}
}

// guard walks over an expression before it is compiled: it lets through what formulas are made of,
// makes every number a floating-point one, and divides by a function that refuses zero.
type guard struct {
	known  map[string]Type
	used   []string
	spared []*ast.IdentifierNode // on the left of ??
	ids    []*ast.IdentifierNode
	err    error
	from   int
}

func (g *guard) refuse(n ast.Node, format string, args ...any) {
	if g.err == nil {
		g.err, g.from = fmt.Errorf(format, args...), n.Location().From
	}
}

// at puts the reason where it belongs.
func (g *guard) at(text string) *Error {
	runes := []rune(text)
	column := min(g.from, len(runes)) + 1
	return &Error{Formula: text, Column: column, Reason: g.err.Error()}
}

// Visit implements ast.Visitor.
func (g *guard) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		g.name(n)
	case *ast.IntegerNode:
		ast.Patch(node, &ast.FloatNode{Value: float64(n.Value)})
	case *ast.BinaryNode:
		g.operator(node, n)
	case *ast.BuiltinNode:
		if n.Name != "lower" && n.Name != "upper" {
			g.refuse(n, "there is no function %q", n.Name)
		}
	case *ast.CallNode, *ast.UnaryNode, *ast.ConditionalNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode, *ast.NilNode:
	case *ast.PredicateNode, *ast.PointerNode:
		g.refuse(*node, "a formula cannot loop")
	case *ast.ArrayNode, *ast.MapNode, *ast.SliceNode:
		g.refuse(*node, "a formula has no lists")
	case *ast.VariableDeclaratorNode, *ast.SequenceNode:
		g.refuse(*node, "a formula is one expression")
	case *ast.MemberNode, *ast.ChainNode:
		g.refuse(*node, "a point has no meaning here; fields of your own are written x_name")
	default:
		g.refuse(*node, "this cannot be in a formula")
	}
}

func (g *guard) name(n *ast.IdentifierNode) {
	if _, ok := g.known[n.Value]; !ok {
		if !slices.ContainsFunc(Functions(), func(f string) bool { return strings.HasPrefix(f, n.Value+"(") }) && n.Value != "divide" && n.Value != "power" {
			g.refuse(n, "there is no field %q", n.Value)
		}
		return
	}
	g.ids = append(g.ids, n)
	if !slices.Contains(g.used, n.Value) {
		g.used = append(g.used, n.Value)
		slices.Sort(g.used)
	}
}

func (g *guard) operator(node *ast.Node, n *ast.BinaryNode) {
	call := func(name string) {
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: []ast.Node{n.Left, n.Right}})
	}
	switch n.Operator {
	case "/":
		call("divide")
	case "**", "^":
		call("power")
	case "%":
		g.refuse(n, "%% is not offered in formulas")
	case "..":
		g.refuse(n, "a formula cannot loop, and has no ranges")
	case "in", "not in", "matches":
		g.refuse(n, "%q is not offered in formulas", n.Operator)
	case "??":
		if id, ok := n.Left.(*ast.IdentifierNode); ok {
			g.spared = append(g.spared, id)
		}
	}
}

// needed lists the names that occur somewhere else than on the left of ??.
func (g *guard) needed() []string {
	var out []string
	for _, id := range g.ids {
		if !slices.Contains(g.spared, id) && !slices.Contains(out, id.Value) {
			out = append(out, id.Value)
		}
	}
	return out
}
