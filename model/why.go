package model

// Why explains one figure: what it is, how it is computed and from what.
type Why struct {
	Record  string // the record's title
	Figure  string // the field's name
	Label   string // the field's words
	Value   string
	Formula string // in words, with the settings that it uses filled in
	Lines   []WhyLine
	Notes   []string // what limits the figure: data that is missing, amounts left out
}

// WhyLine is one input or step of a figure.
type WhyLine struct {
	Label  string
	Value  string
	Note   string
	Kind   Kind   // of the record that the input was read from; KNone for steps of the computation
	ID     ID     // of that record
	Field  string // the field that was read
	Source string // who or what put the input there
	Age    string // how old it is
	Depth  int    // how far the line belongs under the one before it
}
