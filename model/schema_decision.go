package model

// Verdicts lists what can be decided of a demand for the next version.
func Verdicts() []string { return []string{"planned", "later", "dropped"} }

// decisionSchema is what was decided of an item for a version (row E6): by whom, why, and how it stood in the
// ranked list at that moment, so that a later reader sees what they saw.
func decisionSchema() *Schema {
	return &Schema{Kind: Decision, Name: "decision", Plural: "decisions", Title: "verdict", Fields: []Field{
		{Num: 1, Name: "item", Label: "Item", Type: TRef, Ref: Item, Flags: FRequired},
		{Num: 2, Name: "verdict", Label: "Verdict", Type: TPick, Options: Verdicts(), Flags: FRequired, Help: "planned for the version, later, or dropped"},
		{Num: 3, Name: "version", Label: "For version", Type: TText, Help: "the version that was decided on"},
		{Num: 4, Name: "reason", Label: "Why so", Type: TText, Help: "why it was decided so"},
		{Num: 5, Name: "decided", Label: "Decided on", Type: TDate},
		{Num: 6, Name: "with", Label: "Decided with", Type: TList, Help: "who sat at the table: the CEO, the heads of sales and of customer success"},
		{Num: 7, Name: "by", Label: "Noted by", Type: TPerson},
		{Num: 8, Name: "rank", Label: "Rank then", Type: TNumber, Help: "its place among the open demands when it was decided"},
		{Num: 9, Name: "weight", Label: "Weight then", Type: TNumber},
		{Num: 10, Name: "arr", Label: "ARR then", Type: TMoney},
		{Num: 11, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
	}}
}
