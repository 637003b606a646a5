package table

import (
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/model/sample"
	"opsdeck/model/scorecard"
)

// sampleBookOf is a sample company as a picture.
func sampleBookOf(t testing.TB, customers int) *Snapshot {
	t.Helper()
	l := NewLoader(testDay, model.NewSettings(nil))
	err := sample.Generate(sample.Options{Customers: customers, Seed: 5, Today: testDay}, func(r *model.Record) error { l.Put(r); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return l.Snapshot(1)
}

// keep does the changes of a scorecard or of settings to a picture.
func keep(t testing.TB, s *Snapshot, ops []model.Op) *Snapshot {
	t.Helper()
	var deltas []Delta
	own := map[string]string{}
	for _, op := range ops {
		var before *model.Record
		if op.Verb != model.Create {
			before, _ = s.cardOfID(op.ID)
		}
		r, err := op.Apply(before)
		if err != nil {
			t.Fatal(err)
		}
		deltas = append(deltas, Delta{Kind: op.Kind, ID: op.ID, Record: r})
		if op.Kind == model.Setting && r != nil {
			own[r.Get("key").Str()] = r.Get("value").Str()
		}
	}
	var settings *model.Settings
	if len(own) > 0 {
		settings = model.NewSettings(own)
	}
	return s.Update(s.Seq+1, testDay, settings, deltas)
}

func counter() func() model.ID {
	n := 0
	return func() model.ID { n++; return worldID(model.Scorecard, 1000+n) }
}

// editedCards are scorecards as somebody might edit them, by what is special about them.
func editedCards(s *Snapshot) map[string]*scorecard.Card {
	own := func(edit func(c *scorecard.Card)) *scorecard.Card {
		c := StandardCard(s.Settings)
		c.Name = "own"
		edit(c)
		return c
	}
	health := scorecard.DefaultHealth()
	health.Name, health.Groups[0].Weight = "own", 5
	standard := StandardCard(s.Settings)
	standard.Criteria[0].Weight, standard.Levels[model.TierKA] = 60, 65.0
	return map[string]*scorecard.Card{
		"a copy of the standard": own(func(*scorecard.Card) {}),
		"weights":                own(func(c *scorecard.Card) { c.Criteria[2].Weight = 40 }),
		"a filter":               own(func(c *scorecard.Card) { c.Where = "country:spain"; c.Criteria[0].Weight = 90 }),
		"a percentile":           own(func(c *scorecard.Card) { c.Criteria[0].Points, c.Criteria[0].Percentile = "", "up" }),
		"places":                 own(func(c *scorecard.Card) { c.Capacity = map[string]string{"KA": "10", "mid": "30 %"} }),
		"a formula": own(func(c *scorecard.Card) {
			c.Criteria = append(c.Criteria, scorecard.Criterion{Key: "per_seat", Formula: "seats > 0 ? arr / seats : 0", Points: "0:0 50:40 200:100", Weight: 30})
		}),
		"fewer criteria":      own(func(c *scorecard.Card) { c.Criteria = c.Criteria[:2]; c.MinCoverage = 100 }),
		"health":              health,
		"the standard itself": standard,
	}
}

// What a preview shows is what comes out when the scorecard is kept: the level of every customer.
func TestAPreviewIsWhatComesOut(t *testing.T) {
	s := sampleBookOf(t, 1500)
	for what, c := range editedCards(s) {
		t.Run(what, func(t *testing.T) {
			out, err := s.Preview(model.ID{}, c.Purpose, c.Name == "own").Try(c)
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Moves) == 0 && what != "a copy of the standard" {
				t.Error("nobody moves")
			}
			ops, err := s.ModelOps(model.ID{}, c, "", counter())
			if err != nil {
				t.Fatal(err)
			}
			next := keep(t, s, ops)
			level, points := "tier", "tier_score"
			if c.Purpose == scorecard.ForHealth {
				level, points = "health", "health_score"
			}
			customers := next.Table(model.Customer)
			for _, m := range out.All {
				if got := customers.Str(m.Row, level); got != m.To {
					t.Fatalf("%s is %q, previewed %q", customers.Str(m.Row, "name"), got, m.To)
				}
				if got, ok := customers.Num(m.Row, points); ok != m.Known || ok && got != m.After {
					t.Fatalf("%s has %v %v points, previewed %v %v", customers.Str(m.Row, "name"), got, ok, m.After, m.Known)
				}
				if _, after := out.Ledger(m.Row); after.Known != m.Known || m.Known && after.Score != m.After {
					t.Fatalf("%s: the ledger gives %v, the preview %v", customers.Str(m.Row, "name"), after.Score, m.After)
				}
			}
		})
	}
}

// Customers that an edited filter lets go are shown with what the next scorecard makes of them.
func TestAPreviewShowsWhoIsLetGo(t *testing.T) {
	s := sampleBookOf(t, 1500)
	c := editedCards(s)["a filter"]
	ops, err := s.ModelOps(model.ID{}, c, "", counter())
	if err != nil {
		t.Fatal(err)
	}
	s = keep(t, s, ops)
	info := s.Cards()[0]
	c = c.Clone()
	c.Where = "country:ireland"
	out, err := s.Preview(info.ID, c.Purpose, false).Try(c)
	if err != nil {
		t.Fatal(err)
	}
	if ops, err = s.ModelOps(info.ID, c, "", counter()); err != nil {
		t.Fatal(err)
	}
	next := keep(t, s, ops).Table(model.Customer)
	gone := 0
	for _, m := range out.All {
		if !m.Mine {
			gone++
		}
		if got := next.Str(m.Row, "tier"); got != m.To {
			t.Fatalf("%s is %q, previewed %q", next.Str(m.Row, "name"), got, m.To)
		}
	}
	if gone == 0 || gone != info.Claims {
		t.Errorf("%d of %d customers are let go", gone, info.Claims)
	}
}

// A second trial reads nothing anew that it needs not, and comes out as the first of a fresh preview.
func TestAPreviewTriesAgain(t *testing.T) {
	s := sampleBookOf(t, 300)
	p := s.Preview(model.ID{}, scorecard.ForTier, true)
	all := editedCards(s)
	for _, what := range []string{"weights", "places", "a formula", "weights", "a filter"} {
		again, err := p.Try(all[what])
		if err != nil {
			t.Fatal(err)
		}
		first, err := s.Preview(model.ID{}, scorecard.ForTier, true).Try(all[what])
		if err != nil || !slices.Equal(again.Moves, first.Moves) || !slices.Equal(again.Data, first.Data) {
			t.Errorf("%s: another trial before changes the outcome (%v)", what, err)
		}
	}
}

// What is wrong is said with its place, by the preview and by what would keep it alike.
func TestModelsThatAreRefused(t *testing.T) {
	s := sampleBookOf(t, 60)
	for want, spoil := range map[string]func(c *scorecard.Card){
		"all weights are zero":                  func(c *scorecard.Card) { c.Criteria = c.Criteria[:1]; c.Criteria[0].Weight = 0 },
		"no field or input":                     func(c *scorecard.Card) { c.Criteria[0].Input = "arrr" },
		"column 5: division by zero":            func(c *scorecard.Card) { c.Criteria[0].Formula = "arr / (open_items - open_items)" },
		`there is no function "sum"`:            func(c *scorecard.Card) { c.Criteria[0].Formula = "sum(arr)" },
		"where: ":                               func(c *scorecard.Card) { c.Where = "industri:software" },
		"name: the standard health score":       func(c *scorecard.Card) { *c = *scorecard.DefaultHealth(); c.MinCoverage = 1 },
		"criterion: the standard model has the": func(c *scorecard.Card) { c.Name = model.StandardScorecard; c.Criteria = c.Criteria[:3] },
		"where: the standard model scores":      func(c *scorecard.Card) { c.Name = model.StandardScorecard; c.Where = "industry:software" },
		"name: a scorecard needs a name":        func(c *scorecard.Card) { c.Name = "" },
	} {
		c := editedCards(s)["weights"]
		spoil(c)
		if _, err := s.Preview(model.ID{}, c.Purpose, false).Try(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the preview says %v; want %q", err, want)
		}
		if ops, err := s.ModelOps(model.ID{}, c, "", counter()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("keeping makes %d changes and says %v; want %q", len(ops), err, want)
		}
	}
}

// Who must not see amounts gets no preview: computed without them it would be wrong, and with them it would tell.
func TestAPreviewTellsNoHiddenAmounts(t *testing.T) {
	s := sampleBookOf(t, 60).Veiled(func(_ model.Kind, f *model.Field) bool { return f.Type == model.TMoney })
	if _, err := s.Preview(model.ID{}, scorecard.ForTier, true).Try(editedCards(s)["weights"]); err == nil || !strings.Contains(err.Error(), "hidden from your role") {
		t.Errorf("the preview says %v", err)
	}
}

// BenchmarkPreview10k is one letter typed into a scorecard: another weight, which is arithmetic, and other
// points.
func BenchmarkPreview10k(b *testing.B) { benchmarkPreview(b, 10_000) }

// BenchmarkPreview100k is the same in a book of a hundred thousand.
func BenchmarkPreview100k(b *testing.B) { benchmarkPreview(b, 100_000) }

func benchmarkPreview(b *testing.B, customers int) {
	s := sampleBookOf(b, customers)
	p := s.Preview(model.ID{}, scorecard.ForTier, true)
	c := editedCards(s)["a percentile"]
	if _, err := p.Try(c); err != nil {
		b.Fatal(err)
	}
	b.Run("weight", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			c.Criteria[1].Weight = float64(10 + i%20)
			if _, err := p.Try(c); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Preview(model.ID{}, scorecard.ForTier, true).Try(c); err != nil {
				b.Fatal(err)
			}
		}
	})
}
