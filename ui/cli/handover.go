package cli

import (
	"cmp"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// handOver is what the files for engineers are called on the command line.
const handOver = "hand-over"

// readHandOver settles the format: the one asked for, else that of the file's ending.
func (e *exporting) readHandOver(format string, asked bool) error {
	byEnding := map[string]string{".json": exchange.HandOverGitHub, ".csv": exchange.HandOverJira}
	e.format = exchange.HandOverMarkdown
	if asked {
		e.format = format
	} else if f, ok := byEnding[filepath.Ext(e.out)]; ok {
		e.format = f
	}
	all := []string{exchange.HandOverMarkdown, exchange.HandOverGitHub, exchange.HandOverJira}
	switch {
	case !slices.Contains(all, e.format):
		return usagef("a hand-over is written as %s, not as %s", listed(all), e.format)
	case e.redact:
		return usagef("a hand-over that is redacted could not be worked with")
	}
	return nil
}

// exportHandOver writes items for engineers. What was not handed over does not go out.
func (a *app) exportHandOver(b *store.Book, e exporting) error {
	r, err := newRecords(b, model.Item)
	if err != nil {
		return err
	}
	s, err := subjectByName("items")
	if err != nil {
		return err
	}
	rows, err := a.selectRows(r, s, cmp.Or(e.where, `state:"`+strings.Join(model.WithEngineers(), `","`)+`"`), "severity,sla_due")
	if err != nil {
		return err
	}
	var items []exchange.HandedOver
	for _, row := range rows {
		rec, err := b.Get(model.Item, r.table.ID(row))
		if err != nil {
			return err
		}
		if refused := model.MayHandOut(rec); refused != nil {
			return refused
		}
		items = append(items, exchange.HandedOverOf(r.snap, rec))
	}
	write := func(w io.Writer) (string, error) {
		return counted(len(items), model.Item), exchange.WriteHandOver(w, e.format, a.day(), items)
	}
	return a.deliver(e.out, write)
}
