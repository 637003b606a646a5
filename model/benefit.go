package model

import "math"

// Gain is what the yearly worth of a benefit is computed from. Amounts are in ten-thousandths of its currency.
type Gain struct {
	Type          string // of BenefitTypes
	Amount        int64  // of a year, as stated
	Stated        bool   // there is one
	Baseline, Now float64
	Measured      bool    // both are known
	Unit          string  // of GainUnits
	Times         float64 // a year
	Hourly        int64   // of an hour's work
	Confidence    float64 // percent of it that counts
}

// GainBasis tells what the worth of a benefit rests on.
type GainBasis string

// What a worth may rest on.
const (
	GainNone   GainBasis = ""       // there is nothing to compute it from
	GainStated GainBasis = "stated" // the customer's own figure for a year
	GainTime   GainBasis = "time"   // time each time × times a year × the cost of an hour
	GainMoney  GainBasis = "money"  // money each time × times a year
)

// Each is what is gained each time, in the unit: less of a cost or a risk, more of output or revenue.
func (g Gain) Each() float64 {
	if g.Type == BenefitSaved || g.Type == BenefitRisk {
		return g.Baseline - g.Now
	}
	return g.Now - g.Baseline
}

// Worth is what the benefit is worth in a year, in ten-thousandths: a stated amount, else what is gained each time ×
// times a year, time being valued at the cost of an hour; of that the share that is counted on. It may be below
// zero, where things have become worse. What cannot be told in money has the basis GainNone.
func (g Gain) Worth() (units int64, basis GainBasis) {
	worth := 0.0
	hours, isTime := g.hours()
	switch {
	case g.Stated:
		worth, basis = float64(g.Amount), GainStated
	case !g.Measured || g.Times <= 0:
		return 0, GainNone
	case isTime && g.Hourly > 0:
		worth, basis = g.Each()*hours*g.Times*float64(g.Hourly), GainTime
	case g.Unit == "money":
		worth, basis = g.Each()*g.Times*MoneyScale, GainMoney
	default:
		return 0, GainNone
	}
	worth = math.Round(worth*min(max(g.Confidence, 0), 100)/100/cent) * cent // It is an estimate: no part of a cent.
	if math.IsNaN(worth) || math.Abs(worth) > maxGain {
		return 0, GainNone
	}
	return int64(worth), basis
}

// cent is a hundredth of a unit of money.
const cent = MoneyScale / 100

// maxGain keeps sums of many benefits within what an amount can hold: a million millions.
const maxGain = 1e12 * MoneyScale

// GainUnits lists what a benefit can be measured in.
func GainUnits() []string { return []string{"minutes", "hours", "days", "money", "pieces"} }

// hours is how long one of the unit takes, where it is a unit of time.
func (g Gain) hours() (float64, bool) {
	switch g.Unit {
	case "minutes":
		return 1.0 / 60, true
	case "hours":
		return 1, true
	case "days":
		return workday, true
	}
	return 0, false
}

// workday is a day of work in hours, as time saved is wages saved.
const workday = 8

// Change is by how much the measured figure has changed, in percent of the baseline; false without both or where the
// baseline is not above zero.
func (g Gain) Change() (float64, bool) {
	if !g.Measured || g.Baseline <= 0 {
		return 0, false
	}
	return 100 * (g.Now/g.Baseline - 1), true
}
