package sample_test

import (
	"fmt"
	"slices"
	"testing"
	"unicode"

	"opsdeck/model"
)

// TestEveryStateOccurs holds the default book to showing everything that there is to see.
func TestEveryStateOccurs(t *testing.T) {
	t.Parallel()
	b := generate(t, options(400))
	for _, want := range []struct {
		kind    model.Kind
		field   string
		options []string
	}{
		{model.Contract, "state", model.ContractStates()},
		{model.Contract, "stage", model.RenewalStages()},
		{model.Contract, "billing", model.Billings()},
		{model.Contract, "per", model.Billings()},
		{model.Customer, "status", model.CustomerStatuses()},
		{model.Customer, "tier", []string{model.TierKA, model.TierMid, model.TierSmall, ""}},
		{model.Item, "state", model.ItemStates()},
		{model.Item, "kind", model.ItemKinds()},
		{model.Item, "severity", append(model.Severities(), "")},
		{model.Contact, "role", model.ContactRoles()},
		{model.Customer, "payment_record", nil},
		{model.Customer, "lifecycle", nil},
		{model.Customer, "influence", nil},
		{model.Customer, "brand", nil},
		{model.Customer, "demand_type", nil},
		{model.Contract, "category", nil},
		{model.Contract, "settlement", nil},
		{model.Contact, "stance", nil},
		{model.Contact, "influence", nil},
		{model.Invoice, "state", nil},
		{model.Touch, "type", nil},
		{model.Item, "class", nil},
		{model.Item, "blocking", nil},
		{model.User, "seniority", nil},
	} {
		got := b.shares(want.kind, want.field)
		if want.options == nil {
			f, _ := model.SchemaOf(want.kind).Field(want.field)
			want.options = f.Options
		}
		for _, o := range want.options {
			if got[o] == 0 {
				t.Errorf("no %s with %s %q: %v", want.kind, want.field, o, got)
			}
		}
	}
	for _, role := range []string{"csm", "hotline", "sales", "lead", "administrator", "product", "engineer", "marketing"} {
		if b.shares(model.User, "role")[role] == 0 {
			t.Errorf("no user is %s", role)
		}
	}
}

// TestGapsToFind looks for what the panes about gaps, risks and chances have to find.
func TestGapsToFind(t *testing.T) {
	t.Parallel()
	b := generate(t, options(400))
	customers, contacts, orders := b.Table(model.Customer), b.Table(model.Contact), b.Table(model.Order)
	found := map[string]int{}
	count := func(what string, ok bool) {
		if ok {
			found[what]++
		} else {
			found[what] += 0
		}
	}
	customers.Rows(func(row int32) bool {
		people := contacts.Kids(row, "customer")
		decides := slices.ContainsFunc(people, func(k int32) bool { return contacts.Str(k, "role") == "decision maker" })
		overdue, _ := customers.Num(row, "touch_overdue")
		growth, hasGrowth := customers.Num(row, "growth")
		coverage, _ := customers.Num(row, "coverage")
		tier, until := customers.Str(row, "tier"), customers.Day(row, "tier_override_until")
		count("no decision maker", !decides)
		count("a single contact", len(people) == 1)
		count("six contacts", len(people) == 6)
		count("never touched", overdue == 99999)
		count("touched too long ago", overdue > 0 && overdue < 99999)
		count("touched in time", customers.Str(row, "status") == "customer" && overdue == 0)
		count("small and growing fast", tier == model.TierSmall && growth > 60 && len(orders.Kids(row, "customer")) > 3)
		count("shrinking", hasGrowth && growth < -20)
		count("tier by hand", until.IsSet() && until >= today)
		count("tier by hand, expired", until.IsSet() && until < today)
		count("little known", coverage < 40)
		count("well known", coverage > 90)
		count("invoices overdue", customers.Units(row, "overdue") > 0)
		count("a parent", customers.To(row, "parent") >= 0)
		count("nobody owns it", customers.Str(row, "owner") == "")
		return true
	})
	contacts.Rows(func(row int32) bool {
		count("people who left", contacts.Day(row, "left_on").IsSet())
		count("reports to somebody", contacts.To(row, "reports_to") >= 0)
		return true
	})
	contracts := b.Table(model.Contract)
	contracts.Rows(func(row int32) bool {
		end := contracts.Day(row, "end")
		year, _, _ := end.Date()
		count("open-ended", !end.IsSet())
		count("2099", year == 2099)
		count("renewed for less", contracts.Str(row, "stage") == "renewed" && contracts.Units(row, "final") < contracts.Units(row, "arr"))
		count("renewed for more", contracts.Str(row, "stage") == "renewed" && contracts.Units(row, "final") > contracts.Units(row, "arr"))
		count("with risks", contracts.Str(row, "risks") != "")
		return true
	})
	for what, n := range found {
		if n < 2 || n > 1200 {
			t.Errorf("%s: %d", what, n)
		}
	}
}

// TestTiersAreSpreadAsInABook measures the tiers that the default scoring gives where no exchange
// rate plays a part.
func TestTiersAreSpreadAsInABook(t *testing.T) {
	t.Parallel()
	for _, customers := range []int{400, 2000, 3000} {
		b := generate(t, options(customers))
		c := b.Table(model.Customer)
		tiers, all := map[string]float64{}, 0.0
		c.Rows(func(row int32) bool {
			if c.Str(row, "currency") == "USD" {
				tiers[c.Str(row, "tier")]++
				all++
			}
			return true
		})
		for tier, limits := range map[string][2]float64{model.TierKA: {5, 13}, model.TierMid: {20, 36}, model.TierSmall: {50, 70}, "": {0.5, 12}} {
			if share := 100 * tiers[tier] / all; share < limits[0] || share > limits[1] {
				t.Errorf("%d customers: %.1f %% are %q, not %v", customers, share, tier, limits)
			}
		}
	}
}

// TestRecordsPerCustomer holds the mix to what the package's description says.
func TestRecordsPerCustomer(t *testing.T) {
	t.Parallel()
	rich, lean := generate(t, options(400)), generate(t, options(3000))
	for _, want := range []struct {
		kind       model.Kind
		rich, lean float64
	}{
		{model.Contact, 2.4, 1.25},
		{model.Contract, 1.6, 1.25},
		{model.Order, 1.9, 0.3},
		{model.Invoice, 1.75, 0.2},
		{model.Item, 1.2, 2},
		{model.Touch, 2, 0.4},
		{model.Task, 0.7, 0.1},
		{model.Deal, 0.3, 0.1},
		{model.Churn, 0.15, 0.15},
		{model.Usage, 17, 0.2},
		{model.Voice, 2.2, 0.14},
		{model.Telling, 0.45, 0.55},
	} {
		for _, got := range []struct{ n, want float64 }{{float64(rich.count[want.kind]) / 400, want.rich}, {float64(lean.count[want.kind]) / 3000, want.lean}} {
			if got.n < got.want*0.8-0.02 || got.n > got.want*1.2+0.02 {
				t.Errorf("%.2f records per customer are %s, not %.2f", got.n, want.kind, got.want)
			}
		}
	}
}

func TestCustomersSpeakTheirLanguage(t *testing.T) {
	t.Parallel()
	b := generate(t, options(400))
	scripts := map[string]*unicode.RangeTable{"China": unicode.Han, "Japan": unicode.Han, "United States": unicode.Latin, "Spain": unicode.Latin}
	awkward := map[string]bool{}
	for _, r := range b.records {
		if r.Kind != model.Customer {
			continue
		}
		name, country := r.Get("name").Str(), r.Get("country").Str()
		if table := scripts[country]; table != nil {
			for _, c := range name {
				if unicode.IsLetter(c) && !unicode.In(c, table, unicode.Katakana) && c != 'ー' {
					t.Errorf("%s: %q is not a letter of %s", name, c, country)
				}
			}
		}
		awkward["emoji"] = awkward["emoji"] || slices.ContainsFunc([]rune(name), func(c rune) bool { return c > 0x1F000 })
		awkward["joiner"] = awkward["joiner"] || slices.Contains([]rune(name), 0x200D)
		awkward["combining accent"] = awkward["combining accent"] || slices.ContainsFunc([]rune(name), func(c rune) bool { return unicode.Is(unicode.Mn, c) })
		awkward["right to left"] = awkward["right to left"] || slices.ContainsFunc([]rune(name), func(c rune) bool { return unicode.Is(unicode.Arabic, c) })
		awkward["long"] = awkward["long"] || len([]rune(name)) > 150
		for _, c := range name {
			if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
				t.Errorf("%q has a control character", name)
			}
		}
	}
	for _, what := range []string{"emoji", "joiner", "combining accent", "right to left", "long"} {
		if !awkward[what] {
			t.Errorf("no name with: %s", what)
		}
	}
}

// TestHistoryFitsTogether checks what one record says against others.
func TestHistoryFitsTogether(t *testing.T) {
	t.Parallel()
	for _, customers := range []int{400, 3000} {
		b := generate(t, options(customers))
		now := int64(today) * 86400000
		usage := map[string]bool{}
		byID := map[model.ID]*model.Record{}
		for _, r := range b.records {
			byID[r.ID] = r
			switch r.Kind {
			case model.Item:
				opened, _ := r.Get("opened").Millis()
				for _, field := range []string{"responded", "resolved"} {
					if at, ok := r.Get(field).Millis(); ok && at < opened || at > now || opened > now {
						t.Errorf("%s: %s is out of order", r.Title(), field)
					}
				}
				state, of := r.Get("state").Str(), byID[r.Get("duplicate_of").ID()]
				if (state == "duplicate") != (of != nil) || of != nil && of.Get("summary") != r.Get("summary") {
					t.Errorf("%s: %s, duplicate of %s", r.Title(), state, of.Get("summary").Str())
				}
			case model.Usage:
				key := fmt.Sprint(r.Get("customer").ID(), r.Get("feature").Str(), r.Get("month").Day())
				users, _ := r.Get("users").Float()
				seats, _ := byID[r.Get("customer").ID()].Get("seats").Float()
				if usage[key] || users > seats || r.Get("month").Day() >= today.MonthStart() {
					t.Fatalf("usage %s: repeated, of too many users (%v of %v) or not over yet", key, users, seats)
				}
				usage[key] = true
			case model.Order:
				checkLines(t, r)
			case model.Contract:
				if p := byID[r.Get("predecessor").ID()]; p != nil {
					if gap := r.Get("start").Day() - p.Get("end").Day(); gap < 1 || gap > 30 || p.Get("customer") != r.Get("customer") {
						t.Errorf("%s: begins %d days after its predecessor's end", r.Title(), gap)
					}
				}
			}
		}
	}
}

func checkLines(t *testing.T, r *model.Record) {
	t.Helper()
	var sum int64
	for _, row := range r.Get("lines").Rows() {
		units, err := model.ParseMoney(row[len(row)-1])
		if err != nil {
			t.Fatal(err)
		}
		sum += units
	}
	if amount, _ := r.Get("amount").Units(); amount <= 0 || sum != 0 && sum != amount {
		t.Errorf("order %s: amount %d, lines %d", r.Title(), amount, sum)
	}
}
