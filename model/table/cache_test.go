package table

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"opsdeck/model"
)

// fataler is a test, or one of many in a row.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// cached is a picture that has gone through a cache.
func cached(t fataler, s *Snapshot) *Snapshot {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteCache(&b); err != nil {
		t.Fatal(err)
	}
	back, err := ReadCache(slices.Clone(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// A struct that gets a new member would lose it in the cache: whoever adds one decides here whether the
// cache has to keep it.
func TestTheCacheKnowsEveryMember(t *testing.T) {
	known := map[reflect.Type][]string{
		reflect.TypeFor[Snapshot](): {
			"Seq", "Today", "Now", "Settings", "tables", "rules", "cards", "rfmStale", "useMonth", "widest", "inForce", "turns",
			"hides", // of a picture for a role, which is never kept
		},
		reflect.TypeFor[Table](): {
			"Schema", "snap", "dir", "ids", "rising", "size", "count", "live", "cols", "custom", "words", "orders", "marked", "all",
			"exchanges", // made when an amount is compared
		},
		reflect.TypeFor[column](): {
			"field", "as", "code", "dict", "texts", "num", "day", "flag", "to", "lists", "kids", "used", "shared",
		},
		reflect.TypeFor[dict]():      {"mu", "base", "ends", "extra", "index", "late", "folded", "collated"},
		reflect.TypeFor[links]():     {"ends", "flat", "later"},
		reflect.TypeFor[directory](): {"mu", "ids", "places", "shift", "rising", "borrowed"},
		reflect.TypeFor[rowWords]():  {"base", "later"},
		reflect.TypeFor[orders]():    {"mu", "made", "follow", "before", "marked"},
	}
	for typ, names := range known {
		for i := range typ.NumField() {
			if name := typ.Field(i).Name; !slices.Contains(names, name) {
				t.Errorf("%s.%s is new; does archive in cache.go keep it?", typ.Name(), name)
			}
		}
	}
}

// A cache that is cut off anywhere is refused, never believed.
func TestACacheThatIsCutOffIsRefused(t *testing.T) {
	s := New(testDay, model.NewSettings(nil))
	var deltas []Delta
	for _, k := range worldKinds() {
		for n := range perKind {
			r := model.NewRecord(k, worldID(k, n))
			r.Set(model.SchemaOf(k).Title, model.Text("one of them"))
			deltas = append(deltas, Delta{Kind: k, ID: r.ID, Record: r})
		}
	}
	s = s.Update(7, testDay, nil, deltas)
	var b bytes.Buffer
	if err := s.WriteCache(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	if back, err := ReadCache(whole); err != nil || !slices.Equal(describe(back), describe(s)) {
		t.Fatal("the whole cache is not read:", err)
	}
	for n := 0; n < len(whole); n += 8 * (1 + len(whole)/4000) {
		if _, err := ReadCache(slices.Clone(whole[:n])); err == nil {
			t.Fatalf("a cache of %d bytes is taken for one of %d", n, len(whole))
		}
	}
	if _, err := ReadCache(append(slices.Clone(whole), 0)); err == nil {
		t.Error("a byte too many is not noticed")
	}
}
