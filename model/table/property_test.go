package table

import (
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
)

// picture is a snapshot with the world that it shows.
type picture struct {
	s     *Snapshot
	w     world
	shown []string // what it showed when it was looked at first; nil before
}

// look compares what a picture shows with a fresh one, or with what it showed before.
func (p *picture) look(t *rapid.T) {
	now := describe(p.s)
	if p.shown == nil {
		p.shown = now
		differs(t, "updated and loaded", now, describe(p.w.load(p.s.Seq, p.s.Today, p.s.Settings)))
	}
	differs(t, "an older picture", now, p.shown)
}

func differs(t *rapid.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "(nothing)", "(nothing)"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Fatalf("%s:\n got  %s\n want %s", what, g, w)
		}
	}
}

// drawWorld draws most of the records that there can be.
func drawWorld(t *rapid.T) []Delta {
	var out []Delta
	for _, k := range worldKinds() {
		for n := range perKind {
			if rapid.IntRange(0, 4).Draw(t, "there") > 0 {
				id := worldID(k, n)
				out = append(out, Delta{Kind: k, ID: id, Record: drawRecord(t, k, id)})
			}
		}
	}
	return out
}

// drawDeltas changes, adds, removes and brings back records.
func drawDeltas(t *rapid.T, past []Delta) []Delta {
	// The kinds on which most figures rest come most often.
	kinds := append(worldKinds(), model.Customer, model.Contract, model.Contract, model.Item, model.Touch)
	out := make([]Delta, rapid.IntRange(0, 3).Draw(t, "deltas"))
	for i := range out {
		k := rapid.SampledFrom(kinds).Draw(t, "kind")
		d := Delta{Kind: k, ID: anyOf(k).Draw(t, "id")}
		switch what := rapid.IntRange(0, 9).Draw(t, "what"); {
		case what < 3:
		case what < 5 && len(past) > 0:
			d = rapid.SampledFrom(past).Draw(t, "past")
		default:
			d.Record = drawRecord(t, k, d.ID)
		}
		out[i] = d
	}
	return out
}

// Whatever way a picture has come about, it shows what one shows that is loaded from nothing; and a
// picture that somebody still holds goes on showing what it showed.
func TestUpdatedPicturesAreLoadedPictures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := drawSettings(t)
		past := drawWorld(t)
		w := world{}.with(past)
		pictures := []*picture{{s: w.load(1, testDay, settings), w: w}}
		for seq := range uint64(rapid.IntRange(1, 6).Draw(t, "steps")) {
			// Mostly the newest picture goes on; an older one may, too.
			from := pictures[len(pictures)-1]
			if rapid.IntRange(0, 5).Draw(t, "branch") == 0 {
				from = rapid.SampledFrom(pictures).Draw(t, "from")
			}
			today := from.s.Today
			if rapid.IntRange(0, 5).Draw(t, "later") == 0 {
				today += rapid.SampledFrom([]day.Day{1, 31, 400}).Draw(t, "days")
			}
			// The picture may be one that has been kept in a cache in between.
			if rapid.IntRange(0, 2).Draw(t, "cached") == 0 {
				from = &picture{s: cached(t, from.s), w: from.w, shown: from.shown}
				pictures = append(pictures, from)
			}
			var changed *model.Settings
			if rapid.IntRange(0, 5).Draw(t, "settings") == 0 {
				changed = drawSettings(t)
			}
			deltas := drawDeltas(t, past)
			past = append(past, deltas...)
			pictures = append(pictures, &picture{s: from.s.Update(seq+2, today, changed, deltas), w: from.w.with(deltas)})
			// A picture that nobody looks at passes on what it has not made itself.
			if rapid.IntRange(0, 2).Draw(t, "look") > 0 {
				for _, p := range pictures {
					p.look(t)
				}
			}
		}
		for _, p := range pictures {
			p.look(t)
		}
	})
}
