package model

import "testing"

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	f := &Field{Name: "amount", Type: TMoney}
	for text, want := range map[string]string{
		"1234": "1234.00", "1,234": "1234.00", "1.234,56": "1234.56", "1,234.56": "1234.56", "12k": "12000.00", "1.5M": "1500000.00",
		"12,5": "12.50", "0,125": "0.125", "1 234 567": "1234567.00", "1'234.5": "1234.50", "-1.234.567": "-1234567.00", "2bn": "2000000000.00",
		"3万": "30000.00", "1.2 億": "120000000.00", "1.234": "1.234", "3.5E8": "350000000.00", ",5": "0.50",
	} {
		if v, err := f.Parse(text); err != nil || v.Format() != want {
			t.Errorf("%q is %q, %v; want %s", text, v.Format(), err, want)
		}
	}
	for _, text := range []string{"1,23,456", "1.234.5", "1,2345,678", "k", "12kk", "1,234,56.7", ".", ",", "-", "12 apples", "1..2", "1,,2", "０"} {
		if v, err := f.Parse(text); err == nil {
			t.Errorf("%q is read as %s", text, v.Format())
		}
	}
	n := &Field{Name: "employees", Type: TNumber}
	if v, err := n.Parse("12,500"); err != nil || v.Format() != "12500" {
		t.Errorf("12,500 employees are %s, %v", v.Format(), err)
	}
}
