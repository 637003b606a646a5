package exchange

import (
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// handedColumns are the columns of a hand-over file that are read back, by their folded names; what else
// stands in it is for the engineers.
func handedColumns() map[string]string {
	return map[string]string{
		"customfieldopsdeckitem": "item", "opsdeckitem": "item",
		"customfieldopsdeckwrittenas": "written as", "opsdeckwrittenas": "written as",
		"customfieldopsdeckstatus": "written", "opsdeckstatus": "written",
		"issuekey": "key", "opsdeckkey": "key", "key": "key",
		"status": "status", "state": "status",
		"resolution": "resolution", "statereason": "resolution",
		"fixversions": "version", "milestonetitle": "version", "fixedin": "version",
	}
}

// isHandOver tells a table that WriteHandOver wrote, whatever has been added to it since.
func isHandOver(header []string) bool {
	has := map[string]bool{}
	for _, h := range header {
		has[handedColumns()[same.Fold(h)]] = true
	}
	return has["item"] && has["written as"] && has["status"]
}

// handOverTable plans what has become of the items in a hand-over file. Only what was changed in the file
// since it was written counts; what the book has changed meanwhile as well is a conflict.
func (pl *planner) handOverTable(t *rawTable) error {
	p := pl.plan
	p.Kind, p.Source, p.Preset, p.Signature = model.Item, "hand-over", "hand-over", Signature(t.header)
	pl.table, pl.lay = t, &layout{kind: model.Item, source: p.Source, header: t.header}
	at := map[string]int{}
	for i, h := range t.header {
		name := handedColumns()[same.Fold(h)]
		shown := Column{Name: h, From: "preset", Samples: t.samples[i]}
		if _, twice := at[name]; name != "" && !twice {
			at[name] = i
		}
		if to := map[string]string{"status": "state", "resolution": "resolution", "version": "released_in", "key": "external_id"}[name]; to != "" {
			shown.To = []string{to}
		}
		p.Columns = append(p.Columns, shown)
	}
	for i, row := range t.rows {
		if t.left[i] {
			continue
		}
		if err := pl.judged(row, func(row tabular.Row, v *Verdict) error { return pl.handedBack(row, at, v) }); err != nil {
			return err
		}
	}
	return nil
}

// handedBack plans one item of a hand-over file.
func (pl *planner) handedBack(row tabular.Row, at map[string]int, v *Verdict) error {
	cell := func(name string) string {
		i, ok := at[name]
		if !ok || i >= len(row.Cells) {
			return ""
		}
		return strings.TrimSpace(tabular.Original(pl.table.format, row.Cells[i]))
	}
	id, err := model.ParseID(cell("item"))
	if err != nil {
		return fail("item", "%w", err)
	}
	p, err := pl.byID(model.Item, id)
	if err != nil {
		return err
	}
	if p == nil {
		return fail("item", "there is no item %s any more", id)
	}
	now, draft := p.now(), model.NewRecord(model.Item, id)
	put := func(field, text string) {
		if text != "" && text != now.Get(field).Str() {
			draft.Set(field, model.Text(text))
		}
	}
	put("resolution", cell("resolution"))
	put("released_in", cell("version"))
	put("external_id", cell("key"))
	status, written := cell("status"), cell("written")
	if written == "" {
		written = cell("written as")
	}
	if status != "" && same.Fold(status) != same.Fold(written) {
		to, here := trackerState(status, cell("resolution"), now), model.WorkflowState(now)
		if here != cell("written as") && to != here {
			return &rowError{Conflict, "status", fmt.Errorf("the file says %q, and meanwhile the item has gone from %s to %s here", status, cell("written as"), here)}
		}
		if to != here {
			draft.Set("state", model.Pick(to))
			draft.Set("source_state", model.Text(status))
		}
	}
	return pl.placeByID(draft, v)
}

// trackerState is the state of an item that engineers have which their word for it means.
func trackerState(status, resolution string, now *model.Record) string {
	state := ""
	for _, s := range model.ItemStates() {
		if same.Fold(s) == same.Fold(status) {
			state = s
		}
	}
	if state == "" {
		state = itemState(status, "", resolution)
	}
	switch {
	case stage(state) < stage("handed over"):
		return "handed over" // Their beginning is after ours.
	case state == "closed" && !now.Get("customers").IsZero():
		if model.WorkflowState(now) == "released" {
			return "released" // Closed is it when everybody has been told.
		}
		return "fixed"
	}
	return state
}

// markedItem is the id of the item that a tracker's description was made from, where it says so.
func markedItem(text string) (model.ID, bool) {
	_, rest, ok := strings.Cut(text, handedMark)
	if !ok {
		return model.ID{}, false
	}
	word, _, _ := strings.Cut(rest, "\n")
	id, err := model.ParseID(strings.TrimSpace(word))
	return id, err == nil
}

// handedEntry begins the key by which an item is known that was made here and handed over: a tracker tells
// how far it is, not what the customer said.
const handedEntry = "opsdeck hand-over"

func isHanded(r *model.Record) bool {
	return slices.ContainsFunc(r.Get("keys").Items(), func(e string) bool { return EntrySource(e) == handedEntry })
}

// toldByTracker are the fields of an item handed over that its tracker decides; others it only fills.
func toldByTracker() []string {
	return []string{"state", "source_state", "resolution", "resolved", "reason", "released_in"}
}

// fromTracker is a row of a tracker about an item that it was handed: its beginning is after ours, so that what
// has not been begun there is with the engineers here.
func fromTracker(draft, now *model.Record) *model.Record {
	to := draft.Get("state").Str()
	if to == "" || stage(to) >= stage("handed over") || stage(model.WorkflowState(now)) < stage("handed over") {
		return draft
	}
	draft = draft.Clone()
	draft.Set("state", model.Pick("handed over"))
	return draft
}

// handOverLines reads the Markdown of a hand-over file as a table.
func handOverLines(name, text string) *rawTable {
	labels := []string{"opsdeck-item", "Written as", "Status", "Resolution", "Fixed in", "Key"}
	t := &rawTable{
		name: name, format: tabular.FormatMarkdown, header: []string{"opsdeck item", "opsdeck written as", "Status", "Resolution", "Fixed in", "Key"},
		left: map[int]bool{},
	}
	t.samples = make([][]string, len(t.header))
	for i, line := range strings.Split(text, "\n") {
		label, value, ok := strings.Cut(strings.TrimRight(line, "\r"), ":")
		at := slices.Index(labels, label)
		switch {
		case !ok || at < 0:
		case at == 0:
			t.rows = append(t.rows, tabular.Row{Line: i + 1, Cells: make([]string, len(labels))})
			fallthrough
		case len(t.rows) > 0:
			// Only the first of each: what follows below may be anything.
			if cells := t.rows[len(t.rows)-1].Cells; cells[at] == "" {
				cells[at] = strings.TrimSpace(value)
			}
		}
	}
	return t
}

// planHandOver plans the Markdown of a hand-over file.
func (pl *planner) planHandOver(text string) (*Plan, error) {
	t := handOverLines(pl.plan.File, text)
	pl.plan.Tables = append(pl.plan.Tables, Table{Name: t.name, Format: t.format, Encoding: "UTF-8", Rows: len(t.rows)})
	if err := pl.handOverTable(t); err != nil {
		return nil, err
	}
	return pl.finish()
}

// ownsWords keeps of a tracker's row about an item that was made here what the tracker decides, and what
// the book does not know yet. Its own key is taken where the item had none of a tracker.
func ownsWords(draft, now *model.Record) *model.Record {
	out := model.NewRecord(model.Item, draft.ID)
	draft = fromTracker(draft, now)
	for _, fv := range draft.Fields {
		if slices.Contains(toldByTracker(), fv.Name) || now.Get(fv.Name).IsZero() && fv.Name != "words" && fv.Name != "customers" {
			out.Set(fv.Name, fv.Value)
		}
	}
	return out
}

// handed notes of an item that was made here that a tracker has it, and refuses what the tracker says
// where the people of the queue have ended it otherwise.
func handed(ch *delta, now *model.Record) error {
	if ch.after == nil {
		return nil
	}
	if err := contradicted(ch); err != nil {
		return err
	}
	if !isHanded(ch.after) {
		ch.after.Set("keys", model.List(append(ch.after.Get("keys").Items(), Entry(handedEntry, now.ID.String()))...))
	}
	return nil
}

// contradicted is why a tracker cannot be followed: the people of the queue have ended the item otherwise.
func contradicted(ch *delta) error {
	for _, c := range ch.changes {
		if c.Field == "state" && slices.Contains(endedHere(), c.From.Str()) {
			return contradiction(c.To.Str(), c.From.Str())
		}
	}
	return nil
}

// contradicts says the same of what a tracker has written since it was asked last.
func contradicts(draft, now *model.Record) error {
	to, from := draft.Get("state").Str(), model.WorkflowState(now)
	news := to != "" && to != from && (draft.Get("source_state") != now.Get("source_state") || draft.Get("resolution") != now.Get("resolution"))
	if news && (slices.Contains(endedHere(), from) || from == "closed" && stage(to) < stage("fixed")) {
		return contradiction(to, from)
	}
	return nil
}

// endedHere are the states in which the people of the queue have ended an item without the engineers.
func endedHere() []string { return []string{"duplicate", "declined", "answered"} }

func contradiction(to, from string) error {
	return &rowError{Conflict, "", fmt.Errorf("the tracker says %s, and the item is %s here", to, from)}
}
