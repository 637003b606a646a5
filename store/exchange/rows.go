package exchange

import (
	"errors"
	"fmt"
	"slices"

	"opsdeck/model"
	"opsdeck/store/exchange/tabular"
)

// ourTable plans a table that this program wrote: an export of records or a hand-over.
func (pl *planner) ourTable(t *rawTable) (ours bool, err error) {
	if pl.o.States {
		pl.o.Kind = model.Item
	}
	k, err := pl.ownKind(t)
	switch {
	case err != nil:
		return false, err
	case k != model.KNone && pl.o.States:
		return true, &UsageError{File: pl.plan.File, Flag: "--states", Err: errOwnStates}
	case k != model.KNone:
		return true, pl.ownTable(t, k)
	case isHandOver(t.header):
		return true, pl.handOverTable(t)
	}
	return false, nil
}

// planRows plans the rows of a table whose columns are known.
func (pl *planner) planRows(t *rawTable) error {
	p, lay := pl.plan, pl.lay
	p.Verdicts = slices.Grow(p.Verdicts, len(t.rows))
	for i, row := range t.rows {
		if i%1024 == 0 {
			if err := pl.ctx.Err(); err != nil {
				return err
			}
		}
		t.rows[i] = tabular.Row{}
		if t.left[i] {
			if lay.ordered() {
				pl.ordered = append(pl.ordered, nil)
			}
			continue
		}
		if err := pl.judged(row, pl.place); err != nil {
			return err
		}
	}
	p.Warnings = append(p.Warnings, lay.strangers()...)
	return nil
}

// judged plans one row and adds its verdict. An error is about the book, not the row.
func (pl *planner) judged(row tabular.Row, place func(tabular.Row, *Verdict) error) error {
	v := Verdict{Line: row.Line, Table: pl.table.name, Kind: pl.lay.kind}
	if pl.lay.ordered() {
		pl.ordered = append(pl.ordered, nil)
	}
	err := place(row, &v)
	var refusal *rowError
	if errors.As(err, &refusal) {
		v.Result, v.Reason, v.Column, v.Changes, err = refusal.result, refusal.Error(), refusal.column, nil, nil
		pl.plan.refused.add(pl.table, row, refusal.Error())
	}
	if row.Problem != nil && v.Reason == "" {
		v.Reason = row.Problem.Error()
	}
	pl.plan.Verdicts = append(pl.plan.Verdicts, v)
	return err
}

// rowError refuses a row.
type rowError struct {
	result Result
	column string
	err    error
}

func (e *rowError) Error() string { return e.err.Error() }
func (e *rowError) Unwrap() error { return e.err }

func fail(column, format string, args ...any) error {
	return &rowError{Failed, column, fmt.Errorf(format, args...)}
}

// failField refuses a row for a field that does not fit, and names the column that it came from.
func (l *layout) failField(part int, err error) error {
	var field *model.FieldError
	column := ""
	if errors.As(err, &field) {
		for i := range l.columns {
			if c := &l.columns[i]; c.part == part && c.field != nil && c.to == field.Field {
				column = c.name
				break
			}
		}
	}
	return &rowError{Failed, column, err}
}
