// Package scorecard is the company's own ways of scoring as data: tier and health models with criteria
// over any field or formula, for the whole book or a part of it, read from TOML and checked before they
// are kept. The arithmetic is that of package score.
package scorecard

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/formula"
	"opsdeck/model/score"
)

// The purposes of a scorecard.
const (
	ForTier   = "tier"
	ForHealth = "health"
)

// Card is a scorecard as people write it.
type Card struct {
	Name        string            `toml:"name"`
	Purpose     string            `toml:"purpose"`
	Where       string            `toml:"where,omitempty"` // whom it scores, in the filter language; empty for everybody
	Order       int               `toml:"order,omitzero"`  // of several that claim a customer the lowest counts, then the first name
	MinCoverage float64           `toml:"min_coverage"`    // percent of the weight that must have data
	Margin      float64           `toml:"margin"`
	Runs        int               `toml:"runs"` // scorings running after which a tier changes within the margin
	Levels      map[string]any    `toml:"levels,omitempty"`
	Capacity    map[string]string `toml:"capacity,omitempty"` // by level: how many hold it, "20" or "5 %"; instead of thresholds
	Groups      []Group           `toml:"group,omitempty"`
	Criteria    []Criterion       `toml:"criterion"`
}

// Group is a weighted set of measures of a health score.
type Group struct {
	Key    string  `toml:"key"`
	Label  string  `toml:"label,omitempty"`
	Weight float64 `toml:"weight"`
}

// Criterion is one weighted question of a scorecard.
type Criterion struct {
	Key        string  `toml:"key"`
	Label      string  `toml:"label,omitempty"`
	Group      string  `toml:"group,omitempty"`
	Weight     float64 `toml:"weight"`
	Input      string  `toml:"input,omitempty"`      // a field or a computed input; empty: the key
	Formula    string  `toml:"formula,omitempty"`    // instead of an input
	Points     string  `toml:"points,omitempty"`     // "0:0 5k:20" or "core:100 basic:60", or "as is"
	Percentile string  `toml:"percentile,omitempty"` // "up": more is better, "down": less; instead of points
	Validity   int     `toml:"validity,omitzero"`    // days after which an input does not count any more; 0: never
}

// Input tells what a criterion may be judged by.
type Input struct {
	Name    string
	Label   string
	Help    string
	Type    formula.Type
	Late    bool // rests on the tier, so that only a health score can use it
	Listed  bool // a computed input that is no field
	Options []string
}

// Catalogue is what there is to judge by, by name.
type Catalogue map[string]Input

// Names lists the inputs for a purpose, sorted.
func (c Catalogue) Names(purpose string) []string {
	var out []string
	for name, in := range c {
		if purpose == ForHealth || !in.Late {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Types are the names of a formula. A company's own field x.name is written x_name.
func (c Catalogue) Types(purpose string) map[string]formula.Type {
	out := map[string]formula.Type{}
	for _, name := range c.Names(purpose) {
		out[FormulaName(name)] = c[name].Type
	}
	return out
}

// FormulaName is how a formula writes a field.
func FormulaName(field string) string { return strings.ReplaceAll(field, ".", "_") }

// Source is the name of the input or field that a criterion looks at; empty with a formula.
func (c *Criterion) Source() string {
	if c.Formula != "" {
		return ""
	}
	if c.Input != "" {
		return c.Input
	}
	return c.Key
}

// levels lists the levels of a purpose from the top.
func levels(purpose string) score.Levels {
	if purpose == ForHealth {
		return score.DefaultHealthLevels()
	}
	return score.DefaultTiers()
}

// Thresholds reads the levels with the scores from which they are reached.
func (c *Card) Thresholds() (score.Levels, error) {
	out := levels(c.Purpose)
	for key, v := range c.Levels {
		at := slices.IndexFunc(out, func(l score.Level) bool { return l.Key == key })
		n, ok := numberOf(v)
		switch {
		case at < 0:
			return nil, fmt.Errorf("levels: there is no level %q; there are %s", key, keys(out))
		case !ok:
			return nil, fmt.Errorf("levels.%s: %v is not a number", key, v)
		case at == len(out)-1:
			return nil, fmt.Errorf("levels.%s: the lowest level has no threshold", key)
		case n < 0 || n > 100:
			return nil, fmt.Errorf("levels.%s: %g does not lie between 0 and 100", key, n)
		}
		out[at].Min = n
	}
	return out, out.Check()
}

func keys(l score.Levels) string {
	var out []string
	for _, level := range l {
		out = append(out, level.Key)
	}
	return strings.Join(out, ", ")
}

func numberOf(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int64:
		return float64(n), true
	}
	return 0, false
}

// Places reads how many may hold each level.
func (c *Card) Places() ([]score.Places, error) {
	if len(c.Capacity) == 0 {
		return nil, nil
	}
	if c.Purpose == ForHealth {
		return nil, errors.New("capacity: health has no places, only thresholds")
	}
	var out []score.Places
	all := levels(c.Purpose)
	for _, level := range all[:len(all)-1] {
		text, ok := c.Capacity[level.Key]
		if !ok {
			return nil, fmt.Errorf("capacity: %s is missing; every level but the lowest needs its places, such as \"20\" or \"5 %%\"", level.Key)
		}
		p, err := placesOf(level.Key, text)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	for key := range c.Capacity {
		if !slices.ContainsFunc(out, func(p score.Places) bool { return p.Level == key }) {
			return nil, fmt.Errorf("capacity.%s: %s", key, "only levels above the lowest have places: "+keys(all[:len(all)-1]))
		}
	}
	return out, nil
}

func placesOf(level, text string) (score.Places, error) {
	p := score.Places{Level: level}
	number, share := strings.CutSuffix(strings.TrimSpace(text), "%")
	var n float64
	if _, err := fmt.Sscanf(strings.TrimSpace(number)+" ;", "%g ;", &n); err != nil || !(n >= 0) || share && n > 100 || !share && (n > 1e7 || n != float64(int(n))) {
		return p, fmt.Errorf("capacity.%s: %q is neither a number of places such as \"20\" nor a share such as \"5 %%\"", level, text)
	}
	if share {
		p.Share = n / 100
	} else {
		p.N = int(n)
	}
	return p, nil
}

// Check tells everything that is wrong with a scorecard, each with the place where it stands.
func (c *Card) Check(inputs Catalogue) error {
	var wrong []error
	if strings.TrimSpace(c.Name) == "" {
		wrong = append(wrong, errors.New("name: a scorecard needs a name"))
	}
	if c.Name == model.StandardScorecard {
		wrong = append(wrong, fmt.Errorf("name: %q is the model of the settings; change it with 'opsdeck settings', or give this one another name", c.Name))
	}
	return errors.Join(append(wrong, c.CheckBody(inputs))...)
}

// CheckBody tells everything that is wrong with a scorecard but for its name.
func (c *Card) CheckBody(inputs Catalogue) error {
	var wrong []error
	fail := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if c.Purpose != ForTier && c.Purpose != ForHealth {
		fail("purpose: %q is neither %q nor %q", c.Purpose, ForTier, ForHealth)
		return errors.Join(wrong...)
	}
	if !(c.MinCoverage >= 0 && c.MinCoverage <= 100) {
		fail("min_coverage: %g does not lie between 0 and 100", c.MinCoverage)
	}
	if !(c.Margin >= 0 && c.Margin <= 100) {
		fail("margin: %g does not lie between 0 and 100", c.Margin)
	}
	if c.Runs < 0 || c.Runs > 52 {
		fail("runs: %d does not lie between 1 and 52", c.Runs)
	}
	if _, err := c.Thresholds(); err != nil {
		wrong = append(wrong, err)
	}
	if _, err := c.Places(); err != nil {
		wrong = append(wrong, err)
	}
	if len(c.Criteria) == 0 {
		fail("criterion: a scorecard needs at least one criterion")
	}
	wrong = append(wrong, c.checkGroups()...)
	for i := range c.Criteria {
		if err := c.Criteria[i].check(c.Purpose, inputs); err != nil {
			fail("criterion %q: %w", c.Criteria[i].Key, err)
		}
	}
	if len(wrong) == 0 {
		if _, err := c.Compile(nil); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

func (c *Card) checkGroups() []error {
	var wrong []error
	if c.Purpose == ForTier && len(c.Groups) > 0 {
		return []error{errors.New("group: only health scores have groups")}
	}
	seen := map[string]bool{}
	for _, g := range c.Groups {
		if g.Key == "" || seen[g.Key] {
			wrong = append(wrong, fmt.Errorf("group %q: its key is empty or listed twice", g.Key))
		}
		seen[g.Key] = true
	}
	if len(c.Criteria) > MaxCriteria {
		wrong = append(wrong, fmt.Errorf("criterion: %d criteria; at most %d are possible", len(c.Criteria), MaxCriteria))
	}
	for _, m := range c.Criteria {
		switch {
		case c.Purpose == ForTier && m.Group != "":
			wrong = append(wrong, fmt.Errorf("criterion %q: only measures of health belong to a group", m.Key))
		case c.Purpose == ForHealth && !seen[m.Group]:
			wrong = append(wrong, fmt.Errorf("criterion %q: there is no group %q", m.Key, m.Group))
		}
	}
	return wrong
}

// AsIs stands in the place of points where the input is points already, 0 to 100.
const AsIs = "as is"

// MaxCriteria bounds the criteria of a scorecard.
const MaxCriteria = 60

func (c *Criterion) check(purpose string, inputs Catalogue) error {
	switch {
	case c.Key == "":
		return at("key", fmt.Errorf("it needs a key"))
	case c.Formula != "" && c.Input != "":
		return at("formula", fmt.Errorf("it has both an input and a formula; leave one out"))
	case c.Points != "" && c.Percentile != "":
		return at("points", fmt.Errorf("it has both points and a percentile; leave one out"))
	case c.Points == "" && c.Percentile != "up" && c.Percentile != "down":
		return at("points", fmt.Errorf("it needs points such as \"0:0 5k:50\", or percentile = \"up\" or \"down\""))
	case c.Validity < 0 || c.Validity > 36500:
		return at("validity", fmt.Errorf("validity: %d days does not lie between 0 and 36500", c.Validity))
	}
	typ, err := c.typeOf(purpose, inputs)
	if err != nil {
		return err
	}
	if c.Points == "" {
		if typ == formula.Text {
			return at("percentile", fmt.Errorf("a percentile needs numbers, and %q is a text; give its values points instead", c.Source()))
		}
		return nil
	}
	if c.Points == AsIs {
		if typ == formula.Text {
			return at("points", fmt.Errorf("points: %q is a text and cannot be points as it is", c.Source()))
		}
		return nil
	}
	steps, err := model.ParsePoints(c.Points)
	if err != nil {
		return at("points", fmt.Errorf("points: %w", err))
	}
	words := steps[0].Option != ""
	custom := strings.HasPrefix(c.Source(), model.CustomPrefix)
	switch {
	case words && typ != formula.Text && c.Formula == "":
		return at("points", fmt.Errorf("points: %q is a name, but %q is a number; write bands such as 0:0 10:50", steps[0].Option, c.Source()))
	case !words && typ == formula.Text && !custom && c.Formula == "":
		return at("points", fmt.Errorf("points: %q is a text, so its values need points by name, such as software:100 retail:40", c.Source()))
	}
	return nil
}

func (c *Criterion) typeOf(purpose string, inputs Catalogue) (formula.Type, error) {
	if c.Formula != "" {
		_, err := formula.Compile(c.Formula, inputs.Types(purpose))
		if err != nil {
			return 0, at("formula", fmt.Errorf("formula: %w", err))
		}
		return formula.Number, nil
	}
	in, ok := inputs[c.Source()]
	switch {
	case ok && in.Late && purpose == ForTier:
		return 0, at("input", fmt.Errorf("%q rests on the tier itself, so the tier cannot rest on it", c.Source()))
	case ok:
		return in.Type, nil
	case strings.HasPrefix(c.Source(), model.CustomPrefix):
		return formula.Text, nil
	}
	return 0, at("input", fmt.Errorf("there is no field or input %q%s", c.Source(), nearest(c.Source(), inputs.Names(purpose))))
}

// nearest offers the names that begin or end alike.
func nearest(name string, names []string) string {
	var near []string
	for _, n := range names {
		if len(name) >= 3 && (strings.Contains(n, name[:3]) || strings.Contains(n, name[len(name)-3:])) {
			near = append(near, n)
		}
	}
	if len(near) == 0 || len(near) > 5 {
		return "; 'opsdeck scorecard inputs' lists them"
	}
	return "; is it " + strings.Join(near, " or ") + "?"
}
