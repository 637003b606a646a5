package model

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model/day"
)

// SettingDef is one default that an administrator can change.
type SettingDef struct {
	Key     string
	Default string
	Help    string
	check   func(string) error
}

// Criteria lists the nine usual criteria of a tier score (row C2) in the order in which they are shown.
func Criteria() []string {
	var keys []string
	for _, c := range criterionDefaults() {
		keys = append(keys, c.key)
	}
	return keys
}

// settingDefs is the table of all settings; definitions.md gives the defaults.
var settingDefs = buildSettingDefs()

func buildSettingDefs() []SettingDef {
	defs := []SettingDef{
		{"company.name", "", "your company's name, for reports", nil},
		{"company.currency", "USD", "ISO 4217 code of amounts whose source names none", checkCurrency},
		{"contract.notice_months", "1", "notice period of contracts that name none, in months", checkCount},
		{"contract.gap_tolerance_days", "30", "a gap between contracts up to this many days is one relationship", checkCount},
		{"contract.open_ended_year", "2099", "an end in this year or later means open-ended", checkCount},
		{"lead.KA", "90", "days before the notice date by which a KA renewal must be decided", checkCount},
		{"lead.mid", "60", "the same for mid", checkCount},
		{"lead.small", "30", "the same for small & micro", checkCount},
		{"cadence.KA", "14", "days between touches of a KA customer", checkCount},
		{"cadence.mid", "60", "the same for mid", checkCount},
		{"cadence.small", "180", "the same for small & micro", checkCount},
		{"tier.KA", "70", "score from which a customer is KA", checkPercent},
		{"tier.mid", "40", "score from which a customer is mid", checkPercent},
		{"tier.margin", "3", "points past a threshold before a tier changes", checkPercent},
		{"tier.runs", "2", "scorings running after which a tier changes within the margin", checkRuns},
		{"tier.scored_on", "", "day of the last scoring; 'opsdeck do rescore' writes it", checkDay},
		{"tier.min_coverage", "40", "percent of the weight that must have data", checkPercent},
	}
	for _, c := range criterionDefaults() {
		defs = append(defs,
			SettingDef{"tier.weight." + c.key, c.weight, "weight of the criterion " + c.key, checkWeight},
			SettingDef{"tier.points." + c.key, c.points, "input:points, " + c.help, checkPoints})
	}
	defs = append(append(append(append(defs, loyaltySettingDefs()...), renewalSettingDefs()...), reminderSettingDefs()...), append(slaDefs(), treatmentDefs()...)...)
	return append(defs,
		SettingDef{"severity.reach", "5 25 50", "percent of the customers in force at which reach rises a band", checkReach},
		SettingDef{"severity.blocking.3", "S1 S1 S2 S2", "severity by reach from the widest, main workflow blocked", checkSeverities},
		SettingDef{"severity.blocking.2", "S2 S2 S3 S3", "the same, awkward workaround", checkSeverities},
		SettingDef{"severity.blocking.1", "S3 S3 S4 S4", "the same, degraded", checkSeverities},
		SettingDef{"severity.blocking.0", "S4 S5 S5 S5", "the same, cosmetic", checkSeverities},
	)
}

type criterionDefault struct{ key, label, weight, points, help string }

// criterionDefaults gives each criterion its weight and its bands: lower bounds with the points from
// there on, or a pick's options with their points.
func criterionDefaults() []criterionDefault {
	return []criterionDefault{
		{"order_amount", "Order amount", "20", "0:0 5k:20 20k:40 50k:60 100k:80 250k:100", "ARR, or the orders of the last 12 months where there is no contract"},
		{"company_size", "Company size", "10", "0:10 50:30 200:50 1k:70 5k:90 10k:100", "employees"},
		{"gross_profit", "Gross profit", "10", "0:10 1m:30 10m:50 50m:70 200m:90 1000m:100", "the customer's yearly gross profit"},
		{"demand_type", "Type of demand", "10", "core:100 basic:60 personalised:20", "type of demand"},
		{"cooperation", "Cooperation", "10", "0:10 1:40 2:60 3:80 5:100", "years of cooperation; a partner counts two more"},
		{"influence", "Influence", "10", "none:0 low:30 medium:60 high:100", "influence in the industry"},
		{"brand", "Brand", "10", "unknown:10 regional:40 high_valuation:70 listed:85 fortune_500:100", "brand"},
		{"payment_record", "Payment record", "10", "0:100 1:70 3:40 6:0", "invoices paid late or overdue in the last 12 months"},
		{"growth", "Growth potential", "10", "-100:0 -10:30 0:50 10:70 25:85 50:100", "percent growth of orders, last 12 months against the 12 before"},
	}
}

// SettingDefs lists all settings with defaults and meaning.
func SettingDefs() []SettingDef { return slices.Clone(settingDefs) }

// Settings are the values in force: the book's own where set, else the defaults.
type Settings struct{ values map[string]string }

// NewSettings takes the book's own values. Values that do not check are left at their default; they
// cannot get into a book except through a newer program.
func NewSettings(own map[string]string) *Settings {
	s := &Settings{values: make(map[string]string, len(settingDefs)+len(own))}
	for _, d := range settingDefs {
		s.values[d.Key] = d.Default
	}
	for k, v := range own {
		if CheckSetting(k, v) == nil {
			s.values[k] = v
		}
	}
	return s
}

// Check tells what does not fit together though each setting by itself does: tiers that do not fall,
// weights that are all zero, a severity that falls with more blocking.
func (s *Settings) Check() error {
	_, matrix := s.severityMatrix()
	var tiers, weights error
	if s.Number("tier.mid") >= s.Number("tier.KA") {
		tiers = fmt.Errorf("tier.mid: %s must lie below tier.KA, %s", s.Text("tier.mid"), s.Text("tier.KA"))
	}
	if !slices.ContainsFunc(Criteria(), func(c string) bool { return s.Number("tier.weight."+c) > 0 }) {
		weights = errors.New("tier.weight: at least one criterion needs a weight above 0")
	}
	var loyalty error
	if !slices.ContainsFunc(LoyaltyMeasures(), func(c string) bool { return s.Number("loyalty.weight."+c) > 0 }) {
		loyalty = errors.New("loyalty.weight: at least one measure needs a weight above 0")
	}
	return errors.Join(tiers, weights, loyalty, matrix)
}

var errNoSetting = errors.New("no such setting")

// CheckSetting tells whether a value fits a setting's key, and if not, why.
func CheckSetting(key, value string) error {
	if cur, ok := strings.CutPrefix(key, "rate."); ok {
		if err := checkCurrency(cur); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if f, err := strconv.ParseFloat(value, 64); err != nil || !(f > 0 && f <= 1e9) {
			return fmt.Errorf("%s: %q is not a positive exchange rate", key, value)
		}
		return nil
	}
	if strings.HasPrefix(key, calendarPrefix) && key != calendarPrefix {
		if err := checkCalendar(value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return nil
	}
	for _, d := range settingDefs {
		if d.Key == key {
			if d.check == nil {
				return nil
			}
			if err := d.check(value); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			return nil
		}
	}
	return fmt.Errorf("%q: %w; 'opsdeck settings show' lists them", key, errNoSetting)
}

// SameFigures tells whether figures come out alike under other settings: what a scoring notes of itself
// changes none, so that it need not make everything be computed once more.
func (s *Settings) SameFigures(o *Settings) bool {
	rest := func(all map[string]string) map[string]string {
		all = maps.Clone(all)
		delete(all, "tier.scored_on")
		return all
	}
	return maps.Equal(rest(s.values), rest(o.values))
}

// Text returns a setting as it is written.
func (s *Settings) Text(key string) string { return s.values[key] }

// Number returns a setting that is a number; unknown keys give 0.
func (s *Settings) Number(key string) float64 {
	f, _ := strconv.ParseFloat(s.values[key], 64)
	return f
}

// Int returns a setting that is a whole number.
func (s *Settings) Int(key string) int { return int(s.Number(key)) }

// Keys lists every key that has a value, sorted as the table has them, then calendars and rates.
func (s *Settings) Keys() []string {
	var keys []string
	for _, d := range settingDefs {
		keys = append(keys, d.Key)
	}
	var rates []string
	for k := range s.values {
		if strings.HasPrefix(k, "rate.") || strings.HasPrefix(k, calendarPrefix) && k != calendarPrefix+"default" {
			rates = append(rates, k)
		}
	}
	slices.Sort(rates)
	return append(keys, rates...)
}

// Rate tells how many units of the company's currency one unit of cur is worth, and false where no
// rate is set. The company's own currency is worth 1.
func (s *Settings) Rate(cur string) (float64, bool) {
	if cur == "" || cur == s.Text("company.currency") {
		return 1, true
	}
	f := s.Number("rate." + cur)
	return f, f > 0
}

// Points is one step of a criterion: an option's name or a lower bound, and the points it gives.
type Points struct {
	Option string
	From   float64
	Points float64
}

// ParsePoints reads the steps of a criterion, "0:0 5k:20" or "core:100 basic:60". An underscore in an
// option's name stands for a space.
func ParsePoints(s string) ([]Points, error) {
	var out []Points
	for _, f := range strings.Fields(s) {
		name, pts, ok := strings.Cut(f, ":")
		p, err := strconv.ParseFloat(pts, 64)
		if !ok || err != nil || p < 0 || p > 100 {
			return nil, fmt.Errorf("%q is not input:points with points from 0 to 100", f)
		}
		step := Points{Points: p}
		if n, err := ParseShort(name); err == nil {
			step.From = n
			if len(out) > 0 && out[len(out)-1].Option == "" && out[len(out)-1].From >= n {
				return nil, fmt.Errorf("%q: lower bounds must rise", f)
			}
		} else {
			step.Option = strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
			if step.Option == "" {
				return nil, fmt.Errorf("%q names no input", f)
			}
		}
		if len(out) > 0 && (out[0].Option == "") != (step.Option == "") {
			return nil, fmt.Errorf("%q mixes numbers and names", f)
		}
		out = append(out, step)
	}
	if len(out) == 0 {
		return nil, errors.New("no steps given")
	}
	return out, ScaleOf(out).Check()
}

// ParseShort reads 5k as 5,000 and 10m as 10,000,000.
func ParseShort(s string) (float64, error) {
	scale := 1.0
	if n, ok := strings.CutSuffix(s, "k"); ok {
		s, scale = n, 1e3
	} else if n, ok := strings.CutSuffix(s, "m"); ok {
		s, scale = n, 1e6
	}
	f, err := strconv.ParseFloat(s, 64)
	if err == nil && (math.IsNaN(f) || math.IsInf(f*scale, 0)) {
		err = fmt.Errorf("%q is not a number", s)
	}
	return f * scale, err
}

func checkPoints(s string) error { _, err := ParsePoints(s); return err }

func checkCurrency(s string) error {
	if len(s) != 3 || strings.ToUpper(s) != s || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return fmt.Errorf("%q is not a currency code such as USD", s)
	}
	return nil
}

func checkCount(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 0 || n > 100000 {
		return fmt.Errorf("%q is not a whole number from 0", s)
	}
	return nil
}

func checkRuns(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 1 || n > 52 {
		return fmt.Errorf("%q is not a whole number from 1 to 52", s)
	}
	return nil
}

func checkDay(s string) error {
	if s == "" {
		return nil
	}
	_, err := day.Parse(s)
	return err
}

func checkPercent(s string) error {
	if f, err := strconv.ParseFloat(s, 64); err != nil || !(f >= 0 && f <= 100) {
		return fmt.Errorf("%q is not between 0 and 100", s)
	}
	return nil
}

func checkWeight(s string) error {
	if f, err := strconv.ParseFloat(s, 64); err != nil || !(f == 0 || f >= 1e-6 && f <= 1e6) {
		return fmt.Errorf("%q is not a weight: 0, or from 0.000001 to 1000000", s)
	}
	return nil
}

func checkReach(s string) error {
	f := strings.Fields(s)
	if len(f) != 3 {
		return errors.New("three rising percentages are wanted")
	}
	prev := 0.0
	for _, x := range f {
		n, err := strconv.ParseFloat(x, 64)
		if err != nil || !(n > prev && n <= 100) {
			return fmt.Errorf("%q: three rising percentages are wanted", s)
		}
		prev = n
	}
	return nil
}

func checkSeverities(s string) error {
	f := strings.Fields(s)
	if len(f) != 4 {
		return errors.New("four severities are wanted, from the widest reach")
	}
	for _, x := range f {
		if !slices.Contains(Severities(), x) {
			return fmt.Errorf("%q is none of %s", x, strings.Join(Severities(), ", "))
		}
	}
	if !slices.IsSorted(f) {
		return fmt.Errorf("%q: a wider reach must not be less severe", s)
	}
	return nil
}
