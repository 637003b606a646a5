package model

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"opsdeck/model/day"
)

var (
	workflowID     = ID{1}
	workflowOther  = ID{2}
	workflowMoment = Moment{Who: "ana", Today: day.Of(2026, 11, 22), Now: 1795305600000}
)

func itemIn(state, kind string) *Record {
	r := NewRecord(Item, workflowID)
	r.Set("summary", Text("Login fails"))
	r.Set("kind", Pick(kind))
	r.Set("state", Pick(state))
	return r
}

func possible(r *Record, severity string) string {
	var names []string
	for _, a := range Actions(r.Kind) {
		if r.Kind == Item && a.To == "" {
			continue
		}
		if _, known, err := FindAction(r, a.Name, severity); known && err == nil && !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, " ")
}

func TestQueueTransitions(t *testing.T) {
	for _, tt := range []struct{ state, kind, severity, want string }{
		{"new", "bug", "S2", "accept reproduce decline duplicate answer park"},
		{"", "bug", "", "accept reproduce decline duplicate answer park"},
		{"new", "bug", "S1", "accept reproduce hand-over decline duplicate answer park"},
		{"reproducing", "bug", "S1", "reproduce confirm hand-over decline duplicate answer park"},
		{"new", "demand", "S3", "accept reproduce confirm decline duplicate answer park"},
		{"new", "design defect", "S3", "accept reproduce decline duplicate answer park"},
		{"reproducing", "bug", "S3", "reproduce confirm decline duplicate answer park"},
		{"confirmed", "bug", "S3", "hand-over decline duplicate answer park"},
		{"handed over", "bug", "S3", "start decline duplicate park"},
		{"in progress", "bug", "S3", "fix decline duplicate park"},
		{"fixed", "bug", "S1", "release reopen"},
		{"released", "bug", "S1", "close reopen"},
		{"closed", "bug", "S1", "reopen"},
		{"duplicate", "bug", "S3", "unmerge swap"},
		{"declined", "bug", "S3", "reopen"},
		{"answered", "how-to", "", "reopen"},
		{"parked", "demand", "", "decline duplicate answer reopen"},
	} {
		if got := possible(itemIn(tt.state, tt.kind), tt.severity); got != tt.want {
			t.Errorf("%s %s %s: possible are %q, want %q", tt.severity, tt.kind, tt.state, got, tt.want)
		}
	}
}

func TestActionTableNamesRealStatesAndFields(t *testing.T) {
	for _, a := range actions {
		kind := a.Kind
		if a.Makes != KNone {
			kind = a.Makes
		}
		s := SchemaOf(kind)
		states := map[Kind][]string{Item: ItemStates(), Contract: RenewalStages(), Task: {"open", "done"}, Invoice: {"open", "settled"}}[a.Kind]
		named := append(slices.Clone(a.From), a.To)
		for _, skip := range a.Skips {
			named = append(named, skip.From...)
		}
		for _, state := range named {
			if state != "" && !slices.Contains(states, state) {
				t.Errorf("%s %s: %q is no state", a.Kind, a.Name, state)
			}
		}
		fields := slices.Concat(a.Stamp, a.Clear)
		for _, arg := range a.Args {
			fields = append(fields, arg.Field)
		}
		for _, f := range fields {
			if _, ok := s.Index(f); !ok {
				t.Errorf("%s %s: %s has no field %q", a.Kind, a.Name, kind, f)
			}
		}
	}
}

func take(t *testing.T, r *Record, name, severity string, values ...FieldValue) *Record {
	t.Helper()
	a, known, err := FindAction(r, name, severity)
	if err != nil || !known {
		t.Fatalf("%s: known %v, error %v", name, known, err)
	}
	out, err := a.Take(r, workflowOther, values, workflowMoment)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

func TestMainLineStampsItsResolution(t *testing.T) {
	r := itemIn("new", "bug")
	for _, step := range []string{"reproduce", "confirm", "hand-over", "start", "fix", "release", "close"} {
		r = take(t, r, step, "S3")
	}
	if got := r.Get("state").Str(); got != "closed" {
		t.Errorf("state %q", got)
	}
	if ms, ok := r.Get("resolved").Millis(); !ok || ms != workflowMoment.Now {
		t.Errorf("resolved %v", r.Get("resolved").Format())
	}
	if r = take(t, r, "reopen", ""); r.Get("state").Str() != "new" || !r.Get("resolved").IsZero() {
		t.Errorf("reopened: %v", r.Fields)
	}
}

func TestSideExitsAskForTheirReason(t *testing.T) {
	for name, field := range map[string]string{"decline": "reason", "duplicate": "of", "park": "until"} {
		a, _, err := FindAction(itemIn("new", "bug"), name, "")
		if err != nil {
			t.Fatal(err)
		}
		var missing *FieldError
		if _, err := a.Take(itemIn("new", "bug"), workflowOther, nil, workflowMoment); !errors.As(err, &missing) || missing.Field != field {
			t.Errorf("%s without %s: %v", name, field, err)
		}
	}
	r := take(t, itemIn("new", "bug"), "park", "", FieldValue{"until", Date(workflowMoment.Today + 7)})
	if r.Get("state").Str() != "parked" || r.Get("until").Day() != workflowMoment.Today+7 {
		t.Errorf("parked: %v", r.Fields)
	}
}

func TestRefusedActionSaysWhatFits(t *testing.T) {
	_, known, err := FindAction(itemIn("new", "bug"), "release", "S2")
	var refused *ActionError
	if !known || !errors.As(err, &refused) {
		t.Fatalf("known %v, error %v", known, err)
	}
	want := `item "Login fails" is new, so release does not fit; from here: accept, reproduce, decline, duplicate, answer, park`
	if err.Error() != want {
		t.Errorf("got %q", err)
	}
	if _, known, _ := FindAction(itemIn("new", "bug"), "explode", ""); known {
		t.Error("an action that does not exist is known")
	}
}

func TestEnteringAStageKeepsItsProbability(t *testing.T) {
	r := NewRecord(Contract, workflowID)
	r.Set("customer", Ref(workflowOther))
	r.Set("start", Date(workflowMoment.Today))
	m := workflowMoment
	m.Renewals = NewSettings(nil).RenewalRules()
	stage, _, err := FindAction(r, "stage", "")
	if err != nil {
		t.Fatal(err)
	}
	enter := func(r *Record, stageName string, more ...FieldValue) *Record {
		t.Helper()
		out, err := stage.Take(r, ID{}, append(more, FieldValue{"stage", Pick(stageName)}), m)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	proposal := enter(r, "proposal")
	if proposal.Get("probability") != Number(45) || proposal.Get("category").Str() != "pipeline" || proposal.Get("stage_since").Day() != m.Today {
		t.Errorf("entered: %v", proposal.Fields)
	}
	// A later change of the settings does not reach back, nor does saying the same stage again.
	m.Renewals = NewSettings(map[string]string{"stage.proposal": "80 commit", "stage.verbal": "99 commit"}).RenewalRules()
	if again := enter(proposal, "proposal"); again.Get("probability") != Number(45) {
		t.Errorf("entered again: %v", again.Get("probability"))
	}
	if said := enter(proposal, "verbal", FieldValue{"probability", Number(70)}); said.Get("probability") != Number(70) || said.Get("category").Str() != "commit" {
		t.Errorf("probability said with the step: %v", said.Fields)
	}
	if _, err := stage.Take(r, ID{}, []FieldValue{{"stage", Pick("renewed")}}, m); !errors.Is(err, errEndStage) {
		t.Errorf("a stage that ends the renewal: %v", err)
	}
	risk, _, _ := FindAction(r, "risk", "")
	noted, err := risk.Take(proposal, ID{}, []FieldValue{{"risks", List("competitor undercuts")}, {"risk_notes", PartRows([][]string{{"offer of 20 % less"}})}}, m)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := risk.Take(noted, ID{}, []FieldValue{{"risks", List("unresponsive")}}, m)
	if err != nil || len(twice.Get("risks").Items()) != 2 || len(twice.Get("risk_notes").Rows()) != 2 || twice.Get("risk_notes").Rows()[0][1] != "offer of 20 % less" {
		t.Errorf("risks: %v, %v", twice, err)
	}
}

func TestTouchPointsAtItsCustomer(t *testing.T) {
	c := NewRecord(Customer, workflowID)
	c.Set("name", Text("Acme"))
	got := take(t, c, "touch", "", FieldValue{"type", Pick("call")})
	if got.Kind != Touch || got.ID != workflowOther || got.Get("customer").ID() != workflowID {
		t.Errorf("touch: %v", got)
	}
	if got.Get("date").Day() != workflowMoment.Today || got.Get("by").Str() != "ana" {
		t.Errorf("prefilled: %v", got.Fields)
	}
}

func TestItemPathShowsWhatWasSkipped(t *testing.T) {
	marks := func(state string, visited ...string) string {
		var out []string
		for _, s := range ItemPath(visited, state) {
			out = append(out, s.Mark)
		}
		return strings.Join(out, " ")
	}
	for _, tt := range []struct{ got, want string }{
		{marks("new", "new"), "now ahead ahead ahead ahead ahead ahead ahead"},
		{marks("handed over", "new", "handed over"), "done skipped skipped now ahead ahead ahead ahead"},
		{marks("declined", "new", "reproducing", "declined"), "done done ahead ahead ahead ahead ahead ahead"},
		{marks("new", "new", "confirmed"), "now ahead ahead ahead ahead ahead ahead ahead"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
