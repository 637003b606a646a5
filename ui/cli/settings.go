package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
)

func (a *app) settingsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "settings",
		Short: "Show and change what figures are computed by",
		Long:  "Show and change what figures are computed by: weights, thresholds, lead times, cadences, exchange rates.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				names := []string{"show", "set", "load", "edit", "holidays"}
				return usagef("settings has no verb %q%s", args[0], didYouMean(args[0], names, "there are "+listed(names)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.settingsShowCommand(), a.settingsSetCommand(), a.settingsLoadCommand(), a.settingsEditCommand(), a.settingsHolidaysCommand())
	return c
}

func (a *app) settingsShowCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "show",
		Short: "Print all settings as TOML that 'settings load' reads",
		Args:  args(0, 0),
		RunE: func(*cobra.Command, []string) error {
			return a.withBook(toRead, func(b *store.Book) error {
				s, err := b.Settings()
				if err != nil {
					return err
				}
				if *format == asJSON {
					return a.settingObjects(s)
				}
				a.printf("%s", settingsTOML(s))
				return nil
			})
		},
	}
	format = outputFlag(c, asText, asJSON)
	return c
}

func (a *app) settingObjects(s *model.Settings) error {
	defs := settingDefs()
	var out []object
	for _, key := range s.Keys() {
		def := defs[key]
		out = append(out, object{
			{"key", key}, {"value", s.Text(key)}, {"default", textCell(def.Default).json}, {"help", textCell(def.Help).json},
		})
	}
	return a.printObjects(out...)
}

func settingDefs() map[string]model.SettingDef {
	defs := map[string]model.SettingDef{}
	for _, d := range model.SettingDefs() {
		defs[d.Key] = d
	}
	return defs
}

func (a *app) settingsSetCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "set key=value...",
		Short:   "Change settings in one step; key= goes back to the default",
		Example: "  opsdeck settings set tier.KA=75 lead.KA=120 rate.EUR=1.09",
		Args:    args(1, -1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var keys []string
			for _, d := range model.SettingDefs() {
				keys = append(keys, d.Key+"=")
			}
			return keys, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		},
		RunE: func(c *cobra.Command, args []string) error {
			var wanted []setting
			for _, arg := range args {
				key, value, ok := strings.Cut(arg, "=")
				if !ok {
					return usagef("%q is not key=value", arg)
				}
				wanted = append(wanted, setting{key, value})
			}
			return a.withBook(toCreate, func(b *store.Book) error { return a.saveSettings(c.Context(), b, wanted) })
		},
	}
}

func (a *app) settingsLoadCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "load FILE",
		Short: "Take settings from a TOML file, all or none",
		Long:  "Take settings from a TOML file, all or none, in one step. Settings that the file does not name stay as they are.",
		Args:  args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := a.text(args[0])
			if err != nil {
				return err
			}
			wanted, err := parseSettings(text)
			if err != nil {
				return usagef("%s: %w", args[0], err)
			}
			return a.withBook(toCreate, func(b *store.Book) error { return a.saveSettings(c.Context(), b, wanted) })
		},
	}
}

// setting is one key with the value it is to have; an empty value is the default.
type setting struct{ key, value string }

// saveSettings checks every setting and saves those that differ as one step. A value that is the
// default needs no record.
func (a *app) saveSettings(ctx context.Context, b *store.Book, wanted []setting) error {
	defs := settingDefs()
	for i, w := range wanted {
		if err := checkSetting(w, defs); err != nil {
			return err
		}
		if def, ok := defs[w.key]; ok && w.value == def.Default {
			wanted[i].value = ""
		}
	}
	own := map[string]*model.Record{}
	if err := b.Each(model.Setting, func(r *model.Record) bool { own[r.Get("key").Str()] = r; return true }); err != nil {
		return err
	}
	var ops []model.Op
	var changed []string
	for _, w := range wanted {
		if op, ok := settingOp(own[w.key], w, b.NewID()); ok {
			ops = append(ops, op)
			changed = append(changed, w.key)
		}
	}
	if len(ops) == 0 {
		a.say("nothing to change: the settings are so already")
		return nil
	}
	label := "set " + listed(changed)
	if len(changed) > 3 {
		label = fmt.Sprintf("set %d settings", len(changed))
	}
	if _, err := b.Do(ctx, a.step(b, label, ops)); err != nil {
		return err
	}
	a.say("%s", label)
	return nil
}

func checkSetting(w setting, defs map[string]model.SettingDef) error {
	_, known := defs[w.key]
	known = known || strings.HasPrefix(w.key, "rate.") || strings.HasPrefix(w.key, "calendar.")
	if w.value == "" && known {
		return nil
	}
	err := model.CheckSetting(w.key, w.value)
	if err == nil {
		return nil
	}
	if known {
		return usagef("%w", err)
	}
	var keys []string
	for _, d := range model.SettingDefs() {
		keys = append(keys, d.Key)
	}
	return usagef("there is no setting %q%s", w.key, didYouMean(w.key, keys, "'opsdeck settings show' lists them"))
}

// settingOp is the change that gives a setting its value, false where it has it.
func settingOp(own *model.Record, w setting, id model.ID) (model.Op, bool) {
	switch {
	case own == nil && w.value == "":
		return model.Op{}, false
	case own == nil:
		r := model.NewRecord(model.Setting, id)
		r.Set("key", model.Text(w.key))
		r.Set("value", model.Long(w.value))
		return model.CreateOp(r), true
	case w.value == "":
		return model.RemoveOp(own), true
	}
	after := own.Clone()
	after.Set("value", model.Long(w.value))
	return model.UpdateOp(own, after)
}
