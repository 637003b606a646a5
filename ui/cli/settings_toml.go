package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"opsdeck/model"
)

// settingsTOML writes all settings with their meaning, so that a person can edit the file.
func settingsTOML(s *model.Settings) string {
	defs := settingDefs()
	var b strings.Builder
	group := ""
	for _, key := range s.Keys() {
		if head, _, _ := strings.Cut(key, "."); head != group {
			if group != "" {
				b.WriteByte('\n')
			}
			group = head
		}
		def, known := defs[key]
		if known {
			fmt.Fprintf(&b, "# %s", def.Help)
			if s.Text(key) != def.Default {
				fmt.Fprintf(&b, " (default %s)", tomlValue(def.Default))
			}
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s = %s\n", key, tomlValue(s.Text(key)))
	}
	if !strings.Contains(b.String(), "\nrate.") {
		b.WriteString("\n# how much one unit of a currency is worth in the company's own, such as:\n# rate.EUR = 1.09\n")
	}
	return b.String()
}

// tomlValue writes numbers as numbers and everything else as a string.
func tomlValue(s string) string {
	if f, err := strconv.ParseFloat(s, 64); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == s {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || isUnsafe(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// parseSettings reads what settingsTOML writes, and TOML with tables too.
func parseSettings(text string) ([]setting, error) {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("line %d: %s", syntax.Position.Line, syntax.Message)
		}
		return nil, err
	}
	var out []setting
	err := flatten("", tree, &out)
	slices.SortFunc(out, func(a, b setting) int { return strings.Compare(a.key, b.key) })
	return out, err
}

func flatten(prefix string, tree map[string]any, out *[]setting) error {
	for key, v := range tree {
		key = prefix + key
		switch v := v.(type) {
		case map[string]any:
			if err := flatten(key+".", v, out); err != nil {
				return err
			}
		case string:
			*out = append(*out, setting{key, v})
		case int64:
			*out = append(*out, setting{key, strconv.FormatInt(v, 10)})
		case float64:
			*out = append(*out, setting{key, strconv.FormatFloat(v, 'f', -1, 64)})
		default:
			return fmt.Errorf("%s: a text or a number is wanted", key)
		}
	}
	return nil
}
