package query

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"opsdeck/model/day"
)

// schema is a small table of fields for the tests.
type schema []Field

func (s schema) Field(name string) (Field, bool) {
	for _, f := range s {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

func (s schema) Names() []string {
	names := make([]string, len(s))
	for i, f := range s {
		names[i] = f.Name
	}
	return names
}

var fields = schema{
	{Name: "name", Type: Text},
	{Name: "seats", Type: Number},
	{Name: "arr", Type: Money},
	{Name: "renews", Type: Date},
	{Name: "last_touch", Type: Time},
	{Name: "auto", Type: Bool},
	{Name: "tier", Type: Pick, Values: []string{"KA", "mid", "small"}},
	{Name: "health", Type: Pick, Values: []string{"red", "yellow", "green"}},
	{Name: "tags", Type: List},
	{Name: "owner", Type: Ref},
	{Name: "x.SLA Status", Type: Text},
}

// record is a row as a test writes it; "" and missing keys are no value.
type record map[string]string

// table is a Columns over records.
type table []record

func (t table) Words() func(int) string {
	return func(row int) string { return Fold(t[row]["name"] + " " + t[row]["note"]) }
}

func (t table) Text(field string) func(int) string {
	return func(row int) string { return Fold(strings.ReplaceAll(t[row][field], "|", ListSep)) }
}

func (t table) Number(field string) func(int) (float64, bool) {
	return func(row int) (float64, bool) {
		s := t[row][field]
		if s == "" {
			return 0, false
		}
		if d, err := day.Parse(s); err == nil {
			return float64(d), true
		}
		var v float64
		_, err := fmt.Sscan(s, &v)
		return v, err == nil
	}
}

var env = Env{Today: day.Of(2026, 11, 22), Me: "Ana"}

// secs is a point in time in seconds, as a test writes it into a record.
func secs(year, month, dayOfMonth, hour int) string {
	return fmt.Sprint(int(day.Of(year, time.Month(month), dayOfMonth))*86400 + hour*3600)
}

func holds(t *testing.T, text string, r record) bool {
	t.Helper()
	e, err := Parse(text, fields)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e.Compile(table{r}, env)(0)
}

// acme has a value in every field but x.SLA Status.
var acme = record{
	"name": "Acme Café GmbH", "note": "wants an offer", "seats": "120", "arr": "120000.5",
	"renews": "2027-01-31", "auto": "1", "tier": "KA", "health": "red", "tags": "vip|Beta User",
	"owner": "ana|Ana Núñez|u1", "last_touch": secs(2026, 11, 15, 23),
}

// filtered are filters and whether they find acme, and a row that has nothing but the name Globex.
var filtered = []struct {
	text        string
	acme, empty bool
}{
	{"", true, true},
	{"  ", true, true},
	{"acme", true, false},
	{"ACME offer", true, false},
	{"acme globex", false, false},
	{"acme or globex", true, true},
	{"acme OR globex", true, true},
	{"cafe", true, false},
	{"café", true, false},
	{`"acme cafe"`, true, false},
	{`"acme  cafe"`, false, false},
	{"a*e", true, false},
	{"gmbh*acme", false, false},
	{"-acme", false, true},
	{"--acme", true, false},
	{"-(acme or globex)", false, false},
	{"-acme -globex", false, false},
	{"globex or acme tier:mid", false, true},
	{"(globex or acme) tier:KA", true, false},
	{"name:cafe", true, false},
	{"name:=acme", false, false},
	{"name:=globex", false, true},
	{`name:="acme café gmbh"`, true, false},
	{"name:acme*", true, false},
	{"name:cafe*", false, false},
	{"name:*gmbh", true, false},
	{"name:a*c*h", true, false},
	{"name:acme,globex", true, true},
	{"NAME:acme", true, false},
	{"arr:>100k", true, false},
	{"arr:>120000.5", false, false},
	{"arr:>=120,000.5", true, false},
	{"arr:<120,000.5", false, false},
	{"arr:<=120000.5", true, false},
	{"arr:120000.5", true, false},
	{"arr:=120000.5", true, false},
	{"arr:100k..0.2m", true, false},
	{"arr:..100k", false, false},
	{"arr:100k..", true, false},
	{"arr:none", false, true},
	{"arr:any", true, false},
	{"arr:*", true, false},
	{"arr:none,>1", true, true},
	{"-arr:>100k", false, true},
	{"seats:1,120", false, false},
	{"seats:1,\"120\"", true, false},
	{"seats:120,1", true, false},
	{"tier:ka", true, false},
	{"tier:KA,mid", true, false},
	{"tier:mid,small", false, false},
	{"tier:k*", true, false},
	{"health:red tier:KA", true, false},
	{"-health:red", false, true},
	{"tags:vip", true, false},
	{"tags:vi", false, false},
	{"tags:vi*", true, false},
	{`tags:"beta user"`, true, false},
	{"tags:none", false, true},
	{"tags:any", true, false},
	{`tags:"none"`, false, false},
	{"owner:me", true, false},
	{`owner:"me"`, false, false},
	{"owner:nunez", false, false},
	{"owner:*nunez", true, false},
	{"owner:u1", true, false},
	{"-owner:me", false, true},
	{"auto:yes", true, false},
	{"auto:no", false, false},
	{"auto:none", false, true},
	{"auto:on,off", true, false},
	{"renews:<90d", true, false},
	{"renews:<70d", false, false},
	{"renews:<=70d", true, false},
	{"renews:today..70d", true, false},
	{"renews:2027-01-31", true, false},
	{"renews:2027-01", true, false},
	{"renews:2027", true, false},
	{"renews:>2027-01", false, false},
	{"renews:>=2027", true, false},
	{"renews:<=2027-01", true, false},
	{"renews:<2027", false, false},
	{"renews:2026-12..2027-01", true, false},
	{"renews:2026..2026", false, false},
	{"renews:..2026-12-31", false, false},
	{"renews:+70d", true, false},
	{"renews:none,<90d", true, true},
	{"last_touch:-1w", true, false},
	{"last_touch:2026-11-15", true, false},
	{"last_touch:-7d..today", true, false},
	{"last_touch:-2w..today", true, false},
	{"last_touch:<-1w", false, false},
	{"last_touch:<=-1w", true, false},
	{"last_touch:>-1w", false, false},
	{"last_touch:>-8d", true, false},
	{"last_touch:<-60d", false, false},
	{"last_touch:yesterday", false, false},
	{`"x.SLA Status":none`, true, true},
	{"owner：me", true, false},
	{"（acme　or globex）", true, true},
	{"“acme cafe”", true, false},
}

func TestRows(t *testing.T) {
	empty := record{"name": "Globex"}
	for _, c := range filtered {
		if got := holds(t, c.text, acme); got != c.acme {
			t.Errorf("%s: acme %v, want %v", c.text, got, c.acme)
		}
		if got := holds(t, c.text, empty); got != c.empty {
			t.Errorf("%s: a row without values %v, want %v", c.text, got, c.empty)
		}
	}
}

// bare is a Columns that knows nothing.
type bare struct{}

func (bare) Words() func(int) string                 { return nil }
func (bare) Text(string) func(int) string            { return nil }
func (bare) Number(string) func(int) (float64, bool) { return nil }

func TestColumnsThatAreMissingHoldNoValues(t *testing.T) {
	for text, want := range map[string]bool{
		"acme": false, "-acme": true, "tier:KA": false, "tier:none": true, "arr:>0": false, "arr:none": true, "arr:any,none": true,
		"auto:no": false, "": true,
	} {
		e, err := Parse(text, fields)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Compile(bare{}, Env{})(0); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestWithoutTodayAndMeTheyMatchNothing(t *testing.T) {
	in := table{{"renews": "2026-11-22", "owner": "me"}}
	for text, want := range map[string]bool{
		"renews:<90d": false, "renews:>-90d": false, "renews:..+1y": false, "renews:-1m..": false, "renews:2026..today": false,
		"renews:today": false, "renews:2026": true, "owner:me": false, `owner:"me"`: true,
	} {
		e, err := Parse(text, fields)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Compile(in, Env{Today: day.None})(0); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestDistancesClampToTheEndOfTheMonth(t *testing.T) {
	e, err := Parse("renews:+1m", fields)
	if err != nil {
		t.Fatal(err)
	}
	on := func(today day.Day, renews string) bool {
		return e.Compile(table{{"renews": renews}}, Env{Today: today})(0)
	}
	if !on(day.Of(2026, 1, 31), "2026-02-28") || !on(day.Of(2024, 1, 31), "2024-02-29") || on(day.Of(2026, 1, 31), "2026-03-03") {
		t.Error("a month after 31 January is not the last day of February")
	}
}

func TestPointsInTimeAreComparedByTheirDayInUTC(t *testing.T) {
	midnight := int(day.Of(2026, 11, 15)) * 86400
	for text, want := range map[string][4]bool{ // the last second before, the first, the last, the first after
		"last_touch:2026-11-15":   {false, true, true, false},
		"last_touch:<2026-11-15":  {true, false, false, false},
		"last_touch:<=2026-11-15": {true, true, true, false},
		"last_touch:>2026-11-15":  {false, false, false, true},
		"last_touch:>=2026-11-15": {false, true, true, true},
		"last_touch:2026-11-15..": {false, true, true, true},
	} {
		var got [4]bool
		for i, at := range []int{midnight - 1, midnight, midnight + 86399, midnight + 86400} {
			got[i] = holds(t, text, record{"last_touch": fmt.Sprint(at)})
		}
		if got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
