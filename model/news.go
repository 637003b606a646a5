package model

// StepNews is a step as those hear of it who did not make it: its head, and what it did to which records.
type StepNews struct {
	Batch   Batch
	Records []Touched
}

// Touched is what a step did to one record, as far as its reader may know.
type Touched struct {
	Verb   Verb
	Kind   Kind
	ID     ID
	Fields []string // that changed
	Title  string   // of a record that the step removed
	People []string // whom the step gave it to or took it from
}

// TouchedBy sums an op up. What a removed record was called, and whose it was, can only be told from the op.
func TouchedBy(op Op) Touched {
	t := Touched{Verb: op.Verb, Kind: op.Kind, ID: op.ID, Fields: make([]string, 0, len(op.Changes))}
	s := SchemaOf(op.Kind)
	for _, c := range op.Changes {
		t.Fields = append(t.Fields, c.Field)
		if s == nil {
			continue
		}
		if op.Verb == Remove && c.Field == s.Title {
			t.Title = c.From.Str()
		}
		if f, ok := s.Field(c.Field); !ok || f.Type != TPerson {
			continue
		}
		for _, v := range []Value{c.From, c.To} {
			if who := v.Str(); who != "" {
				t.People = append(t.People, who)
			}
		}
	}
	return t
}

// Presence is somebody who has a record open to change it.
type Presence struct {
	User string
	Kind Kind
	ID   ID
}
