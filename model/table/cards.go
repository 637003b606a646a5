package table

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"opsdeck/model"
	"opsdeck/model/formula"
	"opsdeck/model/query"
	"opsdeck/model/score"
	"opsdeck/model/scorecard"
)

// card is a scorecard of the book, ready to score by.
type card struct {
	ID      model.ID // zero for the standard ones
	Card    *scorecard.Card
	Scoring *model.Scoring
	Err     error // why it scores nobody
	where   *query.Expr
	claims  func(row int) bool // nil: everybody
	sources []source           // in the order of the scoring's criteria
	rooms   *sync.Pool         // for the inputs of one customer each, of which one a customer would be 300 MB at 100,000
}

// newRooms makes the rooms of a card.
func newRooms() *sync.Pool { return &sync.Pool{New: func() any { return new([16]model.ScoreInput) }} }

// source is where a criterion's input comes from.
type source struct {
	key      string
	validity int
	computed *input
	field    string
	formula  *formula.Formula
	machines *sync.Pool // evaluate the formula, several goroutines side by side
	names    []source   // of the formula, in the order of its names
}

// cards are the scorecards in force, those that are tried first first; the standard one claims
// whomever nobody else does.
type cards struct {
	tier, health []*card
	loyalty      *card
	broken       []*card
}

// readCards makes the scorecards of the book ready. One that cannot be read, because a newer program
// wrote it or an import brought it, scores nobody and says why.
func (s *Snapshot) readCards() {
	var all cards
	t := s.tables[model.Scorecard]
	for row := range t.size {
		if !t.Live(row) {
			continue
		}
		state, errState := scorecard.ParseState(t.Str(row, "state"))
		parsed, err := scorecard.Parse(t.Str(row, "definition"))
		var c *card
		if err = errors.Join(err, errState); err == nil {
			c, err = s.readyCard(parsed, state)
		}
		if err != nil {
			all.broken = append(all.broken, &card{ID: t.dir.id(row), Card: &scorecard.Card{Name: t.Str(row, "name")}, Err: err})
			continue
		}
		c.ID = t.dir.id(row)
		if parsed.Purpose == scorecard.ForHealth {
			all.health = append(all.health, c)
		} else {
			all.tier = append(all.tier, c)
		}
	}
	byOrder := func(a, b *card) int {
		return cmp.Or(cmp.Compare(a.Card.Order, b.Card.Order), strings.Compare(a.Card.Name, b.Card.Name), compareIDs(a.ID, b.ID))
	}
	slices.SortFunc(all.tier, byOrder)
	slices.SortFunc(all.health, byOrder)
	all.tier = append(all.tier, s.standardTier())
	all.loyalty = s.loyaltyCard()
	if health, err := s.readyCard(scorecard.DefaultHealth(), nil); err == nil {
		all.health = append(all.health, health)
	}
	s.cards = all
}

// bindCards lets the filters of scorecards read this picture instead of the one before.
func (s *Snapshot) bindCards() {
	bind := func(list []*card) []*card {
		list = slices.Clone(list)
		for i, c := range list {
			if c.claims != nil {
				bound := *c
				bound.claims = c.where.Compile(whereColumns{s.tables[model.Customer]}, query.Env{Today: s.Today})
				list[i] = &bound
			}
		}
		return list
	}
	s.cards.tier, s.cards.health = bind(s.cards.tier), bind(s.cards.health)
}

func (s *Snapshot) standardTier() *card {
	std := StandardCard(s.Settings)
	c := &card{Card: std, Scoring: s.Settings.Scoring(), rooms: newRooms()}
	c.sources, _ = s.sources(std)
	return c
}

// StandardCard writes the tier model of the settings as a scorecard, to begin one of one's own with.
func StandardCard(s *model.Settings) *scorecard.Card {
	c := &scorecard.Card{
		Name: model.StandardScorecard, Purpose: scorecard.ForTier, MinCoverage: s.Number("tier.min_coverage"),
		Margin: s.Number("tier.margin"), Runs: s.Int("tier.runs"),
		Levels: map[string]any{model.TierKA: s.Number("tier.KA"), model.TierMid: s.Number("tier.mid")},
	}
	for _, m := range s.Scoring().Criteria() {
		c.Criteria = append(c.Criteria, scorecard.Criterion{Key: m.Key, Label: m.Label, Weight: m.Weight, Points: s.Text("tier.points." + m.Key)})
	}
	return c
}

// readyCard prepares a scorecard for this picture.
func (s *Snapshot) readyCard(c *scorecard.Card, state *scorecard.State) (*card, error) {
	ready := &card{Card: c, rooms: newRooms()}
	var err error
	if ready.Scoring, err = c.Compile(state); err != nil {
		return nil, err
	}
	if ready.where, err = s.parseWhere(c.Where); err != nil {
		return nil, err
	}
	if !ready.where.Empty() {
		ready.claims = ready.where.Compile(whereColumns{s.tables[model.Customer]}, query.Env{Today: s.Today})
	}
	ready.sources, err = s.sources(c)
	return ready, err
}

// parseWhere reads whom a scorecard scores. It may look at what is put in alone: figures may rest on
// the score.
func (s *Snapshot) parseWhere(text string) (*query.Expr, error) {
	expr, err := query.Parse(text, whereSchema{filterSchema{s.tables[model.Customer]}})
	if err != nil {
		return nil, fmt.Errorf("where: %w", err)
	}
	if expr.HasWords() {
		return nil, fmt.Errorf("where: %q looks for words; name the field, such as industry:software", text)
	}
	return expr, nil
}

// whereSchema are the stored fields, and those that a company might have named.
type whereSchema struct{ filterSchema }

// Field implements query.Schema.
func (w whereSchema) Field(name string) (query.Field, bool) {
	if f, ok := w.t.Schema.Field(name); ok && f.IsCustom() {
		return query.Field{Name: name, Type: query.Text}, true
	}
	f, ok := w.filterSchema.Field(name)
	c := w.t.col(name)
	if !ok || c.field.Has(model.FDerived) || c.as == asRow || c.as == asRows {
		return query.Field{}, false
	}
	return f, true
}

// Names implements query.Schema.
func (w whereSchema) Names() []string {
	return slices.DeleteFunc(w.filterSchema.Names(), func(n string) bool { _, ok := w.Field(n); return !ok })
}

// whereColumns reads rows while figures are computed: without the words and orders of a finished picture.
type whereColumns struct{ t *Table }

// Words implements query.Columns.
func (w whereColumns) Words() func(int) string { return nil }

// Text implements query.Columns.
func (w whereColumns) Text(field string) func(int) string {
	c := w.t.col(field)
	if c == nil || c.as != asText {
		return nil
	}
	return func(row int) string { return query.Fold(c.text(int32(row))) }
}

// Number implements query.Columns.
func (w whereColumns) Number(field string) func(int) (float64, bool) {
	c := w.t.col(field)
	if c == nil {
		return nil
	}
	money := c.field.Type == model.TMoney
	return func(row int) (float64, bool) {
		n, ok := c.float(int32(row))
		if money {
			n /= model.MoneyScale
		}
		return n, ok
	}
}

// sources resolves the inputs of a scorecard's criteria.
func (s *Snapshot) sources(c *scorecard.Card) ([]source, error) {
	var out []source
	catalogue := s.Inputs()
	for _, m := range c.Ordered() {
		src := s.sourceNamed(m.Source())
		src.key, src.validity = m.Key, m.Validity
		if m.Formula != "" {
			f, err := formula.Compile(m.Formula, catalogue.Types(c.Purpose))
			if err != nil {
				return nil, fmt.Errorf("criterion %q: formula: %w", m.Key, err)
			}
			src.formula = f
			src.machines = &sync.Pool{New: func() any { return &machine{env: map[string]any{}} }}
			for _, n := range f.Names() {
				for _, name := range catalogue.Names(c.Purpose) {
					if scorecard.FormulaName(name) == n {
						in := s.sourceNamed(name)
						in.key = n
						src.names = append(src.names, in)
						break
					}
				}
			}
		}
		out = append(out, src)
	}
	return out, nil
}

func (s *Snapshot) sourceNamed(name string) source {
	if in := inputNamed(name); in != nil {
		return source{computed: in}
	}
	return source{field: name}
}

// machine evaluates formulas one after the other.
type machine struct {
	formula.Machine
	env map[string]any
}

// read fills in the input of one criterion.
func (s *Snapshot) read(src *source, row int32, f *Facts, in *model.ScoreInput) {
	in.Criterion, in.Validity = src.key, src.validity
	switch {
	case src.computed != nil:
		src.computed.get(s, row, f, in)
	case src.formula != nil:
		s.readFormula(src, row, f, in)
	default:
		s.fieldInput(row, s.tables[model.Customer].col(src.field), f, in)
	}
}

func (s *Snapshot) readFormula(src *source, row int32, f *Facts, in *model.ScoreInput) {
	m, _ := src.machines.Get().(*machine)
	defer src.machines.Put(m)
	clear(m.env)
	for i := range src.names {
		var part model.ScoreInput
		s.read(&src.names[i], row, f, &part)
		in.Age = max(in.Age, part.Age)
		m.env[src.names[i].key] = envValue(src.names[i], s, part)
	}
	v, known, err := m.Run(src.formula, m.env)
	switch {
	case err != nil:
		in.Problem = formulaFails + err.Error()
	case !known:
		in.Problem = "no data: " + strings.Join(src.formula.Missing(m.env), ", ") + " is empty"
	case v.IsText:
		in.Text, in.Known = v.Text, v.Text != ""
	default:
		in.Number, in.Known = v.Number, true
	}
}

// envValue is an input as a formula sees it; nil without content.
func envValue(src source, s *Snapshot, in model.ScoreInput) any {
	if !in.Known {
		return nil
	}
	typ := formula.Number
	if src.computed != nil {
		typ = src.computed.Type
	} else if c := s.tables[model.Customer].col(src.field); c != nil {
		typ, _ = inputType(c.field)
	}
	switch typ {
	case formula.Text:
		return in.Text
	case formula.Bool:
		return in.Number != 0
	}
	return in.Number
}

// cardOf finds the scorecard that scores a customer.
func cardOf(list []*card, row int32) *card {
	for _, c := range list {
		if c.claims == nil || c.claims(int(row)) {
			return c
		}
	}
	return nil
}

// inputsOf gathers the inputs of a scorecard without words.
func (s *Snapshot) inputsOf(c *card, row int32, f *Facts, room []model.ScoreInput) []model.ScoreInput {
	room = room[:0]
	for i := range c.sources {
		room = append(room, model.ScoreInput{})
		s.read(&c.sources[i], row, f, &room[i])
	}
	return room
}

// lean scores a customer without the ledger.
func (s *Snapshot) lean(c *card, row int32, f *Facts) (points, coverage float64, known bool) {
	room := c.rooms.Get().(*[16]model.ScoreInput)
	defer c.rooms.Put(room)
	return c.Scoring.Lean(s.inputsOf(c, row, f, room[:0]))
}

// wordedInputs are the inputs with what they are and where they come from.
func (s *Snapshot) wordedInputs(c *card, row int32, f *Facts) []model.ScoreInput {
	in := s.inputsOf(c, row, f, make([]model.ScoreInput, 0, len(c.sources)))
	for i := range in {
		src := &c.sources[i]
		switch {
		case src.computed != nil:
			src.computed.say(s, row, f, &in[i])
		case src.formula != nil:
			s.sayFormula(src, row, f, &in[i])
		default:
			s.sayField(row, src.field, &in[i])
		}
	}
	return in
}

func (s *Snapshot) sayFormula(src *source, row int32, f *Facts, in *model.ScoreInput) {
	in.Source = "formula " + src.formula.Text()
	if in.Known {
		in.Shown = cmp.Or(in.Text, fmt.Sprintf("%.6g", in.Number))
	}
	var parts []string
	for i := range src.names {
		var part model.ScoreInput
		s.read(&src.names[i], row, f, &part)
		if part.Known {
			parts = append(parts, fmt.Sprintf("%s = %s", src.names[i].key, cmp.Or(part.Text, fmt.Sprintf("%.6g", part.Number))))
		} else {
			parts = append(parts, src.names[i].key+" is empty")
		}
	}
	if len(parts) > 0 {
		in.Source += " with " + strings.Join(parts, ", ")
	}
}

// levelsText writes thresholds as people read them.
func levelsText(levels score.Levels) string {
	var parts []string
	for _, l := range levels[:len(levels)-1] {
		parts = append(parts, fmt.Sprintf("%s from %.4g", l.Key, l.Min))
	}
	return strings.Join(parts, ", ")
}
