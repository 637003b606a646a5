package sample_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"
	"time"
	"unicode/utf8"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/sample"
	"opsdeck/model/table"
)

var today = day.Of(2026, time.November, 22)

func options(customers int) sample.Options {
	return sample.Options{Customers: customers, Seed: 1, Today: today}
}

// book is a generated book: its records in order, and the picture that lists are drawn from.
type book struct {
	records []*model.Record
	count   map[model.Kind]int
	*table.Snapshot
}

func generate(t *testing.T, o sample.Options) book {
	t.Helper()
	b := book{count: map[model.Kind]int{}}
	own := map[string]string{}
	err := sample.Generate(o, func(r *model.Record) error {
		b.records = append(b.records, r)
		b.count[r.Kind]++
		if r.Kind == model.Setting {
			own[r.Get("key").Str()] = r.Get("value").Str()
		}
		return nil
	})
	if err != nil {
		t.Fatalf("Generate(%+v): %v", o, err)
	}
	l := table.NewLoader(o.Today, model.NewSettings(own))
	for _, r := range b.records {
		l.Put(r)
	}
	b.Snapshot = l.Snapshot(1)
	return b
}

// shares counts the values of a textual field.
func (b book) shares(k model.Kind, field string) map[string]int {
	out := map[string]int{}
	t := b.Table(k)
	t.Rows(func(row int32) bool { out[t.Str(row, field)]++; return true })
	return out
}

func TestRecordsAreValidAndPointAtEarlierOnes(t *testing.T) {
	t.Parallel()
	for _, o := range []sample.Options{
		{0, 1, today}, {1, 0, today}, {1, 1, today}, {7, 1, today}, {7, 1 << 63, today}, {400, 1, today}, {400, 2, today}, {3000, 1, today},
	} {
		b := generate(t, o)
		if b.count[model.Customer] != o.Customers {
			t.Errorf("%+v: %d customers", o, b.count[model.Customer])
		}
		checkRecords(t, o, b)
	}
}

// said is a value that is unique among the records of a kind.
type said struct {
	kind         model.Kind
	field, value string
}

func checkRecords(t *testing.T, o sample.Options, b book) {
	t.Helper()
	kinds := map[model.ID]model.Kind{}
	unique := map[said]bool{}
	limit := []byte(idTime(o.Today))
	var last model.ID
	for _, r := range b.records {
		if err := r.Validate(); err != nil {
			t.Fatalf("%+v: %s %s: %v", o, r.Kind, r.Title(), err)
		}
		if bytes.Compare(last[:], r.ID[:]) >= 0 || bytes.Compare(r.ID[:6], limit) >= 0 {
			t.Fatalf("%+v: id %s of %s %s does not rise, or is not from before today", o, r.ID, r.Kind, r.Title())
		}
		if back, err := model.ParseID(r.ID.String()); err != nil || back != r.ID {
			t.Fatalf("%+v: id %s reads back as %s, %v", o, r.ID, back, err)
		}
		last = r.ID
		kinds[r.ID] = r.Kind
		for _, name := range []string{"external_id", "domain", "registered_id", "number", "key", "handle"} {
			if v := r.Get(name); !v.IsZero() {
				key := said{r.Kind, name, v.Format()}
				if unique[key] {
					t.Fatalf("%+v: %s %s: %s %q occurs twice", o, r.Kind, r.Title(), name, v.Format())
				}
				unique[key] = true
			}
		}
		checkFields(t, o, r, kinds, unique)
	}
}

func idTime(d day.Day) []byte {
	ms := uint64(d) * 86400000
	return []byte{byte(ms >> 40), byte(ms >> 32), byte(ms >> 24), byte(ms >> 16), byte(ms >> 8), byte(ms)}
}

// checkFields holds references to records that came before, and persons to users.
func checkFields(t *testing.T, o sample.Options, r *model.Record, kinds map[model.ID]model.Kind, unique map[said]bool) {
	t.Helper()
	for _, fv := range r.Fields {
		f, _ := model.SchemaOf(r.Kind).Field(fv.Name)
		for _, id := range fv.Value.IDs() {
			if kinds[id] != f.Ref || id == r.ID {
				t.Fatalf("%+v: %s %s: %s points at %s, a %s", o, r.Kind, r.Title(), fv.Name, id, kinds[id])
			}
		}
		if v := fv.Value; v.Type() == model.TPerson && !unique[said{model.User, "handle", v.Str()}] {
			t.Fatalf("%+v: %s %s: %s is %q, who is no user", o, r.Kind, r.Title(), fv.Name, v.Str())
		}
		if s := fv.Value.Str(); !utf8.ValidString(s) || bytes.ContainsRune([]byte(s), '{') {
			t.Fatalf("%+v: %s %s: %s is %q", o, r.Kind, r.Title(), fv.Name, s)
		}
	}
}

func TestNamesAreAllDifferent(t *testing.T) {
	t.Parallel()
	names, mail := map[string]bool{}, map[string]bool{}
	err := sample.Generate(options(100000), func(r *model.Record) error {
		switch r.Kind {
		case model.Contact:
			return errors.New("enough")
		case model.Customer:
			name, domain := r.Title(), r.Get("domain").Str()
			if names[name] || domain != "" && mail[domain] {
				t.Fatalf("%q (%s) occurs twice", name, domain)
			}
			names[name], mail[domain] = true, true
		}
		return nil
	})
	if err == nil || len(names) != 100000 {
		t.Errorf("%d names, error %v", len(names), err)
	}
}

func TestSameOptionsGiveTheSameBook(t *testing.T) {
	t.Parallel()
	sum := func(o sample.Options) [32]byte {
		h := sha256.New()
		var buf []byte
		err := sample.Generate(o, func(r *model.Record) error {
			buf = append(append(buf[:0], byte(r.Kind)), r.ID[:]...)
			buf = model.AppendRecord(buf, r)
			_, err := h.Write(buf)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return [32]byte(h.Sum(nil))
	}
	for _, customers := range []int{7, 400, 3000} {
		o := options(customers)
		first, again := sum(o), sum(o)
		if first != again {
			t.Errorf("%d customers: two runs differ", customers)
		}
		for _, other := range []sample.Options{{customers, 2, today}, {customers, 1, today + 1}} {
			if first == sum(other) {
				t.Errorf("%+v and %+v give the same book", o, other)
			}
		}
	}
}

func TestGenerateStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	stop := errors.New("disk full")
	for _, after := range []int{1, 15, 25, 300, 900, 3000} {
		calls := 0
		err := sample.Generate(options(100), func(*model.Record) error {
			if calls++; calls == after {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || calls != after {
			t.Errorf("stopped at call %d of %d with %v", calls, after, err)
		}
	}
}

func TestOptionsOutOfBoundsAreRefused(t *testing.T) {
	t.Parallel()
	for _, o := range []sample.Options{
		{Customers: -1, Today: today},
		{Customers: 1 << 40, Today: today},
		{Customers: 1, Today: day.None},
		{Customers: 1, Today: 1 << 30},
	} {
		if err := sample.Generate(o, func(*model.Record) error { return nil }); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestEveryDayOfTheYearWorks(t *testing.T) {
	t.Parallel()
	for _, d := range []day.Day{day.Of(1980, 1, 1), day.Of(2028, 2, 29), day.Of(2026, 3, 31), day.Of(2099, 12, 31), day.Of(2150, 1, 1)} {
		o := sample.Options{Customers: 120, Seed: 3, Today: d}
		checkRecords(t, o, generate(t, o))
	}
}

func BenchmarkGenerate100k(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if err := sample.Generate(options(100000), func(*model.Record) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "records")
	}
}
