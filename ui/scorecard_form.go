package ui

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model/formula"
	"opsdeck/model/scorecard"
	"opsdeck/ui/kit"
)

// cardDialog is a form over a scoring model. What is typed is tried out at once, and shown beside it.
type cardDialog struct {
	kit.FormDialog
	p    *cardPane
	make func(values map[string]string) (*scorecard.Card, error) // the model with what is typed; errors are FieldErrors where they are about a field
	over string                                                  // which form it is, for the draft
	last string                                                  // what the criterion was judged by at the last key
}

// Key implements kit.Overlay.
func (d *cardDialog) Key(msg tea.KeyPressMsg) kit.Outcome {
	out := d.FormDialog.Key(msg)
	d.suggest()
	d.shape()
	d.typed(out.Done)
	return out
}

// Paste implements kit.Overlay.
func (d *cardDialog) Paste(text string) {
	d.FormDialog.Paste(text)
	d.shape()
	d.typed(false)
}

// suggest fills in how a newly chosen input is judged where nothing is said of that yet: by percentile, or by
// points that rise with the order of its values.
func (d *cardDialog) suggest() {
	v := d.Form.Values()
	chosen := v["input"]
	if v["formula"] != "" && v["judge"] == "" && d.Form.Focused() == "formula" {
		d.Form.Set("judge", "up")
	}
	if chosen == d.last {
		return
	}
	d.last = chosen
	in, ok := d.p.snap.Inputs()[chosen]
	switch judge := v["judge"]; {
	case !ok:
	case in.Type == formula.Text && judge != judgeValues:
		d.Form.Set("judge", judgeValues)
		var lines []string
		for i, o := range in.Options {
			lines = append(lines, fmt.Sprintf("%s\t%.0f", o, 100*float64(i+1)/float64(len(in.Options))))
		}
		if strings.TrimSpace(v[judgeValues]) == "" {
			d.Form.Set(judgeValues, strings.Join(lines, "\n"))
		}
	case in.Type != formula.Text && (judge == "" || judge == judgeValues):
		d.Form.Set("judge", "up")
	}
}

// shape shows the table that fits how the criterion is judged.
func (d *cardDialog) shape() {
	judge := d.Form.Values()["judge"]
	for _, table := range []string{judgeBands, judgeValues} {
		d.Form.Show(table, judge == table)
	}
}

// typed hands the pane what is to be tried now; nothing of the form once it is left.
func (d *cardDialog) typed(left bool) {
	p, was := d.p, d.p.trial
	if p.dialog = d; left {
		p.dialog = nil
	}
	p.trial, p.broken = nil, nil
	if !left && d.Form.Dirty() {
		if p.trial, p.broken = d.make(d.Form.Values()); p.broken != nil {
			p.trial = nil
		}
	}
	if p.trial == nil && was == nil || p.trial != nil && was != nil && p.trial.Same(was) {
		p.trial = was
		return
	}
	p.touched()
}

// Draw implements kit.Overlay: beside the preview where there is room for both.
func (d *cardDialog) Draw(c *kit.Canvas, area kit.Rect, th *kit.Theme) *kit.Cursor {
	if err := d.p.problem(); err != nil {
		d.Form.Notice, _, _ = strings.Cut(d.p.sp.lang.Say(err.Error()), "\n")
	} else {
		d.Form.Notice = ""
	}
	at := d.p.formAt
	if at.Empty() {
		return d.FormDialog.Draw(c, area, th)
	}
	box, _ := at.Top(min(at.H, max(d.Form.Height(at.W-2)+2, 8)))
	return d.Form.Draw(c, c.Box(box, th, d.Form.Title, true), th)
}

// formAnswered takes what was typed over into the model.
func (d *cardDialog) formAnswered(a *App, ans kit.FormAnswer) {
	next, err := d.make(ans.Form.Values())
	if err != nil {
		d.again(a, err)
		return
	}
	d.p.change(func(c *scorecard.Card) { *c = *next })
}

// again shows the form with what is wrong, where it is wrong.
func (d *cardDialog) again(a *App, err error) {
	if field := scorecard.FieldOf(err); field != "" {
		d.Form.SetError(field, a.lang.Say(err.Error()))
	}
	a.fail(err)
	d.p.dialog = d
	a.stack.Push(d)
}

// The names of the forms over a model; that of a criterion ends with its key, that of a new one with nothing.
const (
	formOfModel     = "model"
	formOfCriterion = "criterion:"
)

// openCardForm shows a form over the model.
func (p *cardPane) openCardForm(a *App, over, title string, fields []kit.Field, made func(values map[string]string) (*scorecard.Card, error)) *cardDialog {
	f := a.kitForm(title, fields)
	d := &cardDialog{FormDialog: kit.FormDialog{Form: f}, p: p, over: over, make: made}
	d.ID, p.dialog = d, d
	f.Validate = func(key, _ string) error {
		_, err := made(f.Values())
		if err == nil || scorecard.FieldOf(err) != key {
			return nil
		}
		var row *scorecard.RowError
		if errors.As(err, &row) {
			return &kit.CellError{Row: row.Row, Column: slices.Index(tableCells(key), row.Cell), Err: a.saidError(err)}
		}
		return a.saidError(err)
	}
	a.stack.Push(d)
	return d
}

// editCriterion opens the form of a criterion, or of a new one for -1.
func (p *cardPane) editCriterion(a *App, i int) {
	m, title := scorecard.Criterion{Weight: 10}, a.lang.T("Add a criterion")
	if i >= 0 {
		m = p.card.Criteria[i]
		title = a.lang.T("Criterion %s", kit.Clean(a.lang.T(cmp.Or(m.Label, m.Key))))
	} else if p.card.Purpose == scorecard.ForHealth && len(p.card.Groups) > 0 {
		m.Group = p.card.Groups[0].Key
	}
	catalogue := p.snap.Inputs()
	option := func(name string) kit.Option {
		in := catalogue[name]
		in.Name = name
		return inputOption(a, in)
	}
	input := kit.Field{Key: "input", Label: a.lang.T("Judged by"), Kind: kit.KindRef, Help: a.lang.T("a field or a computed figure: type some letters of its name")}
	if source := m.Source(); source != "" {
		input.Value, input.Options = source, []kit.Option{option(source)}
	}
	fields := []kit.Field{
		{Key: "label", Label: a.lang.T("Name"), Value: m.Label, Help: a.lang.T("empty: the name of what it is judged by")},
		input,
		{Key: "formula", Label: a.lang.T("or formula"), Value: m.Formula, Help: a.lang.T("such as seats > 0 ? arr / seats : 0; x.name is written x_name; functions: %s", strings.Join(formula.Functions(), ", "))},
	}
	fields = append(fields, judgeFields(a, &m)...)
	fields = append(fields,
		kit.Field{Key: "weight", Label: a.lang.T("Weight"), Kind: kit.KindNumber, Value: fmt.Sprintf("%g", m.Weight), Help: a.lang.T("against the other criteria; 0 shows it without counting it")},
		kit.Field{Key: "validity", Label: a.lang.T("Valid for days"), Kind: kit.KindNumber, Value: strconv.Itoa(m.Validity), Help: a.lang.T("an older input drops out and its weight goes to the others; 0: never")})
	if p.card.Purpose == scorecard.ForHealth {
		group := kit.Field{Key: "group", Label: a.lang.T("Group"), Kind: kit.KindPick, Value: m.Group}
		for _, g := range p.card.Groups {
			group.Options = append(group.Options, kit.Option{Value: g.Key, Label: p.groupLabel(g.Key)})
		}
		fields = append(fields, group)
	}
	d := p.openCardForm(a, formOfCriterion+m.Key, title, fields, func(v map[string]string) (*scorecard.Card, error) { return p.withCriterion(i, v) })
	d.Form.Lookup = func(_, typed string) []kit.Option {
		var out []kit.Option
		for _, name := range p.inputsLike(a, typed) {
			out = append(out, option(name))
		}
		return out
	}
	d.Form.Ghost = bandGhost(a)
	d.last = input.Value
	d.shape()
	if i < 0 {
		d.Form.Focus("input")
	}
}

// inputOption is what a criterion can be judged by, as a choice.
func inputOption(a *App, in scorecard.Input) kit.Option {
	return kit.Option{Value: in.Name, Label: strings.TrimSpace(a.lang.T(in.Label) + "  " + in.Name + "  " + inputTypeWord(a, in.Type))}
}

func inputTypeWord(a *App, t formula.Type) string {
	switch t {
	case formula.Text:
		return a.lang.T("text")
	case formula.Bool:
		return a.lang.T("yes or no")
	}
	return a.lang.T("number")
}

// inputsLike lists what the letters fit, the best first.
func (p *cardPane) inputsLike(a *App, typed string) []string {
	catalogue := p.snap.Inputs()
	scores := map[string]int{}
	var names []string
	for _, name := range catalogue.Names(p.card.Purpose) {
		best, _, ok := kit.Fuzzy(typed, a.lang.T(catalogue[name].Label))
		if byName, _, fits := kit.Fuzzy(typed, name); fits && (!ok || byName > best) {
			best, ok = byName, true
		}
		if ok {
			scores[name] = best
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(scores[y], scores[x]) })
	return names[:min(len(names), 40)]
}

// fieldWrong is a mistake in a field of a form.
func fieldWrong(field string, err error) error { return &scorecard.FieldError{Field: field, Err: err} }

// numberIn reads a number out of a form.
func numberIn(v map[string]string, field string) (float64, error) {
	text := strings.TrimSpace(v[field])
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fieldWrong(field, fmt.Errorf("%q is not a number", text))
	}
	return n, nil
}

// countIn reads a whole number out of a form.
func countIn(v map[string]string, field string) (int, error) {
	n, err := numberIn(v, field)
	if err == nil && n != float64(int(n)) {
		err = fieldWrong(field, fmt.Errorf("%g is not a whole number", n))
	}
	return int(n), err
}

// withCriterion is the model with a criterion as a form has it.
func (p *cardPane) withCriterion(i int, v map[string]string) (*scorecard.Card, error) {
	c := p.card.Clone()
	m := scorecard.Criterion{}
	if i >= 0 {
		m = c.Criteria[i]
	}
	input := strings.TrimSpace(v["input"])
	m.Label, m.Formula = strings.TrimSpace(v["label"]), strings.TrimSpace(v["formula"])
	m.Group = v["group"]
	table := judgedBy(&m, v)
	if input == "" && m.Formula == "" {
		return nil, fieldWrong("input", fmt.Errorf("choose what it is judged by, or write a formula"))
	}
	if i < 0 {
		m.Key = c.FreeKey(cmp.Or(input, "formula"))
	}
	if m.Input = input; input == m.Key && m.Formula == "" {
		m.Input = "" // The key says it already, as in the models that come with the book.
	}
	if in, ok := p.snap.Inputs()[input]; ok && m.Label == "" && m.Formula == "" {
		m.Label = in.Label
	}
	var err error
	if m.Weight, err = numberIn(v, "weight"); err != nil {
		return nil, err
	}
	if !(m.Weight >= 0 && m.Weight <= 1e6) {
		return nil, fieldWrong("weight", fmt.Errorf("the weight %g does not lie between 0 and 1000000", m.Weight))
	}
	if m.Validity, err = countIn(v, "validity"); err != nil {
		return nil, err
	}
	switch err := m.CheckCriterion(c.Purpose, p.snap.Inputs()); {
	case table != nil && scorecard.FieldOf(err) != "input" && scorecard.FieldOf(err) != "formula":
		return nil, table
	case err != nil: // What it is judged by is said first, as the table rests on it.
		return nil, ofJudge(err, v["judge"])
	}
	if i >= 0 {
		c.Criteria[i] = m
	} else {
		c.Criteria = append(c.Criteria, m)
	}
	if !slices.ContainsFunc(c.Criteria, func(m scorecard.Criterion) bool { return m.Weight > 0 }) {
		return nil, fieldWrong("weight", fmt.Errorf("all weights are zero; give at least one criterion a weight"))
	}
	return c, nil
}
