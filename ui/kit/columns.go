package kit

import "math"

// ColumnChart draws values as columns that stand beside each other, one cell wide each, in h rows; the
// first row is the top. Values go from 0 to limit; what is above fills its column, any value above zero
// shows at least a trace, one that is not a number leaves its column empty.
func ColumnChart(values []float64, limit float64, h int, th *Theme) []string {
	rows := make([]string, max(0, h))
	steps := len(th.Sym.Spark)
	for _, v := range values {
		n := int(math.Round(share(v, limit) * float64(h*steps)))
		if n == 0 && share(v, limit) > 0 {
			n = 1
		}
		for i := range rows {
			switch part := n - (h-1-i)*steps; {
			case part <= 0:
				rows[i] += th.Sym.Blank
			default:
				rows[i] += th.Sym.Spark[min(part, steps)-1]
			}
		}
	}
	return rows
}
