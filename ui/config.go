package ui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// Config is a person's own settings of the workstation, read from a TOML file.
type Config struct {
	Theme    string                       `toml:"theme"`   // auto, dark, light, contrast, none
	Lang     string                       `toml:"lang"`    // en, zh, ja, es; empty: as the environment says
	Density  string                       `toml:"density"` // compact, comfortable
	ASCII    bool                         `toml:"ascii"`   // no symbols beyond ASCII
	NoMouse  bool                         `toml:"nomouse"` // leave the mouse to the terminal
	Keys     map[string]map[string]keyset `toml:"keys"`    // scope → action → keys
	Commands []Custom                     `toml:"command"`
}

// The densities of lists: a line for each row, or air between rows and columns.
const (
	DensityCompact     = "compact"
	DensityComfortable = "comfortable"
)

// keyset is one key or several.
type keyset []string

// UnmarshalTOML lets a single key be written without brackets.
func (k *keyset) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case string:
		*k = keyset{v}
		return nil
	case []any:
		for _, x := range v {
			s, ok := x.(string)
			if !ok {
				return fmt.Errorf("%v is not the name of a key", x)
			}
			*k = append(*k, s)
		}
		return nil
	}
	return fmt.Errorf("%v is neither a key nor a list of keys", v)
}

// ParseConfig reads a configuration. Errors name the line; problems with keys and commands are
// listed all at once, so that one start shows them all.
func ParseConfig(text string) (Config, error) {
	var c Config
	meta, err := toml.Decode(text, &c)
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	var problems []string
	for _, key := range meta.Undecoded() {
		if len(key) > 2 && key[0] == "command" && key[1] == "prompts" {
			continue // A prompt reads its settings itself.
		}
		problems = append(problems, fmt.Sprintf("line %d: unknown setting %s", lineOf(text, key[len(key)-1]), key))
	}
	if c.Theme != "" && c.Theme != "auto" && !slices.Contains(kit.ThemeNames(), c.Theme) {
		problems = append(problems, fmt.Sprintf("line %d: there is no theme %q; there are auto, %s", lineOf(text, c.Theme), c.Theme, strings.Join(kit.ThemeNames(), ", ")))
	}
	if c.Density != "" && c.Density != DensityCompact && c.Density != DensityComfortable {
		problems = append(problems, fmt.Sprintf("line %d: there is no density %q; there are %s, %s", lineOf(text, c.Density), c.Density, DensityCompact, DensityComfortable))
	}
	if _, ok := lang.Match(c.Lang); !ok && c.Lang != "" {
		problems = append(problems, fmt.Sprintf("line %d: there is no language %q; there are %s", lineOf(text, c.Lang), c.Lang, strings.Join(lang.Codes(), ", ")))
	}
	_, more := c.bindings(text)
	problems = append(problems, more...)
	if len(problems) > 0 {
		return Config{}, fmt.Errorf("configuration: %s", strings.Join(problems, "; "))
	}
	return c, nil
}

// lineOf finds the line on which a word of the configuration stands.
func lineOf(text, word string) int {
	for i, l := range strings.Split(text, "\n") {
		if strings.Contains(l, word) {
			return i + 1
		}
	}
	return 0
}

// scopes lists every scope.
func scopes() []Scope {
	return []Scope{ScopeGlobal, ScopeList, ScopeToday, ScopeCustomers, ScopeSegments, ScopeRenewals, ScopeQueue, ScopeCustomer, ScopeImport, ScopeUsers, ScopeScorecards, ScopeScorecard}
}

// bindings is the table of keys with the person's changes, and what is wrong with these.
func (c Config) bindings(text string) ([]Binding, []string) {
	all := Bindings()
	var problems []string
	for scope, actions := range c.Keys {
		if !slices.Contains(scopes(), Scope(scope)) {
			problems = append(problems, fmt.Sprintf("line %d: unknown scope %q", lineOf(text, scope), scope))
			continue
		}
		for action, keys := range actions {
			i := slices.IndexFunc(all, func(b Binding) bool { return b.Scope == Scope(scope) && b.Action == Action(action) })
			if i < 0 {
				problems = append(problems, fmt.Sprintf("line %d: %q is no action of %q", lineOf(text, action), action, scope))
				continue
			}
			if len(keys) > 0 {
				all[i].Keys = keys
			}
		}
	}
	for _, cmd := range c.Commands {
		if cmd.Name != "" && cmd.Key != "" && len(cmd.Run) > 0 {
			all = append(all, cmd.binding())
		}
	}
	problems = append(problems, c.customProblems(text)...)
	problems = append(problems, c.hidden(all, text)...)
	return all, append(problems, clashes(all, text)...)
}

// clashes names the keys that mean two things in one scope.
func clashes(all []Binding, text string) []string {
	var problems []string
	seen := map[string]Action{}
	for _, b := range all {
		for _, k := range b.Keys {
			id := string(b.Scope) + "\x00" + k
			if other, ok := seen[id]; ok && other != b.Action {
				problems = append(problems, fmt.Sprintf("line %d: the key %q means both %q and %q (%s)", keyLine(text, k, b.Action), k, other, b.Action, b.Scope))
			}
			seen[id] = b.Action
		}
	}
	slices.Sort(problems)
	return problems
}

// keyLine finds the line that gives a key to an action.
func keyLine(text, key string, act Action) int {
	quoted := `"` + key + `"`
	if name, custom := strings.CutPrefix(string(act), customAction); custom {
		for n := range strings.Count(text, "[[command]]") {
			if i := commandLine(text, n, `"`+name+`"`); i > 0 && strings.Contains(strings.Split(text, "\n")[i-1], name) {
				return commandLine(text, n, quoted)
			}
		}
	}
	return lineOf(text, quoted)
}
