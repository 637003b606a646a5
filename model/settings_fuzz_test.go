package model

import "testing"

// FuzzSettings hands in any text as any setting: what passes the check is a setting that everything can read.
func FuzzSettings(f *testing.F) {
	for i, d := range SettingDefs() {
		f.Add(i, d.Default)
	}
	for _, v := range []string{"", "-1", "NaN", "1e309", "9999999999999999999", "100%", "a:1, b:2", ":", "\x00", "\u202e1", "[working]\nmon = [\"09:00-24:01\"]"} {
		f.Add(0, v)
	}
	f.Fuzz(func(t *testing.T, at int, value string) {
		defs := SettingDefs()
		key := defs[((at%len(defs))+len(defs))%len(defs)].Key
		if CheckSetting(key, value) != nil {
			return
		}
		if s := NewSettings(map[string]string{key: value}); s == nil {
			t.Fatalf("%s = %q passes and makes no settings", key, value)
		}
		if _, err := ParsePoints(value); err != nil && key == "" {
			t.Fatal(err)
		}
	})
}
