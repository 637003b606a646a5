package exchange_test

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// handedItem makes an item as it is with the engineers.
func handedItem(t testing.TB, b *store.Book, key, summary, state string, customers ...model.ID) *model.Record {
	t.Helper()
	r := model.NewRecord(model.Item, b.NewID())
	r.Set("summary", model.Text(summary))
	r.Set("external_id", model.Text(key))
	r.Set("kind", model.Pick("bug"))
	r.Set("state", model.Pick(state))
	r.Set("words", model.Long("they said:\nStatus: fixed\n> \"it, broke\""))
	if len(customers) > 0 {
		r.Set("customers", model.Refs(customers...))
	}
	step(t, b, model.CreateOp(r))
	return r
}

func step(t testing.TB, b *store.Book, ops ...model.Op) {
	t.Helper()
	if _, err := b.Do(t.Context(), model.Step{ID: b.NewID(), Actor: "ana", Label: "test", Ops: ops}); err != nil {
		t.Fatal(err)
	}
}

// written is the hand-over file of a book's items.
func written(t testing.TB, b *store.Book, format string, ids ...model.ID) string {
	t.Helper()
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	var items []exchange.HandedOver
	for _, id := range ids {
		r, err := b.Get(model.Item, id)
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, exchange.HandedOverOf(s, r))
	}
	var out strings.Builder
	if err := exchange.WriteHandOver(&out, format, today, items); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// engineersChange changes the status of the first item in a hand-over file, as somebody would in an editor.
func engineersChange(t testing.TB, format, text, status string) string {
	t.Helper()
	switch format {
	case exchange.HandOverGitHub:
		var issues []map[string]any
		if err := json.Unmarshal([]byte(text), &issues); err != nil {
			t.Fatal(err)
		}
		issues[0]["opsdeck_status"], issues[0]["state"] = issues[0]["opsdeck_written_as"], status
		out, err := json.Marshal(issues)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	case exchange.HandOverJira:
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		rows[1][slices.Index(rows[0], "Status")] = status
		var out strings.Builder
		if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	return strings.Replace(text, "\nStatus: handed over\n", "\nStatus: "+status+"\n", 1)
}

func TestAHandOverComesBackWithOneStatusChangedAndNothingElse(t *testing.T) {
	for _, format := range []string{exchange.HandOverMarkdown, exchange.HandOverGitHub, exchange.HandOverJira} {
		b := newBook(t)
		one := handedItem(t, b, "Q-1", "Export stops", "handed over")
		two := handedItem(t, b, "Q-2", "Print is blank", "in progress")
		text := written(t, b, format, one.ID, two.ID)
		name := map[string]string{"md": "h.md", "github": "h.json", "jira": "h.csv"}[format]
		if p := planText(t, b, name, text, exchange.Options{}); p.Changes() {
			t.Errorf("%s: the file as it was written changes something: %+v", format, p.Verdicts)
		}
		before := dump(t, b)
		apply(t, b, planText(t, b, name, engineersChange(t, format, text, "in progress"), exchange.Options{}))
		got, _ := b.Get(model.Item, one.ID)
		if got.Get("state").Str() != "in progress" {
			t.Errorf("%s: the state is %s", format, got.Get("state").Str())
		}
		var changed []string
		was, is := strings.Split(before, "\n"), strings.Split(dump(t, b), "\n")
		for _, line := range is {
			if !slices.Contains(was, line) {
				changed = append(changed, strings.TrimSpace(line))
			}
		}
		if !slices.Equal(changed, []string{`source_state: "in progress"`}) {
			t.Errorf("%s changes %q", format, changed)
		}
		// Meanwhile it went another way here: the same file is a conflict now.
		r, _ := b.Get(model.Item, one.ID)
		after := r.Clone()
		after.Set("state", model.Pick("declined"))
		op, _ := model.UpdateOp(r, after)
		step(t, b, op)
		p := planText(t, b, name, engineersChange(t, format, text, "fixed"), exchange.Options{})
		if v := p.Verdicts[0]; v.Result != exchange.Conflict || !strings.Contains(v.Reason, "declined") {
			t.Errorf("%s: %v %s", format, v.Result, v.Reason)
		}
	}
}

// A tracker's export says how far items are; what the customers said, and items that nobody knows here, are none of
// its business.
func TestOnlyHowFarItemsAreIsReadOfATracker(t *testing.T) {
	b := newBook(t)
	customer := model.NewRecord(model.Customer, b.NewID())
	customer.Set("name", model.Text("Acme"))
	step(t, b, model.CreateOp(customer))
	one := handedItem(t, b, "PRJ-1", "Export stops", "handed over", customer.ID)
	two := handedItem(t, b, "PRJ-2", "Print is blank", "declined")
	three := handedItem(t, b, "Q-3", "Known by its line", "in progress")
	file := "Issue key,Summary,Status,Resolution,Fix Version/s,Reporter,Description\n" +
		"PRJ-1,Export stops at row 65536,Done,Fixed,9.2,eve,something else\n" +
		"PRJ-2,Print is blank,In Progress,,,eve,\n" +
		"PRJ-3,Known by its line,To Do,,,eve,\"text\nopsdeck-item: " + three.ID.String() + "\"\n" +
		"PRJ-9,Of somebody else,Done,Fixed,,eve,\n"
	p := planText(t, b, "jira.csv", file, exchange.Options{States: true})
	counts{kind: "items", source: "jira", rows: 4, updated: 2, same: 1, conflicts: 1}.check(t, "states of a Jira export", p.Summary(model.ID{}))
	if v := p.Verdicts[1]; !strings.Contains(v.Reason, "the tracker says in progress, and the item is declined here") {
		t.Errorf("the conflict says %q", v.Reason)
	}
	apply(t, b, p)
	got, _ := b.Get(model.Item, one.ID)
	for field, want := range map[string]string{"state": "fixed", "resolution": "Fixed", "released_in": "9.2", "summary": "Export stops", "reporter": "", "keys": ""} {
		if is := got.Get(field).Format(); is != want {
			t.Errorf("%s is %q, want %q", field, is, want)
		}
	}
	// Their beginning is after ours: what they have not begun is with them, and not new.
	if got, _ = b.Get(model.Item, three.ID); got.Get("state").Str() != "in progress" && got.Get("state").Str() != "handed over" {
		t.Errorf("what the engineers have not begun is %s", got.Get("state").Str())
	}
	if got, _ = b.Get(model.Item, two.ID); got.Get("state").Str() != "declined" {
		t.Errorf("what was declined is %s", got.Get("state").Str())
	}
	if n := len(each(t, b, model.Item)); n != 3 {
		t.Errorf("%d items", n)
	}
	if p = planText(t, b, "jira.csv", file, exchange.Options{States: true}); p.Changes() {
		t.Errorf("the same file again changes something: %+v", p.Verdicts)
	}
	if _, err := exchange.PlanBytes(t.Context(), b, "c.csv", []byte("Account ID,Account Name\n1,Acme\n"), exchange.Options{States: true}); err == nil || !strings.Contains(err.Error(), "--states") && !strings.Contains(err.Error(), "cannot tell") {
		t.Errorf("customers are read as states: %v", err)
	}
}
