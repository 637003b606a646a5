package tabular

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ErrNumber is wrapped by every refusal to read a number.
var ErrNumber = errors.New("not a number")

// Decimal is an exact decimal number: Unscaled divided by ten to the power of Scale. Money never
// becomes a float here.
type Decimal struct {
	Unscaled int64
	// Scale is the number of digits behind the point, 0 to 18. Trailing zeros are kept as written.
	Scale int
}

// maxScale is the most digits behind the point: more do not fit beside any digit before it.
const maxScale = 18

// String writes the number with a point and no grouping.
func (d Decimal) String() string {
	if d.Scale <= 0 {
		return strconv.FormatInt(d.Unscaled, 10)
	}
	sign := ""
	digits := strconv.FormatInt(d.Unscaled, 10)
	if d.Unscaled < 0 {
		sign, digits = "-", digits[1:]
	}
	if missing := d.Scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	cut := len(digits) - d.Scale
	return sign + digits[:cut] + "." + digits[cut:]
}

// Rescale returns the same number with another Scale. It is an error when digits would be lost or
// the number no longer fits: rounding is a decision for the caller.
func (d Decimal) Rescale(scale int) (Decimal, error) {
	if scale < 0 || scale > maxScale {
		return Decimal{}, fmt.Errorf("%w: %d digits behind the point cannot be kept", ErrNumber, scale)
	}
	u := d.Unscaled
	for s := d.Scale; s < scale; s++ {
		if u > math.MaxInt64/10 || u < math.MinInt64/10 {
			return Decimal{}, fmt.Errorf("%w: %s is too large", ErrNumber, d)
		}
		u *= 10
	}
	for s := d.Scale; s > scale; s-- {
		if u%10 != 0 {
			return Decimal{}, fmt.Errorf("%w: %s has more than %d digits behind the point", ErrNumber, d, scale)
		}
		u /= 10
	}
	return Decimal{u, scale}, nil
}

// NumberStyle is which sign separates the fraction; the other one groups thousands.
type NumberStyle uint8

// The number styles. UnknownNumbers accepts what reads the same either way.
const (
	UnknownNumbers NumberStyle = iota
	DecimalPoint
	DecimalComma
)

// String returns the sign as the --decimal flag takes it, empty for UnknownNumbers.
func (n NumberStyle) String() string { return [...]string{"", ".", ","}[n%3] }

// NumberStyleOf reads the value of the --decimal flag.
func NumberStyleOf(flag string) (NumberStyle, error) {
	switch flag {
	case "":
		return UnknownNumbers, nil
	case ".":
		return DecimalPoint, nil
	case ",":
		return DecimalComma, nil
	}
	return UnknownNumbers, fmt.Errorf("--decimal is . or , and not %q", flag)
}

// number is a number taken apart but not yet decided: its separators may mean either thing.
type number struct {
	body     string // digits, points, commas and group signs
	exp      int
	hasExp   bool
	negative bool
	percent  bool
	currency string
}

// ParseNumber reads a number exactly: with a currency before or behind it, grouped digits, a sign
// on either side, parentheses for negative amounts, an exponent, a percent sign (12% is 0.12) and
// full-width digits. With UnknownNumbers a text such as 1,234 is refused because it has two
// readings.
func ParseNumber(s string, style NumberStyle) (Decimal, error) {
	n, ok := lexNumber(s)
	if !ok {
		return Decimal{}, fmt.Errorf("%q is %w", clip(s), ErrNumber)
	}
	point, comma := n.fits()
	switch {
	case style == DecimalPoint && point, style == DecimalComma && comma:
	case style == UnknownNumbers && point && comma && n.differs():
		return Decimal{}, fmt.Errorf("%q: %w with one reading; say which sign is decimal (--decimal ,|.)", clip(s), ErrNumber)
	case style == UnknownNumbers && point:
		style = DecimalPoint
	case style == UnknownNumbers && comma:
		style = DecimalComma
	default:
		return Decimal{}, fmt.Errorf("%q is %w with the decimal sign %q", clip(s), ErrNumber, style)
	}
	d, err := n.value(style)
	if err != nil {
		return Decimal{}, fmt.Errorf("%q: %w", clip(s), err)
	}
	return d, nil
}

// CurrencyOf returns the currency written beside a number: an ISO code where the sign has only one
// meaning ("R$" is BRL), otherwise the sign itself ("$", "¥", "kr"), empty when there is none.
func CurrencyOf(s string) string {
	n, ok := lexNumber(s)
	if !ok {
		return ""
	}
	return n.currency
}

// longestNumber bounds what is looked at as a number.
const longestNumber = 64

func lexNumber(s string) (n number, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longestNumber {
		return n, false
	}
	s = foldSigns(s)
	// A currency has three letters at most and an exponent one. This is the quickest way out for the
	// cells of text columns.
	if digits, letters := countASCII(s); digits == 0 || letters > 4 {
		return n, false
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		n.negative = true
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	signs := 0
	if n.negative {
		signs = 1
	}
	takeSign := func(sign string, cut bool) {
		if cut {
			signs++
			n.negative = n.negative || sign == "-"
			s = strings.TrimSpace(s)
		}
	}
	cutPrefix := func(sign string) { s, ok = strings.CutPrefix(s, sign); takeSign(sign, ok) }
	cutPrefix("-")
	cutPrefix("+")
	s, n.currency = cutCurrency(s)
	cutPrefix("-")
	cutPrefix("+")
	if s, n.percent = strings.CutSuffix(s, "%"); n.percent {
		s = strings.TrimSpace(s)
	}
	s, ok = strings.CutSuffix(s, "-")
	takeSign("-", ok)
	if signs > 1 {
		return n, false
	}
	if e := strings.IndexAny(s, "eE"); e >= 0 {
		exp, err := strconv.Atoi(s[e+1:])
		if err != nil {
			return n, false
		}
		n.exp, n.hasExp, s = exp, true, s[:e]
	}
	n.body = s
	return n, strings.ContainsAny(s, "0123456789") && strings.Trim(s, "0123456789., '") == ""
}

func countASCII(s string) (digits, letters int) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case isLetter(rune(c)):
			letters++
		}
	}
	return digits, letters
}

// foldSigns maps full-width forms, special spaces, minus signs and apostrophes to ASCII.
func foldSigns(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '￥':
			return '¥'
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == '\u3000' || r == '\u00a0' || r == '\u202f' || r == '\u2009':
			return ' '
		case r == '\u2212' || r == '\u2013':
			return '-'
		case r == '\u2019':
			return '\''
		}
		return r
	}, s)
}

// currencies maps what stands beside amounts to ISO codes; signs that several countries use map to
// themselves.
var currencies = map[string]string{
	"R$": "BRL", "US$": "USD", "A$": "AUD", "C$": "CAD", "CA$": "CAD", "NT$": "TWD", "HK$": "HKD", "S$": "SGD",
	"NZ$": "NZD", "MX$": "MXN", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND",
	"฿": "THB", "₪": "ILS", "₴": "UAH", "₱": "PHP", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "元": "CNY", "RMB": "CNY",
	"円": "JPY", "원": "KRW", "$": "$", "¥": "¥", "kr": "kr", "kr.": "kr", "Rs": "Rs", "Rs.": "Rs", "Fr.": "CHF",
}

var isoCurrencies = strings.Fields(`AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR
	ISK JPY KES KRW KWD MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RUB SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR`)

// cutCurrency takes a known currency off either end.
func cutCurrency(s string) (rest, currency string) {
	first := strings.IndexAny(s, "0123456789.,-+")
	last := strings.LastIndexAny(s, "0123456789.,-+)")
	if first < 0 {
		return s, ""
	}
	before, behind := strings.TrimSpace(s[:first]), strings.TrimSpace(s[last+1:])
	if before == "" && behind == "" {
		return s, ""
	}
	// A point may belong to the sign ("kr. 5"), so it is tried with it first.
	if before != "" && s[first] == '.' && currencies[before+"."] != "" {
		first++
		before += "."
	}
	if code := currencyCode(before); code != "" {
		return strings.TrimSpace(s[first:]), code
	}
	if code := currencyCode(behind); before == "" && code != "" {
		return strings.TrimSpace(s[:last+1]), code
	}
	return s, ""
}

func currencyCode(s string) string {
	if code := currencies[s]; code != "" {
		return code
	}
	if upper := strings.ToUpper(s); len(s) == 3 && slices.Contains(isoCurrencies, upper) {
		return upper
	}
	return ""
}

// fits tells with which decimal signs the digits can be read.
func (n number) fits() (point, comma bool) {
	if !strings.ContainsAny(n.body, "., '") {
		return true, true
	}
	return n.fitsWith('.', ','), n.fitsWith(',', '.')
}

func (n number) fitsWith(decimal, group byte) bool {
	whole, frac, has := strings.Cut(n.body, string(decimal))
	if strings.Trim(frac, "0123456789") != "" || (has && whole == "" && frac == "") {
		return false
	}
	sep := byte(0)
	for i := 0; i < len(whole); i++ {
		switch c := whole[i]; {
		case isDigit(c) || c == sep:
		case sep == 0 && (c == group || c == ' ' || c == '\''):
			sep = c
		default:
			return false
		}
	}
	if sep == 0 {
		return true
	}
	return !n.hasExp && isGrouped(strings.Split(whole, string(sep)))
}

// isGrouped accepts thousands, and the Indian way: twos, and three at the end.
func isGrouped(groups []string) bool {
	last := len(groups) - 1
	if len(groups[last]) != 3 || len(groups[0]) == 0 || len(groups[0]) > 3 || groups[0][0] == '0' {
		return false
	}
	inner := groups[1:last]
	all := func(size int) bool {
		return !slices.ContainsFunc(inner, func(g string) bool { return len(g) != size })
	}
	return all(3) || (all(2) && len(groups[0]) <= 2)
}

// differs tells whether the two decimal signs give two numbers, for a body that fits both.
func (n number) differs() bool { return strings.ContainsAny(n.body, ".,") }

// value computes the number in a style that fits.
func (n number) value(style NumberStyle) (Decimal, error) {
	decimal := byte('.')
	if style == DecimalComma {
		decimal = ','
	}
	var u int64
	scale, behind := 0, false
	for i := 0; i < len(n.body); i++ {
		c := n.body[i]
		if c == decimal {
			behind = true
		}
		if !isDigit(c) {
			continue
		}
		digit := int64(c - '0')
		if u > (math.MaxInt64-digit)/10 {
			return Decimal{}, fmt.Errorf("%w that fits: it has too many digits", ErrNumber)
		}
		u = u*10 + digit
		if behind {
			scale++
		}
	}
	if n.negative {
		u = -u
	}
	if n.percent {
		scale += 2
	}
	return shift(u, scale-n.exp)
}

// shift brings the scale into its range without changing the number.
func shift(u int64, scale int) (Decimal, error) {
	if u == 0 {
		return Decimal{0, min(max(scale, 0), maxScale)}, nil
	}
	for ; scale > maxScale; scale-- {
		if u%10 != 0 {
			return Decimal{}, fmt.Errorf("%w that fits: more than %d digits behind the point", ErrNumber, maxScale)
		}
		u /= 10
	}
	for ; scale < 0; scale++ {
		if u > math.MaxInt64/10 || u < math.MinInt64/10 {
			return Decimal{}, fmt.Errorf("%w that fits: it is too large", ErrNumber)
		}
		u *= 10
	}
	return Decimal{u, scale}, nil
}
