package cli

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/x/ansi"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
	"opsdeck/ui/kit"
)

// mostListed is how many rows an import lists one by one; --errors and --dry-run have them all.
const mostListed = 10

// loadMapping reads a mapping file.
func (a *app) loadMapping(path string) (*exchange.Mapping, error) {
	raw, err := a.read(path)
	if err != nil {
		return nil, fmt.Errorf("--map: %w", err)
	}
	m, err := exchange.DecodeMapping(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// summaryObject is the answer of -o json.
func summaryObject(s exchange.Summary) object {
	return object{
		{"batch", s.Batch},
		{"kind", s.Kind},
		{"source", s.Source},
		{"rows", s.Rows},
		{"created", s.Created},
		{"updated", s.Updated},
		{"same", s.Same},
		{"conflicts", s.Conflicts},
		{"duplicates", s.Duplicates},
		{"errors", s.Errors},
		{"file", s.File},
		{"stubs", s.Stubs},
	}
}

// sayPlan tells how an import went: counts, what was refused, what may be there twice.
func (a *app) sayPlan(p *exchange.Plan, in importing, watch *meter) {
	s := p.Summary(model.ID{})
	counts := fmt.Sprintf("%d created, %d updated, %d same", s.Created, s.Updated, s.Same)
	for _, c := range []struct {
		n         int
		one, many string
	}{
		{s.Conflicts, "conflict", "conflicts"},
		{s.Errors, "error", "errors"},
		{s.Duplicates, "possible duplicate", "possible duplicates"},
		{s.Stubs, "stub customer", "stub customers"},
	} {
		if c.n > 0 {
			counts += ", " + plural(c.n, c.one, c.many)
		}
	}
	would := ""
	if in.dryRun {
		would = "dry run, nothing is changed: "
	}
	a.say("%s%s: %s of %s from %s: %s%s", would, p.File, plural(s.Rows, "row", "rows"), s.Kind, p.Source, counts, watch.speed(s.Rows))
	for _, w := range p.Warnings {
		a.say("  %s", kit.Clean(w))
	}
	refused := 0
	for i := range p.Verdicts {
		if v := &p.Verdicts[i]; v.Result == exchange.Failed || v.Result == exchange.Conflict {
			if refused++; refused <= mostListed {
				a.say("  %s", verdictLine(v))
			}
		}
	}
	if refused > mostListed && in.errors == "" {
		a.say("  and %d more; --errors FILE writes them all", refused-mostListed)
	}
	for i, d := range p.Suspects {
		if i == mostListed {
			a.say("  and %d more possible duplicates", len(p.Suspects)-mostListed)
			break
		}
		a.say("  line %d: %s %q may be %q: %s", d.Line, d.Kind, kit.Clean(d.Title), kit.Clean(d.OtherTitle), kit.Clean(d.Reason))
	}
}

func verdictLine(v *exchange.Verdict) string {
	column := ""
	if v.Column != "" {
		column = fmt.Sprintf(", column %q", kit.Clean(v.Column))
	}
	return fmt.Sprintf("%s, line %d%s: %s: %s", kit.Clean(v.Table), v.Line, column, v.Result, kit.Clean(v.Reason))
}

// printVerdicts writes what a dry run would do with each row, and the difference field by field.
func (a *app) printVerdicts(b *store.Book, p *exchange.Plan) {
	var columns []string
	for _, c := range p.Columns {
		to := "left out"
		if len(c.To) > 0 {
			to = strings.Join(c.To, ", ")
		}
		columns = append(columns, fmt.Sprintf("%s → %s", kit.Clean(c.Name), to))
	}
	a.say("%s: %s", p.File, strings.Join(columns, "; "))
	for i := range p.Verdicts {
		v := &p.Verdicts[i]
		if v.Result == exchange.Failed || v.Result == exchange.Conflict || v.Result == exchange.Same && v.Reason != "" {
			a.printf("%s\n", verdictLine(v))
			continue
		}
		title := v.ID.String()
		if rec := p.Record(v.ID); rec != nil {
			title = rec.Title()
		} else if rec, err := b.Get(v.Kind, v.ID); err == nil {
			title = rec.Title()
		}
		a.printf("%s, line %d: %s %s %s\n", kit.Clean(v.Table), v.Line, v.Result, v.Kind, kit.Clean(title))
		for _, c := range v.Changes {
			if f, ok := model.SchemaOf(v.Kind).Field(c.Field); !ok || !f.Has(model.FHidden) {
				a.printf("    %s: %s → %s\n", kit.Clean(c.Field), shown(c.From.Format()), shown(c.To.Format()))
			}
		}
	}
	for _, s := range p.Stubs {
		a.printf("stub customer %s (%s), from line %d\n", kit.Clean(s.Name), kit.Clean(s.Key), s.Line)
	}
}

// meter tells a person at a terminal how far the reading of a file has come.
type meter struct {
	a     *app
	name  string
	on    bool
	start time.Time
	last  time.Time
}

// barWidth is how many cells the bar of an import takes.
const barWidth = 24

func (a *app) newMeter(name string) *meter {
	now := a.Now()
	return &meter{a: a, name: name, on: !a.quiet && isTerminal(a.Stderr), start: now, last: now}
}

// show is an exchange.Progress: it redraws one line ten times a second at most.
func (p *meter) show(done, total int64, rows int) {
	now := p.a.Now()
	if !p.on || now.Sub(p.last) < 100*time.Millisecond || done <= 0 || total <= 0 {
		return
	}
	p.last = now
	left := time.Duration(float64(now.Sub(p.start)) * float64(total-done) / float64(done))
	bar := progress.New(progress.WithWidth(barWidth), progress.WithColors(), progress.WithoutPercentage()).ViewAs(float64(done) / float64(total))
	if p.a.noColor || p.a.env("NO_COLOR") != "" {
		bar = ansi.Strip(bar)
	}
	_, _ = fmt.Fprintf(p.a.Stderr, "\r\x1b[K%s %s %3d %% · %.0f rows/s · %s left", kit.Truncate(kit.Clean(p.name), 32), bar, 100*done/total,
		float64(rows)/now.Sub(p.start).Seconds(), left.Round(time.Second))
}

func (p *meter) clear() {
	if p.on {
		_, _ = fmt.Fprint(p.a.Stderr, "\r\x1b[K")
	}
}

// speed words the rate of an import that took long enough to have one; only for people, so that the
// words of a script's run stay the same.
func (p *meter) speed(rows int) string {
	took := p.a.Now().Sub(p.start)
	if !p.on || took < 100*time.Millisecond {
		return ""
	}
	return fmt.Sprintf(" (%.1f s, %.0f rows/s)", took.Seconds(), float64(rows)/took.Seconds())
}
