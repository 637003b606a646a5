package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/table"
)

// amount writes ten-thousandths as whole major units with thousands apart; small amounts keep their
// cents, because rounding 0.40 to 0 would lie.
func amount(units int64) string {
	whole := (units + sign(units)*model.MoneyScale/2) / model.MoneyScale
	if whole == 0 && units != 0 {
		return model.FormatMoney(units)
	}
	return thousands(whole)
}

func sign(n int64) int64 {
	if n < 0 {
		return -1
	}
	return 1
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	var b strings.Builder
	if neg {
		b.WriteByte('-')
	}
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// number writes a count or a measure with at most one decimal.
func number(f float64) string {
	if f == float64(int64(f)) {
		return thousands(int64(f))
	}
	return strconv.FormatFloat(f, 'f', 1, 64)
}

// oneDecimal writes a score or a rate, always with its decimal, so that a column of them lines up.
func oneDecimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// sums writes totals of several currencies side by side, the largest first. A currency whose total is
// nothing is left out, unless all are.
func sums(all []table.Sum, company string) string {
	all = slices.DeleteFunc(slices.Clone(all), func(s table.Sum) bool { return s.Units == 0 })
	if len(all) == 0 {
		return "0 " + company
	}
	parts := make([]string, 0, len(all))
	for i, s := range all {
		if i == 4 {
			parts = append(parts, fmt.Sprintf("%d more", len(all)-i))
			break
		}
		cur := s.Currency
		if cur == "" {
			cur = company
		}
		parts = append(parts, amount(s.Units)+" "+cur)
	}
	return strings.Join(parts, " + ")
}

// plural writes "1 customer" or "37 customers".
func plural(n int, k model.Kind) string {
	s := model.SchemaOf(k)
	if n == 1 {
		return "1 " + s.Name
	}
	return thousands(int64(n)) + " " + s.Plural
}

// ago writes how long ago an instant was.
func ago(micros int64, now time.Time) string {
	d := now.Sub(time.UnixMicro(micros))
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	return fmt.Sprintf("%d days ago", int(d.Hours()/24))
}
