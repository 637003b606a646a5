package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/exchange/tabular"
)

// Formats of hand-over files.
const (
	HandOverMarkdown = "md"
	HandOverGitHub   = "github"
	HandOverJira     = "jira"
)

// HandedOver is an item as engineers get it.
type HandedOver struct {
	Item      *model.Record
	Severity  string
	Due       string   // when its clock is used up; empty where nothing is promised
	Customers []string // names
}

// HandedOverOf is an item as engineers get it: the record as it goes out, with what the book knows around it.
func HandedOverOf(s *table.Snapshot, rec *model.Record) HandedOver {
	h := HandedOver{Item: rec}
	t := s.Table(model.Item)
	row, ok := t.Row(rec.ID)
	if !ok {
		return h
	}
	h.Severity, h.Due = t.Str(row, "severity"), s.Shown(model.Item, row, "sla_due")
	for _, c := range s.Linked(row) {
		h.Customers = append(h.Customers, strings.Join(strings.Fields(harmless(s.Table(model.Customer).Str(c, "name"))), " "))
	}
	return h
}

// WriteHandOver writes items for a tracker: Markdown for people, issues as GitHub takes them, or a table for
// Jira's import. Each item carries its id here and the state in which it was written, so that the file, or
// what the tracker exports later, is known again when it is imported.
func WriteHandOver(w io.Writer, format string, on day.Day, items []HandedOver) error {
	switch format {
	case HandOverGitHub:
		return handOverGitHub(w, items)
	case HandOverJira:
		return handOverJira(w, items)
	}
	_, err := io.WriteString(w, handOverMarkdown("Hand-over of "+counted(len(items), model.Item)+" on "+on.String(), items))
	return err
}

// handedMark begins the line in a description by which an item is known again.
const handedMark = "opsdeck-item: "

// handedTitle begins a Markdown file of items.
const handedTitle = "<!-- opsdeck hand-over -->"

// field reads a text of the item.
func (h *HandedOver) field(name string) string { return harmless(h.Item.Get(name).Format()) }

// harmless is a text that can stand in a file for others: without control characters and
// those that turn the direction of writing round.
func harmless(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n")))
}

// line is a text on one line.
func (h *HandedOver) line(name string) string {
	return strings.Join(strings.Fields(h.field(name)), " ")
}

func (h *HandedOver) state() string { return model.WorkflowState(h.Item) }

// labels are the words that a tracker sorts by.
func (h *HandedOver) labels() []string {
	var out []string
	for _, l := range []string{h.line("kind"), h.Severity, h.line("class")} {
		if l != "" {
			out = append(out, strings.ReplaceAll(l, " ", "-"))
		}
	}
	if h.Item.Get("urgent").IsTrue() {
		out = append(out, "urgent")
	}
	return out
}

// body is all that engineers need to know, as Markdown.
func (h *HandedOver) body() string {
	var b strings.Builder
	// A text that begins with the sign of the list below would be taken for a formula by spreadsheets.
	if h.Item.Get("urgent").IsTrue() {
		b.WriteString("Urgent path: handed over without having been reproduced.\n\n")
	} else {
		b.WriteString("Confirmed, and handed over from the customers' queue.\n\n")
	}
	facts := []struct{ label, text string }{
		{"Severity", h.Severity},
		{"Due", h.Due},
		{"Product area", h.line("area")},
		{"Version", h.line("version")},
		{"Customers", strings.Join(h.Customers, "; ")},
		{"Reproduction", strings.TrimSpace(h.line("reproduction") + " " + h.line("tried_on"))},
		{"Need", strings.TrimSpace(h.line("need") + " " + h.line("need_reason"))},
	}
	for _, f := range facts {
		if f.text != "" {
			fmt.Fprintf(&b, "- %s: %s\n", f.label, f.text)
		}
	}
	for _, part := range []struct{ label, field string }{{"Customer's words", "words"}, {"Steps", "steps"}, {"Evidence", "evidence"}} {
		if text := h.field(part.field); text != "" {
			// Quoted, so that nothing in it is taken for a line of this file.
			fmt.Fprintf(&b, "\n**%s**\n\n> %s\n", part.label, strings.ReplaceAll(text, "\n", "\n> "))
		}
	}
	return b.String()
}

func (h *HandedOver) mark() string { return handedMark + h.Item.ID.String() }

func handOverMarkdown(title string, items []HandedOver) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n# %s\n\nChange what stands behind “Status:”, “Resolution:”, “Fixed in:” or “Key:”, and import the file.\n", handedTitle, title)
	for i := range items {
		h := &items[i]
		fmt.Fprintf(&b, "\n## %s\n\n%s\nWritten as: %s\nStatus: %s\nResolution: %s\nFixed in: %s\nKey: %s\n\n%s",
			h.line("summary"), h.mark(), h.state(), h.state(), h.line("resolution"), h.line("released_in"), h.line("external_id"), h.body())
	}
	return b.String()
}

// issue is what GitHub takes to make an issue, with what it does not read behind it.
type issue struct {
	Title     string   `json:"title"`
	Body      string   `json:"body"`
	Labels    []string `json:"labels"`
	State     string   `json:"state"`
	Milestone string   `json:"milestone_title,omitempty"`
	Reason    string   `json:"state_reason"`
	ID        string   `json:"opsdeck_item"`
	WrittenAs string   `json:"opsdeck_written_as"`
	Written   string   `json:"opsdeck_status"`
	Key       string   `json:"opsdeck_key"`
}

func handOverGitHub(w io.Writer, items []HandedOver) error {
	out := make([]issue, len(items))
	for i := range items {
		h := &items[i]
		state := "open"
		switch h.state() {
		case "fixed", "released", "closed":
			state = "closed"
		}
		out[i] = issue{
			Title: h.line("summary"), Body: h.body() + "\n" + h.mark() + "\n", Labels: h.labels(), State: state, Milestone: h.line("released_in"),
			ID: h.Item.ID.String(), WrittenAs: h.state(), Written: state, Key: h.line("external_id"),
		}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return err
	}
	_, err := w.Write(tabular.SafeJSON(text.Bytes()))
	return err
}

func handOverJira(w io.Writer, items []HandedOver) error {
	out, err := tabular.NewWriter(tabular.FormatDelimited, w, []string{
		"Summary", "Issue Type", "Issue key", "Status", "Resolution", "Fix Version/s", "Priority", "Component/s", "Affects Version/s", "Labels", "Description",
		"Custom field (opsdeck item)", "Custom field (opsdeck written as)", "Custom field (opsdeck status)",
	}, tabular.WriteOptions{})
	if err != nil {
		return err
	}
	types := map[string]string{"bug": "Bug", "design defect": "Bug", "demand": "Story"}
	priorities := map[string]string{"S1": "Highest", "S2": "High", "S3": "Medium", "S4": "Low", "S5": "Lowest"}
	for i := range items {
		h := &items[i]
		kind := types[h.line("kind")]
		if kind == "" {
			kind = "Task"
		}
		var row []tabular.Value
		for _, text := range []string{
			h.line("summary"), kind, h.line("external_id"), h.state(), h.line("resolution"), h.line("released_in"), priorities[h.Severity], h.line("area"), h.line("version"),
			strings.Join(h.labels(), " "), h.body() + "\n" + h.mark(), h.Item.ID.String(), h.state(), h.state(),
		} {
			row = append(row, tabular.Text(text))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Close()
}
