package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/store"
	"opsdeck/store/exchange/tabular"
	"opsdeck/ui/kit"
)

// reporting is what the flags of report ask for.
type reporting struct {
	from, to   string
	by         string
	owner      string
	since      string
	asOf       string
	rule       string
	where      string
	why        string
	at, signal string
	within     int
	limit      int
	due        dueQuestion
	format     *string
}

// reportNames lists the reports, those among them that are no table of a book.
func reportNames() []string {
	names := []string{"brief", "evidence", "sla-due", "timeline"}
	for n := range report.Makers() {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func (a *app) reportCommand() *cobra.Command {
	var r reporting
	c := &cobra.Command{
		Use:   "report NAME [CUSTOMER|CONTRACT]",
		Short: "Compute a report",
		Long: "Compute a report: " + strings.Join(reportNames(), ", ") + ".\nThe brief is a page for a visit, the timeline what has happened: they need a customer, the evidence one for a renewal and needs a contract. Figures are for the day of --today;\n" +
			"each report says what its figures mean, on standard error or above the table.",
		Example: "  opsdeck report brief ACME-1 > visit.md\n  opsdeck report timeline ACME-1 --where 'date:>-90d event:touch'\n  opsdeck report rfm --today 2006-12-31 -o json\n  opsdeck report retention --from 2023-12-31 --to 2024-12-31\n  opsdeck report churn --by plan -o csv",
		Args:    args(1, 2),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return reportNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "sla-due" && len(args) == 1 {
				return a.slaDue(r.due, *r.format)
			}
			return a.withBook(toRead, func(b *store.Book) error { return a.report(b, args, r) })
		},
	}
	c.Flags().StringVar(&r.from, "from", "", "first `date` of reports over a time")
	c.Flags().StringVar(&r.to, "to", "", "last `date` of reports over a time")
	c.Flags().StringVar(&r.by, "by", "", "`field` to group by, or what is summed; of decisions: the version")
	c.Flags().StringVar(&r.owner, "owner", "", "of today: whose; empty is everybody")
	c.Flags().StringVar(&r.since, "since", "-7d", "of slip and accuracy: the `day` or the snapshot to compare with")
	c.Flags().StringVar(&r.asOf, "as-of", "", "the book as it was at the end of this `day`, as the log tells")
	c.Flags().StringVar(&r.rule, "rule", "", "of rfm: the `rule` of the bins, as in the setting rfm.rule; of backtest: the figure, health or tier_score")
	c.Flags().StringVar(&r.where, "where", "", "of timeline: `filter` over date, event, what and by")
	c.Flags().StringVar(&r.why, "why", "", "explain the figures of the `row` that begins so, down to the records behind them")
	c.Flags().StringVar(&r.at, "at", "", "of backtest: the scoring `day`; without it the ends of the last quarters")
	c.Flags().StringVar(&r.signal, "signal", "", "of backtest: what counts as churn, `events`, contracts or revenue")
	c.Flags().IntVar(&r.within, "within", report.DefaultWithin, "of backtest: `days` after the scoring in which it must come")
	c.Flags().IntVar(&r.limit, "limit", 0, "show at most this many rows; 0 shows all")
	c.Flags().StringVar(&r.due.calendar, "calendar", "", "of sla-due: TOML `file` of the calendar")
	c.Flags().StringArrayVar(&r.due.holidays, "holidays", nil, "of sla-due: iCalendar `file` of more free days")
	c.Flags().StringVar(&r.due.start, "start", "", "of sla-due: `moment` at which the clock starts, in the calendar's zone")
	c.Flags().StringVar(&r.due.target, "target", "", "of sla-due: `time` that is promised, such as 30m, 16h or 5d (working days)")
	c.Flags().StringArrayVar(&r.due.pauses, "pause", nil, "of sla-due: `from/to` of a pause")
	r.format = outputFlag(c, asTable, asMD, asCSV, asJSON, asXLSX, asText)
	return c
}

func (a *app) report(b *store.Book, args []string, r reporting) error {
	switch args[0] {
	case "brief":
		return a.page(b, model.Customer, args, r, report.Brief)
	case "evidence":
		return a.page(b, model.Contract, args, r, report.Evidence)
	}
	if *r.format == asText {
		return usagef("-o text is for pages, the brief and the evidence; the report %s has md, csv, json and xlsx", args[0])
	}
	if args[0] == "timeline" {
		return a.timeline(b, args, r)
	}
	makeIt, ok := report.Makers()[args[0]]
	if !ok {
		return usagef("there is no report %q%s", args[0], didYouMean(args[0], reportNames(), "there are "+listed(reportNames())))
	}
	if len(args) > 1 {
		return usagef("the report %s takes no %q", args[0], args[1])
	}
	if r.limit < 0 {
		return usagef("--limit %d: a number from 0 is wanted; 0 shows all", r.limit)
	}
	ask := report.Args{From: day.None, To: day.None, By: r.by, Owner: r.owner, Rule: r.rule, Signal: r.signal, Within: r.within, Read: b.Get}
	for _, d := range []struct {
		flag, text string
		to         *day.Day
	}{{"from", r.from, &ask.From}, {"to", r.to, &ask.To}} {
		if d.text == "" {
			continue
		}
		var err error
		if *d.to, err = day.ParseHuman(d.text, a.day()); err != nil {
			return usagef("--%s: %w", d.flag, err)
		}
	}
	s, err := a.reported(b, args[0], r, &ask)
	if err != nil {
		return err
	}
	rep, err := report.Make(makeIt, s, ask)
	if err != nil {
		return usagef("%w", err)
	}
	if r.why != "" {
		return a.whyReport(rep, r.why, *r.format)
	}
	return a.printReport(rep.Limited(r.limit), *r.format)
}

// pageWidth is how wide a page for paper is written.
const pageWidth = 78

// printPage writes a page: as Markdown, or as plain text that can be printed as it is.
func (a *app) printPage(markdown string, format *string) error {
	switch *format {
	case asTable, asMD:
		a.printf("%s", kit.CleanLines(markdown))
	case asText:
		a.printf("%s", kit.Printable(markdown, pageWidth))
	default:
		return usagef("a page is written as md or text, not as %s", *format)
	}
	return nil
}

// asked is the record that a report is about, with the picture of the book that it is made from.
func (a *app) asked(b *store.Book, k model.Kind, args []string) (*model.Record, *table.Snapshot, error) {
	if len(args) != 2 {
		return nil, nil, usagef("the %s needs a %s: opsdeck report %s %s", args[0], k, args[0], strings.ToUpper(k.String()))
	}
	rec, err := reader{a, b}.lookup(k, args[1])
	if err != nil {
		return nil, nil, err
	}
	s, err := b.Snapshot()
	return rec, s, err
}

// page prints a report that is a page about one record.
func (a *app) page(b *store.Book, k model.Kind, args []string, r reporting, write func(*table.Snapshot, *model.Record) string) error {
	rec, s, err := a.asked(b, k, args)
	if err != nil {
		return err
	}
	return a.printPage(write(s, rec), r.format)
}

// timeline prints what has happened with a customer, filtered.
func (a *app) timeline(b *store.Book, args []string, r reporting) error {
	rec, s, err := a.asked(b, model.Customer, args)
	if err != nil {
		return err
	}
	history, err := b.History(rec.ID)
	if err != nil {
		return err
	}
	row, ok := s.Table(model.Customer).Row(rec.ID)
	if !ok {
		return usagef("customer %q was removed; 'opsdeck undo' brings it back", args[1])
	}
	events := report.Timeline(s, row, history, a.Now().Location())
	expr, err := query.Parse(r.where, events)
	if err != nil {
		return usagef("--where: %w", err)
	}
	kept := events.Filter(expr, query.Env{Today: a.day(), Me: a.me()})
	return a.printReport(kept.Report(s.Title(model.Customer, row)).Limited(r.limit), *r.format)
}

// reported reads the picture that a report is made from, and the earlier ones that it compares with.
func (a *app) reported(b *store.Book, name string, r reporting, ask *report.Args) (*table.Snapshot, error) {
	var err error
	switch name {
	case "slip", "accuracy":
		ask.Past, err = a.past(b, r.since)
	case "weeks":
		ask.Weeks, err = a.weeks(b)
	case "backtest":
		return a.backtested(b, r.at, ask)
	case "health", "movers":
		return a.lookedBack(b, name, ask)
	}
	if err != nil {
		return nil, err
	}
	if r.asOf == "" {
		return b.Snapshot()
	}
	d, err := day.ParseHuman(r.asOf, a.day())
	if err != nil {
		return nil, usagef("--as-of: %w", err)
	}
	return a.asOf(b, d)
}

// printReport writes a report. For people the definition stands above the table; in data it is said on
// standard error, beside the notes on what is left out.
func (a *app) printReport(r report.Report, format string) error {
	switch format {
	case asTable:
		a.printf("%s\n%s\n\n", kit.Clean(r.Title), kit.Clean(r.Definition))
		a.printReportTable(r)
	case asJSON:
		if err := a.printObjects(reportObjects(r)...); err != nil {
			return err
		}
	default:
		if format == asMD {
			a.printf("# %s\n\n%s\n\n", kit.Clean(r.Title), kit.Clean(r.Definition))
		}
		if err := a.writeReport(r, format); err != nil {
			return err
		}
	}
	if format == asCSV || format == asXLSX || format == asJSON {
		a.say("%s: %s", r.Title, r.Definition)
	}
	for _, n := range r.Notes {
		a.say("note: %s", n)
	}
	return nil
}

func (a *app) writeReport(r report.Report, format string) error {
	names := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		names[i] = c.Key
		if format == asMD {
			names[i] = c.Label
		}
	}
	kind := map[string]string{asMD: tabular.FormatMarkdown, asCSV: tabular.FormatDelimited, asXLSX: tabular.FormatXLSX}[format]
	w, err := tabular.NewWriter(kind, a.out, names, tabular.WriteOptions{Sheet: r.Name})
	if err != nil {
		return err
	}
	for _, row := range r.Rows {
		cells := make([]tabular.Value, len(row))
		for i, c := range row {
			cells[i] = tabular.Text(c.Text)
			if n, err := tabular.ParseNumber(c.Words(), tabular.DecimalPoint); c.IsNumber && err == nil {
				cells[i] = tabular.Number(n)
			}
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	a.sayDefused(w.Report())
	return nil
}

func reportObjects(r report.Report) []object {
	out := make([]object, 0, len(r.Rows))
	for _, row := range r.Rows {
		var o object
		seen := map[string]bool{}
		for i, c := range row {
			key := r.Columns[i].Key
			if seen[key] {
				key = fmt.Sprintf("%s_%d", key, i)
			}
			seen[key] = true
			var v any = c.Text
			if c.IsNumber {
				v = json.Number(c.Words())
			}
			o = append(o, member{key, v})
		}
		out = append(out, o)
	}
	return out
}

// printReportTable aligns the columns for a terminal: numbers at the right.
func (a *app) printReportTable(r report.Report) {
	widths, numbers := make([]int, len(r.Columns)), make([]bool, len(r.Columns))
	for i, c := range r.Columns {
		widths[i] = kit.Width(c.Label)
		for _, row := range r.Rows {
			widths[i] = max(widths[i], kit.Width(kit.Clean(row[i].Words())))
			numbers[i] = numbers[i] || row[i].IsNumber
		}
	}
	line := func(cell func(i int) (string, bool)) {
		var b strings.Builder
		for i, w := range widths {
			text, number := cell(i)
			pad := kit.PadRight
			if number {
				pad = kit.PadLeft
			}
			b.WriteString(pad(kit.Clean(text), w) + "  ")
		}
		a.printf("%s\n", strings.TrimRight(b.String(), " "))
	}
	line(func(i int) (string, bool) {
		return r.Columns[i].Label, numbers[i]
	})
	for _, row := range r.Rows {
		line(func(i int) (string, bool) { return cmp.Or(row[i].Words(), "–"), numbers[i] })
	}
}
