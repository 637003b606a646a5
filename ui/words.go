package ui

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/lang"
)

// amount writes ten-thousandths as whole major units with thousands apart; small amounts keep their
// cents, because rounding 0.40 to 0 would lie.
func amount(l *lang.Lang, units int64) string {
	whole := (units + sign(units)*model.MoneyScale/2) / model.MoneyScale
	if whole == 0 && units != 0 {
		return l.Number(model.FormatMoney(units))
	}
	return l.Int(whole)
}

func sign(n int64) int64 {
	if n < 0 {
		return -1
	}
	return 1
}

// number writes a count or a measure with at most one decimal.
func number(l *lang.Lang, f float64) string {
	if f < 0 && f > -0.05 {
		f = 0 // and not "-0.0"
	}
	if f == float64(int64(f)) {
		return l.Int(int64(f))
	}
	return l.Number(strconv.FormatFloat(f, 'f', 1, 64))
}

// oneDecimal writes a score or a rate, always with its decimal, so that a column of them lines up.
func oneDecimal(l *lang.Lang, f float64) string { return l.Decimal(f, 1) }

// sums writes totals of several currencies side by side, the largest first. A currency whose total is
// nothing is left out, unless all are.
func sums(l *lang.Lang, all []table.Sum, company string) string {
	all = slices.DeleteFunc(slices.Clone(all), func(s table.Sum) bool { return s.Units == 0 })
	if len(all) == 0 {
		return "0 " + company
	}
	parts := make([]string, 0, len(all))
	for i, s := range all {
		if i == 4 {
			parts = append(parts, l.T("%d more", len(all)-i))
			break
		}
		cur := s.Currency
		if cur == "" {
			cur = company
		}
		parts = append(parts, amount(l, s.Units)+" "+cur)
	}
	return strings.Join(parts, " + ")
}

// plural writes "1 customer" or "37 customers".
func plural(l *lang.Lang, n int, k model.Kind) string {
	s := model.SchemaOf(k)
	return l.N(n, "%s "+s.Name, "%s "+s.Plural, l.Int(int64(n)))
}

// ago writes how long ago an instant was.
func ago(l *lang.Lang, micros int64, now time.Time) string {
	d := now.Sub(time.UnixMicro(micros))
	switch {
	case d < time.Minute:
		return l.T("just now")
	case d < time.Hour:
		return l.T("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return l.T("%d h ago", int(d.Hours()))
	}
	return l.T("%d days ago", int(d.Hours()/24))
}

// plainAmount is an amount as the model writes it; what stands in a text has its currency behind it.
var (
	plainAmount  = regexp.MustCompile(`^-?[0-9]{4,}\.[0-9]{2,4}( [A-Z]{3})?$`)
	amountInText = regexp.MustCompile(`-?\b[0-9]{4,}\.[0-9]{2,4} [A-Z]{3}\b`)
)

// grouped writes the amounts in a text as the reader does: 326,000.00 EUR.
func grouped(l *lang.Lang, text string) string {
	write := func(amount string) string {
		number, currency, ok := strings.Cut(amount, " ")
		if !ok {
			return l.Number(number)
		}
		return l.Number(number) + " " + currency
	}
	if plainAmount.MatchString(text) {
		return write(text)
	}
	return amountInText.ReplaceAllStringFunc(text, write)
}
