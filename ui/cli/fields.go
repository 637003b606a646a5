package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
)

func (a *app) fieldsCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:               "fields KIND",
		Short:             "List the fields of a kind",
		Args:              args(1, 1),
		ValidArgsFunction: completeKind,
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := subjectByName(args[0])
			if err != nil {
				return err
			}
			return a.print(*format, fieldColumnsOf(), fieldLines(s))
		},
	}
	format = outputFlag(c, asTable, asCSV, asJSON, asNDJSON)
	return c
}

// fieldColumnsOf are the columns of the list of fields. Each line carries its field as a record of
// texts, so that one set of printers serves both.
func fieldColumnsOf() []column {
	col := func(name, label string) column {
		return column{name: name, label: label, get: func(l *line) cell { return textCell(l.rec.Get(name).Str()) }}
	}
	flag := func(name, label string) column {
		return column{name: name, label: label, get: func(l *line) cell {
			if l.rec.Get(name).IsTrue() {
				return cell{"yes", true}
			}
			return cell{"", false}
		}}
	}
	options := column{name: "options", label: "One of", get: func(l *line) cell {
		items := l.rec.Get("options").Items()
		return listCell(strings.Join(items, ", "), items)
	}}
	return []column{
		col("name", "Field"), col("label", "Label"), col("type", "Type"), flag("required", "Required"),
		flag("computed", "Computed"), options, col("help", "Meaning"),
	}
}

func fieldLines(s subject) func(func(*line, error) bool) {
	return func(yield func(*line, error) bool) {
		for _, f := range fieldsOf(s) {
			rec := &model.Record{}
			rec.Set("name", model.Text(f.Name))
			rec.Set("label", model.Text(f.Label))
			rec.Set("type", model.Text(typeName(&f)))
			rec.Set("required", model.Bool(f.Has(model.FRequired)))
			rec.Set("computed", model.Bool(f.Has(model.FDerived)))
			rec.Set("options", model.List(f.Options...))
			rec.Set("help", model.Text(f.Help))
			if !yield(&line{rec: rec}, nil) {
				return
			}
		}
	}
}

// fieldsOf lists the fields of a kind that people see.
func fieldsOf(s subject) []model.Field {
	var out []model.Field
	if s.batches {
		for _, c := range batchColumns() {
			f := model.Field{Name: c.name, Label: c.label, Type: model.TText, Flags: model.FDerived}
			switch c.name {
			case "time":
				f.Type = model.TTime
			case "ops":
				f.Type = model.TNumber
			case "undone":
				f.Type = model.TBool
			}
			out = append(out, f)
		}
		return out
	}
	for _, f := range model.SchemaOf(s.kind).Fields {
		if !f.Has(model.FHidden) {
			out = append(out, f)
		}
	}
	return out
}

// typeName names what a field holds.
func typeName(f *model.Field) string {
	switch f.Type {
	case model.TNumber:
		return "number"
	case model.TMoney:
		return "amount"
	case model.TDate:
		return "date"
	case model.TTime:
		return "time"
	case model.TBool:
		return "yes or no"
	case model.TPick:
		return "choice"
	case model.TList:
		return "list"
	case model.TRef:
		return f.Ref.String()
	case model.TRefs:
		return model.SchemaOf(f.Ref).Plural
	case model.TPerson:
		return "user"
	case model.TParts:
		return "rows"
	}
	return "text"
}
