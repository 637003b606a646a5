package exchange

import (
	"errors"
	"strings"

	"opsdeck/model"
)

// lastRows gives the records of the rows of a source's last ordered file.
func (pl *planner) lastRows(source string) ([]model.ID, error) { return nil, nil }

func asRow(err error, row **rowError) bool { return errors.As(err, row) }

// persons turns what a source calls a person into the handle of a user, where one fits.
func (pl *planner) persons(r *model.Record) error {
	for i := range r.Fields {
		fv := &r.Fields[i]
		if fv.Value.Type() != model.TPerson {
			continue
		}
		if pl.people == nil {
			pl.people = map[string]string{}
			err := pl.book.Each(model.User, func(u *model.Record) bool {
				for _, name := range []string{"external_id", "name", "handle"} {
					if text := u.Get(name).Str(); text != "" {
						pl.people[strings.ToLower(text)] = u.Get("handle").Str()
					}
				}
				return true
			})
			if err != nil {
				return err
			}
		}
		if handle := pl.people[strings.ToLower(fv.Value.Str())]; handle != "" {
			fv.Value = model.Person(handle)
		}
	}
	return nil
}

// second plans the second record of a row, which points at the first.
func (pl *planner) second(d *rowData, first *delta) (*delta, error) {
	draft := d.drafts[partExtra]
	if draft == nil {
		return nil, nil
	}
	id := first.after.ID
	if first.p != nil {
		id = first.p.id
	}
	draft.Set("customer", model.Ref(id))
	if d.ext != "" {
		draft.Set("external_id", model.Text(d.ext))
	}
	entry := first.entry
	p, err := pl.find(pl.lay.extra, entry)
	if err != nil {
		return nil, err
	}
	return pl.compare(p, draft, entry)
}
