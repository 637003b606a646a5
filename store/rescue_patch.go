package store

import (
	"fmt"

	"opsdeck/model"
)

// patch lists the ops that lead from what the log makes to the records as they were last, and changes made
// accordingly. The log is whole up to an entry; what the entries behind it say of a record counts where the
// record itself is damaged.
func (r *rescue) patch(made map[recordID]*model.Record, whole uint64, out *Rescued) []model.Op {
	last := r.lastStates(made, whole, out)
	for key := range made {
		if _, ok := last[key]; !ok {
			last[key] = nil // Removed by a step that is lost.
		}
	}
	dropLost(last, out)
	var ops []model.Op
	for _, key := range sortedKeys(last) {
		was, is := made[key], last[key]
		switch {
		case is == nil && was != nil:
			ops = append(ops, model.RemoveOp(was))
			delete(made, key)
			continue
		case is == nil:
			continue
		case was == nil:
			ops = append(ops, model.CreateOp(is))
		default:
			op, changed := model.UpdateOp(was, is)
			if !changed {
				continue
			}
			ops = append(ops, op)
		}
		made[key] = is
	}
	return ops
}

// lastStates finds the last known state of every record that is there.
func (r *rescue) lastStates(made map[recordID]*model.Record, whole uint64, out *Rescued) map[recordID]*model.Record {
	if whole == r.seq {
		last := make(map[recordID]*model.Record, len(made))
		for k, rec := range made {
			last[k] = rec
		}
		return last // The log has everything, so it is right even where records are damaged.
	}
	last := map[recordID]*model.Record{}
	if !r.whole {
		for k, rec := range made {
			last[k] = rec
		}
		for seq := whole + 1; seq <= r.seq; seq++ {
			r.replayLoosely(last, seq)
		}
	}
	for key, raw := range r.records {
		if rec, err := model.DecodeRecord(key.kind, key.id, raw); err == nil {
			last[key] = rec
		}
	}
	if !r.whole {
		r.takeStrays(last, out)
	}
	return last
}

// takeStrays takes records that were found without their place where nothing else knows them, unless a step that is
// still there has removed them.
func (r *rescue) takeStrays(last map[recordID]*model.Record, out *Rescued) {
	removed := map[recordID]bool{}
	for seq := uint64(1); seq <= r.seq; seq++ {
		if len(r.log[seq]) == 0 {
			continue
		}
		_, ops, err := decodeEntry(r.log[seq][0].raw)
		if err != nil {
			continue
		}
		for _, op := range ops {
			removed[recordID{op.Kind, op.ID}] = op.Verb == model.Remove
		}
	}
	taken := 0
	for key, raw := range r.strays {
		if last[key] != nil || removed[key] {
			continue
		}
		if rec, err := model.DecodeRecord(key.kind, key.id, raw); err == nil {
			last[key] = rec
			taken++
		}
	}
	if taken > 0 {
		out.Missing = append(out.Missing, fmt.Sprintf("the place of %d records that were found all the same; a few of them may be as they were earlier", taken))
	}
}

// replayLoosely applies what can be applied of a log entry behind a gap.
func (r *rescue) replayLoosely(last map[recordID]*model.Record, seq uint64) {
	if len(r.log[seq]) == 0 {
		return
	}
	_, ops, err := decodeEntry(r.log[seq][0].raw)
	if err != nil {
		return
	}
	for _, op := range ops {
		key := recordID{op.Kind, op.ID}
		next, err := op.Replay(last[key])
		switch {
		case err != nil:
		case next == nil:
			delete(last, key)
		default:
			last[key] = next
		}
	}
}

// dropLost lets references go that point at records which could not be saved.
func dropLost(last map[recordID]*model.Record, out *Rescued) {
	there := make(map[model.ID]bool, len(last))
	for key, rec := range last {
		there[key.id] = rec != nil
	}
	for _, key := range sortedKeys(last) {
		rec := last[key]
		if rec == nil {
			continue
		}
		for _, fv := range rec.Fields {
			if t := fv.Value.Type(); t != model.TRef && t != model.TRefs {
				continue
			}
			for _, id := range fv.Value.IDs() {
				if !there[id] {
					rec = rec.Clone()
					rec.Set(fv.Name, model.Value{})
					last[key] = rec
					out.Missing = append(out.Missing, fmt.Sprintf("what %s %q points at in %s: record %s", rec.Kind, rec.Title(), fv.Name, id))
					break
				}
			}
		}
	}
}
