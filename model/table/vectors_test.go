package table

import (
	"fmt"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/scorecard"
)

// The defaults are those of the definitions, whose words stand here.
func TestVectorsOfTheDefaults(t *testing.T) {
	s := model.NewSettings(nil)
	weights := map[string]string{}
	for _, key := range model.Criteria() {
		weights[s.Text("tier.weight."+key)] += " " + key
	}
	groups := ""
	for _, g := range scorecard.DefaultHealth().Groups {
		groups += fmt.Sprintf("%s %g, ", g.Key, g.Weight)
	}
	for _, v := range []struct{ says, got, want string }{
		{"nine criteria", fmt.Sprint(len(model.Criteria())), "9"},
		{"Defaults: order amount 20", weights["20"], " order_amount"},
		{"the other eight 10 each", fmt.Sprint(len(strings.Fields(weights["10"]))), "8"},
		{"KA ≥ 70, mid ≥ 40", s.Text("tier.KA") + " " + s.Text("tier.mid"), "70 40"},
		{"below a minimum coverage (default 40 %)", s.Text("tier.min_coverage"), "40"},
		{"margin (default 3) or for two scorings running", s.Text("tier.margin") + " " + s.Text("tier.runs"), "3 2"},
		{"Groups by default: usage 40, relationship 20, support 15, payment 15, sentiment 10", groups, "usage 40, relationship 20, support 15, payment 15, sentiment 10, "},
		{"default lead: KA 90 days, mid 60, small 30", s.Text("lead.KA") + " " + s.Text("lead.mid") + " " + s.Text("lead.small"), "90 60 30"},
		{"Touch interval by tier (KA 14 days, mid 60, small 180 by batch)", s.Text("cadence.KA") + " " + s.Text("cadence.mid") + " " + s.Text("cadence.small"), "14 60 180"},
	} {
		if v.got != v.want {
			t.Errorf("%q: the program has %q, not %q", v.says, v.got, v.want)
		}
	}
}

// customerOf makes a picture with one customer of some fields and other records.
func customerOf(t *testing.T, fields map[string]model.Value, others ...*model.Record) *Snapshot {
	t.Helper()
	l := NewLoader(testDay, model.NewSettings(nil))
	r := model.NewRecord(model.Customer, worldID(model.Customer, 0))
	r.Set("name", model.Text("Acme"))
	for name, v := range fields {
		r.Set(name, v)
	}
	l.Put(r)
	for _, o := range others {
		l.Put(o)
	}
	return l.Snapshot(1)
}

func touchOn(on day.Day) *model.Record {
	r := model.NewRecord(model.Touch, worldID(model.Touch, 0))
	r.Set("customer", model.Ref(worldID(model.Customer, 0)))
	r.Set("date", model.Date(on))
	r.Set("type", model.Pick("call"))
	return r
}

// A tier by hand shows the computed one beside it until its last day; then that one is back.
func TestVectorsOfTheOverride(t *testing.T) {
	byHand := func(until day.Day) map[string]model.Value {
		return map[string]model.Value{
			"tier_override": model.Pick(model.TierKA), "tier_override_reason": model.Text("reference"), "tier_override_by": model.Person("ana"),
			"tier_override_until": model.Date(until), "employees": model.Number(10), "influence": model.Pick("none"), "brand": model.Pick("unknown"), "demand_type": model.Pick("personalised"),
		}
	}
	for _, v := range []struct {
		says, tier, computed string
		until                day.Day
	}{
		{"the computed value stays visible beside it", model.TierKA, model.TierSmall, testDay},
		{"expiry brings it back", model.TierSmall, model.TierSmall, testDay - 1},
	} {
		s := customerOf(t, byHand(v.until))
		c := s.Table(model.Customer)
		if c.Str(0, "tier") != v.tier || c.Str(0, "tier_computed") != v.computed {
			t.Errorf("%q: tier %q, computed %q; want %q, %q", v.says, c.Str(0, "tier"), c.Str(0, "tier_computed"), v.tier, v.computed)
		}
	}
}

// Never contacted is the most overdue, not "no date".
func TestVectorsOfTheCadence(t *testing.T) {
	contract := model.NewRecord(model.Contract, worldID(model.Contract, 0))
	contract.Set("customer", model.Ref(worldID(model.Customer, 0)))
	contract.Set("start", model.Date(testDay-400))
	contract.Set("end", model.Date(testDay+300))
	late := func(others ...*model.Record) float64 {
		s := customerOf(t, map[string]model.Value{
			"tier_override": model.Pick(model.TierKA), "tier_override_reason": model.Text("r"), "tier_override_by": model.Person("ana"), "tier_override_until": model.Date(testDay),
		}, append(others, contract)...)
		n, _ := s.Table(model.Customer).Num(0, "touch_overdue")
		return n
	}
	never, longAgo := late(), late(touchOn(testDay-3000))
	if never <= longAgo {
		t.Errorf("“Never contacted is the most overdue”: %v days late, against %v of a customer who was touched 3,000 days ago", never, longAgo)
	}
	if got := late(touchOn(testDay - 15)); got != 1 {
		t.Errorf("“KA 14 days”: after 15 days it is %v days late", got)
	}
	if got := late(touchOn(testDay - 14)); got != 0 {
		t.Errorf("“KA 14 days”: on the 14th day it is %v days late", got)
	}
}

// The indicators of usage are those of the definitions.
func TestVectorsOfUsage(t *testing.T) {
	f := Facts{Use: usageFacts{Active: 30, Seats: 40, HasUsers: true, UsedOf: 3, Contracted: 4, First: testDay - 300, Count: 90, Before: 300, Steady: true}}
	percent := func(n float64, ok bool) string { return fmt.Sprintf("%.1f %v", n, ok) }
	for _, v := range []struct{ says, got, want string }{
		{"activity rate = active users / licensed users in the period", percent(f.Activity()), "75.0 true"},
		{"breadth = features used / features contracted", percent(f.Breadth()), "75.0 true"},
		{"trend = this period against the mean of the previous three", percent(f.UsageTrend()), "-10.0 true"},
	} {
		if v.got != v.want {
			t.Errorf("%q: %s, want %s", v.says, v.got, v.want)
		}
	}
}

// Logins and the length of a session come from what the source tells, and from nothing else.
func TestLoginsAndSessions(t *testing.T) {
	month := testDay.MonthStart().AddMonths(-1)
	use := func(n int, feature string, count, seconds, users float64) *model.Record {
		r := model.NewRecord(model.Usage, worldID(model.Usage, n))
		r.Set("customer", model.Ref(worldID(model.Customer, 0)))
		r.Set("feature", model.Text(feature))
		r.Set("month", model.Date(month))
		for name, v := range map[string]float64{"count": count, "seconds": seconds, "users": users} {
			if v > 0 {
				r.Set(name, model.Number(v))
			}
		}
		return r
	}
	for _, c := range []struct {
		name            string
		use             []*model.Record
		logins, session string
	}{
		{"no usage", nil, "", ""},
		{"a source without times or users", []*model.Record{use(0, "Export", 10, 0, 0)}, "", ""},
		{"minutes of a use", []*model.Record{use(0, "Export", 10, 1200, 5)}, "", "2"},
		{"logins, time told with the features", []*model.Record{use(0, "Export", 10, 3600, 5), use(1, "Log in", 30, 0, 10)}, "3", "2"},
		{"sessions with their own time", []*model.Record{use(0, "Export", 10, 3600, 5), use(1, "SESSION", 20, 24000, 10)}, "2", "20"},
	} {
		s := customerOf(t, nil, c.use...)
		customers := s.Table(model.Customer)
		if l, m := customers.Value(0, "logins").Format(), customers.Value(0, "session").Format(); l != c.logins || m != c.session {
			t.Errorf("%s: logins %q, session %q; want %q, %q", c.name, l, m, c.logins, c.session)
		}
	}
}

// A field of the company's own that holds words is judged by its words.
func TestAFieldOfOnesOwnIsJudgedByItsWords(t *testing.T) {
	s := customerOf(t, map[string]model.Value{"x.class": model.Text("gold")})
	c := &scorecard.Card{Name: "own", Purpose: scorecard.ForTier, MinCoverage: 40, Criteria: []scorecard.Criterion{{Key: "x.class", Weight: 1, Points: "gold:100 tin:10"}}}
	out, err := s.Preview(model.ID{}, c.Purpose, true).Try(c)
	if err != nil || out.All[0].To != model.TierKA || out.Data[0] != 1 {
		t.Errorf("gold comes out as %+v (%v)", out, err)
	}
	if _, after := out.Ledger(0); !after.Known || after.Score != 100 {
		t.Errorf("the ledger says %+v", after)
	}
}
