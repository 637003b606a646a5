package sla

import (
	"strings"

	"opsdeck/model/day"
)

// WithFree adds own free days to a calendar as the settings write it, such as those that ReadICal lists. Days in a row
// are written as one stretch.
func WithFree(text string, days []day.Day) (string, error) {
	c, err := Parse(text)
	if err != nil {
		return "", err
	}
	c.Add(days)
	var parts, free []string
	for _, part := range strings.Fields(text) {
		if key, _, _ := strings.Cut(part, "="); !strings.EqualFold(key, "free") {
			parts = append(parts, part)
		}
	}
	for i := 0; i < len(c.Free); {
		last := i
		for last+1 < len(c.Free) && c.Free[last+1] == c.Free[last]+1 {
			last++
		}
		stretch := c.Free[i].String()
		if last > i {
			stretch += ".." + c.Free[last].String()
		}
		free, i = append(free, stretch), last+1
	}
	if len(free) > 0 {
		parts = append(parts, "free="+strings.Join(free, ","))
	}
	return strings.Join(parts, " "), nil
}
