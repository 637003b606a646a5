package same

import (
	"testing"

	"opsdeck/model"
)

func TestTheMostAlikeOfOneMarkIsMeant(t *testing.T) {
	ix := NewIndex()
	type customer map[string]string
	all := []customer{
		{"name": "United Oil Corp.", "domain": "uos.example", "city": "New York"},
		{"name": "United Oil, Singapore", "domain": "uos.example", "city": "Singapore"},
		{"name": "Mill", "city": "Hof"},
		{"name": "Mill", "city": "Ulm"},
		{"name": "Anna's", "domain": "gmail.com", "phone": "+49 9281 5550100"},
	}
	record := func(key int, c customer) (Record, []Told) {
		return Record{Key: key, City: FoldName(c["city"])}, MarksOf(model.Customer, func(f string) string { return c[f] })
	}
	for i, c := range all {
		ix.Add(record(i, c))
	}
	for _, c := range []struct {
		is     customer
		other  int
		reason string
	}{
		{customer{"name": "UNITED OIL singapore Ltd", "domain": "https://www.uos.example/x", "city": "Singapore"}, 1, "same web domain"},
		{customer{"name": "Something else", "domain": "uos.example"}, 0, "same web domain"},
		{customer{"name": "Mill", "city": "Ulm"}, 3, "same name and city"},
		{customer{"name": "Mill", "city": "Bern"}, -1, ""},
		{customer{"name": "Mill"}, 2, "same name"},
		{customer{"name": "Other", "domain": "gmail.com"}, -1, ""},
		{customer{"name": "Other", "phone": "0049-9281/5550100"}, 4, "same phone"},
	} {
		r, marks := record(99, c.is)
		other, reason, ok := ix.Match(model.Customer, r, marks)
		if !ok {
			other.Key = -1
		}
		if other.Key != c.other || reason != c.reason {
			t.Errorf("%v is %d (%s), want %d (%s)", c.is, other.Key, reason, c.other, c.reason)
		}
	}
}
