package model

import (
	"fmt"
	"strconv"
	"strings"

	"opsdeck/model/score"
)

// Standing is what a customer keeps from one scoring of its tier to the next, so that tiers do not
// flicker: the tier held, another one that has come out without holding yet, and by which scorecard.
type Standing struct {
	score.Standing
	Mark string // fingerprint of the scorecard; a tier of another one is not held against this one
}

// ParseStanding reads what String writes; what cannot be read is no standing.
func ParseStanding(text string) Standing {
	var s Standing
	for i, part := range strings.Fields(text) {
		switch {
		case strings.HasPrefix(part, "#"):
			s.Mark = part[1:]
		case i == 0:
			s.Level = part
		default:
			level, runs, ok := strings.Cut(part, "×")
			n, err := strconv.Atoi(runs)
			if !ok || err != nil || n < 1 {
				return Standing{}
			}
			s.Pending, s.Runs = level, n
		}
	}
	return s
}

// String writes a standing for a record and for its history: "mid KA×1 #5f3a9c1e" is a customer that is
// mid and came out as KA once. No level is the empty text.
func (s Standing) String() string {
	if s.Level == "" {
		return ""
	}
	text := s.Level
	if s.Pending != "" {
		text += fmt.Sprintf(" %s×%d", s.Pending, s.Runs)
	}
	return text + " #" + s.Mark
}

// Next scores once more. A standing by another scorecard is none: what people have decided about the
// scorecard counts at once.
func (sc *Scoring) Next(r score.Result, was Standing) (now Standing, reason string) {
	if was.Mark != sc.Mark {
		was = Standing{}
	}
	next, reason := sc.Levels.Next(r, was.Standing, sc.Keep)
	return Standing{next, sc.Mark}, reason
}

// Again scores once more on the day of the last scoring: what has changed since counts, but it is no
// further scoring running.
func (sc *Scoring) Again(r score.Result, was Standing) (now Standing, reason string) {
	now, reason = sc.Next(r, was)
	if was.Mark != sc.Mark || was.Level == "" || !r.Known || now.Pending == "" && now.Level == sc.Held(r.Score, true, was) {
		return now, reason
	}
	reached := sc.Levels.Of(r.Score)
	now = Standing{score.Standing{Level: was.Level, Pending: reached, Runs: 1}, sc.Mark}
	if was.Pending == reached {
		now.Runs = was.Runs
	}
	return now, reason
}

// Held is the level in force between two scorings: the one that was kept, unless the score is past a
// threshold by the margin. Only scorings count towards those that make a level change within it.
func (sc *Scoring) Held(points float64, known bool, was Standing) string {
	if was.Level == "" || was.Mark != sc.Mark {
		return sc.LevelOf(points, known)
	}
	if !known {
		return was.Level
	}
	return sc.Levels.Held(points, was.Level, sc.Keep.Margin)
}
