package ui

import (
	"errors"
	"strings"

	"opsdeck/model/scorecard"
	"opsdeck/ui/kit"
)

// How a criterion is judged, as its form has it; the tables of the form are called so too. The other two are the
// directions of a percentile.
const (
	judgeBands  = "bands"
	judgeValues = "values"
	judgeAsIs   = scorecard.AsIs
)

// judgeFields are the fields that say what points an input brings: by which way, and the rows of the two tables.
func judgeFields(a *App, m *scorecard.Criterion) []kit.Field {
	l := a.lang
	rows, words := scorecard.Rows(m.Points)
	judge, bands, values := m.Percentile, "", ""
	switch {
	case m.Points == scorecard.AsIs:
		judge = judgeAsIs
	case words:
		judge, values = judgeValues, rowsText(judgeValues, rows)
	case m.Points != "":
		judge, bands = judgeBands, rowsText(judgeBands, rows)
	}
	points := kit.TableColumn{Label: l.T("Points"), Right: true}
	return []kit.Field{
		{Key: "judge", Label: l.T("Points by"), Kind: kit.KindPick, Value: judge, Options: []kit.Option{
			{Value: "", Label: "–"},
			{Value: judgeBands, Label: l.T("bands")},
			{Value: judgeValues, Label: l.T("values")},
			{Value: "up", Label: l.T("percentile, more is better")},
			{Value: "down", Label: l.T("percentile, less is better")},
			{Value: judgeAsIs, Label: l.T("as it is")},
		}, Help: l.T("bands of a number, values of a text, the place among the customers of the model, or the input as it is")},
		{Key: judgeBands, Label: l.T("Bands"), Kind: kit.KindTable, Value: bands, Columns: []kit.TableColumn{
			{Label: l.T("from"), Right: true}, {Label: l.T("to"), Right: true}, points,
		}, Help: l.T("the lower edge belongs to the band; 5k is 5,000; an empty end is where the next band begins")},
		{Key: judgeValues, Label: l.T("Values"), Kind: kit.KindTable, Value: values, Columns: []kit.TableColumn{
			{Label: l.T("value")}, points,
		}, Help: l.T("a value that is not listed counts as no data")},
	}
}

// tableCells are the cells of a row in the order of the columns.
func tableCells(table string) []string {
	if table == judgeBands {
		return []string{"from", "to", "points"}
	}
	return []string{"value", "points"}
}

// rowsText writes rows as a field that is a table holds them.
func rowsText(table string, rows []scorecard.Row) string {
	var lines []string
	for _, r := range rows {
		if table == judgeBands {
			lines = append(lines, r.From+"\t"+r.To+"\t"+r.Points)
		} else {
			lines = append(lines, r.Value+"\t"+r.Points)
		}
	}
	return strings.Join(lines, "\n")
}

// rowsOf reads the rows of a field that is a table.
func rowsOf(table, text string) []scorecard.Row {
	var out []scorecard.Row
	for line := range strings.SplitSeq(text, "\n") {
		cells := append(strings.Split(line, "\t"), "", "", "")
		if table == judgeBands {
			out = append(out, scorecard.Row{From: cells[0], To: cells[1], Points: cells[2]})
		} else {
			out = append(out, scorecard.Row{Value: cells[0], Points: cells[1]})
		}
	}
	return out
}

// judgedBy takes over how a criterion is judged. Points whose rows are as they were stay as they were written.
func judgedBy(m *scorecard.Criterion, v map[string]string) error {
	judge := v["judge"]
	was, _ := scorecard.Rows(m.Points)
	before := m.Points
	m.Points, m.Percentile = "", ""
	switch judge {
	case "":
	case judgeAsIs:
		m.Points = scorecard.AsIs
	case judgeBands, judgeValues:
		if rowsText(judge, was) == v[judge] && before != "" {
			m.Points = before
			return nil
		}
		write := scorecard.PointsOfBands
		if judge == judgeValues {
			write = scorecard.PointsOfValues
		}
		text, err := write(rowsOf(judge, v[judge]))
		if err != nil {
			return fieldWrong(judge, err)
		}
		m.Points = text
	default:
		m.Percentile = judge
	}
	return nil
}

// ofJudge puts a mistake in the points of a criterion to the field of the form that it is in.
func ofJudge(err error, judge string) error {
	var at *scorecard.FieldError
	if !errors.As(err, &at) || at.Field != "points" && at.Field != "percentile" {
		return err
	}
	if judge != judgeBands && judge != judgeValues {
		judge = "judge"
	}
	return fieldWrong(judge, at.Err)
}

// bandGhost says what empty cells of the bands stand for: a band ends where the next one begins, the first reaches
// down and the last up without end.
func bandGhost(a *App) func(key string, cells [][]string, row, column int) string {
	return func(key string, cells [][]string, row, column int) string {
		if key != judgeBands || strings.TrimSpace(strings.Join(cells[row], "")) == "" {
			return ""
		}
		switch {
		case column == 0 && row == 0:
			return a.lang.T("lowest")
		case column == 0:
			return cells[row-1][1]
		case column == 1 && row == len(cells)-1:
			return a.lang.T("and more")
		case column == 1:
			return cells[row+1][0]
		}
		return ""
	}
}
