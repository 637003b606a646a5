package model

import (
	"slices"
	"strings"
)

// Kind is a sort of record.
type Kind uint8

// The kinds. Their numbers are written into books and never change meaning.
const (
	KNone Kind = iota
	Customer
	Contact
	Contract
	Order
	Invoice
	Item
	Touch
	Task
	Usage
	Deal
	Churn
	User
	Setting
	Mapping
	View
	Voice
	Telling
	Article
	Snapshot
	Scorecard
	Erasure
	Decision
	Benefit
)

// LastKind is the kind with the highest number.
const LastKind = Benefit

// Kinds lists every kind in the order in which an export writes them: a record comes after the
// records that it points at.
func Kinds() []Kind {
	return []Kind{Setting, Mapping, View, Snapshot, Scorecard, Erasure, User, Customer, Contact, Contract, Order, Invoice, Article, Item, Voice, Telling, Decision, Touch, Task, Usage, Deal, Churn, Benefit}
}

// Flags of a field.
const (
	FRequired uint8 = 1 << iota // a record without it is refused
	FCold                       // read on demand, not kept in memory for lists
	FSearch                     // bare words of a filter look here
	FHidden                     // for the machine; not shown in lists and forms
	FDerived                    // computed from records, never typed in and never stored
	FPersonal                   // how a person is reached and what is noted about them; not for every role
)

// Field describes one field of a kind.
type Field struct {
	Num     uint16   // written into books, never reused; 0 for custom and derived fields
	Name    string   // snake_case, as in filters, the command line and JSON
	Label   string   // for people
	Type    Type     // what it holds
	Flags   uint8    // of the F constants
	Options []string // of a TPick, in their natural order
	Ref     Kind     // what a TRef or TRefs points at
	Help    string   // meaning and unit
}

// Has tells whether the field carries a flag.
func (f *Field) Has(flag uint8) bool { return f.Flags&flag != 0 }

// IsCustom tells whether the field is one that the company, not the program, has named.
func (f *Field) IsCustom() bool { return strings.HasPrefix(f.Name, CustomPrefix) }

// CustomPrefix begins the names of fields that came from a source or were made by the company.
const CustomPrefix = "x."

// Schema is the table of a kind's fields.
type Schema struct {
	Kind   Kind
	Name   string // singular, as on the command line
	Plural string
	Title  string // the field that names a record to people
	Fields []Field
	byName map[string]int
	byNum  map[uint16]int
}

// Field finds a field by name. Custom names ("x.sla") are fields of every kind.
func (s *Schema) Field(name string) (*Field, bool) {
	if i, ok := s.byName[name]; ok {
		return &s.Fields[i], true
	}
	if rest, ok := strings.CutPrefix(name, CustomPrefix); ok && rest != "" {
		return &Field{Name: name, Label: rest, Type: TText, Help: "custom field"}, true
	}
	return nil, false
}

// Index finds the place of a field in Fields; custom fields have none.
func (s *Schema) Index(name string) (int, bool) {
	i, ok := s.byName[name]
	return i, ok
}

// schemas is indexed by kind.
var schemas = buildSchemas()

// SchemaOf returns the table of a kind, or nil for an unknown kind.
func SchemaOf(k Kind) *Schema {
	if int(k) >= len(schemas) {
		return nil
	}
	return schemas[k]
}

// String returns the singular name of the kind.
func (k Kind) String() string {
	if s := SchemaOf(k); s != nil {
		return s.Name
	}
	return "unknown kind"
}

// KindByName reads a kind's singular or plural name.
func KindByName(name string) (Kind, bool) {
	name = strings.ToLower(name)
	for _, s := range schemas {
		if s != nil && (s.Name == name || s.Plural == name) {
			return s.Kind, true
		}
	}
	return KNone, false
}

func buildSchemas() []*Schema {
	all := []*Schema{
		customerSchema(), contactSchema(), contractSchema(), orderSchema(), invoiceSchema(), itemSchema(),
		touchSchema(), taskSchema(), usageSchema(), dealSchema(), churnSchema(), userSchema(),
		settingSchema(), mappingSchema(), viewSchema(), voiceSchema(), tellingSchema(), articleSchema(), snapshotSchema(), scorecardSchema(), erasureSchema(), decisionSchema(), benefitSchema(),
	}
	out := make([]*Schema, LastKind+1)
	for _, s := range all {
		s.Fields = append(s.Fields, Field{
			Num: 200, Name: "keys", Label: "Source keys", Type: TList, Flags: FHidden,
			Help: "source and key under which importers know the record",
		}, Field{
			Num: 201, Name: MergedKeys, Label: "Merged keys", Type: TList, Flags: FHidden | FCold,
			Help: "those of the source keys that came from duplicates merged into the record",
		}, Field{
			Num: 202, Name: ErasedOn, Label: "Erased on", Type: TDate, Flags: FHidden,
			Help: "what it said in words is gone for good, and nothing is put in its place",
		})
		s.byName = make(map[string]int, len(s.Fields))
		s.byNum = make(map[uint16]int, len(s.Fields))
		for i := range s.Fields {
			s.byName[s.Fields[i].Name] = i
			if s.Fields[i].Num != 0 {
				s.byNum[s.Fields[i].Num] = i
			}
		}
		out[s.Kind] = s
	}
	return out
}

// Stored lists the fields that records of the kind hold, without derived ones.
func (s *Schema) Stored() []*Field {
	var out []*Field
	for i := range s.Fields {
		if !s.Fields[i].Has(FDerived) {
			out = append(out, &s.Fields[i])
		}
	}
	return out
}

// IsOption tells whether a text is one of the field's options.
func (f *Field) IsOption(s string) bool { return slices.Contains(f.Options, s) }
