package model

import (
	"testing"

	"pgregory.net/rapid"

	"opsdeck/model/day"
)

// genValue draws a value of a type, as the makers build it.
func genValue(f *Field) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		switch f.Type {
		case TText:
			return Text(rapid.String().Draw(t, "text"))
		case TLong:
			return Long(rapid.String().Draw(t, "long"))
		case TPerson:
			return Person(rapid.StringMatching(`[a-z]{0,8}`).Draw(t, "person"))
		case TNumber:
			return Number(float64(rapid.IntRange(0, 40).Draw(t, "number")) / 4)
		case TMoney:
			return Money(rapid.Int64().Draw(t, "money"))
		case TDate:
			return Date(day.Day(rapid.IntRange(0, 60000).Draw(t, "date")))
		case TTime:
			return Time(rapid.Int64Range(0, 4e12).Draw(t, "time"))
		case TBool:
			return Bool(rapid.Bool().Draw(t, "bool"))
		case TPick:
			return Pick(rapid.SampledFrom(f.Options).Draw(t, "pick"))
		case TList:
			return List(rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "list")...)
		case TRef:
			return Ref(genID().Draw(t, "ref"))
		case TRefs:
			return Refs(rapid.SliceOfN(genID(), 0, 3).Draw(t, "refs")...)
		case TParts:
			return PartRows(rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-z0-9 ]{1,5}`), 2, 2), 0, 3).Draw(t, "parts"))
		}
		return Value{}
	})
}

func genID() *rapid.Generator[ID] {
	return rapid.Custom(func(t *rapid.T) ID {
		var id ID
		id[15] = byte(rapid.IntRange(1, 250).Draw(t, "id"))
		return id
	})
}

// genRecord draws a valid record of a kind: the required fields and some of the others.
func genRecord(k Kind) *rapid.Generator[*Record] {
	return rapid.Custom(func(t *rapid.T) *Record {
		r := NewRecord(k, genID().Draw(t, "id"))
		for _, f := range SchemaOf(k).Stored() {
			if f.Has(FRequired) {
				v := genValue(f).Filter(func(v Value) bool { return !v.IsZero() }).Draw(t, f.Name)
				r.Set(f.Name, v)
			} else if rapid.Bool().Draw(t, "has "+f.Name) {
				r.Set(f.Name, genValue(f).Draw(t, f.Name))
			}
		}
		r.Set("x.own", Text(rapid.String().Draw(t, "own")))
		if r.Kind == Contract {
			r.Set("end", Value{})
		}
		r.Set("duplicate_of", Value{})
		return r
	})
}

func anyKind() *rapid.Generator[Kind] { return rapid.SampledFrom(Kinds()) }

func TestRecordsSurviveTheirEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := genRecord(anyKind().Draw(t, "kind")).Draw(t, "record")
		back, err := DecodeRecord(r.Kind, r.ID, AppendRecord(nil, r))
		if err != nil || !back.Equal(r) {
			t.Fatalf("%+v came back as %+v, %v", r, back, err)
		}
	})
}

func TestEveryOpRoundTripsAndReverses(t *testing.T) {
	for _, k := range Kinds() {
		t.Run(k.String(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				before := genRecord(k).Draw(t, "before")
				after := genRecord(k).Draw(t, "after")
				after.ID = before.ID
				ops := []Op{CreateOp(before), RemoveOp(before)}
				if op, ok := UpdateOp(before, after); ok {
					ops = append(ops, op)
				}
				var b []byte
				for _, op := range ops {
					b = AppendOp(b, op)
				}
				back, err := DecodeOps(b)
				if err != nil || len(back) != len(ops) {
					t.Fatalf("decode: %v, %d of %d", err, len(back), len(ops))
				}
				starts := []*Record{nil, before, before}
				ends := []*Record{before, nil, after}
				for i, op := range back {
					got, err := op.Apply(starts[i])
					if err != nil || !got.Equal(ends[i]) {
						t.Fatalf("%s: got %+v, %v; want %+v", op.Verb, got, err, ends[i])
					}
					again, err := op.Reverse().Apply(ends[i])
					if err != nil || !again.Equal(starts[i]) {
						t.Fatalf("%s reversed: got %+v, %v; want %+v", op.Verb, again, err, starts[i])
					}
				}
			})
		})
	}
}

func TestOpRefusesWhatItsAuthorHadNotSeen(t *testing.T) {
	r := NewRecord(Customer, ID{1})
	r.Set("name", Text("Acme"))
	after := r.Clone()
	after.Set("owner", Person("ana"))
	op, _ := UpdateOp(r, after)
	meanwhile := r.Clone()
	meanwhile.Set("owner", Person("bo"))
	if _, err := op.Apply(meanwhile); err == nil {
		t.Fatal("a change over somebody else's change must be refused")
	}
	if _, err := op.Apply(nil); err == nil {
		t.Fatal("a change of a record that is gone must be refused")
	}
	if _, err := CreateOp(r).Apply(r); err == nil {
		t.Fatal("creating a record twice must be refused")
	}
}

func TestUnknownFieldsOfANewerProgramAreForwarded(t *testing.T) {
	b := AppendRecord(nil, &Record{Kind: Customer, Fields: []FieldValue{{Name: "?999", Value: Text("later")}, {Name: "name", Value: Text("Acme")}}})
	r, err := DecodeRecord(Customer, ID{1}, b)
	if err != nil || r.Get("?999").Str() != "later" {
		t.Fatalf("got %+v, %v", r, err)
	}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
}

func TestFieldNumbersAreUnique(t *testing.T) {
	for _, k := range Kinds() {
		s := SchemaOf(k)
		nums, names := map[uint16]string{}, map[string]bool{}
		for _, f := range s.Fields {
			if names[f.Name] {
				t.Errorf("%s has %s twice", k, f.Name)
			}
			names[f.Name] = true
			if f.Num == 0 {
				if !f.Has(FDerived) {
					t.Errorf("%s.%s is stored without a number", k, f.Name)
				}
				continue
			}
			if other, ok := nums[f.Num]; ok {
				t.Errorf("%s: %s and %s share number %d", k, f.Name, other, f.Num)
			}
			nums[f.Num] = f.Name
		}
		if _, ok := s.Field(s.Title); !ok {
			t.Errorf("%s: its title field %s is missing", k, s.Title)
		}
	}
}

func TestValuesSurviveTheirText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := anyKind().Draw(t, "kind")
		f := rapid.SampledFrom(SchemaOf(k).Stored()).Draw(t, "field")
		v := genValue(f).Draw(t, "value")
		if f.Type == TText || f.Type == TList {
			return // One-line forms trim blanks on purpose.
		}
		back, err := f.Parse(v.Format())
		if err != nil || back != v {
			t.Fatalf("%s: %q came back as %q, %v", f.Name, v.Format(), back.Format(), err)
		}
	})
}

func TestMoneyIsExact(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0.00", "1": "1.00", "1.5": "1.50", "-12.3456": "-12.3456", "3.5E8": "350000000.00", "5.0E7": "50000000.00",
		"1200E-2": "12.00", "0.0001": "0.0001", "+7": "7.00", "0E-9": "0.00", "922337203685477.5807": "922337203685477.5807",
	} {
		got, err := ParseMoney(in)
		if err != nil || FormatMoney(got) != want {
			t.Errorf("ParseMoney(%q) = %s, %v; want %s", in, FormatMoney(got), err, want)
		}
	}
	for _, in := range []string{"", "abc", "1.23456", "1,000", "1e99", "9223372036854775807", "--1", "1e", "."} {
		if got, err := ParseMoney(in); err == nil {
			t.Errorf("ParseMoney(%q) = %d, want an error", in, got)
		}
	}
}

func FuzzDecodeOps(f *testing.F) {
	r := NewRecord(Customer, ID{1})
	r.Set("name", Text("Acme"))
	f.Add(AppendOp(nil, CreateOp(r)))
	r.Set("arr", Money(12))
	r.Set("x.odd", Number(0.5))
	r.Set("since", Date(3))
	f.Add(AppendOp(AppendOp(nil, CreateOp(r)), RemoveOp(r)))
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		ops, err := DecodeOps(b)
		var passed []Op
		passErr := EachOp(b, func(v Verb, k Kind, id ID) bool { passed = append(passed, Op{Verb: v, Kind: k, ID: id}); return true })
		if err != nil {
			return
		}
		if passErr != nil || len(passed) != len(ops) {
			t.Fatalf("passing over %d ops found %d: %v", len(ops), len(passed), passErr)
		}
		for i, op := range ops {
			if p := passed[i]; p.Verb != op.Verb || p.Kind != op.Kind || p.ID != op.ID {
				t.Fatalf("passing over op %d found %v, not %v", i, p, op)
			}
			_ = op.Validate()
			_, _ = op.Apply(nil)
		}
	})
}
