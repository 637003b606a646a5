package exchange

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzMapping hands in bytes as a mapping file: one that is read is written and read again to the same.
func FuzzMapping(f *testing.F) {
	for _, text := range []string{
		"", "kind = \"customer\"\n[fields]\n\"Account Name\" = \"name\"\n", "dates = \"dmy\"\ndecimal = \",\"\n", "[fields]\n\"\\u001b[31m\" = \"x.a\"\n",
		"kind = 1", "[[fields]]", "a.b.c = {}", "\xff", "[transforms]\na = \"split\"\n", "fields = {\"a\" = \"b\"",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := DecodeMapping(data)
		if err != nil {
			return
		}
		text, err := EncodeMapping(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeMapping(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(m, back, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}
