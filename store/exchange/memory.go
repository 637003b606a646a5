package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
)

// rowsMark begins the signature of the mapping record that remembers the rows of a source's last
// ordered file. Each such file leaves a record of its own, so that taking back an older import does
// not touch what a newer one remembers.
const rowsMark = "rows of "

// lastRows gives the records of the rows of a source's last ordered file.
func (pl *planner) lastRows(source string) ([]model.ID, error) {
	if rows, ok := pl.lists[source]; ok {
		return rows, nil
	}
	text := ""
	err := pl.book.Each(model.Mapping, func(r *model.Record) bool {
		if r.Get("signature").Str() == rowsMark+source {
			text = r.Get("toml").Str()
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	var rows []model.ID
	for line := range strings.Lines(text) {
		if member, ok := strings.CutPrefix(line, "\t"); ok {
			// A row that was refused keeps its place with an empty text.
			id, _ := model.ParseID(strings.Trim(member, "\",\n"))
			rows = append(rows, id)
		}
	}
	if pl.lists == nil {
		pl.lists = map[string][]model.ID{}
	}
	pl.lists[source] = rows
	return rows, nil
}

// ordered tells whether other files refer to the layout's records by the place of their row.
func (l *layout) ordered() bool { return l.preset != nil && l.preset.ordered }

// keepRows remembers the rows of an ordered file. A file that changes nothing makes no batch, so it
// does not become the source's last one either.
func (pl *planner) keepRows() error {
	if !slices.ContainsFunc(pl.order, (*planned).changes) {
		return nil
	}
	if pl.named || !slices.ContainsFunc(pl.ordered, func(p *planned) bool { return p != nil && !p.dropped }) {
		return nil
	}
	rows := make([]model.ID, len(pl.ordered))
	for i, p := range pl.ordered {
		if p != nil && !p.dropped {
			rows[i] = p.id
		}
	}
	last, err := pl.lastRows(pl.lay.source)
	if err != nil || slices.Equal(rows, last) {
		return err
	}
	var b strings.Builder
	b.WriteString("rows = [\n")
	for _, id := range rows {
		fmt.Fprintf(&b, "\t%q,\n", id.String())
	}
	b.WriteString("]\n")
	pl.keep(nil, rowsMark+pl.lay.source, b.String())
	return nil
}

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
	id := model.ID{}
	if first.p != nil {
		id = first.p.id
	} else {
		id = first.after.ID
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
	return pl.compare(p, draft, entry, d.once...)
}
