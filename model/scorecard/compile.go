package scorecard

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"opsdeck/model"
	"opsdeck/model/score"
)

// State is what the last scoring has found for a scorecard: what percentiles compare with, and the
// scores from which levels are reached where they are given by capacity.
type State struct {
	Peers   map[string][]float64 `json:"peers,omitempty"`
	Reached map[string]float64   `json:"reached,omitempty"`
}

// MaxPeers is how many values a percentile compares with at most; of larger books it is as many, evenly
// spaced among the sorted values.
const MaxPeers = 1000

// SamplePeers takes the values that a percentile will compare with.
func SamplePeers(values []float64) []float64 {
	values = slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	slices.Sort(values)
	n := len(values)
	if n <= MaxPeers {
		return values
	}
	out := make([]float64, MaxPeers)
	for i := range out {
		out[i] = values[(2*i+1)*n/(2*MaxPeers)]
	}
	return out
}

// ParseState reads what String writes; an empty text is no state.
func ParseState(text string) (*State, error) {
	if text == "" {
		return nil, nil
	}
	s := &State{}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fmt.Errorf("the state of the last scoring cannot be read: %w", err)
	}
	return s, nil
}

// String writes the state for a record; none is the empty text.
func (s *State) String() string {
	if s == nil || len(s.Peers) == 0 && len(s.Reached) == 0 {
		return ""
	}
	b, err := json.Marshal(s)
	if err != nil {
		return "" // Peers are finite, as SamplePeers gives them.
	}
	return string(b)
}

// Mark is a fingerprint of everything that a score rests on, without what the last scoring found.
func (c *Card) Mark() string {
	h := fnv.New32a()
	fmt.Fprint(h, c.TOML())
	return fmt.Sprintf("%08x", h.Sum32())
}

// Compile makes the scorecard ready for scoring, with what the last scoring has found.
func (c *Card) Compile(state *State) (*model.Scoring, error) {
	thresholds, err := c.Thresholds()
	if err != nil {
		return nil, err
	}
	places, err := c.Places()
	if err != nil {
		return nil, err
	}
	sc := model.Scoring{
		Name: c.Name, Mark: c.Mark(), MinCoverage: c.MinCoverage, Levels: thresholds,
		Keep: score.Inertia{Margin: c.Margin, Runs: max(1, c.Runs)},
	}
	for _, p := range places {
		sc.Capacity = append(sc.Capacity, c.Capacity[p.Level])
		at := slices.IndexFunc(sc.Levels, func(l score.Level) bool { return l.Key == p.Level })
		if state != nil && state.Reached != nil {
			sc.Levels[at].Min = state.Reached[p.Level]
		}
	}
	groups := []score.Group{{Weight: 1}}
	if c.Purpose == ForHealth {
		groups = nil
		for _, g := range c.Groups {
			groups = append(groups, score.Group{Key: g.Key, Label: g.Label, Weight: g.Weight})
		}
	}
	measures := make([][]model.Measure, len(groups))
	for i := range c.Criteria {
		m, err := c.Criteria[i].measure(state)
		if err != nil {
			return nil, fmt.Errorf("criterion %q: %w", c.Criteria[i].Key, err)
		}
		for k, g := range groups {
			if g.Key == c.Criteria[i].Group {
				measures[k] = append(measures[k], m)
			}
		}
	}
	// Groups that have no measures would take weight away from nothing.
	keep := groups[:0]
	kept := measures[:0]
	for i := range groups {
		if len(measures[i]) > 0 {
			keep, kept = append(keep, groups[i]), append(kept, measures[i])
		}
	}
	ready := model.NewScoring(sc, keep, kept)
	if len(keep) == 0 {
		return nil, errors.New("a scorecard needs at least one criterion")
	}
	_, err = ready.Result(nil)
	return ready, err
}

func (c *Criterion) measure(state *State) (model.Measure, error) {
	label := c.Label
	if label == "" {
		label = c.Key
	}
	m := model.Measure{Criterion: score.Criterion{Key: c.Key, Label: label, Weight: c.Weight}}
	if c.Percentile != "" {
		var peers []float64
		if state != nil {
			peers = state.Peers[c.Key]
		}
		p := score.NewPopulation(peers, c.Percentile == "down")
		m.Peers, m.Scale = &p, p
		return m, nil
	}
	if c.Points == AsIs {
		m.AsIs, m.Scale = true, score.AsPoints{}
		return m, nil
	}
	steps, err := model.ParsePoints(c.Points)
	m.Steps, m.Scale = steps, model.ScaleOf(steps)
	return m, err
}

// Ordered lists the criteria in the order in which a compiled scorecard takes their inputs: group by
// group.
func (c *Card) Ordered() []*Criterion {
	var out []*Criterion
	if c.Purpose != ForHealth {
		for i := range c.Criteria {
			out = append(out, &c.Criteria[i])
		}
		return out
	}
	for _, g := range c.Groups {
		for i := range c.Criteria {
			if c.Criteria[i].Group == g.Key {
				out = append(out, &c.Criteria[i])
			}
		}
	}
	return out
}
