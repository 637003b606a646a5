package model

// ErasedOn is the field of every kind that says when its record was erased; nothing in words is put into such
// a record again.
const ErasedOn = "erased"

// classifying are texts that put a record into a group and tell nothing about who it is. They stay when it is
// erased, so that sums by group are what they were, and redacted exports show them.
var classifying = map[Kind]map[string]bool{
	Customer: {
		"industry": true, "country": true, "region": true, "currency": true, "language": true, "business_model": true,
		"type": true, "rating": true, "plan": true, "channel": true,
	},
	Contact:  {"department": true, "language": true},
	Contract: {"plan": true, "currency": true, "risks": true},
	Order:    {"currency": true, "channel": true},
	Invoice:  {"currency": true},
	Deal:     {"stage": true, "currency": true, "type": true, "category": true, "channel": true},
	Churn:    {"reason": true, "currency": true},
	Item:     {"area": true, "version": true, "resolution": true, "priority": true, "source_state": true},
	Usage:    {"feature": true},
	Benefit:  {"feature": true, "currency": true},
}

// Classifies tells whether a text of a kind only puts its record into a group.
func Classifies(k Kind, field string) bool { return classifying[k][field] }

// erasureSchema is what is left of an erasing: that it was done, when, by whom and how much it took, and salted
// digests by which an import knows again what must not come back.
func erasureSchema() *Schema {
	return &Schema{Kind: Erasure, Name: "erasure", Plural: "erasures", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch, Help: "what the erased record is called now"},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "what", Label: "What", Type: TPick, Options: []string{"customer", "contact"}},
		{Num: 4, Name: "record", Label: "Record", Type: TText, Help: "its id"},
		{Num: 5, Name: "date", Label: "Date", Type: TDate, Flags: FRequired},
		{Num: 6, Name: "by", Label: "By", Type: TPerson},
		{Num: 7, Name: "reason", Label: "Reason", Type: TText, Help: "who asked for it, without a name"},
		{Num: 8, Name: "records", Label: "Records", Type: TNumber, Help: "records from which something was taken"},
		{Num: 9, Name: "values", Label: "Values", Type: TNumber, Help: "values taken out of the log"},
		{Num: 10, Name: "labels", Label: "Labels", Type: TNumber, Help: "labels of steps taken out of the log"},
		{Num: 11, Name: "chain", Label: "Chain before", Type: TText, Flags: FCold, Help: "the log's last hash before it"},
		{Num: 12, Name: "salt", Label: "Salt", Type: TText, Flags: FHidden | FCold, Help: "of the marks"},
		{Num: 13, Name: "marks", Label: "Marks", Type: TList, Flags: FHidden | FCold, Help: "salted digests of what it was known by"},
	}}
}
