package ui_test

import (
	"testing"

	"opsdeck/model"
)

// A customer's view begins with value, satisfaction, loyalty and behaviour; loyalty explains itself, and names what
// is missing instead of guessing it.
func TestACustomerInOneView(t *testing.T) {
	b := sampleBook(t)
	openOn(t, b, 160, 48).Press("enter").Expect("Value, satisfaction, loyalty, behaviour", "nobody has asked whether they would recommend us", "missing: Would recommend us", "70 % of the weight with data")
	saveField(t, b, "bo", firstName, "nps", model.Number(9))
	saveField(t, b, "bo", firstName, "nps_date", model.Date(today-40))
	s := openOn(t, b, 160, 48)
	s.Press("enter").Expect("ARR", "would recommend us: 9 of 10, promoter", "100 % of the weight with data", "Usage trend").ExpectNot("missing:")
	s.Press("]").Press("j", "j", "j", "w").Expect("Σ weight × points ÷ Σ weight over the measures with data", "Would recommend us", "9 of 10, promoter, asked", "Coverage")
}
