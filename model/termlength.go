package model

import (
	"cmp"
	"strconv"
	"strings"

	"opsdeck/model/day"
)

// TermMonths tells how many whole months a term lasts, 0 where it does not last whole months. A term
// from 1 January to 1 January is one of twelve months, written by somebody who counts differently.
func TermMonths(start, end day.Day) int {
	n := int(end-start+1) * 12 / 365
	for m := max(1, n-1); m <= n+1; m++ {
		if last := start.AddMonths(m); last-1 == end || last == end {
			return m
		}
	}
	return 0
}

// setAnnual writes a yearly amount in the period that the contract is priced by; where it does not
// come out even, by the year, as money is never rounded in silence.
func setAnnual(r *Record, annual int64) {
	start, end, per := r.Get("start").Day(), r.Get("end").Day(), r.Get("per").Str()
	units := annual
	switch per {
	case "month":
		units = annual / 12
	case "quarter":
		units = annual / 4
	case "term":
		if months := TermMonths(start, end); end.IsSet() && months > 0 {
			units = annual / 12 * int64(months)
		}
	}
	if annual == 0 && r.Get("amount").IsZero() {
		return // The framework of lines that have the amounts.
	}
	if AnnualUnits(units, per, start, end) != annual {
		units, per = annual, "year"
	}
	r.Set("amount", Money(units))
	if per == "" {
		per = "year"
	}
	r.Set("per", Pick(per))
}

// apportion shares an amount out as the weights stand to each other, exactly; without weights the
// first takes all.
func apportion(total int64, weights []int64) []int64 {
	var sum float64
	for _, w := range weights {
		sum += float64(w)
	}
	out := make([]int64, len(weights))
	if sum <= 0 {
		out[0] = total
		return out
	}
	left, part := total, 0.0
	for i, w := range weights {
		part += float64(w)
		out[i] = int64(part/sum*float64(total)) - (total - left)
		if i == len(weights)-1 {
			out[i] = left
		}
		left -= out[i]
	}
	return out
}

// successorName tells the terms of one contract apart by the year in which they begin.
func successorName(of *Record, start day.Day) string {
	name := of.Get("name").Str()
	if name == "" {
		// A source that knows contracts by number alone gives the successor no number; its id says nothing to people.
		name = cmp.Or(of.Get("number").Str(), of.Get("external_id").Str())
	}
	if name == "" {
		return ""
	}
	was, _, _ := of.Get("start").Day().Date()
	now, _, _ := start.Date()
	if was != now && strings.Contains(name, strconv.Itoa(was)) {
		return strings.Replace(name, strconv.Itoa(was), strconv.Itoa(now), 1)
	}
	base, _, _ := strings.Cut(name, " from 2")
	return base + " from " + start.String()
}
