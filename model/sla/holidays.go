package sla

import (
	"strconv"

	cal "github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/us"

	"opsdeck/model/day"
)

// Countries lists those whose public holidays are known: the nationwide ones, without those of
// regions.
func Countries() []string { return []string{"CN", "ES", "JP", "US"} }

// holidays remembers the free days of a country and year, since computing one day takes as long as a
// thousand look-ups.
type holidays map[string]map[day.Day]bool

// on tells whether a day is a public holiday, and whether it is worked in place of one.
func (h holidays) on(country string, d day.Day) (free, made bool) {
	if country == "CN" {
		return chineseHoliday(d)
	}
	y, _, _ := d.Date()
	key := country + strconv.Itoa(y)
	if h[key] == nil {
		h[key] = computeYear(country, y)
	}
	return h[key][d], false
}

// computeYear lists the days of a year that are free. Both the day itself and the day on which it is
// observed count where they differ, as in Japan and the United States.
func computeYear(country string, year int) map[day.Day]bool {
	var list []*cal.Holiday
	switch country {
	case "ES":
		list = es.Holidays
	case "JP":
		list = jp.Holidays
	case "US":
		list = us.Holidays
	}
	out := map[day.Day]bool{}
	for _, h := range list {
		actual, observed := h.Calc(year)
		for _, at := range []day.Day{day.FromTime(actual), day.FromTime(observed)} {
			if !actual.IsZero() {
				out[at] = true
			}
		}
	}
	return out
}

// NoNotice tells whether a calendar counts a year of which no holidays are known, so that the answer
// may have to be corrected.
func (c *Calendar) NoNotice(year int) bool {
	for _, country := range c.Countries {
		if _, known := chinese[year]; country == "CN" && !known {
			return true
		}
	}
	return false
}
