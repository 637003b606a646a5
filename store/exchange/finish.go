package exchange

import (
	"opsdeck/model"
)

// finish completes what a row says with what follows from several of its cells.
func (l *layout) finish(d *rowData) error {
	main := d.drafts[partMain]
	if d.ext != "" {
		if f, ok := model.SchemaOf(l.kind).Field("external_id"); ok && !f.IsCustom() {
			main.Set("external_id", model.Text(d.ext))
		}
	}
	if d.money != "" && main.Get("currency").IsZero() {
		if _, ok := model.SchemaOf(l.kind).Index("currency"); ok {
			main.Set("currency", model.Text(d.money))
		}
	}
	if l.kind == model.Item && main.Get("summary").IsZero() && d.ext != "" {
		main.Set("summary", model.Text(d.ext))
	}
	return nil
}
