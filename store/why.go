package store

import (
	"fmt"
	"strings"
	"time"

	"opsdeck/model"
)

// maxSourced is how many lines of an explanation get their source looked up.
const maxSourced = 60

// Why explains a figure of a record and tells of each input who or what put it there and when.
func (b *Book) Why(k model.Kind, id model.ID, figure string) (model.Why, error) {
	s, err := b.Snapshot()
	if err != nil {
		return model.Why{}, err
	}
	row, ok := s.Table(k).Row(id)
	if !ok {
		return model.Why{}, fmt.Errorf("%s %s: %w", k, id, ErrNotFound)
	}
	w, err := s.Why(k, row, figure)
	if err != nil {
		return w, err
	}
	now := b.o.Now()
	for i := range w.Lines {
		l := &w.Lines[i]
		if l.Field == "" || i >= maxSourced {
			continue
		}
		if err := b.sourceOf(l, now); err != nil {
			return w, err
		}
	}
	return w, nil
}

// sourceOf finds the step that last changed an input. A figure among the inputs has no step of its
// own; the record's newest step is named, as what it is computed from cannot be newer.
func (b *Book) sourceOf(l *model.WhyLine, now time.Time) error {
	entries, err := b.History(l.ID)
	if err != nil || len(entries) == 0 {
		return err
	}
	f, ok := model.SchemaOf(l.Kind).Field(l.Field)
	derived := ok && f.Has(model.FDerived)
	for _, e := range entries {
		for _, c := range e.Op.Changes {
			if c.Field == l.Field || derived {
				l.Source, l.Age = sourceWords(e.Batch), ageWords(time.UnixMicro(e.Batch.Time), now)
				return nil
			}
		}
	}
	return nil
}

func sourceWords(h model.Batch) string {
	by := h.Actor
	if h.Kind == model.Import {
		return strings.TrimSpace("import from "+h.Source) + ", " + by
	}
	return fmt.Sprintf("%s by %s", h.Kind, by)
}

// ageWords writes how long ago something was, in the largest unit that fits.
func ageWords(then, now time.Time) string {
	d := now.Sub(then)
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d d", int(d.Hours()/24))
}
