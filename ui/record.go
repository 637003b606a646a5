package ui

import (
	"strings"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// showRecord shows a whole record to read: what is stored, then what is computed. Opened from a list, n and
// p go on through it.
func (a *App) showRecord(r *model.Record) {
	var lines []kit.Spans
	put := func(label, text string) {
		for line := range strings.SplitSeq(text, "\n") {
			head := kit.Span{Text: kit.PadRight(kit.Truncate(label, labelWidth), labelWidth+2), Token: kit.Muted}
			lines = append(lines, hanging(kit.Spans{head}, kit.Span{Text: line}, a.width)...)
			label = ""
		}
	}
	for _, fv := range inSchemaOrder(r) {
		label := fv.Name
		if f, ok := model.SchemaOf(r.Kind).Field(fv.Name); ok {
			label = a.lang.T(f.Label)
		}
		text := kit.CleanLines(fv.Value.Format())
		if len(fv.Value.IDs()) > 0 {
			text = valueWords(a.lang, a.snap, r.Kind, fv.Name, fv.Value)
		}
		put(label, text)
	}
	t := a.snap.Table(r.Kind)
	if row, ok := t.Row(r.ID); ok {
		for i := range t.Schema.Fields {
			if f := &t.Schema.Fields[i]; f.Num == 0 && !f.Has(model.FHidden) {
				if text := cell(a.lang, a.snap, r.Kind, row, column{field: f.Name}).Text; text != "" {
					put(a.lang.T(f.Label), text)
				}
			}
		}
	}
	p := kit.NewPager(a.lang.T(r.Kind.String())+" "+kit.Clean(r.Title()), lines)
	a.recordKeys(p, r)
	a.stack.Push(p)
}

// recordKeys lets a record that is read be edited and explained, and lets go on to its neighbours where it is the
// one under the cursor of a list.
func (a *App) recordKeys(p *kit.Pager, r *model.Record) {
	at := recordAnswer{kind: r.Kind, id: r.ID}
	p.Answer("e", a.lang.T("edit"), at.as(ActEdit))
	p.Answer("w", a.lang.T("why?"), at.as(ActWhy))
	p.Answer("L", a.lang.T("record's log"), at.as(ActRecordLog))
	if r.Kind == model.Item {
		p.Answer("O", a.lang.T("hand over"), at.as(ActHandOut))
	}
	if k, row, ok := a.pane().current(); ok && a.page == nil && k == r.Kind && a.snap.Table(k).ID(row) == r.ID {
		p.Answer("n", a.lang.T("next"), at.as(ActNextRecord))
		p.Answer("p", a.lang.T("previous"), at.as(ActPrevRecord))
	}
}

// recordAnswer is what a key in a record that is read asks for.
type recordAnswer struct {
	kind model.Kind
	id   model.ID
	act  Action
}

func (r recordAnswer) as(act Action) recordAnswer { r.act = act; return r }

func (r recordAnswer) answered(a *App) {
	row, ok := a.snap.Table(r.kind).Row(r.id)
	switch {
	case !ok:
		a.say(kit.Warn, "It has been removed in the meantime.")
	case r.act == ActWhy:
		a.after = a.readWhy(r.kind, r.id, telling(r.kind))
	case r.act == ActRecordLog:
		a.after = a.readRecordLog(r.kind, r.id, a.snap.Title(r.kind, row))
	case r.act == ActNextRecord:
		a.nextOfList(1, r)
	case r.act == ActPrevRecord:
		a.nextOfList(-1, r)
	case a.readOnly:
		a.say(kit.Warn, a.lang.T("edit")+": "+a.lang.Say("reading only (ctrl+o switches)"))
	case r.act == ActHandOut:
		a.handOver(r.id, row)
	default:
		a.after = a.readRecord(r.kind, r.id, purposeEdit)
	}
}

// nextOfList opens the next record of the list, or stays with the last one.
func (a *App) nextOfList(d int, from recordAnswer) {
	id := from.id
	a.stepList(d, func(k model.Kind, row int32) bool {
		if k != from.kind {
			return false
		}
		id = a.snap.Table(k).ID(row)
		return true
	})
	a.after = a.readRecord(from.kind, id, purposeShow)
}

// stepList moves the cursor of the list to the next record that is wanted; at the end of the list it says so.
func (a *App) stepList(d int, wanted func(k model.Kind, row int32) bool) {
	g := a.pane().grid()
	for at := g.Row(); ; at = g.Row() {
		g.Move(d)
		if g.Row() == at {
			a.say(kit.Muted, "That was the last one of the list.")
			return
		}
		if k, row, ok := a.pane().current(); ok && wanted(k, row) {
			return
		}
	}
}

// telling is the field whose reasons tell most of a record.
func telling(k model.Kind) string {
	switch k {
	case model.Customer:
		return "tier"
	case model.Contract, model.Invoice:
		return "state"
	case model.Item:
		return "severity"
	case model.Contact:
		return "last_touch"
	}
	if s := model.SchemaOf(k); s != nil {
		return s.Title
	}
	return ""
}

// inSchemaOrder lists a record's fields as their table has them, then the company's own.
func inSchemaOrder(r *model.Record) []model.FieldValue {
	var out []model.FieldValue
	for _, f := range model.SchemaOf(r.Kind).Stored() {
		if v := r.Get(f.Name); !v.IsZero() && !f.Has(model.FHidden) {
			out = append(out, model.FieldValue{Name: f.Name, Value: v})
		}
	}
	for _, fv := range r.Fields {
		if strings.HasPrefix(fv.Name, model.CustomPrefix) {
			out = append(out, fv)
		}
	}
	return out
}
