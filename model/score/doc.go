// Package score is the arithmetic of judging customers, demands and bugs: weighted scores, tiers,
// health, RFM, retention, concentration, severity and demand. It knows no records; every result
// carries the terms that it was made of.
//
// The rules are:
//   - What is not known is left out and its weight spread over the rest in proportion. It is never
//     counted as zero. Below a minimum coverage there is no score.
//   - Terms add up to their score exactly, and changes to the difference of two scores. Scores are
//     therefore kept in grains of 2⁻²⁰ points (a millionth), in which float64 sums have no rounding
//     error whatever their order; the leftover grains go to the terms with the largest remainders.
//     Rounding for people happens where a figure is shown.
//   - The order of rows never changes a result.
//   - Defaults are functions that return data for an administrator to change.
package score
