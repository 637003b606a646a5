package ui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/ui/kit"
)

// importKinds are the kinds of which files may hold rows, by their plural names.
func importKinds() []string {
	var out []string
	for _, k := range []model.Kind{
		model.Customer, model.Contact, model.Contract, model.Order, model.Invoice, model.Item, model.Touch, model.Task, model.Usage,
		model.Deal, model.Churn, model.Benefit, model.User,
	} {
		out = append(out, model.SchemaOf(k).Plural)
	}
	return out
}

// encodings are those that a person may choose; the reader knows more names for them.
func encodings() []string {
	return []string{"utf-8", "utf-16", "windows-1252", "gb18030", "big5", "cp932"}
}

// askWords says how to answer what stopped the plan.
func (p *importPane) askWords() string {
	var q *ImportQuestion
	if errors.As(p.err, &q) {
		return p.sp.lang.T("enter answers it; o shows all that can be said of a file.")
	}
	return p.sp.lang.T("I chooses another file; r reads this one again; o says what it is.")
}

// optionAnswer sets one option of the job.
type optionAnswer struct {
	pane         *importPane
	about, value string
}

func (o optionAnswer) answered(a *App) {
	o.pane.set(o.about, o.value)
	a.after = o.pane.read(a)
}

// set puts an option into the job. Another kind has other fields, so what was said of the columns goes.
func (p *importPane) set(about, value string) {
	j := &p.job
	switch about {
	case "kind":
		if j.Kind != value {
			j.Kind, j.Map = value, nil
		}
	case "source":
		j.Source = value
	case "encoding":
		j.Encoding = value
	case "delimiter":
		j.Delimiter = value
	case "dates":
		j.Dates = value
	case "decimal":
		j.Decimal = value
	case "skip":
		j.Skip, _ = strconv.Atoi(value)
	case "columns":
		j.Columns = value
	case "mapping":
		j.Mapping = value
	case "set":
		j.Set, _ = parseFixed(value)
	case "states":
		j.States = value != ""
	}
}

// answer offers what answers the question that stopped the plan.
func (p *importPane) answer(a *App) {
	var q *ImportQuestion
	if !errors.As(p.err, &q) {
		p.openOptions(a)
		return
	}
	choices := q.Choices
	if len(choices) == 0 {
		var values []string
		switch q.About {
		case "kind":
			values = importKinds()
		case "encoding":
			values = encodings()
		case "dates":
			values = []string{"dmy", "mdy", "ymd"}
		case "decimal":
			values = []string{".", ","}
		}
		for _, v := range values {
			choices = append(choices, ImportChoice{Value: v})
		}
	}
	if len(choices) == 0 {
		p.openOptions(a)
		return
	}
	var items []kit.Item
	for _, c := range choices {
		items = append(items, kit.Item{Title: c.Value, Help: c.Shows, Value: optionAnswer{p, q.About, c.Value}})
	}
	a.stack.Push(kit.NewMenu(a.lang.T("Which is it?"), items))
}

// optionsForm is the form of all that can be said of a file.
type optionsForm struct{ pane *importPane }

func (p *importPane) openOptions(a *App) {
	l, j := a.lang, p.job
	pick := func(key, label, help, value string, values ...string) kit.Field {
		f := kit.Field{Key: key, Label: label, Kind: kit.KindPick, Value: value, Help: help, Options: []kit.Option{{Value: "", Label: l.T("as it is recognised")}}}
		for _, v := range values {
			f.Options = append(f.Options, kit.Option{Value: v, Label: v})
		}
		return f
	}
	skip, states := "", ""
	if j.States {
		states = "states"
	}
	if j.Skip > 0 {
		skip = strconv.Itoa(j.Skip)
	}
	f := kit.NewForm(l.T("What the file is"), []kit.Field{
		pick("kind", l.T("Rows are"), l.T("the kind of record that each row is"), j.Kind, importKinds()...),
		{Key: "source", Label: l.T("Source"), Value: j.Source, Help: l.T("under its name the keys of its records are remembered")},
		pick("dates", l.T("Dates"), l.T("the order of day, month and year"), j.Dates, "dmy", "mdy", "ymd"),
		pick("decimal", l.T("Decimal sign"), l.T("the sign before the decimals"), j.Decimal, ".", ","),
		pick("encoding", l.T("Encoding"), l.T("how the file writes its characters"), j.Encoding, encodings()...),
		pick("delimiter", l.T("Delimiter"), l.T("the sign between two columns"), j.Delimiter, ",", ";", "tab", "|"),
		{Key: "skip", Label: l.T("Skip lines"), Kind: kit.KindNumber, Value: skip, Help: l.T("lines before the table")},
		{Key: "columns", Label: l.T("Column names"), Value: j.Columns, Help: l.T("of a file without a header, parted by commas; - leaves one out")},
		{Key: "set", Label: l.T("Fixed values"), Value: fixedText(j.Set), Help: l.T("field=value for every row, parted by ;")},
		{
			Key: "states", Label: l.T("Take in"), Kind: kit.KindPick, Value: states, Help: l.T("all of it, or only how far items are that are known here"),
			Options: []kit.Option{{Value: "", Label: l.T("everything")}, {Value: "states", Label: l.T("only how far items are")}},
		},
		{Key: "mapping", Label: l.T("Mapping file"), Value: j.Mapping, Help: l.T("a file that says what the columns become")},
	})
	f.Validate = func(key, value string) error {
		switch {
		case key == "skip" && value != "":
			if n, err := strconv.Atoi(value); err != nil || n < 0 {
				return errors.New(l.T("a number of lines, such as 2"))
			}
		case key == "set":
			_, err := parseFixed(value)
			return err
		}
		return nil
	}
	a.stack.Push(&kit.FormDialog{Form: f, ID: optionsForm{p}})
}

func (f optionsForm) formAnswered(a *App, ans kit.FormAnswer) {
	if len(ans.Changes) == 0 {
		return
	}
	for about, value := range ans.Changes {
		f.pane.set(about, value)
	}
	a.after = f.pane.read(a)
}

// parseFixed reads "country=Germany; owner=ana".
func parseFixed(text string) (map[string]string, error) {
	out := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("%q is not field=value", part)
		}
		out[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return out, nil
}

func fixedText(set map[string]string) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(set)) {
		parts = append(parts, name+"="+set[name])
	}
	return strings.Join(parts, "; ")
}
