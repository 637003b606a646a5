package ui_test

import (
	"testing"
)

func TestAListIsGroupedWithSubtotals(t *testing.T) {
	s := look(t, 160, 48)
	s.Press("b").Expect("Group by").Type("tier").Press("enter")
	s.Expect("Customers › by Tier", "▸ Ambercastle Coatings Inc.", "Σ ARR", "400 customers")
	// The cursor has stayed on its record; the first heading is found at the top.
	s.Press("g").Expect("▸ ▾ KA · ")
	s.Press("enter").Expect("▸ KA · ", "mid · ").ExpectNot("▾ KA · ")
	s.Press("l").Expect("▾ KA · ")
	s.Press("h").Expect("▸ ▸ KA · ")
	s.Press("w").ExpectSaid("KA · ")
	s.Command("group status").Expect("by Status", "prospect · ")
	s.Command("group arr").ExpectSaid("ARR", "amount")
	s.Command("group none").ExpectNot("by Status")
}

func TestMarksFilterAndSortWorkInGroups(t *testing.T) {
	s := look(t, 160, 48)
	s.Command("group tier").Press("g", "space").ExpectNot(" marked") // A heading is folded and not marked.
	s.Press("*").Expect("400 marked", "KA · ")                       // What is folded is marked too.
	s.Press("_", "space", "j", "space").Expect("1 marked")
	s.Press("_", "g", "j", "s")
	s.Filter("tier:mid").Expect(found(t, "tier:mid")+" customers", "mid · ").ExpectNot("KA · ")
}

func TestAViewKeepsItsGroups(t *testing.T) {
	s := openOn(t, sampleBook(t), 160, 48)
	s.Command("group tier").Press("V").Type("save this list as a view of yours").Press("enter").Type("By tier").Press("ctrl+s")
	s.Command("group none").ExpectNot("by Tier")
	s.Press("V").Type("by tier").Press("enter").Expect("Customers › “By tier” (yours) › by Tier", "KA · ")
}

func TestEveryListGroups(t *testing.T) {
	for key, field := range map[string]string{"1": "owner", "3": "decision_date", "4": "severity"} {
		s := look(t, 120, 30)
		s.Press(key).Command("group " + field).Press("g")
		s.Expect("› by ", "▾ ")
	}
}

func TestThePositionCountsRecordsAndNoHeadings(t *testing.T) {
	s := look(t, 120, 40)
	s.Press("G").Expect("400/400")
	s.Command("group tier").Press("G").Expect("400/400")
	s.Press("g").Expect(" 1/400").Press("j").Expect(" 1/400").Press("j").Expect(" 2/400")
}
