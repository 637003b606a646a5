package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model/score"
)

// treatmentDefs are the settings of what follows from a segment: cadence by role, load, alerts, RFM.
func treatmentDefs() []SettingDef {
	defs := []SettingDef{
		{"rfm.rule", "r-package", "where the five bins begin: r-package (quantile plus 1), quantile, or fixed with four rising cuts each, such as fixed r:30,90,180,365 f:2,3,5,10 m:100,1k,5k,20k", checkRFMRule},
		{"rfm.segments", formatSegments(score.DefaultSegments()), "name, then the scores of R, F and M from-to; the first that fits counts", checkSegments},
		{"load.KA", "4", "how much of an owner's capacity a KA customer takes", checkLoad},
		{"load.mid", "1", "the same for mid", checkLoad},
		{"load.small", "0.1", "the same for small & micro", checkLoad},
		{"load.capacity", "40", "capacity of an owner who names none", checkLoad},
		{"usage.logins", "login, log in, sign in, session", "features of usage that are logins, whose count are sessions; parted by commas", nil},
		{"alert.growth_percent", "50", "growth from which a small customer is handed to sales", checkPercentUp},
		{"alert.growth_tiers", "small", "tiers whose fast growth is noticed", checkTiers},
		{"alert.usage_drop_percent", "30", "fall of usage that is noticed, against the three months before", checkPercent},
		{"alert.overdue_days", "30", "days overdue that are noticed", checkCount},
		{"alert.left_days", "90", "for how many days it is noticed that a key person has left", checkCount},
		{"alert.tiers", "KA", "tiers whose anomalies are noticed", checkTiers},
	}
	for _, c := range []struct{ role, days string }{{"decision_maker", "60 180 0"}, {"veto_holder", "90 0 0"}, {"champion", "30 90 0"}} {
		defs = append(defs, SettingDef{"cadence.role." + c.role, c.days, "days between touches of that role at KA, mid and small customers; 0 asks for none", checkRoleCadence})
	}
	return defs
}

// RoleCadence is how often a role in the decision chain is to be met, by tier, in days; 0 asks for none.
func (s *Settings) RoleCadence(role, tier string) int {
	days := strings.Fields(s.Text("cadence.role." + strings.ReplaceAll(role, " ", "_")))
	at := slices.Index([]string{TierKA, TierMid, TierSmall}, tier)
	if at < 0 || at >= len(days) {
		return 0
	}
	n, _ := strconv.Atoi(days[at])
	return n
}

// Load is how much of an owner's capacity a customer of a tier takes; without a tier it counts as small.
func (s *Settings) Load(tier string) float64 {
	if tier == "" {
		tier = TierSmall
	}
	return s.Number("load." + tier)
}

// Tiers reads a setting that lists tiers.
func (s *Settings) Tiers(key string) []string { return strings.Fields(s.Text(key)) }

func checkRoleCadence(s string) error {
	f := strings.Fields(s)
	if len(f) != 3 {
		return errors.New("three numbers of days are wanted, for KA, mid and small; 0 asks for none")
	}
	for _, x := range f {
		if err := checkCount(x); err != nil {
			return err
		}
	}
	return nil
}

func checkLoad(s string) error {
	if f, err := strconv.ParseFloat(s, 64); err != nil || !(f >= 0 && f <= 1e6) {
		return fmt.Errorf("%q is not a number from 0", s)
	}
	return nil
}

func checkPercentUp(s string) error {
	if f, err := strconv.ParseFloat(s, 64); err != nil || !(f >= 0 && f <= 1e6) {
		return fmt.Errorf("%q is not a percentage from 0", s)
	}
	return nil
}

func checkTiers(s string) error {
	for _, t := range strings.Fields(s) {
		if t != TierKA && t != TierMid && t != TierSmall {
			return fmt.Errorf("%q is none of KA, mid, small", t)
		}
	}
	return nil
}

// ParseRFMRule reads where the five bins of RFM begin.
func ParseRFMRule(text string) (score.RFMRule, error) {
	words := strings.Fields(text)
	switch {
	case len(words) == 1 && words[0] == "r-package":
		return score.RFMRule{Offset: 1}, nil
	case len(words) == 1 && words[0] == "quantile":
		return score.RFMRule{}, nil
	case len(words) != 4 || words[0] != "fixed":
		return score.RFMRule{}, fmt.Errorf("%q is neither r-package, quantile nor fixed r:… f:… m:… with four rising cuts each", text)
	}
	rule := score.RFMRule{Fixed: true}
	for i, name := range []string{"r", "f", "m"} {
		list, ok := strings.CutPrefix(words[i+1], name+":")
		cuts := strings.Split(list, ",")
		if !ok || len(cuts) != len(rule.Cuts[i]) {
			return rule, fmt.Errorf("%q: four cuts are wanted, such as %s:1,2,3,4", words[i+1], name)
		}
		for k, c := range cuts {
			n, err := ParseShort(c)
			if err != nil || k > 0 && !(n > rule.Cuts[i][k-1]) {
				return rule, fmt.Errorf("%q: cuts are numbers that rise", words[i+1])
			}
			rule.Cuts[i][k] = n
		}
	}
	return rule, nil
}

func checkRFMRule(s string) error { _, err := ParseRFMRule(s); return err }

func formatSegments(all []score.Segment) string {
	var parts []string
	for _, s := range all {
		parts = append(parts, fmt.Sprintf("%s %d-%d %d-%d %d-%d", s.Name, s.R.From, s.R.To, s.F.From, s.F.To, s.M.From, s.M.To))
	}
	return strings.Join(parts, "; ")
}

// ParseSegments reads named regions of RFM scores: "Champions 5-5 5-5 5-5; Lost 1-1 1-5 1-5".
func ParseSegments(text string) ([]score.Segment, error) {
	var out []score.Segment
	for part := range strings.SplitSeq(text, ";") {
		words := strings.Fields(part)
		if len(words) < 4 {
			return nil, fmt.Errorf("%q is not a name and three ranges such as 4-5", strings.TrimSpace(part))
		}
		s := score.Segment{Name: strings.Join(words[:len(words)-3], " ")}
		for i, to := range []*score.Span{&s.R, &s.F, &s.M} {
			w := words[len(words)-3+i]
			if _, err := fmt.Sscanf(w+";", "%d-%d;", &to.From, &to.To); err != nil || to.From < 1 || to.To > 5 || to.From > to.To {
				return nil, fmt.Errorf("%s: %q is not a range of scores within 1-5", s.Name, w)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

func checkSegments(s string) error { _, err := ParseSegments(s); return err }
