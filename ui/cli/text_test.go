package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
)

func TestParseDay(t *testing.T) {
	today := day.Of(2026, 1, 31)
	for text, want := range map[string]string{
		"today": "2026-01-31", "Tomorrow": "2026-02-01", "yesterday": "2026-01-30", "+90d": "2026-05-01", "90d": "2026-05-01",
		"-2w": "2026-01-17", "+1m": "2026-02-28", "-1y": "2025-01-31", "2026-11-22": "2026-11-22",
	} {
		if got, err := day.ParseHuman(text, today); err != nil || got.String() != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "soon", "2026-02-30", "1h", "++1d", "999999d", "1.5d"} {
		if got, err := day.ParseHuman(text, today); err == nil {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"name", "owner", "sales_owner", "tier_override", "tags", "arr"}
	for typed, want := range map[string]string{
		"nmae": "name", "ower": "owner", "tier": "tier_override", "OWNER": "owner sales_owner", "zzz": "", "x": "",
		strings.Repeat("a", 100): "",
	} {
		if got := strings.Join(nearest(typed, names), " "); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}

// TestJSONIsFaithfulAndSafe: whatever the text, JSON gives it back, and no character of it acts on a
// terminal.
func TestJSONIsFaithfulAndSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		raw, err := appendJSON(nil, object{{s, []string{s}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range string(raw) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%U comes out as it is", r)
			}
		}
		var back map[string][]string
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if got := back[s]; len(got) != 1 || got[0] != s {
			t.Fatalf("%q came back as %q", s, back)
		}
	})
}

// TestSettingsTOMLReadsBack: whatever the settings hold, the file that shows them gives them back.
func TestSettingsTOMLReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "company")
		s := model.NewSettings(map[string]string{"company.name": name, "rate.EUR": "1.09", "tier.KA": "71.5"})
		back, err := parseSettings(settingsTOML(s))
		if err != nil {
			t.Fatalf("%v:\n%s", err, settingsTOML(s))
		}
		if len(back) != len(s.Keys()) {
			t.Fatalf("%d settings came back of %d", len(back), len(s.Keys()))
		}
		for _, b := range back {
			if want := s.Text(b.key); b.value != want {
				t.Fatalf("%s: %q, want %q", b.key, b.value, want)
			}
		}
	})
}

func TestAgo(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour: "just now", 59 * time.Second: "just now", time.Minute: "1 minute ago", 119 * time.Minute: "1 hour ago",
		50 * time.Hour: "2 days ago",
	} {
		if got := ago(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}

// TestEveryKindHasAListing: the columns of the default table exist, and money has a currency beside it.
func TestEveryKindHasAListing(t *testing.T) {
	for _, s := range subjects() {
		known := map[string]bool{"id": true}
		money := false
		for _, f := range fieldsOf(s) {
			known[f.Name] = true
		}
		for _, name := range s.tableColumns() {
			if !known[name] {
				t.Errorf("%s: there is no field %q", s.plural, name)
			}
			if sch := model.SchemaOf(s.kind); sch != nil {
				f, ok := sch.Field(name)
				money = money || ok && f.Type == model.TMoney
			}
		}
		if got := strings.Contains(strings.Join(s.tableColumns(), " "), "currency"); got != money {
			t.Errorf("%s: amounts %v, currency %v", s.plural, money, got)
		}
	}
}

func TestRoffHidesRequests(t *testing.T) {
	if got := roff("a\n.so /etc/passwd\n'x\\y-z"); got != "a\n\\&.so /etc/passwd\n\\&'x\\ey\\-z" {
		t.Errorf("got %q", got)
	}
}

func TestSafeWriter(t *testing.T) {
	var b strings.Builder
	w := &safeWriter{w: &b}
	for _, c := range []byte("a\x1b[2J日\u202e\tz\n") { // One byte at a time: characters come in pieces.
		if n, err := w.Write([]byte{c}); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if want := "a\ufffd[2J日\ufffd\tz\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
