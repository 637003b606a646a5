package tabular

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// numberVectors are numbers as files have them, and what they are with each decimal sign.
var numberVectors = []struct {
	in           string
	point, comma string // expected with each sign; empty is a refusal
}{
	{"1234", "1234", "1234"},
	{"-0.0", "0.0", ""},
	{"14.00", "14.00", ""},
	{"61.233,20", "", "61233.20"},
	{"R$ 11.340.000,66", "", "11340000.66"},
	{"R$    11.340.000,66", "", "11340000.66"},
	{"1,234.50", "1234.50", ""},
	{"1,234", "1234", "1.234"},
	{"1.234", "1.234", "1234"},
	{"0.123", "0.123", ""},
	{"1.5", "1.5", ""},
	{"1234.567", "1234.567", ""},
	{"12,34,567.00", "1234567.00", ""},
	{"1.234.567", "", "1234567"},
	{"3.5E8", "350000000", ""},
	{"1e3", "1000", "1000"},
	{"25E-2", "0.25", "0.25"},
	{"(1,200.00)", "-1200.00", ""},
	{"($1,200.00)", "-1200.00", ""},
	{"-$5", "-5", "-5"},
	{"$-5", "-5", "-5"},
	{"5-", "-5", "-5"},
	{"- 5", "-5", "-5"},
	{"+5", "5", "5"},
	{"−5", "-5", "-5"},
	{"1 234,56", "", "1234.56"},
	{"1\u00a0234,56", "", "1234.56"},
	{"1\u202f234", "1234", "1234"},
	{"1'234.50", "1234.50", ""},
	{"1’234.50", "1234.50", ""},
	{"12%", "0.12", "0.12"},
	{"12.5 %", "0.125", ""},
	{"１２．５％", "0.125", ""},
	{"１，２３４．５", "1234.5", ""},
	{"USD 12", "12", "12"},
	{"12 eur", "12", "12"},
	{"€12,50", "", "12.50"},
	{"12,50 €", "", "12.50"},
	{"¥1,000", "1000", "1.000"},
	{"￥100", "100", "100"},
	{"100円", "100", "100"},
	{"kr. 5", "5", "5"},
	{".5", "0.5", ""},
	{",5", "", "0.5"},
	{"5.", "5", ""},
	{"9223372036854775807", "9223372036854775807", "9223372036854775807"},
	{"9223372036854775808", "", ""},
	{"1E19", "", ""},
	{"1E-19", "", ""},
	{"1E999999999999999999999", "", ""},
	{"", "", ""},
	{"abc", "", ""},
	{"-", "", ""},
	{"1,2,3", "", ""},
	{"1.2.3", "", ""},
	{"12 34", "", ""},
	{"--5", "", ""},
	{"(-5)", "", ""},
	{"INV 123", "", ""},
	{"(171) 555-7788", "", ""},
	{"1-2", "", ""},
	{"0x10", "", ""},
	{"NaN", "", ""},
	{"Inf", "", ""},
	{"E5", "", ""},
	{"$", "", ""},
	{"%", "", ""},
	{"030-0074321", "", ""},
	{strings.Repeat("1", 100), "", ""},
}

func TestParseNumber(t *testing.T) {
	for _, c := range numberVectors {
		for style, want := range map[NumberStyle]string{DecimalPoint: c.point, DecimalComma: c.comma} {
			d, err := ParseNumber(c.in, style)
			switch {
			case want == "" && !errors.Is(err, ErrNumber):
				t.Errorf("%q with %s is %s, %v; want a refusal", c.in, style, d, err)
			case want != "" && (err != nil || d.String() != want):
				t.Errorf("%q with %s is %s, %v; want %s", c.in, style, d, err, want)
			}
		}
		// Without a sign given the text is read if, and only if, it has one reading.
		d, err := ParseNumber(c.in, UnknownNumbers)
		switch want := c.point + c.comma; {
		case c.point != "" && c.comma != "" && c.point != c.comma || want == "":
			if err == nil {
				t.Errorf("%q is %s without a sign given", c.in, d)
			}
		case c.point == c.comma:
			want = c.point
			fallthrough
		default:
			if err != nil || d.String() != want {
				t.Errorf("%q is %s, %v; want %s", c.in, d, err, want)
			}
		}
	}
}

func TestCurrencyOf(t *testing.T) {
	for in, want := range map[string]string{"R$ 5,00": "BRL", "5 €": "EUR", "usd 5": "USD", "$5": "$", "5": "", "x": "", "(£5)": "GBP", "-US$5": "USD"} {
		if got := CurrencyOf(in); got != want {
			t.Errorf("%q is in %q, want %q", in, got, want)
		}
	}
}

func TestNumbersKeepEveryDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decimal{rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "unscaled"), rapid.IntRange(0, maxScale).Draw(t, "scale")}
		back, err := ParseNumber(d.String(), DecimalPoint)
		if err != nil || back != d {
			t.Fatalf("%s comes back as %v, %v", d, back, err)
		}
		comma := strings.Replace(d.String(), ".", ",", 1)
		if back, err := ParseNumber(comma, DecimalComma); err != nil || back != d {
			t.Fatalf("%s comes back as %v, %v", comma, back, err)
		}
	})
}

func TestRescale(t *testing.T) {
	for _, c := range []struct {
		in    Decimal
		scale int
		want  string
	}{
		{Decimal{125, 1}, 2, "12.50"},
		{Decimal{1250, 2}, 1, "12.5"},
		{Decimal{1250, 2}, 0, ""},
		{Decimal{-5, 0}, 3, "-5.000"},
		{Decimal{math.MaxInt64, 0}, 1, ""},
		{Decimal{1, 0}, 19, ""},
		{Decimal{1, 0}, -1, ""},
	} {
		got, err := c.in.Rescale(c.scale)
		if c.want == "" && !errors.Is(err, ErrNumber) || c.want != "" && (err != nil || got.String() != c.want) {
			t.Errorf("%s with %d digits is %s, %v; want %s", c.in, c.scale, got, err, c.want)
		}
	}
}

// timeVectors are dates and times as files have them, and what they are in a zone one hour east.
var timeVectors = []struct {
	in    string
	order DateOrder
	want  string // RFC 3339; empty is a refusal
}{
	{"2024-05-31", UnknownOrder, "2024-05-31T00:00:00+01:00"},
	{"2016-04-28T11:19:34 -10:00", UnknownOrder, "2016-04-28T11:19:34-10:00"},
	{"2020-01-02 17:14:21+00:00", UnknownOrder, "2020-01-02T17:14:21Z"},
	{"1996-07-04 00:00:00.000", UnknownOrder, "1996-07-04T00:00:00+01:00"},
	{"2020-12-22T21:16:01Z", UnknownOrder, "2020-12-22T21:16:01Z"},
	{"2020-12-22T21:16:01.123456789Z", UnknownOrder, "2020-12-22T21:16:01.123456789Z"},
	{"2020-12-22T21:16:01,5+0530", UnknownOrder, "2020-12-22T21:16:01.5+05:30"},
	{"2020-12-22 21:16:01 UTC", UnknownOrder, "2020-12-22T21:16:01Z"},
	{"2020-12-22 21:16 +09", UnknownOrder, "2020-12-22T21:16:00+09:00"},
	{"20/11/2013", UnknownOrder, "2013-11-20T00:00:00+01:00"},
	{"20/11/2013", MDY, ""},
	{"03/04/2013", DMY, "2013-04-03T00:00:00+01:00"},
	{"03/04/2013", MDY, "2013-03-04T00:00:00+01:00"},
	{"03/04/2013", YMD, ""},
	{"03/04/2013", UnknownOrder, ""},
	{"05/05/2013", UnknownOrder, "2013-05-05T00:00:00+01:00"},
	{"6/21/2025 16:14", UnknownOrder, "2025-06-21T16:14:00+01:00"},
	{"6/21/2025 16:14", DMY, ""},
	{"11/May/24 03:26 PM", UnknownOrder, "2024-05-11T15:26:00+01:00"},
	{"30/Sep/26 12:00 AM", UnknownOrder, "2026-09-30T00:00:00+01:00"},
	{"30/Sep/26 12:00 PM", UnknownOrder, "2026-09-30T12:00:00+01:00"},
	{"11/May/24", MDY, "2024-05-11T00:00:00+01:00"},
	{"May 11, 2024", UnknownOrder, "2024-05-11T00:00:00+01:00"},
	{"11 September 2024", UnknownOrder, "2024-09-11T00:00:00+01:00"},
	{"Sept 1, 2024 9:05am", UnknownOrder, "2024-09-01T09:05:00+01:00"},
	{"Mon, 13 May 2024 10:00:00 +0000", UnknownOrder, "2024-05-13T10:00:00Z"},
	{"19970101", UnknownOrder, "1997-01-01T00:00:00+01:00"},
	{"19970101T10:00", UnknownOrder, "1997-01-01T10:00:00+01:00"},
	{"2023年5月31日", UnknownOrder, "2023-05-31T00:00:00+01:00"},
	{"２０２３年５月３１日", UnknownOrder, "2023-05-31T00:00:00+01:00"},
	{"2024. 5. 31.", UnknownOrder, "2024-05-31T00:00:00+01:00"},
	{"31.12.24", DMY, "2024-12-31T00:00:00+01:00"},
	{"31.12.99", DMY, "1999-12-31T00:00:00+01:00"},
	{"01/02/00", DMY, "2000-02-01T00:00:00+01:00"},
	{"24-12-31", YMD, "2024-12-31T00:00:00+01:00"},
	{"2024/1/5", DMY, "2024-01-05T00:00:00+01:00"},
	{"29.02.2024", DMY, "2024-02-29T00:00:00+01:00"},
	{"29.02.2023", DMY, ""},
	{"31/04/2024", DMY, ""},
	{"2024-13-01", UnknownOrder, ""},
	{"2024-00-10", UnknownOrder, ""},
	{"00/01/2024", DMY, ""},
	{"5月31日", UnknownOrder, ""},
	{"2024-05", UnknownOrder, ""},
	{"10:30", UnknownOrder, ""},
	{"2024-05-31 25:00", UnknownOrder, ""},
	{"2024-05-31 10:60", UnknownOrder, ""},
	{"2024-05-31 13:00 PM", UnknownOrder, ""},
	{"2024-05-31 10:00 EST", UnknownOrder, ""},
	{"2024-05-31 10:00+25:00", UnknownOrder, ""},
	{"2024-05-31x", UnknownOrder, ""},
	{"2024-05/31", UnknownOrder, ""},
	{"030-0074321", UnknownOrder, ""},
	{"555-12-3456", UnknownOrder, ""},
	{"1.2.3", UnknownOrder, ""},
	{"", UnknownOrder, ""},
	{"hello", UnknownOrder, ""},
	{"12345678", UnknownOrder, ""},
	{"11/Foo/24", UnknownOrder, ""},
	{strings.Repeat("2024-05-31 ", 20), UnknownOrder, ""},
}

func TestParseTime(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	for _, c := range timeVectors {
		got, err := ParseTime(c.in, c.order, berlin)
		y, m, d, err2 := ParseDate(c.in, c.order)
		switch {
		case c.want == "":
			if !errors.Is(err, ErrDate) || !errors.Is(err2, ErrDate) {
				t.Errorf("%q as %s is %v, %v; want a refusal", c.in, c.order, got, err)
			}
		case err != nil || err2 != nil || got.Format(time.RFC3339Nano) != c.want:
			t.Errorf("%q as %s is %s, %v; want %s", c.in, c.order, got.Format(time.RFC3339Nano), err, c.want)
		case (date{y, m, d}).String() != c.want[:10]:
			t.Errorf("%q as %s has the date %d-%d-%d; want %s", c.in, c.order, y, m, d, c.want[:10])
		}
	}
}

func TestDatesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		when := time.Unix(rapid.Int64Range(-2208988800, 4102444799).Draw(t, "seconds"), 0).UTC()
		for layout, order := range map[string]DateOrder{
			time.RFC3339: UnknownOrder, "2006-01-02 15:04:05": UnknownOrder, "02/01/2006 15:04:05": DMY, "1/2/2006 3:04:05 PM": MDY, "2.1.2006, 15:04:05": DMY,
			"2006/1/2 15:04:05": YMD, "02/Jan/2006 03:04:05 PM": UnknownOrder, "January 2, 2006 15:04:05": UnknownOrder, time.RFC1123Z: UnknownOrder, "2006年1月2日 15:04:05": UnknownOrder,
		} {
			text := when.Format(layout)
			got, err := ParseTime(text, order, time.UTC)
			if err != nil || !got.Equal(when) {
				t.Fatalf("%q is %v, %v; want %v", text, got, err, when)
			}
		}
	})
}

func TestParseBool(t *testing.T) {
	for _, s := range []string{"True", "TRUE", "yes", "Y", "1", "是", "Sí", "si", "はい", " true "} {
		if b, err := ParseBool(s); err != nil || !b {
			t.Errorf("%q is %v, %v", s, b, err)
		}
	}
	for _, s := range []string{"False", "NO", "n", "0", "否", "No", "いいえ"} {
		if b, err := ParseBool(s); err != nil || b {
			t.Errorf("%q is %v, %v", s, b, err)
		}
	}
	for _, s := range []string{"", "maybe", "2", strings.Repeat("yes", 1000)} {
		if b, err := ParseBool(s); err == nil {
			t.Errorf("%q is %v", clip(s), b)
		}
	}
}

func TestIsEmpty(t *testing.T) {
	for _, s := range []string{"", " ", "\t", "\u3000", "NULL", "null", "n/a", "N/A", "#N/A", "--", "-", "—", `\N`, "0000-00-00", "0000-00-00 00:00:00"} {
		if !IsEmpty(s) {
			t.Errorf("%q is a value", s)
		}
	}
	for _, s := range []string{"0", "NA", "none of them", "---", "x", "nullable"} {
		if IsEmpty(s) {
			t.Errorf("%q is none", s)
		}
	}
}

func TestFlags(t *testing.T) {
	for flag, want := range map[string]DateOrder{"": UnknownOrder, "dmy": DMY, "MDY": MDY, "ymd": YMD} {
		if got, err := DateOrderOf(flag); err != nil || got != want {
			t.Errorf("--dates %q is %v, %v", flag, got, err)
		}
	}
	if _, err := DateOrderOf("ydm"); err == nil {
		t.Error("--dates ydm is taken")
	}
	for flag, want := range map[string]NumberStyle{"": UnknownNumbers, ".": DecimalPoint, ",": DecimalComma} {
		if got, err := NumberStyleOf(flag); err != nil || got != want {
			t.Errorf("--decimal %q is %v, %v", flag, got, err)
		}
	}
	if _, err := NumberStyleOf(";"); err == nil {
		t.Error("--decimal ; is taken")
	}
}
