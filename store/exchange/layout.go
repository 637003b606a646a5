package exchange

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// layout is what a table's columns become.
type layout struct {
	preset    *preset // nil when no known header fits
	kind      model.Kind
	extra     model.Kind
	source    string
	signature string
	header    []string
	today     day.Day
	columns   []column
	fixed     [parts][]model.FieldValue // what a person says, before what the row says
	usual     [parts][]model.FieldValue // what the preset says, where the row says nothing
	strange   map[string]int            // words for states that nobody knows
	shown     []Column
}

// aim is one use of a column: where it goes, who says so, and its place in the preset's order, in
// which texts that share a field are joined.
type aim struct {
	col
	from  string
	order int
}

var (
	errNoColumn = errors.New("the file has no such column")
	errNoKind   = errors.New("cannot tell what the rows are; name the KIND, as in 'opsdeck import customers FILE'")
)

// newLayout decides what a header's columns become. saved is the mapping that the book remembers for
// the header, nil where there is none.
func newLayout(file string, header []string, record string, o Options, saved *Mapping) (*layout, error) {
	l := &layout{header: header, signature: Signature(header), today: o.Today, strange: map[string]int{}}
	if o.Mapping != nil {
		saved = o.Mapping
	}
	if saved == nil {
		saved = &Mapping{}
	}
	kind := o.Kind
	if kind == model.KNone {
		kind, _ = model.KindByName(saved.Kind)
	}
	l.preset = recognise(header, record, kind)
	p := l.preset
	if p == nil {
		p = generic(header, kind, given(o, saved))
	}
	if p == nil {
		return nil, &UsageError{File: file, Flag: "KIND", Err: fmt.Errorf("%w; the columns are %s", errNoKind, listed(header))}
	}
	l.kind, l.extra = p.kind, p.extra
	l.source = cmpOr(o.From, saved.Source, p.source, l.signature)
	aims, err := l.aims(file, p, o, saved)
	if err != nil {
		return nil, err
	}
	for i := range header {
		if err := l.compile(file, i, aims[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(l.columns, func(a, b column) int { return a.order - b.order })
	return l, l.fix(file, p, o, saved)
}

// given lists the fields that a person has said the columns become.
func given(o Options, saved *Mapping) []string {
	var out []string
	for _, f := range o.Map {
		out = append(out, f)
	}
	for _, f := range saved.Fields {
		out = append(out, f)
	}
	return out
}

func cmpOr(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// listed names columns for a message.
func listed(header []string) string {
	const most = 12
	var names []string
	for _, h := range header {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, fmt.Sprintf("%q", clip(h, 40)))
	}
	return strings.Join(names, ", ")
}

// aims finds what each column becomes: what a person says now, what was saved, what the preset says.
func (l *layout) aims(file string, p *preset, o Options, saved *Mapping) ([][]aim, error) {
	aims := make([][]aim, len(l.header))
	say := func(fields map[string]string, changes map[string]string, from, flag string) error {
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			to, at := fields[name], l.find(name)
			if len(at) == 0 && flag != "" {
				return &UsageError{File: file, Flag: flag, Column: name, Err: fmt.Errorf("%q: %w; it has %s", name, errNoColumn, listed(l.header))}
			}
			for _, i := range at {
				if aims[i] == nil {
					aims[i] = []aim{{col{name, to, changes[name]}, from, len(p.cols) + i}}
				}
			}
		}
		return nil
	}
	if err := say(o.Map, nil, "map", "--map"); err != nil {
		return nil, err
	}
	flag := ""
	if o.Mapping != nil {
		flag = "--map"
	}
	if err := say(saved.Fields, saved.Transforms, "saved", flag); err != nil {
		return nil, err
	}
	said := make([]bool, len(aims))
	for i := range aims {
		said[i] = aims[i] != nil
	}
	from := "preset"
	if l.preset == nil {
		from = "name"
	}
	for order, c := range p.cols {
		for _, i := range l.first(c.from) {
			if !said[i] {
				aims[i] = append(aims[i], aim{c, from, order})
			}
		}
	}
	return aims, nil
}

// find returns the columns of a name: exactly, else by what remains of it without case and signs.
func (l *layout) find(name string) []int {
	var exact, folded []int
	for i, h := range l.header {
		switch {
		case strings.EqualFold(strings.TrimSpace(h), strings.TrimSpace(name)):
			exact = append(exact, i)
		case same.Fold(h) != "" && same.Fold(h) == same.Fold(name):
			folded = append(folded, i)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return folded
}

// first returns the columns of the first alternative that the header has.
func (l *layout) first(alternatives string) []int {
	for name := range strings.SplitSeq(alternatives, "|") {
		if at := l.find(name); len(at) > 0 {
			return at
		}
	}
	return nil
}

// compile makes the readers of one column. Columns without an aim become custom fields.
func (l *layout) compile(file string, i int, aims []aim) error {
	name := l.header[i]
	shown := Column{Name: name}
	if aims == nil && l.preset.leaves(name) {
		aims = []aim{{col{name, "-", ""}, "preset", 0}}
	}
	if aims == nil {
		aims = []aim{{col{name, customName(name, i), ""}, "", len(presets) + 1000 + i}}
	}
	for _, a := range aims {
		shown.From = a.from
		if a.to == "-" {
			continue
		}
		c, err := l.column(i, a)
		if err != nil {
			return &UsageError{File: file, Flag: "--map", Column: name, Err: err}
		}
		c.order = a.order
		l.columns = append(l.columns, c)
		shown.To = append(shown.To, shownAs(a.to))
	}
	l.shown = append(l.shown, shown)
	return nil
}

// wordFields are the fields that finish functions make of a word.
var wordFields = map[string]string{
	"~status": "source_state", "~status category": "state", "~resolution": "resolution", "~severity": "blocking",
	"~labels": "kind", "~original": "duplicate_of", leftOut: "(not taken in)", "~reply minutes": "responded", "~satisfaction": "satisfaction", "~months": "end",
	"~tenure": "contract.start", "~term": "contract.end",
	"~product": "lines", "~price": "lines", "~quantity": "lines", "~discount": "lines",
}

// shownAs is the field that people are told a column becomes.
func shownAs(to string) string {
	if to == "key" {
		return "external_id"
	}
	return cmpOr(wordFields[to], to)
}

// customName is the field that a column becomes which nothing else names.
func customName(header string, i int) string {
	name := strings.TrimSpace(header)
	if isErrorColumn(name) {
		return "-"
	}
	if inner, ok := strings.CutPrefix(name, "Custom field ("); ok && strings.HasSuffix(inner, ")") {
		name = strings.TrimSuffix(inner, ")")
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, clip(name, 100))
	if strings.TrimSpace(name) == "" || name == "-" || name == "_" {
		if name != "" {
			return "-" // the way to say on the command line that a column is not wanted
		}
		name = fmt.Sprintf("column %d", i+1)
	}
	return model.CustomPrefix + name
}

// column makes the reader of one use of a column.
func (l *layout) column(i int, a aim) (column, error) {
	c := column{index: i, name: l.header[i], to: a.to, as: a.as}
	if a.as != "" {
		change, ok := changers[a.as]
		if !ok && !isReading(a.as) {
			return c, fmt.Errorf("%q is no transform; there are %s", a.as, strings.Join(changerNames(), ", "))
		}
		c.change = change
	}
	if c.to == "key" || c.to == "external_id" {
		c.to = "key"
		return c, nil
	}
	if strings.HasPrefix(c.to, "~") {
		return c, nil
	}
	kind := l.kind
	if prefix, rest, ok := strings.Cut(c.to, "."); ok && prefix != "x" {
		switch k, known := model.KindByName(prefix); {
		case known && k == l.extra && k != model.KNone:
			kind, c.part, c.to = k, partExtra, rest
		case known && k == model.Customer && l.kind != model.Customer:
			kind, c.part, c.to = k, partParty, rest
		}
	}
	f, err := settable(kind, c.to)
	c.field = f
	return c, err
}

// settable finds a field that an import may fill.
func settable(k model.Kind, name string) (*model.Field, error) {
	s := model.SchemaOf(k)
	f, ok := s.Field(name)
	switch {
	case !ok:
		return nil, fmt.Errorf("%s have no field %q; 'opsdeck fields %s' lists them", s.Plural, name, s.Plural)
	case f.Has(model.FDerived):
		return nil, fmt.Errorf("the field %q of %s is computed and cannot be filled", name, s.Plural)
	case f.Has(model.FHidden):
		return nil, fmt.Errorf("the field %q of %s is for the program itself", name, s.Plural)
	}
	return f, nil
}

// fix reads the fixed values.
func (l *layout) fix(file string, p *preset, o Options, saved *Mapping) error {
	put := func(values map[string]string, flag string, into *[parts][]model.FieldValue) error {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			text := values[name]
			c, err := l.column(0, aim{col: col{to: name}})
			if err == nil && c.field == nil {
				err = fmt.Errorf("%q cannot have a fixed value", name)
			}
			var v model.Value
			if err == nil {
				v, err = c.field.Parse(text)
			}
			if err != nil {
				return &UsageError{File: file, Flag: flag, Err: err}
			}
			have := slices.ContainsFunc(into[c.part], func(fv model.FieldValue) bool { return fv.Name == c.field.Name })
			if !have && !v.IsZero() {
				into[c.part] = append(into[c.part], model.FieldValue{Name: c.field.Name, Value: v})
			}
		}
		return nil
	}
	if len(l.header) == 0 {
		return nil
	}
	return errors.Join(put(o.Set, "--set", &l.fixed), put(saved.Fixed, "--map", &l.fixed), put(p.set, "preset", &l.usual))
}

// judge takes over what the values of the columns look like. A column that can be read in more than
// one way is a question, unless its field holds neither dates nor numbers.
func (l *layout) judge(file string, infos []tabular.ColumnInfo, o Options, saved *Mapping) error {
	for _, m := range []*Mapping{o.Mapping, saved} {
		if m != nil {
			o.Dates, o.Decimal = cmpOr(o.Dates, m.Dates), cmpOr(o.Decimal, m.Decimal)
		}
	}
	dates, number, err := o.formats()
	if err != nil {
		return err
	}
	for i := range l.shown {
		l.shown[i].Kind = infos[i].Kind.String()
	}
	for i := range l.columns {
		c := &l.columns[i]
		info := &infos[c.index]
		c.dates, c.number = info.Dates, info.Numbers
		if dates != tabular.UnknownOrder {
			c.dates = dates
		}
		if number != tabular.UnknownNumbers {
			c.number = number
		}
		if c.field == nil && c.as != asNumber {
			continue
		}
		var problem *tabular.Ambiguous
		switch {
		case c.field == nil || c.field.Type == model.TNumber || c.field.Type == model.TMoney:
			if number == tabular.UnknownNumbers {
				problem = info.NumberProblem
			}
		case c.field.Type == model.TDate || c.field.Type == model.TTime:
			if dates == tabular.UnknownOrder {
				problem = info.DateProblem
			}
		}
		if problem != nil {
			return &UsageError{File: file, Flag: problem.Flag, Column: c.name, Err: problem}
		}
	}
	return nil
}
