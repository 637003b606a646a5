package table

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"opsdeck/model"
	"opsdeck/model/day"
)

const testDay = day.Day(20_800) // 2026-12-13

// worldKinds are the kinds of the small worlds in which every record may point at every other.
func worldKinds() []model.Kind {
	return []model.Kind{
		model.Customer, model.Contact, model.Contract, model.Order, model.Invoice, model.Item, model.Touch,
		model.Task, model.Usage, model.Deal, model.Churn, model.Benefit,
	}
}

// perKind is how many ids a kind has: few, so that records meet.
const perKind = 3

func worldID(k model.Kind, n int) model.ID {
	var id model.ID
	id[0] = byte(k)
	binary.BigEndian.PutUint64(id[8:], uint64(n+1))
	return id
}

func anyOf(k model.Kind) *rapid.Generator[model.ID] {
	return rapid.Map(rapid.IntRange(0, perKind-1), func(n int) model.ID { return worldID(k, n) })
}

// near draws days around today, on and beside the limits that count.
func near() *rapid.Generator[day.Day] {
	return rapid.Map(rapid.SampledFrom([]int{-800, -731, -366, -365, -200, -31, -30, -14, -1, 0, 1, 20, 31, 90, 365, 27000}),
		func(n int) day.Day { return testDay + day.Day(n) })
}

func drawValue(t *rapid.T, f *model.Field) model.Value {
	switch f.Type {
	case model.TText, model.TLong:
		if f.Name == "currency" {
			return model.Text(rapid.SampledFrom([]string{"USD", "EUR", "JPY", "XXX"}).Draw(t, "currency"))
		}
		return model.Text(rapid.SampledFrom([]string{"Acme", "acme", "Łódź AG", "東京カス", "B\x1fC", " x ", "Zoë"}).Draw(t, "text"))
	case model.TPerson:
		return model.Person(rapid.SampledFrom([]string{"ana", "bo"}).Draw(t, "person"))
	case model.TNumber:
		return model.Number(float64(rapid.SampledFrom([]int{0, 1, 2, 3, 50, 100, 5000}).Draw(t, "number")))
	case model.TMoney:
		return model.Money(int64(rapid.SampledFrom([]int{-5, 0, 1, 999, 50_000, 2_000_001}).Draw(t, "money")) * model.MoneyScale / 10)
	case model.TDate:
		return model.Date(near().Draw(t, "date"))
	case model.TTime:
		return model.Time(int64(near().Draw(t, "time"))*86_400_000 + 3_600_001)
	case model.TBool:
		return model.Bool(rapid.Bool().Draw(t, "bool"))
	case model.TPick:
		return model.Pick(rapid.SampledFrom(f.Options).Draw(t, "pick"))
	case model.TList:
		return model.List(rapid.SliceOfN(rapid.SampledFrom([]string{"beta", "VIP", "é"}), 0, 3).Draw(t, "list")...)
	case model.TRef:
		return model.Ref(anyOf(f.Ref).Draw(t, "ref"))
	case model.TRefs:
		return model.Refs(rapid.SliceOfN(anyOf(f.Ref), 0, 3).Draw(t, "refs")...)
	case model.TParts:
		return model.PartRows([][]string{{"1", "a"}})
	}
	return model.Value{}
}

// often tells in how many of ten records a field is filled. Fields on which figures rest are frequent
// where they make a figure and rare where they switch it off.
func often(k model.Kind, f *model.Field) int {
	switch {
	case f.Has(model.FCold) || f.Type == model.TParts:
		return 1
	case f.Type == model.TRef, f.Type == model.TRefs, f.Has(model.FRequired):
		return 8
	}
	switch f.Name {
	case "cancelled_on", "churned", "tier_override", "severity_set", "settled", "left_on", "renewal_wanted", "auto_renew":
		return 2
	case "end", "blocking", "due", "amount", "date", "tier_override_until":
		return 8
	}
	return 4
}

// drawRecord draws a record. References are frequent and may point at what is not there, which a sound
// book never has and a table has to bear all the same.
func drawRecord(t *rapid.T, k model.Kind, id model.ID) *model.Record {
	r := model.NewRecord(k, id)
	for _, f := range model.SchemaOf(k).Stored() {
		if rapid.IntRange(0, 9).Draw(t, "has "+f.Name) >= often(k, f) {
			continue
		}
		v := drawValue(t, f)
		if v.Type() == model.TText && f.Type == model.TLong {
			v = model.Long(v.Str())
		}
		r.Set(f.Name, v)
	}
	if rapid.IntRange(0, 3).Draw(t, "custom") == 0 {
		r.Set(model.CustomPrefix+rapid.SampledFrom([]string{"sla", "own"}).Draw(t, "custom name"), model.Text("gold"))
	}
	if rapid.IntRange(0, 9).Draw(t, "newer") == 0 {
		r.Set("?999", model.Text("of a newer program"))
	}
	return r
}

func drawSettings(t *rapid.T) *model.Settings {
	own := map[string]string{"rate.EUR": "1.25"}
	for _, c := range [][]string{
		{"rate.JPY", "", "0.007"},
		{"company.currency", "USD", "EUR"},
		{"contract.notice_months", "0", "3"},
		{"tier.KA", "70", "30"},
		{"tier.min_coverage", "0", "40"},
		{"lead.small", "30", "7"},
		{"cadence.small", "180", "10"},
		{"severity.reach", "5 25 50", "10 30 80"},
		{"contract.gap_tolerance_days", "30", "0"},
		{"contract.open_ended_year", "2099", "2028"},
	} {
		if v := rapid.SampledFrom(c[1:]).Draw(t, c[0]); v != "" {
			own[c[0]] = v
		}
	}
	return model.NewSettings(own)
}

// world is the plain form of a book that pictures are held against.
type world map[model.Kind]map[model.ID]*model.Record

func (w world) with(deltas []Delta) world {
	next := world{}
	for _, k := range worldKinds() {
		next[k] = map[model.ID]*model.Record{}
		for id, r := range w[k] {
			next[k][id] = r
		}
	}
	for _, d := range deltas {
		delete(next[d.Kind], d.ID)
		if d.Record != nil {
			next[d.Kind][d.ID] = d.Record
		}
	}
	return next
}

// load makes the picture of the world from nothing, as at the opening of a book, now and then from
// records in the wrong order.
func (w world) load(seq uint64, today day.Day, s *model.Settings) *Snapshot {
	l := NewLoader(today, s)
	for _, k := range model.Kinds() {
		for n := range perKind {
			if seq%3 == 0 {
				n = perKind - 1 - n
			}
			if r := w[k][worldID(k, n)]; r != nil {
				l.Put(r)
			}
		}
	}
	return l.Snapshot(seq)
}

// describe writes down everything that can be read from a picture, row numbers left out.
func describe(s *Snapshot) []string {
	out := []string{fmt.Sprintf("seq %d today %s", s.Seq, s.Today)}
	for _, k := range worldKinds() {
		t := s.Table(k)
		custom := t.CustomFields()
		slices.Sort(custom)
		out = append(out, fmt.Sprintf("%s: %d records, custom %v, filter %v", k, t.Len(), custom, s.FilterSchema(k).Names()))
		var fields []string
		for _, f := range t.Schema.Fields {
			fields = append(fields, f.Name)
		}
		fields = append(fields, custom...)
		for n := range perKind {
			out = append(out, describeRow(s, t, worldID(k, n), fields)...)
		}
		out = append(out, describeLists(s, t, fields)...)
	}
	return out
}

func describeRow(s *Snapshot, t *Table, id model.ID, fields []string) []string {
	var out []string
	k := t.Schema.Kind
	head := fmt.Sprintf("%s %x", k, id[15])
	row, ok := t.Row(id)
	if ok {
		out = append(out, fmt.Sprintf("%s words %q title %q currency %s", head, t.Words(row), s.Title(k, row), s.CurrencyOf(k, row)))
		for _, f := range fields {
			n, has := t.Num(row, f)
			out = append(out, fmt.Sprintf("%s.%s = %d %q shown %q str %q num %g %v units %d day %s bool %v to %v", head, f,
				t.Value(row, f).Type(), t.Value(row, f).Format(), s.Shown(k, row, f), t.Str(row, f), n, has, t.Units(row, f), t.Day(row, f),
				t.Bool(row, f), t.toID(s, row, f)))
		}
	}
	// Who points at the id is the same whether or not the record is there.
	at, known := t.dir.find(id)
	for _, from := range worldKinds() {
		for _, f := range model.SchemaOf(from).Fields {
			if f.Ref != k {
				continue
			}
			var ids []string
			if known {
				for _, kid := range s.Table(from).Kids(at, f.Name) {
					ids = append(ids, s.Table(from).ID(kid).String())
				}
			}
			out = append(out, fmt.Sprintf("%s live %v <- %s.%s %v", head, ok, from, f.Name, ids))
		}
	}
	return out
}

func (t *Table) toID(s *Snapshot, row int32, field string) string {
	f, ok := t.Schema.Field(field)
	if !ok || f.Type != model.TRef || t.To(row, field) < 0 {
		return ""
	}
	return s.Table(f.Ref).ID(t.To(row, field)).String()
}

func describeLists(s *Snapshot, t *Table, fields []string) []string {
	k := t.Schema.Kind
	ids := func(rows []int32) string {
		var b strings.Builder
		for _, r := range rows {
			fmt.Fprintf(&b, " %x", t.ID(r)[15])
		}
		return b.String()
	}
	var inOrder []int32
	t.Rows(func(row int32) bool { inOrder = append(inOrder, row); return true })
	out := []string{
		fmt.Sprintf("%s rows%s", k, ids(inOrder)),
		fmt.Sprintf("%s order%s", k, ids(t.Order(nil))),
		fmt.Sprintf("%s find%s named%s", k, ids(s.Find(k, "ac", 99)), ids(s.Named(k, "ACME"))),
	}
	for _, f := range fields {
		for _, desc := range []bool{false, true} {
			out = append(out, fmt.Sprintf("%s by %s %v%s", k, f, desc, ids(t.Order([]Sort{{Field: f, Desc: desc}}))))
		}
		out = append(out, fmt.Sprintf("%s by %s in Japanese%s", k, f, ids(t.Order([]Sort{{Field: f, Lang: "ja"}}))))
		out = append(out, fmt.Sprintf("%s values of %s %q totals %v", k, f, s.Values(k, f, 99), s.Totals(k, inOrder, f)))
	}
	return out
}
