package scorecard

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/formula"
)

func catalogue() Catalogue {
	return Catalogue{
		"employees": {Name: "employees", Type: formula.Number}, "industry": {Name: "industry", Type: formula.Text},
		"arr": {Name: "arr", Type: formula.Number}, "touch_overdue": {Name: "touch_overdue", Type: formula.Number, Late: true},
	}
}

func goodCard() *Card {
	return &Card{Name: "own", Purpose: ForTier, MinCoverage: 40, Margin: 3, Runs: 2, Criteria: []Criterion{
		{Key: "employees", Weight: 2, Points: "0:0 100:50 1k:100"}, {Key: "arr", Weight: 1, Percentile: "up"},
	}}
}

// What is wrong with a scorecard is named with its place; nothing wrong gets through.
func TestCheckNamesWhatIsWrong(t *testing.T) {
	if err := goodCard().Check(catalogue()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		spoil func(c *Card)
		want  string
	}{
		{"no name", func(c *Card) { c.Name = " " }, "name: a scorecard needs a name"},
		{"the name of the settings' model", func(c *Card) { c.Name = model.StandardScorecard }, "model of the settings"},
		{"purpose", func(c *Card) { c.Purpose = "mood" }, `purpose: "mood"`},
		{"no criteria", func(c *Card) { c.Criteria = nil }, "at least one criterion"},
		{"weights all zero", func(c *Card) { c.Criteria[0].Weight, c.Criteria[1].Weight = 0, 0 }, "all weights are zero"},
		{"a negative weight", func(c *Card) { c.Criteria[0].Weight = -1 }, "weight -1"},
		{"a weight that is none", func(c *Card) { c.Criteria[0].Weight = math.NaN() }, "weight NaN"},
		{"twice the same", func(c *Card) { c.Criteria[1].Key = "employees"; c.Criteria[1].Input = "arr" }, "listed twice"},
		{"an unknown field", func(c *Card) { c.Criteria[0].Input = "employes" }, `no field or input "employes"`},
		{"a text in a number", func(c *Card) { c.Criteria[0].Input = "industry" }, "is a text"},
		{"names for a number", func(c *Card) { c.Criteria[0].Points = "large:100" }, "is a name"},
		{"a percentile of texts", func(c *Card) { c.Criteria[1].Input = "industry" }, "percentile needs numbers"},
		{"what rests on the tier", func(c *Card) { c.Criteria[1].Input = "touch_overdue" }, "rests on the tier itself"},
		{"points and percentile", func(c *Card) { c.Criteria[1].Points = "0:0" }, "both points and a percentile"},
		{"neither", func(c *Card) { c.Criteria[1].Percentile = "" }, "it needs points"},
		{"a formula that does not parse", func(c *Card) { c.Criteria[1].Formula = "arr / "; c.Criteria[1].Input = "" }, "formula:"},
		{"a formula that loops", func(c *Card) { c.Criteria[1].Formula = "sum(map(1..9, # * arr))" }, "formula:"},
		{"a level that is none", func(c *Card) { c.Levels = map[string]any{"huge": int64(3)} }, `no level "huge"`},
		{"levels that do not fall", func(c *Card) { c.Levels = map[string]any{"KA": int64(20), "mid": int64(60)} }, "below that of"},
		{"a level as text", func(c *Card) { c.Levels = map[string]any{"KA": "many"} }, "is not a number"},
		{"places that are none", func(c *Card) { c.Capacity = map[string]string{"KA": "few", "mid": "20 %"} }, "capacity.KA"},
		{"places of one level alone", func(c *Card) { c.Capacity = map[string]string{"KA": "5"} }, "mid is missing"},
		{"coverage", func(c *Card) { c.MinCoverage = 101 }, "min_coverage"},
		{"groups of a tier", func(c *Card) { c.Groups = []Group{{Key: "a", Weight: 1}} }, "only health scores have groups"},
		{"validity", func(c *Card) { c.Criteria[0].Validity = -3 }, "validity"},
	} {
		card := goodCard()
		c.spoil(card)
		if err := card.Check(catalogue()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
}

// A scorecard that is written is the one that is read, and one with a slip of the pen is not read.
func TestTOMLComesBack(t *testing.T) {
	for _, c := range []*Card{goodCard(), DefaultHealth()} {
		back, err := Parse(c.TOML())
		if err != nil || back.TOML() != c.TOML() {
			t.Errorf("%s: %v\n%s\ncame back as\n%s", c.Name, err, c.TOML(), back.TOML())
		}
	}
	for text, want := range map[string]string{
		"name = 'x'\nwieght = 3\n": "wieght", "name = ": "line 1", strings.Repeat("#", MaxLength+1): "at most",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v; want %q", text, err, want)
		}
	}
}

// Places are a number or a share.
func TestPlaces(t *testing.T) {
	c := goodCard()
	c.Capacity = map[string]string{"KA": "5 %", "mid": "20"}
	p, err := c.Places()
	if err != nil || len(p) != 2 || p[0].Share != 0.05 || p[1].N != 20 {
		t.Errorf("%+v, %v", p, err)
	}
	for _, text := range []string{"", "-1", "1.5", "101 %", "NaN", "1e9", "5 % 6"} {
		c.Capacity["KA"] = text
		if _, err := c.Places(); err == nil {
			t.Errorf("places %q are taken", text)
		}
	}
}

// A percentile compares with a sample that keeps the book's order and never grows, whatever the order of
// the customers; what is no number is left out.
func TestSampledPeers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3*MaxPeers).Draw(t, "customers")
		values := make([]float64, n)
		for i := range values {
			values[i] = float64((i * 7919) % 5000)
		}
		got := SamplePeers(append(slices.Clone(values), math.NaN(), math.Inf(1)))
		if len(got) > MaxPeers || len(got) != min(n, MaxPeers) || !slices.IsSorted(got) {
			t.Fatalf("%d of %d, sorted %v", len(got), n, slices.IsSorted(got))
		}
		slices.Reverse(values)
		if again := SamplePeers(values); !slices.Equal(again, got) {
			t.Fatal("another order of customers gives another sample")
		}
	})
	state := &State{Peers: map[string][]float64{"arr": {1, 2, 3}}, Reached: map[string]float64{"KA": 71.5}}
	back, err := ParseState(state.String())
	if err != nil || back.String() != state.String() {
		t.Errorf("%v, %v", back, err)
	}
	if _, err := ParseState("{"); err == nil {
		t.Error("a state that is cut off is read")
	}
}
