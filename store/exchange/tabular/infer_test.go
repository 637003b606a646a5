package tabular

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inferOne judges a column of the given values, which stand on lines 2 and following.
func inferOne(values ...string) ColumnInfo {
	rows := make([]Row, len(values))
	for i, v := range values {
		rows[i] = Row{Line: i + 2, Cells: []string{v}}
	}
	return inferColumns([]string{"Due"}, rows)[0]
}

func TestInferKinds(t *testing.T) {
	for _, c := range []struct {
		name   string
		values string // separated by |
		want   ColumnInfo
	}{
		{"text", "a|b|3", ColumnInfo{Kind: KindText, Numbers: DecimalPoint}},
		{"nothing", "|NULL|n/a|--", ColumnInfo{Kind: KindEmpty, Empty: 4}},
		{"integer", "1|-2|30", ColumnInfo{Kind: KindInteger, Numbers: DecimalPoint}},
		{"integer with blanks", "1| |NULL|30", ColumnInfo{Kind: KindInteger, Numbers: DecimalPoint, Empty: 2}},
		{"codes", "00501|12345", ColumnInfo{Kind: KindText, Numbers: DecimalPoint}},
		{"decimal", "29.85| |1889.5", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint, Empty: 1}},
		{"exponent", "3.5E8|5", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint}},
		{"decimal comma", "61.233,20|1.234", ColumnInfo{Kind: KindDecimal, Numbers: DecimalComma}},
		{"grouped integers", "1.234.567|1.234", ColumnInfo{Kind: KindInteger, Numbers: DecimalComma}},
		{"point by another row", "1,234|1,234.50", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint}},
		{"money", "R$ 11.340.000,66|R$ 5,00|", ColumnInfo{Kind: KindMoney, Numbers: DecimalComma, Currencies: []string{"BRL"}, Empty: 1}},
		{"two currencies", "$5|€6.50|7", ColumnInfo{Kind: KindMoney, Numbers: DecimalPoint, Currencies: []string{"$", "EUR"}}},
		{"percent", "12%|5%", ColumnInfo{Kind: KindDecimal, Numbers: DecimalPoint, Percent: true}},
		{"yes and no", "Yes|No|YES|", ColumnInfo{Kind: KindBool, Empty: 1}},
		{"chinese yes and no", "是|否", ColumnInfo{Kind: KindBool}},
		{"ones and zeros", "1|0|1", ColumnInfo{Kind: KindInteger, Numbers: DecimalPoint}},
		{"yes, no and more", "Yes|No|No internet service", ColumnInfo{Kind: KindText}},
		{"iso dates", "2024-05-31|2024-01-02", ColumnInfo{Kind: KindDate}},
		{"dmy by one row", "01/02/2024|31/01/2024|03/04/2024", ColumnInfo{Kind: KindDate, Dates: DMY}},
		{"mdy by one row", "01/02/2024|01/31/2024|03/04/2024", ColumnInfo{Kind: KindDate, Dates: MDY}},
		{"mdy with times", "6/21/2025 16:14|1/2/2025 3:00", ColumnInfo{Kind: KindTimestamp, Dates: MDY}},
		{"two-figure years", "15/03/20|01/02/21", ColumnInfo{Kind: KindDate, Dates: DMY}},
		{"two-figure years first", "99-12-31|98-01-30", ColumnInfo{Kind: KindDate, Dates: YMD}},
		{"order plays no part", "05/05/2024|06/06/2024", ColumnInfo{Kind: KindDate, Dates: DMY}},
		{"compact", "19970101|19970118", ColumnInfo{Kind: KindDate, Numbers: DecimalPoint}},
		{"compact but once", "19970101|19970118|12345678", ColumnInfo{Kind: KindInteger, Numbers: DecimalPoint}},
		{"midnight is a date", "1996-07-04 00:00:00.000|1996-07-05 00:00:00.000", ColumnInfo{Kind: KindDate}},
		{"zoned", "2020-01-02 17:14:21+00:00|2016-04-28T11:19:34 -10:00", ColumnInfo{Kind: KindTimestamp, Zoned: true}},
		{"jira", "11/May/24 03:26 PM|30/Sep/26 12:00 AM", ColumnInfo{Kind: KindTimestamp}},
		{"chinese dates", "2023年5月31日|2023年6月1日", ColumnInfo{Kind: KindDate}},
		{"zero dates", "0000-00-00|2024-05-31", ColumnInfo{Kind: KindDate, Empty: 1}},
		{"one bit of dirt in ten", "1|2|3|4|5|6|7|8|9|x", ColumnInfo{Kind: KindInteger, Numbers: DecimalPoint, Misfits: 1, MisfitLine: 11, MisfitValue: "x"}},
		{"too much dirt", "1|2|x|y", ColumnInfo{Kind: KindText, Numbers: DecimalPoint}},
		{"a date that does not exist", strings.Repeat("31/01/2024|", 20) + "31/04/2024", ColumnInfo{Kind: KindDate, Dates: DMY, Misfits: 1, MisfitLine: 22, MisfitValue: "31/04/2024"}},
	} {
		values := strings.Split(c.values, "|")
		c.want.Name, c.want.Rows = "Due", len(values)
		if diff := cmp.Diff(c.want, inferOne(values...)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestAmbiguousDatesShowBothReadings(t *testing.T) {
	info := inferOne("05/05/2012", "03/01/2012", "02/02/2012")
	if info.Kind != KindDate || info.Dates != UnknownOrder {
		t.Errorf("got %+v", info)
	}
	want := &Ambiguous{Column: "Due", Line: 3, Value: "03/01/2012", Flag: "--dates", Readings: []Reading{{"dmy", "2012-01-03"}, {"mdy", "2012-03-01"}}}
	if diff := cmp.Diff(want, info.DateProblem); diff != "" {
		t.Error(diff)
	}
	var asked *Ambiguous
	if err := info.Err(); !errors.As(err, &asked) || err.Error() != `column "Due", line 3: "03/01/2012" can be 2012-01-03 (dmy) or 2012-03-01 (mdy); say which with --dates dmy|mdy|ymd` {
		t.Errorf("error is %v", err)
	}
}

func TestContradictingDatesAreAsked(t *testing.T) {
	info := inferOne("01/02/2012", "13/05/2012", "05/13/2012")
	p := info.DateProblem
	if info.Dates != UnknownOrder || p == nil || p.Value != "13/05/2012" || p.OtherValue != "05/13/2012" || p.OtherLine != 4 {
		t.Fatalf("got %+v, %+v", info, p)
	}
	if !strings.Contains(info.Err().Error(), `"13/05/2012" is 2012-05-13 (dmy), but line 4: "05/13/2012" cannot be read that way`) {
		t.Errorf("error is %v", info.Err())
	}
}

func TestAmbiguousNumbersShowBothReadings(t *testing.T) {
	info := inferOne("1,234", "12", "5,678")
	want := &Ambiguous{Column: "Due", Line: 2, Value: "1,234", Flag: "--decimal", Readings: []Reading{{",", "1.234"}, {".", "1234"}}}
	if diff := cmp.Diff(want, info.NumberProblem); diff != "" || info.Numbers != UnknownNumbers {
		t.Error(diff, info)
	}
	if err := info.Err(); err == nil || !strings.HasSuffix(err.Error(), `can be 1.234 (,) or 1234 (.); say which with --decimal ,|.`) {
		t.Errorf("error is %v", err)
	}
	mixed := inferOne("1.50", "1,50")
	if p := mixed.NumberProblem; p == nil || p.Value != "1.50" || p.OtherValue != "1,50" {
		t.Errorf("contradicting signs: %+v", mixed)
	}
}

// TestAProblemOutsideItsKindIsNoError: an address column may hold a 1,234 without anyone asking.
func TestAProblemOutsideItsKindIsNoError(t *testing.T) {
	info := inferOne("Main St", "1,234", "01/02/2024", "x")
	if info.Kind != KindText || info.Err() != nil {
		t.Errorf("got %+v, %v", info, info.Err())
	}
	if info.NumberProblem == nil || info.DateProblem == nil {
		t.Error("whoever wants numbers or dates from the column has to be able to ask")
	}
}

func TestTypedCellsNeedNoGuess(t *testing.T) {
	rows := []Row{
		{Line: 2, Cells: []string{"1.234", "2024-01-02", "true", "1"}, Types: []CellType{NumberCell, DateCell, BoolCell, TextCell}},
		{Line: 3, Cells: []string{"5.678", "2024-02-01T10:00:00", "false", ""}, Types: []CellType{NumberCell, TimeCell, BoolCell, TextCell}, Null: []bool{false, false, false, true}},
	}
	infos := inferColumns([]string{"n", "d", "b", "t"}, rows)
	for i, want := range []Kind{KindDecimal, KindTimestamp, KindBool, KindInteger} {
		if infos[i].Kind != want || infos[i].Err() != nil {
			t.Errorf("%s is %s, %v; want %s", infos[i].Name, infos[i].Kind, infos[i].Err(), want)
		}
	}
	if infos[3].Empty != 1 {
		t.Errorf("a null cell is empty: %+v", infos[3])
	}
}

func TestInferReader(t *testing.T) {
	rs, err := OpenBytes(context.Background(), "t.csv", []byte("id,due\n1,31/12/2024\n2,01/02/2024\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	infos, err := inferReader(rs[0])
	if err != nil || infos[0].Kind != KindInteger || infos[1].Dates != DMY || infos[1].Index != 1 {
		t.Errorf("%+v, %v", infos, err)
	}
	if err := rs[0].Close(); err != nil {
		t.Error(err)
	}
}

// inferColumns judges the columns of rows that are all at hand.
func inferColumns(header []string, rows []Row) []ColumnInfo {
	inf := NewInferrer(header)
	for _, row := range rows {
		inf.Add(row)
	}
	return inf.Columns()
}

// inferReader reads a table to its end and judges its columns. Rows that have a Problem count too.
func inferReader(r Reader) ([]ColumnInfo, error) {
	inf := NewInferrer(r.Table().Header)
	for {
		row, err := r.Next()
		if isEOF(err) {
			return inf.Columns(), nil
		}
		if err != nil {
			return nil, err
		}
		inf.Add(row)
	}
}
