package kit

import (
	"math"
	"strings"
)

// Sparkline draws values as a row of at most w small columns, the last value at the right. With more
// values than cells each cell is the mean of its share. A value that is not a number (NaN, infinite)
// is a gap. The scale goes from the smallest value to the largest: it shows a course, not a size.
func Sparkline(values []float64, w int, th *Theme) string {
	values = shrinkTo(values, w)
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	scale := 1.0
	if math.IsInf(high-low, 0) {
		scale = 0.5 // Two huge values of opposite signs are further apart than a number can say.
	}
	blocks := th.Sym.Spark
	var b strings.Builder
	for _, v := range values {
		switch {
		case !finite(v):
			b.WriteString(th.Sym.Blank)
		case high == low && high <= 0: // Nothing at all looks like nothing.
			b.WriteString(blocks[0])
		case high == low:
			b.WriteString(blocks[len(blocks)/2-1])
		default:
			share := (v*scale - low*scale) / (high*scale - low*scale)
			b.WriteString(blocks[min(int(share*float64(len(blocks))), len(blocks)-1)])
		}
	}
	return b.String()
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// shrinkTo returns at most w values; each is the mean of the finite values in its share.
func shrinkTo(values []float64, w int) []float64 {
	n := len(values)
	if w <= 0 {
		return nil
	}
	if n <= w {
		return values
	}
	out := make([]float64, w)
	for i := range out {
		mean, count := 0.0, 0.0
		for _, v := range values[i*n/w : (i+1)*n/w] {
			if finite(v) {
				count++
				mean += v/count - mean/count
			}
		}
		if out[i] = mean; count == 0 {
			out[i] = math.NaN()
		}
	}
	return out
}

// Bar draws value on a scale from 0 to limit in exactly w cells. A value above the limit fills the
// bar, one below zero or not a number leaves it empty; any value above zero shows at least a trace.
func Bar(value, limit float64, w int, th *Theme) string {
	if w <= 0 {
		return ""
	}
	steps := len(th.Sym.Bars)
	n := int(math.Round(share(value, limit) * float64(w*steps)))
	if n == 0 && share(value, limit) > 0 {
		n = 1
	}
	full, part := n/steps, n%steps
	text := strings.Repeat(th.Sym.BarFull, full)
	if part > 0 {
		text += th.Sym.Bars[part-1]
		full++
	}
	return text + strings.Repeat(th.Sym.Blank, w-full)
}

// share returns value/limit within 0..1; 0 when that has no meaning.
func share(value, limit float64) float64 {
	if !finite(value) || !finite(limit) || limit <= 0 || value <= 0 {
		return 0
	}
	return min(value/limit, 1)
}

// Slice is one part of a stacked bar.
type Slice struct {
	Value float64
	Token Token
}

// StackedBar draws parts of a whole side by side in exactly w cells, each with its token and its own
// shading. Parts below zero or not numbers count as nothing; a part above zero keeps one cell as long
// as there are cells enough.
func StackedBar(parts []Slice, w int, th *Theme) Spans {
	if w <= 0 {
		return nil
	}
	// Scaling by the largest part first keeps the sum of huge values finite.
	largest, total := 0.0, 0.0
	for _, p := range parts {
		if finite(p.Value) {
			largest = max(largest, p.Value)
		}
	}
	for _, p := range parts {
		total += share(p.Value, largest)
	}
	var out Spans
	sum, used := 0.0, 0
	shades := th.Sym.Shade[1:]
	for i, p := range parts {
		v := share(p.Value, largest)
		if v == 0 {
			continue
		}
		sum += v
		n := int(math.Round(sum/total*float64(w))) - used
		if n = min(max(n, 1), w-used); n == 0 {
			continue
		}
		shade := shades[len(shades)-1-i%len(shades)]
		out = append(out, Span{Text: strings.Repeat(shade, n), Token: p.Token})
		used += n
	}
	if used < w {
		out = append(out, Span{Text: strings.Repeat(th.Sym.Blank, w-used), Token: Muted})
	}
	return out
}

// HeatCell draws text in exactly w cells on a background of level 0 to 1. Without colours a shading
// sign before the text says the level. A level that is not a number has no background.
func HeatCell(text string, level float64, w int, th *Theme) Span {
	if math.IsNaN(level) {
		return Span{Text: Center(Clean(text), w), Token: Muted}
	}
	step := min(int(min(max(level, 0), 1)*5), 4)
	if th.Plain && w > 1 {
		return Span{Text: th.Sym.Shade[step] + PadLeft(Clean(text), w-1), Token: Heat1 + Token(step)}
	}
	return Span{Text: PadLeft(Clean(text), w), Token: Heat1 + Token(step)}
}
