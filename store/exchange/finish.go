package exchange

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/same"
)

// finish completes what a row says with what follows from several of its cells.
func (l *layout) finish(d *rowData) error {
	main := d.drafts[partMain]
	schema := model.SchemaOf(l.kind)
	if _, ok := schema.Index("external_id"); ok && d.ext != "" {
		main.Set("external_id", model.Text(d.ext))
	}
	for _, draft := range []*model.Record{main, d.drafts[partExtra]} {
		if d.money == "" || draft == nil || !draft.Get("currency").IsZero() {
			continue
		}
		if _, ok := model.SchemaOf(draft.Kind).Index("currency"); ok {
			draft.Set("currency", model.Text(d.money))
		}
	}
	switch l.kind {
	case model.Item:
		if l.strangeState(d) {
			l.strange[d.aux["~status"]]++
		}
		finishItem(main, d)
	case model.Deal:
		finishDeal(main)
	case model.Contract:
		return finishTerm(main, d.aux["~months"])
	case model.Invoice:
		if main.Get("number").IsZero() {
			main.Set("number", model.Text(d.ext))
		}
	case model.Customer:
		if extra := d.drafts[partExtra]; extra != nil && d.aux["~tenure"] != "" {
			return l.finishTenure(extra, d)
		}
	}
	return nil
}

// finishItem makes a state of the queue out of the source's words. A row without a state is closed
// when it was resolved; everywhere else the state decides and not the date, because trackers write
// a date of resolution beside bugs that are open again.
func finishItem(r *model.Record, d *rowData) {
	if r.Get("summary").IsZero() {
		r.Set("summary", model.Text(d.ext))
	}
	put := func(field string, v model.Value) {
		if r.Get(field).IsZero() {
			r.Set(field, v)
		}
	}
	status, resolution := d.aux["~status"], d.aux["~resolution"]
	put("source_state", model.Text(status))
	put("resolution", model.Text(resolution))
	state := itemState(cmpOr(d.states[same.Fold(status)], status), d.aux["~status category"], resolution)
	switch {
	case status == "" && r.Get("resolved").IsZero():
		put("state", model.Pick("new"))
	case status == "":
		put("state", model.Pick("closed"))
	default:
		put("state", model.Pick(state))
	}
	if state == "declined" {
		put("reason", model.Text(cmpOr(resolution, status)))
	}
	if waitingWords[same.Fold(status)] {
		put("waiting", model.Bool(true))
	}
	if v := r.Get("resolved"); status != "" && model.ItemIsOpen(state) && state != "released" && !v.IsZero() {
		put(model.CustomPrefix+"Resolved", model.Text(v.Format()))
		r.Set("resolved", model.Value{})
	}
	if minutes, err := strconv.ParseFloat(d.aux["~reply minutes"], 64); err == nil {
		if opened, ok := r.Get("opened").Millis(); ok {
			put("responded", model.Time(opened+int64(minutes*60000)))
		}
	}
	if s := d.aux["~satisfaction"]; s != "" {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			put("satisfaction", model.Number(f))
		} else {
			put(model.CustomPrefix+"satisfaction", model.Text(s))
		}
	}
	finishVersion(r, state)
	finishOriginal(r, d)
	finishKind(r, d, put)
}

// finishVersion keeps the version that an item is planned for apart from the one that it was released in: trackers
// have one word for both.
func finishVersion(r *model.Record, state string) {
	if v := r.Get("released_in"); !v.IsZero() && !slices.Contains([]string{"fixed", "released", "closed"}, state) {
		r.Set(model.CustomPrefix+"planned for", v)
		r.Set("released_in", model.Value{})
	}
}

// finishOriginal points a duplicate at its original, where that is here or comes in the same file.
func finishOriginal(r *model.Record, d *rowData) {
	text := d.aux["~original"]
	if text == "" || r.Get("state").Str() != "duplicate" {
		return
	}
	r.Set(model.CustomPrefix+"Duplicate of", model.Text(text))
	if f, ok := model.SchemaOf(model.Item).Field("duplicate_of"); ok {
		d.refs = append(d.refs, refCell{&column{name: "Duplicate of", to: "duplicate_of", field: f, soft: true}, text})
	}
}

// finishKind reads kind and blocking from a tracker's severity and labels.
func finishKind(r *model.Record, d *rowData, put func(string, model.Value)) {
	if s := d.aux["~severity"]; s != "" {
		put(model.CustomPrefix+"Severity", model.Text(s))
		put("blocking", model.Pick(blockingWords[same.Fold(s)]))
		if same.Fold(s) == "enhancement" {
			r.Set("kind", model.Pick("demand"))
		}
	}
	for label := range strings.SplitSeq(d.aux["~labels"], ";") {
		if kind := itemKind(label); kind != "" {
			put("kind", model.Pick(kind))
			return
		}
	}
}

// finishDeal reads from the stage whether a deal is closed and won, unless columns say so. Sources
// write "Closed Won", "Closed/Won" and "closedwon".
func finishDeal(r *model.Record) {
	stage := same.Fold(r.Get("stage").Str())
	if stage == "" {
		return
	}
	won := strings.HasPrefix(stage, "closedwon") || stage == "won"
	lost := strings.HasPrefix(stage, "closedlost") || stage == "lost"
	if r.Get("closed").IsZero() {
		r.Set("closed", model.Bool(won || lost || r.Get("won").IsTrue()))
	}
	if r.Get("won").IsZero() && r.Get("closed").IsTrue() {
		r.Set("won", model.Bool(won))
	}
}

// finishTerm reckons the last day of a contract from its length in months.
func finishTerm(r *model.Record, months string) error {
	start := r.Get("start").Day()
	if months == "" || !r.Get("end").IsZero() || !start.IsSet() {
		return nil
	}
	n, err := strconv.Atoi(months)
	if err != nil || n < 1 || n > 1200 {
		return &rowError{Failed, "", fmt.Errorf("a contract's term of %q months cannot be reckoned with", months)}
	}
	r.Set("end", model.Date(start.AddMonths(n)-1))
	return nil
}

// finishTenure gives a contract the dates that its file lacks. Months of tenure count back from the
// day of the import; a contract for one or two years is taken to have begun then and to have been
// renewed in full terms, so it ends with the term that runs today, and a monthly one is open-ended.
// All this is reckoned only once: when the same file comes later, the dates that the book has stay.
func (l *layout) finishTenure(r *model.Record, d *rowData) error {
	tenure, err := strconv.Atoi(d.aux["~tenure"])
	if err != nil || tenure < 0 || tenure > 1200 {
		return &rowError{Failed, "", fmt.Errorf("a tenure of %q months cannot be reckoned with", d.aux["~tenure"])}
	}
	start := l.today.AddMonths(-tenure)
	years := 0
	switch same.Fold(d.aux["~term"]) {
	case "oneyear":
		years = 1
	case "twoyear":
		years = 2
	}
	end := day.None
	for n := 1; years > 0 && (n == 1 || end < l.today); n++ {
		end = start.AddMonths(12*years*n) - 1
	}
	for name, v := range map[string]model.Value{
		"start": model.Date(start), "end": model.Date(end),
		"notes": model.Long(fmt.Sprintf("Start and end were reckoned on %s from the tenure in months, %d.", l.today, tenure)),
	} {
		if r.Get(name).IsZero() {
			r.Set(name, v)
			d.once = append(d.once, name)
		}
	}
	return nil
}

// changes tells whether the record is made or becomes another by the import.
func (p *planned) changes() bool { return !p.dropped && p.after != nil && !p.after.Equal(p.before) }
