package table

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/scorecard"
)

// readyModel checks a scorecard that is to stand in the place of an id and makes it ready; the zero id is
// that of the standard one. What is in force already needs no check.
func (s *Snapshot) readyModel(c *scorecard.Card, id model.ID, inForce bool) (*card, error) {
	if !inForce {
		if err := s.checkModel(c, id); err != nil {
			return nil, err
		}
	}
	if !id.IsZero() || c.Purpose == scorecard.ForHealth {
		return s.readyCard(c, nil)
	}
	settings, err := s.settingsOf(c)
	if err != nil {
		return nil, err
	}
	ready := &card{Card: c, Scoring: settings.Scoring(), rooms: newRooms()}
	ready.sources, err = s.sources(c)
	return ready, err
}

// checkModel tells what is wrong with a scorecard in the place of an id.
func (s *Snapshot) checkModel(c *scorecard.Card, id model.ID) error {
	return errors.Join(s.CheckModelName(c, id), c.CheckBody(s.Inputs()))
}

// CheckModelName tells why a scorecard in the place of an id, zero for a new or a standard one, cannot be
// called so.
func (s *Snapshot) CheckModelName(c *scorecard.Card, id model.ID) error {
	name := strings.TrimSpace(c.Name)
	switch {
	case name == "":
		return errors.New("name: a scorecard needs a name")
	case name == model.StandardScorecard && c.Purpose == scorecard.ForHealth:
		return errors.New("name: the standard health score stays as it is; give yours a name of its own, and it counts instead")
	case name == model.StandardScorecard && !id.IsZero():
		return fmt.Errorf("name: %q is the model of the settings; take another name", name)
	}
	if r, taken := s.cardRecord(c.Name); taken && r.ID != id {
		return fmt.Errorf("name: there is a scorecard %q already", c.Name)
	}
	return nil
}

// CheckWhere tells why a text cannot say whom a scorecard scores, with the place of the mistake.
func (s *Snapshot) CheckWhere(text string) error {
	_, err := s.parseWhere(text)
	return err
}

// settingsOf are the settings with the standard model as a scorecard says it.
func (s *Snapshot) settingsOf(c *scorecard.Card) (*model.Settings, error) {
	values, err := s.standardValues(c)
	if err != nil {
		return nil, err
	}
	own := map[string]string{}
	t := s.tables[model.Setting]
	for row := range t.size {
		if t.live.get(row) {
			own[t.Str(row, "key")] = t.Str(row, "value")
		}
	}
	for key, value := range values {
		if value == "" {
			delete(own, key)
		} else {
			own[key] = value
		}
	}
	settings := model.NewSettings(own)
	return settings, settings.Check()
}

// ModelOps makes the changes that keep a scorecard in the place of an id: settings for the standard tier
// model, else a record with the next version. The zero id with a name of its own is a new scorecard. No ops
// mean that nothing differs.
func (s *Snapshot) ModelOps(id model.ID, c *scorecard.Card, note string, newID func() model.ID) ([]model.Op, error) {
	if id.IsZero() && c.Name == model.StandardScorecard && c.Purpose == scorecard.ForTier {
		if err := s.checkModel(c, id); err != nil {
			return nil, err
		}
		if _, err := s.settingsOf(c); err != nil {
			return nil, err
		}
		values, err := s.standardValues(c)
		if err != nil {
			return nil, err
		}
		return s.SettingOps(values, newID), nil
	}
	if err := s.checkModel(c, id); err != nil {
		return nil, err
	}
	return s.cardOps(id, c, note, newID)
}

// standardValues are the settings that make the standard tier model what the scorecard says; an error for
// what settings cannot say.
func (s *Snapshot) standardValues(c *scorecard.Card) (map[string]string, error) {
	std := StandardCard(s.Settings)
	own := errors.New("criterion: the standard model has the nine usual criteria; give the model a name of its own to add, remove or redefine criteria")
	if c.Where != "" || len(c.Capacity) > 0 {
		return nil, errors.New("where: the standard model scores everybody whom no other claims, by thresholds; give the model a name of its own for a filter or places")
	}
	if len(c.Criteria) != len(std.Criteria) {
		return nil, own
	}
	values := map[string]string{
		"tier.min_coverage": settingNumber("tier.min_coverage", c.MinCoverage), "tier.margin": settingNumber("tier.margin", c.Margin),
		"tier.runs": settingNumber("tier.runs", float64(max(1, c.Runs))),
	}
	all, err := c.Thresholds()
	if err != nil {
		return nil, err
	}
	for _, l := range all[:len(all)-1] {
		values["tier."+l.Key] = settingNumber("tier."+l.Key, l.Min)
	}
	for _, m := range std.Criteria {
		at := slices.IndexFunc(c.Criteria, func(o scorecard.Criterion) bool { return o.Key == m.Key })
		if at < 0 || c.Criteria[at].Source() != m.Key || c.Criteria[at].Percentile != "" || c.Criteria[at].Points == scorecard.AsIs || c.Criteria[at].Validity != 0 {
			return nil, own
		}
		values["tier.weight."+m.Key] = settingNumber("tier.weight."+m.Key, c.Criteria[at].Weight)
		values["tier.points."+m.Key] = orDefault("tier.points."+m.Key, c.Criteria[at].Points)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if values[key] != "" {
			if err := model.CheckSetting(key, values[key]); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}

// settingNumber is empty where the value is the default.
func settingNumber(key string, n float64) string {
	return orDefault(key, strconv.FormatFloat(n, 'f', -1, 64))
}

// orDefault is the empty text for the default of a setting, which is kept as no setting at all.
func orDefault(key, text string) string {
	for _, d := range model.SettingDefs() {
		if d.Key == key && d.Default == text {
			return ""
		}
	}
	return text
}
