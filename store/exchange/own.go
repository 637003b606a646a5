package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
)

// A table that ExportKind wrote comes back by its id column: cells are read exactly as they were
// written, references are ids, and a row whose id the book does not know makes the record again
// under that id. Rows that somebody added without an id are new records.

// ownKind tells which kind's export a table is: its first column is id and holds ids of ours, and
// all others are stored fields of the kind. Where several kinds fit, the one whose ids the book has
// is meant.
func (pl *planner) ownKind(t *rawTable) (model.Kind, error) {
	if len(t.header) < 2 || t.header[0] != "id" || !hasOwnIDs(t) {
		return model.KNone, nil
	}
	var fit []model.Kind
	for _, k := range model.Kinds() {
		if (pl.o.Kind == model.KNone || pl.o.Kind == k) && ownHeader(k, t.header) {
			fit = append(fit, k)
		}
	}
	for _, k := range fit {
		if len(fit) == 1 {
			break
		}
		for _, row := range t.rows {
			id, err := model.ParseID(row.Cells[0])
			if err != nil {
				continue
			}
			p, err := pl.byID(k, id)
			if p != nil || err != nil {
				return k, err
			}
			break
		}
	}
	if len(fit) == 0 {
		return model.KNone, nil
	}
	return fit[0], nil
}

// hasOwnIDs tells whether the first id of a table is one that this program makes.
func hasOwnIDs(t *rawTable) bool {
	for _, row := range t.rows {
		if row.Cells[0] != "" {
			_, err := model.ParseID(row.Cells[0])
			return err == nil
		}
	}
	return false
}

func ownHeader(k model.Kind, header []string) bool {
	s := model.SchemaOf(k)
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Has(model.FRequired) && !slices.Contains(header, f.Name) {
			return false
		}
	}
	for _, h := range header[1:] {
		f, ok := s.Field(strings.TrimSuffix(h, nameSuffix))
		if _, exact := s.Field(h); !exact && !(ok && isRef(f)) {
			return false
		}
	}
	return true
}

// ownTable plans a table that this program wrote.
func (pl *planner) ownTable(t *rawTable, k model.Kind) error {
	p := pl.plan
	p.Kind, p.Source, p.Preset, p.Signature = k, "opsdeck", "opsdeck", Signature(t.header)
	pl.table, pl.own = t, map[model.ID]bool{}
	pl.lay = &layout{kind: k, source: "opsdeck", header: t.header}
	schema := model.SchemaOf(k)
	for i, h := range t.header {
		shown := Column{Name: h, From: "preset", Kind: t.infos[i].Kind.String(), Samples: t.samples[i]}
		f, ok := schema.Field(h)
		if i > 0 && ok && !f.Has(model.FDerived|model.FHidden) {
			pl.lay.columns = append(pl.lay.columns, column{index: i, name: h, to: h, field: f})
			shown.To = []string{h}
		}
		p.Columns = append(p.Columns, shown)
	}
	for _, row := range t.rows {
		if id, err := model.ParseID(row.Cells[0]); err == nil {
			pl.own[id] = true
		}
	}
	for i, row := range t.rows {
		if t.left[i] {
			continue
		}
		if err := pl.judged(row, pl.ownRow); err != nil {
			return err
		}
	}
	return nil
}

// ownRow plans one row of a table that this program wrote.
func (pl *planner) ownRow(row tabular.Row, v *Verdict) error {
	if row.Problem != nil {
		return fail("", "%w", row.Problem)
	}
	draft := model.NewRecord(pl.lay.kind, model.ID{})
	for i := range pl.lay.columns {
		c := &pl.lay.columns[i]
		text := row.Cells[c.index]
		if row.IsNull(c.index) || text == "" {
			continue
		}
		if pl.table.format == tabular.FormatDelimited || pl.table.format == tabular.FormatXLSX {
			text = tabular.Original(pl.table.format, text)
		}
		value, err := pl.ownCell(c, text)
		if err != nil {
			return pl.refuse(&rowError{Failed, c.name, err})
		}
		draft.Set(c.to, value)
	}
	if row.Cells[0] == "" {
		return pl.ownNew(row, draft, v)
	}
	id, err := model.ParseID(row.Cells[0])
	if err != nil {
		return fail("id", "%w", err)
	}
	draft.ID = id
	return pl.placeByID(draft, v)
}

// ownNew plans a row that somebody added to an exported table.
func (pl *planner) ownNew(row tabular.Row, draft *model.Record, v *Verdict) error {
	d := &rowData{key: draft.Get("external_id").Str(), party: draft.Get("customer").Format()}
	d.drafts[partMain] = draft
	entry := pl.entry(row, d)
	p, err := pl.find(draft.Kind, entry)
	if err != nil {
		return err
	}
	ch, err := pl.compare(p, draft, entry)
	if err != nil {
		return pl.refuse(err)
	}
	pl.apply(ch, v)
	return nil
}

// placeByID plans a record that is known by its id.
func (pl *planner) placeByID(draft *model.Record, v *Verdict) error {
	p, err := pl.byID(draft.Kind, draft.ID)
	if err != nil {
		return err
	}
	if err := pl.erased(draft, p); err != nil {
		return err
	}
	ch := &delta{p: p, kind: draft.Kind, draft: draft, entry: "id " + draft.ID.String(), exact: true, result: Same}
	switch {
	case p == nil:
		ch.result, ch.after = Created, draft
	case p.row >= 0:
		if first := p.said(); !slices.Equal(first, draft.Fields) {
			return &rowError{Conflict, "", fmt.Errorf("line %d has the same id with other values: %s", pl.plan.Verdicts[p.row].Line, differences(first, draft.Fields))}
		}
	default:
		if ch.merge(p.now()); len(ch.changes) > 0 {
			ch.result = Updated
		}
	}
	if ch.after != nil {
		if err := ch.after.Validate(); err != nil {
			return pl.refuse(err)
		}
	}
	pl.apply(ch, v)
	pl.loaded[draft.Kind][draft.ID] = ch.p
	return nil
}

var errNoTarget = errors.New("leads nowhere")

// ownCell reads a cell exactly. References are ids; a person may write an external id or a name.
func (pl *planner) ownCell(c *column, text string) (model.Value, error) {
	switch c.field.Type {
	case model.TText, model.TPerson, model.TLong:
		return exactText(c.field.Type, text), nil
	case model.TRef, model.TRefs:
	default:
		return c.field.Parse(text)
	}
	var ids []model.ID
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		id, err := model.ParseID(part)
		if err != nil || !pl.own[id] || c.field.Ref != pl.lay.kind {
			p, err := pl.other(c, part)
			if err != nil {
				return model.Value{}, err
			}
			if p == nil {
				return model.Value{}, fmt.Errorf("no %s is known as %q: %w", c.field.Ref, clip(part, 80), errNoTarget)
			}
			id = p.id
		}
		ids = append(ids, id)
	}
	if c.field.Type == model.TRefs {
		return model.Refs(ids...), nil
	}
	return model.Ref(ids[0]), nil
}
