package scorecard

import "opsdeck/model"

// Version is a scorecard as it was kept at some time.
type Version struct {
	Number int
	Time   int64 // microseconds since 1970 UTC
	By     string
	Note   string // why it was changed, as its author wrote
	Text   string // TOML
}

// Versions lists what the history of a scorecard's record holds, the newest first. The record is as it is
// now, the history begins with its last change.
func Versions(now *model.Record, history []model.Entry) []Version {
	var out []Version
	r := now.Clone()
	for _, e := range history {
		number, _ := r.Get("version").Float()
		made := false
		for _, c := range e.Op.Changes {
			made = made || c.Field == "definition"
		}
		if made && e.Op.Verb != model.Remove {
			out = append(out, Version{int(number), e.Batch.Time, e.Batch.Actor, r.Get("note").Str(), r.Get("definition").Str()})
		}
		for _, c := range e.Op.Changes {
			r.Set(c.Field, c.From)
		}
	}
	return out
}
