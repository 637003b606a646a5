package sla

import "strconv"

// Words writes seconds as people say them: "45 s", "12 min", "3 h 05", "2 d 4 h". Days are those of 24
// hours; seconds below zero get a minus.
func Words(seconds int64) string {
	if seconds < 0 {
		return "-" + Words(-seconds)
	}
	two := func(n int64) string {
		s := strconv.FormatInt(n, 10)
		if n < 10 {
			s = "0" + s
		}
		return s
	}
	n := func(n int64) string { return strconv.FormatInt(n, 10) }
	switch {
	case seconds < 60:
		return n(seconds) + " s"
	case seconds < 3600:
		return n(seconds/60) + " min"
	case seconds < 48*3600:
		return n(seconds/3600) + " h " + two(seconds/60%60)
	}
	return n(seconds/86400) + " d " + n(seconds/3600%24) + " h"
}
