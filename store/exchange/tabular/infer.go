package tabular

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is what a column holds.
type Kind uint8

// The kinds of column.
const (
	KindText Kind = iota
	KindEmpty
	KindInteger
	KindDecimal
	KindMoney // numbers of which at least one has a currency beside it
	KindBool
	KindDate
	KindTimestamp
)

// String names the kind.
func (k Kind) String() string {
	return [...]string{"text", "empty", "integer", "decimal", "money", "bool", "date", "timestamp"}[k&7]
}

// IsEmpty tells whether a cell stands for "no value": blank, NULL, n/a, N/A, #N/A, --, a lone dash,
// \N and the zero date of MySQL.
func IsEmpty(s string) bool {
	s = strings.TrimSpace(s)
	switch len(s) {
	case 0:
		return true
	case 1:
		return s == "-"
	case 2:
		return s == "--" || s == `\N`
	case 3:
		return s == "—" || s == "–" || strings.EqualFold(s, "n/a")
	case 4:
		return strings.EqualFold(s, "null") || strings.EqualFold(s, "#n/a")
	}
	return strings.HasPrefix(s, "0000-00-00")
}

var bools = map[string]bool{
	"true": true, "yes": true, "y": true, "t": true, "1": true, "是": true, "sí": true, "si": true, "はい": true, "真": true, "有": true, "sim": true, "oui": true, "ja": true,
	"false": false, "no": false, "n": false, "f": false, "0": false, "否": false, "いいえ": false, "假": false, "無": false, "无": false, "não": false, "non": false, "nein": false,
}

// ParseBool reads a yes or no in the words that exports use, whatever their case.
func ParseBool(s string) (bool, error) {
	b, ok := boolOf(s)
	if !ok {
		return false, fmt.Errorf("%q is neither yes nor no", clip(s))
	}
	return b, nil
}

func boolOf(s string) (value, ok bool) {
	const longest = 16
	if s = strings.TrimSpace(s); len(s) > longest {
		return false, false
	}
	value, ok = bools[strings.ToLower(s)]
	return value, ok
}

// ColumnInfo is what the values of one column are, judged over all of them together.
type ColumnInfo struct {
	Name  string
	Index int
	Kind  Kind
	// Rows counts the cells, Empty those without a value, see IsEmpty.
	Rows, Empty int
	// Dates is the order that the column's dates are in, UnknownOrder when it plays no part or
	// could not be decided. It is given for every column that has dates, whatever its Kind.
	Dates DateOrder
	// Numbers is the decimal sign likewise.
	Numbers NumberStyle
	// Currencies are those that stand beside the numbers, in order of appearance, see CurrencyOf.
	Currencies []string
	// Percent says that at least one number has a percent sign.
	Percent bool
	// Zoned says that at least one timestamp names its zone.
	Zoned bool
	// Misfits counts cells with a value that does not fit Kind; the first of them is kept.
	Misfits     int
	MisfitLine  int
	MisfitValue string
	// DateProblem and NumberProblem are set when the order or the decimal sign is a question. They
	// matter to whoever needs dates or numbers from the column.
	DateProblem, NumberProblem *Ambiguous
}

// Err returns the question that has to be answered before the column can be read as its Kind.
func (c ColumnInfo) Err() error {
	switch {
	case (c.Kind == KindDate || c.Kind == KindTimestamp) && c.DateProblem != nil:
		return c.DateProblem
	case (c.Kind == KindInteger || c.Kind == KindDecimal || c.Kind == KindMoney) && c.NumberProblem != nil:
		return c.NumberProblem
	}
	return nil
}

// Inferrer judges columns as their rows come by. Dates and decimal signs are decided by a whole
// column, since most cells alone would read either way.
type Inferrer struct{ columns []column }

// NewInferrer starts with the header's columns; cells beyond it are ignored.
func NewInferrer(header []string) *Inferrer {
	inf := &Inferrer{columns: make([]column, len(header))}
	for i, h := range header {
		inf.columns[i].info = ColumnInfo{Name: h, Index: i}
	}
	return inf
}

// Add takes one row into account.
func (inf *Inferrer) Add(row Row) {
	for i := range inf.columns {
		c := &inf.columns[i]
		c.info.Rows++
		if row.IsNull(i) || IsEmpty(row.Cells[i]) {
			c.info.Empty++
			continue
		}
		c.add(row.Line, strings.TrimSpace(row.Cells[i]), row.Type(i))
	}
}

// Columns returns the judgement over all rows so far.
func (inf *Inferrer) Columns() []ColumnInfo {
	infos := make([]ColumnInfo, len(inf.columns))
	for i := range inf.columns {
		infos[i] = inf.columns[i].judge()
	}
	return infos
}

// example is the first cell of some sort.
type example struct {
	line  int
	value string
}

func (e *example) note(line int, value string) {
	if e.line == 0 {
		*e = example{line, value}
	}
}

// column counts what its cells could be.
type column struct {
	info ColumnInfo

	bools, words           int // cells that are yes or no, and those of them that are no figures
	numbers, codes         int // numbers; those with a leading zero
	pointed, commaed       int // numbers whose point, or comma, may separate a fraction
	dates, compact, clocks int // dates; those of eight figures in a row; those with a time of day

	ordered   int              // dates whose figures have to be put in order
	fits      [YMD + 1]int     // how many of them fit each order
	only      [YMD + 1]example // the first that fits only this order
	twoWays   example          // the first that differs between orders
	point     example          // the first number that has a decimal point for sure
	comma     example          // likewise a comma
	eitherWay example          // the first number whose sign may be either

	notBool, notNumber, notDate example
}

func (c *column) add(line int, s string, typ CellType) {
	if _, ok := boolOf(s); ok || typ == BoolCell {
		c.bools++
		if !isDigit(s[0]) {
			c.words++
		}
	} else {
		c.notBool.note(line, s)
	}
	if typ == DateCell || typ == TimeCell || typ == BoolCell || !c.addNumber(line, s, typ) {
		c.notNumber.note(line, s)
	}
	if typ == NumberCell || typ == BoolCell || !c.addDate(line, s) {
		c.notDate.note(line, s)
	}
}

func (c *column) addNumber(line int, s string, typ CellType) bool {
	n, ok := lexNumber(s)
	if !ok {
		return false
	}
	point, comma := n.fits()
	if typ == NumberCell {
		point, comma = true, false
	}
	style := DecimalPoint
	if !point {
		style = DecimalComma
	}
	if _, err := n.value(style); err != nil || (!point && !comma) {
		return false
	}
	c.numbers++
	switch differs := n.differs(); {
	case typ == NumberCell:
		// The file itself says what the number is.
	case point && comma && differs:
		c.eitherWay.note(line, s)
	case point && !comma:
		c.point.note(line, s)
	case comma && !point:
		c.comma.note(line, s)
	}
	if point && strings.Contains(n.body, ".") {
		c.pointed++
	}
	if comma && strings.Contains(n.body, ",") {
		c.commaed++
	}
	if len(n.body) > 1 && n.body[0] == '0' && isDigit(n.body[1]) {
		c.codes++
	}
	c.info.Percent = c.info.Percent || n.percent
	if n.currency != "" && !slices.Contains(c.info.Currencies, n.currency) {
		c.info.Currencies = append(c.info.Currencies, n.currency)
	}
	return true
}

func (c *column) addDate(line int, s string) bool {
	r, ok := lexDate(s)
	if !ok {
		return false
	}
	c.dates++
	if r.compact {
		c.compact++
	}
	if !r.clock.midnight() {
		c.clocks++
	}
	c.info.Zoned = c.info.Zoned || r.clock.zoned
	if r.fixed {
		return true
	}
	c.ordered++
	for o := DMY; o <= YMD; o++ {
		if r.by[o] != (date{}) {
			c.fits[o]++
		}
	}
	if _, same := r.only(); !same {
		c.twoWays.note(line, s)
	}
	// A year of two figures in front is a last resort, so it does not count against the others.
	switch dmy, mdy := r.by[DMY] != (date{}), r.by[MDY] != (date{}); {
	case dmy && !mdy:
		c.only[DMY].note(line, s)
	case mdy && !dmy:
		c.only[MDY].note(line, s)
	case !dmy && !mdy:
		c.only[YMD].note(line, s)
	}
	return true
}

// mostly is the share of a column's values that must fit a kind, in percent. Real columns have a few
// cells of dirt, which are reported as misfits.
const mostly = 90

func (c *column) judge() ColumnInfo {
	info := c.info
	values := info.Rows - info.Empty
	c.judgeDates(&info)
	c.judgeNumbers(&info)
	fit, misfit := values, example{}
	switch {
	case values == 0:
		info.Kind = KindEmpty
	case c.bools == values && c.words > 0:
		info.Kind = KindBool
	case c.dates*100 >= values*mostly && (c.compact == 0 || c.dates == values):
		info.Kind = KindDate
		if c.clocks > 0 {
			info.Kind = KindTimestamp
		}
		fit, misfit = c.dates, c.notDate
	case c.numbers*100 >= values*mostly && c.codes == 0:
		info.Kind = KindInteger
		if len(info.Currencies) > 0 {
			info.Kind = KindMoney
		} else if info.Percent || (info.Numbers == DecimalComma && c.commaed > 0) || (info.Numbers != DecimalComma && c.pointed > 0) {
			info.Kind = KindDecimal
		}
		fit, misfit = c.numbers, c.notNumber
	}
	if info.Misfits = values - fit; info.Misfits > 0 {
		info.MisfitLine, info.MisfitValue = misfit.line, misfit.value
	}
	return info
}

func (c *column) judgeDates(info *ColumnInfo) {
	if c.ordered == 0 {
		return
	}
	fit := func(o DateOrder) bool { return c.fits[o] == c.ordered }
	switch dmy, mdy := fit(DMY), fit(MDY); {
	case dmy && mdy && c.twoWays.line == 0:
		info.Dates = DMY // every cell reads the same
	case dmy && mdy:
		info.DateProblem = c.datesAsked(c.twoWays, example{})
	case dmy:
		info.Dates = DMY
	case mdy:
		info.Dates = MDY
	case fit(YMD):
		info.Dates = YMD
	default:
		// Cells contradict each other; show the first two that do.
		var found []example
		for _, e := range c.only[DMY:] {
			if e.line > 0 {
				found = append(found, e)
			}
		}
		found = append(found, c.twoWays, example{})
		info.DateProblem = c.datesAsked(found[0], found[1])
	}
}

func (c *column) datesAsked(first, other example) *Ambiguous {
	a := &Ambiguous{Column: c.info.Name, Line: first.line, Value: first.value, OtherLine: other.line, OtherValue: other.value, Flag: flagDates}
	r, _ := lexDate(first.value)
	for o := DMY; o <= YMD; o++ {
		if d := r.by[o]; d != (date{}) {
			a.Readings = append(a.Readings, Reading{o.String(), d.String()})
		}
	}
	return a
}

func (c *column) judgeNumbers(info *ColumnInfo) {
	if c.numbers == 0 {
		return
	}
	switch point, comma := c.point.line > 0, c.comma.line > 0; {
	case point && comma:
		info.NumberProblem = c.numbersAsked(c.point, c.comma)
	case comma:
		info.Numbers = DecimalComma
	case point || c.eitherWay.line == 0:
		info.Numbers = DecimalPoint
	default:
		info.NumberProblem = c.numbersAsked(c.eitherWay, example{})
	}
}

func (c *column) numbersAsked(first, other example) *Ambiguous {
	a := &Ambiguous{Column: c.info.Name, Line: first.line, Value: first.value, OtherLine: other.line, OtherValue: other.value, Flag: flagDecimal}
	for _, style := range []NumberStyle{DecimalComma, DecimalPoint} {
		if d, err := ParseNumber(first.value, style); err == nil {
			a.Readings = append(a.Readings, Reading{style.String(), d.String()})
		}
	}
	return a
}
