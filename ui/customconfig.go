package ui

import (
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// Custom is a command of a person's own: a program that is run for the record under the cursor.
type Custom struct {
	Name  string `toml:"name"`
	Key   string `toml:"key"`
	Scope Scope  `toml:"scope"` // empty: everywhere
	// Run is the program and its arguments. {field} stands for a field of the record, {id} and {kind} for what it
	// is, {marked} for the ids of the marked records, {marked:field} for a field of theirs, {prompt:NAME} for an answer.
	Run       []string `toml:"run"`
	Prompts   []Prompt `toml:"prompts"`
	Output    string   `toml:"output"`    // popup (or nothing), editor, none
	Dangerous bool     `toml:"dangerous"` // asks first, and is refused while reading only
}

// The places where a command's output may go.
const (
	outputPopup  = "popup"
	outputEditor = "editor"
	outputNone   = "none"
)

// Prompt is something that a command wants to know: in a configuration its name, or a table.
type Prompt struct {
	Name     string
	Type     string // text (or nothing), number, date, pick, person
	Options  []string
	Default  string
	Required bool
	problem  string // what is wrong with it
}

func promptTypes() []string { return []string{"text", "number", "date", "pick", "person"} }

// UnmarshalTOML reads a prompt written as a name or as a table.
func (p *Prompt) UnmarshalTOML(v any) error {
	table, ok := v.(map[string]any)
	if name, isName := v.(string); isName {
		p.Name = name
		return nil
	}
	if !ok {
		return fmt.Errorf("%v is no prompt: a name or a table with name and type is wanted", v)
	}
	for _, key := range sortedKeys(table) {
		texts := map[string]*string{"name": &p.Name, "type": &p.Type, "default": &p.Default}
		value := table[key]
		switch to, isText := texts[key]; {
		case isText:
			if *to, ok = value.(string); !ok {
				p.problem = fmt.Sprintf("%s of a prompt is a text", key)
			}
		case key == "required":
			if p.Required, ok = value.(bool); !ok {
				p.problem = "required of a prompt is true or false"
			}
		case key == "options":
			list, _ := value.([]any)
			for _, o := range list {
				p.Options = append(p.Options, fmt.Sprint(o))
			}
		default:
			p.problem = fmt.Sprintf("unknown setting %q of a prompt", key)
		}
	}
	return nil
}

// field is the form field of a prompt.
func (p Prompt) field(dates string) kit.Field {
	f := kit.Field{Key: p.Name, Label: kit.Clean(p.Name), Value: p.Default, Required: p.Required}
	switch p.Type {
	case "number":
		f.Kind = kit.KindNumber
	case "date":
		f.Kind, f.Help = kit.KindDate, dates
	case "person":
		f.Kind = kit.KindRef
	case "pick":
		f.Kind = kit.KindPick
		if !p.Required {
			f.Options = []kit.Option{{Value: "", Label: "–"}}
		}
		for _, o := range p.Options {
			f.Options = append(f.Options, kit.Option{Value: o, Label: kit.Clean(o)})
		}
	}
	return f
}

func (c Custom) prompt(name string) Prompt {
	for _, p := range c.Prompts {
		if p.Name == name {
			return p
		}
	}
	return Prompt{}
}

// customAction begins the action of a person's own command.
const customAction = "run "

func (c Custom) binding() Binding {
	scope := c.Scope
	if scope == "" {
		scope = ScopeGlobal
	}
	return Binding{
		Scope: scope, Keys: []string{c.Key}, Action: Action(customAction + c.Name), Label: c.Name,
		Help: "Your own command: " + strings.Join(c.Run, " "), Writes: c.Dangerous,
	}
}

// customProblems lists what is wrong with the commands, each with its line.
func (c Config) customProblems(text string) []string {
	var out []string
	names := map[string]bool{}
	for i, cmd := range c.Commands {
		fail := func(near, format string, args ...any) {
			out = append(out, fmt.Sprintf("line %d: ", commandLine(text, i, near))+fmt.Sprintf(format, args...))
		}
		switch {
		case cmd.Name == "" || cmd.Key == "" || len(cmd.Run) == 0 || cmd.Run[0] == "":
			fail("[[command]]", "a command needs name, key and run")
			continue
		case names[cmd.Name]:
			fail(cmd.Name, "there are two commands %q", cmd.Name)
		}
		names[cmd.Name] = true
		if cmd.Scope != "" && !slices.Contains(scopes(), cmd.Scope) {
			fail(string(cmd.Scope), "unknown scope %q; there are %s", cmd.Scope, scopeNames())
		}
		if o := cmd.Output; o != "" && o != outputPopup && o != outputEditor && o != outputNone {
			fail(o, "output %q is none of popup, editor, none", o)
		}
		cmd.promptProblems(fail)
		for _, name := range cmd.placeholders() {
			if why := cmd.unknown(name); why != "" {
				fail("{"+name+"}", "%s", why)
			}
		}
	}
	return out
}

func (c Custom) promptProblems(fail func(near, format string, args ...any)) {
	seen := map[string]bool{}
	for _, p := range c.Prompts {
		near := cmpOr(p.Name, "prompts")
		switch {
		case p.problem != "":
			fail(near, "%s", p.problem)
		case p.Name == "" || seen[p.Name]:
			fail(near, "the prompts of %q need names of their own", c.Name)
		case p.Type != "" && !slices.Contains(promptTypes(), p.Type):
			fail(p.Type, "type %q of the prompt %q is none of %s", p.Type, p.Name, strings.Join(promptTypes(), ", "))
		case (p.Type == "pick") != (len(p.Options) > 0):
			fail(near, "the prompt %q: options belong to type pick, and it needs some", p.Name)
		case p.Type == "pick" && p.Default != "" && !slices.Contains(p.Options, p.Default):
			fail(p.Default, "default %q of the prompt %q is none of its options", p.Default, p.Name)
		}
		seen[p.Name] = true
	}
}

// unknown says why a placeholder means nothing; "" when it means something.
func (c Custom) unknown(name string) string {
	if prompt, ok := strings.CutPrefix(name, "prompt:"); ok {
		if c.prompt(prompt).Name == "" {
			return fmt.Sprintf("{%s}: the command %q has no such prompt", name, c.Name)
		}
		return ""
	}
	field := strings.TrimPrefix(name, "marked:")
	if name == "marked" || field == "id" || field == "kind" {
		return ""
	}
	for _, k := range model.Kinds() {
		if _, ok := model.SchemaOf(k).Field(field); ok {
			return ""
		}
	}
	return fmt.Sprintf("{%s} is no field of any record; write {prompt:%s} for an answer", name, name)
}

func scopeNames() string {
	var names []string
	for _, s := range scopes() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// commandLine finds the line of a word within the n-th command of a configuration, else the line on
// which the command begins.
func commandLine(text string, n int, word string) int {
	begins, at := 0, -1
	for i, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(l), "[") {
			if begins > 0 && at == n {
				break
			}
			if strings.HasPrefix(strings.ReplaceAll(strings.TrimSpace(l), " ", ""), "[[command]]") {
				at++
				begins = i + 1
			}
		}
		if at == n && strings.Contains(l, word) {
			return i + 1
		}
	}
	if begins == 0 {
		return lineOf(text, word)
	}
	return begins
}

// hidden names the own commands whose key means something else already in a narrower scope, where they
// would never run.
func (c Config) hidden(all []Binding, text string) []string {
	var out []string
	for i, cmd := range c.Commands {
		own := cmd.binding()
		for _, b := range all {
			below := b.Scope != own.Scope && slices.Contains(b.Scope.parents(), own.Scope)
			if below && slices.Contains(b.Keys, cmd.Key) {
				out = append(out, fmt.Sprintf("line %d: the key %q of %q means %q in %s; take another, or name its scope",
					commandLine(text, i, `"`+cmd.Key+`"`), cmd.Key, cmd.Name, b.Action, b.Scope))
				break
			}
		}
	}
	return out
}
