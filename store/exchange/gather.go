package exchange

import (
	"opsdeck/store/exchange/tabular"
)

type gathered struct{}

func (pl *planner) gather(row tabular.Row, d *rowData, v *Verdict) error { return nil }
