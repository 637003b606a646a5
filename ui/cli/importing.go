package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// importing is what the flags of import ask for.
type importing struct {
	options exchange.Options
	files   []string
	mapping string
	set     []string
	columns string
	leave   string
	fixes   []string
	errors  string
	dryRun  bool
	format  *string
}

func (a *app) importCommand() *cobra.Command {
	var in importing
	c := &cobra.Command{
		Use:   "import [KIND] FILE...",
		Short: "Take in files of other programs, each as one step that can be reverted",
		Long: "Take in CSV, XLSX, JSON and NDJSON files of other programs. What a file holds is recognised from its header. Each\n" +
			"file becomes one step: it is applied as a whole or not at all, prints the step's id, and can be reverted.\n" +
			"With conflicts or errors in rows the exit status is 3; the other rows are taken in.",
		Example: "  opsdeck import accounts.csv contacts.csv\n  opsdeck import orders sales.csv --map 'Client=customer,Total=amount' --dates dmy\n" +
			"  opsdeck import tickets.csv --dry-run --errors refused.csv",
		Args: args(1, -1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := in.read(a, args); err != nil {
				return err
			}
			in.options.Today = a.day()
			return a.importAll(c.Context(), in)
		},
	}
	f, o := c.Flags(), &in.options
	f.StringVar(&o.From, "from", "", "the `source`: what it calls its records is remembered under this name")
	f.StringVar(&in.mapping, "map", "", "a mapping `file`, or column=field,column=field")
	f.StringArrayVar(&in.set, "set", nil, "a fixed value for every row, `field=value`; may be repeated")
	f.BoolVar(&in.dryRun, "dry-run", false, "say what would happen and change nothing")
	f.StringVar(&in.errors, "errors", "", "write refused rows with their reasons to this `file`")
	f.StringVar(&o.Encoding, "encoding", "", "the file's `encoding`, such as windows-1252 or gb18030")
	f.StringVar(&o.Delimiter, "delimiter", "", "the `character` between columns, or tab")
	f.StringVar(&o.Dates, "dates", "", "the `order` in dates: dmy, mdy or ymd")
	f.StringVar(&o.Decimal, "decimal", "", "the decimal `sign`: , or .")
	f.StringVar(&in.columns, "columns", "", "`names` of the columns of a file without a header: id,name,-")
	f.StringVar(&in.leave, "leave", "", "`lines` whose rows are left out: 12,30-32 or SHEET#12")
	f.StringArrayVar(&in.fixes, "fix", nil, "what a cell should have said, `LINE:COLUMN=VALUE`; may be repeated")
	f.BoolVar(&o.States, "states", false, "of a tracker's export, take in only how far the items are that are known")
	f.IntVar(&o.Skip, "skip", 0, "`lines` before the table")
	in.format = outputFlag(c, asText, asJSON)
	c.AddCommand(a.revertCommand())
	return c
}

// read takes the arguments apart: a kind, unless a file has that name, and files.
func (in *importing) read(a *app, args []string) error {
	in.files = args
	if s, err := subjectByName(args[0]); err == nil && !a.found(args[0]) {
		if s.batches {
			return usagef("batches cannot be imported")
		}
		in.options.Kind, in.files = s.kind, args[1:]
	}
	if len(in.files) == 0 {
		return usagef("import %s: name the file to take in", args[0])
	}
	for _, file := range in.files {
		if _, err := a.here(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if !a.found(file) {
			return notFoundf("%s: there is no such file", file)
		}
	}
	if in.errors != "" {
		if err := in.ownErrors(a); err != nil {
			return err
		}
	}
	in.options.Columns = splitNames(in.columns)
	return errors.Join(in.readMapping(a), in.readCorrections())
}

func (in *importing) readCorrections() (err error) {
	if in.leave != "" {
		if in.options.Leave, err = exchange.ParseRows(in.leave); err != nil {
			return err
		}
	}
	for _, text := range in.fixes {
		f, err := exchange.ParseFix(text)
		if err != nil {
			return err
		}
		in.options.Fixes = append(in.options.Fixes, f)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (in *importing) readMapping(a *app) (err error) {
	o := &in.options
	if len(in.set) > 0 {
		o.Set = map[string]string{}
	}
	for _, pair := range in.set {
		field, value, ok := strings.Cut(pair, "=")
		if !ok {
			return usagef("--set: %q is not field=value", pair)
		}
		o.Set[field] = value
	}
	switch {
	case in.mapping == "":
	case a.found(in.mapping):
		o.Mapping, err = a.loadMapping(in.mapping)
	case strings.Contains(in.mapping, "="):
		o.Map, err = exchange.ParseMap(in.mapping)
	default:
		err = notFoundf("--map: %s is neither a file nor column=field", in.mapping)
	}
	return err
}

// importAll takes in the files one after the other. A dry run works on a book that is thrown away, so
// that a file finds what the files before it bring.
func (a *app) importAll(ctx context.Context, in importing) error {
	if in.dryRun {
		b, done, err := a.scratch(ctx)
		if err != nil {
			return err
		}
		return errors.Join(a.importFiles(ctx, b, in), done())
	}
	return a.withBook(toCreate, func(b *store.Book) error { return a.importFiles(ctx, b, in) })
}

// answer is what came of one file.
type answer struct {
	plan  *exchange.Plan
	batch model.ID
}

// importFiles takes in the files. One whose rows point at what is not in the book waits for the other
// files, so that the order in which a shell lists them does not matter.
func (a *app) importFiles(ctx context.Context, b *store.Book, in importing) error {
	answers := make(map[string]answer, len(in.files))
	var failed error
	for waiting := in.files; len(waiting) > 0 && failed == nil; {
		var later []string
		for i, file := range waiting {
			// The last of those that all had to wait has nothing left to wait for.
			mayWait := i < len(waiting)-1 || len(later) < i
			plan, batch, err := a.importFile(ctx, b, in, file, mayWait)
			if err != nil {
				failed = a.explainStop(file, len(answers), err)
				break
			}
			if plan == nil {
				later = append(later, file)
				continue
			}
			answers[file] = answer{plan, batch}
		}
		waiting = later
	}
	complete, err := a.printAnswers(in, answers)
	if err = errors.Join(failed, err); err == nil && !complete {
		err = quietly(exitPartly)
	}
	return err
}

// printAnswers writes what -o json asks for, in the order of the command line, and tells whether every
// row was taken in.
func (a *app) printAnswers(in importing, answers map[string]answer) (complete bool, err error) {
	p := &jsonPrinter{w: a.out} // One object a file and line, so that a script reads them as they come.
	complete = true
	for _, file := range in.files {
		got, ok := answers[file]
		if !ok {
			continue
		}
		complete = complete && got.plan.Complete()
		if *in.format == asJSON {
			err = errors.Join(err, p.object(summaryObject(got.plan.Summary(got.batch))))
		}
	}
	return complete, err
}

// explainStop names the file at which an import of several ended, and that others are in.
func (a *app) explainStop(file string, done int, err error) error {
	if done == 0 {
		return err
	}
	return &statusError{statusOf(err), fmt.Errorf("%s: %s; %s before it stay imported", filepath.Base(file), explain(err), plural(done, "file", "files"))}
}

// importFile plans a file and applies the plan. A file that may wait gives no plan when it points at
// what is not there yet.
func (a *app) importFile(ctx context.Context, b *store.Book, in importing, file string, mayWait bool) (*exchange.Plan, model.ID, error) {
	watch := a.newMeter(filepath.Base(file))
	local, err := a.here(file)
	if err != nil {
		return nil, model.ID{}, err
	}
	plan, err := exchange.PlanFile(ctx, b, local, in.options, watch.show)
	watch.clear()
	if err != nil {
		return nil, model.ID{}, err
	}
	if s := plan.Summary(model.ID{}); mayWait && s.Errors+s.Stubs > 0 {
		return nil, model.ID{}, nil
	}
	if in.dryRun && *in.format != asJSON {
		a.printVerdicts(b, plan)
	}
	var batch model.ID
	if plan.Changes() {
		id := b.NewID()
		if _, err := b.Do(ctx, plan.Step(a.me(), id)); err != nil {
			return nil, batch, err
		}
		if !in.dryRun {
			batch = id
		}
	}
	a.sayPlan(plan, in, watch)
	if !batch.IsZero() && *in.format != asJSON {
		a.printf("%s\n", batch)
	}
	return plan, batch, a.writeErrors(plan, in, file)
}

// errorsOf names the file for the refused rows of a file.
func (in *importing) errorsOf(file string) string {
	if len(in.files) == 1 {
		return in.errors
	}
	base, ext := filepath.Base(file), filepath.Ext(in.errors)
	return strings.TrimSuffix(in.errors, ext) + "." + strings.TrimSuffix(base, filepath.Ext(base)) + ext
}

// ownErrors refuses to write refused rows over a file that is taken in: its other rows would be gone.
func (in *importing) ownErrors(a *app) error {
	for _, file := range in.files {
		for _, taken := range in.files {
			same := filepath.Clean(in.errorsOf(file)) == filepath.Clean(taken)
			if !same && a.Host == nil {
				one, err := os.Stat(in.errorsOf(file))
				other, otherErr := os.Stat(taken)
				same = err == nil && otherErr == nil && os.SameFile(one, other)
			}
			if same {
				return usagef("--errors: %s is a file that is taken in; name another one for the refused rows", taken)
			}
		}
	}
	return nil
}

// writeErrors writes the refused rows of a file, if there are any. Of several files each gets its own.
func (a *app) writeErrors(plan *exchange.Plan, in importing, file string) error {
	if in.errors == "" || plan.Complete() {
		return nil
	}
	err := a.there(in.errorsOf(file), func(f io.Writer) error {
		w := bufio.NewWriter(f)
		return errors.Join(plan.WriteErrors(w), w.Flush())
	})
	if err != nil {
		return fmt.Errorf("--errors: %w", err)
	}
	return nil
}

// scratch makes the book of a dry run: a copy of the book, or an empty one where there is none.
func (a *app) scratch(ctx context.Context) (*store.Book, func() error, error) {
	path, _, err := a.bookPath()
	if err != nil {
		return nil, nil, err
	}
	if exists(path) {
		return a.copyOf(ctx)
	}
	b, err := store.NewMemory(a.scratchOptions())
	if err != nil {
		return nil, nil, err
	}
	return b, b.Close, nil
}

// scratchOptions let a dry run write to its own book even where --read-only guards the real one.
func (a *app) scratchOptions() store.Options {
	o := a.bookOptions(toWrite)
	o.ReadOnly = false
	return o
}

// copyOf opens a copy of the book that is gone afterwards.
func (a *app) copyOf(ctx context.Context) (_ *store.Book, done func() error, err error) {
	dir, err := os.MkdirTemp("", "opsdeck-dry-run-")
	if err != nil {
		return nil, nil, fmt.Errorf("the book of the dry run: %w", err)
	}
	remove := func() error { return os.RemoveAll(dir) }
	path := filepath.Join(dir, "book.db")
	if err := a.withBook(toRead, func(b *store.Book) error { return b.Backup(ctx, path) }); err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	b, err := store.Open(path, a.scratchOptions())
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	return b, func() error { return errors.Join(b.Close(), remove()) }, nil
}

func (a *app) revertCommand() *cobra.Command {
	var format *string
	c := &cobra.Command{
		Use:   "revert BATCH",
		Short: "Take back an import, updated records too",
		Long: "Take back an import as one step: what it created goes, what it updated gets its former content back. Refused where a\n" +
			"later change touched the same field. 'opsdeck list batches --where kind:import' lists the imports.",
		Args: args(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withBook(toWrite, func(b *store.Book) error {
				h, err := findBatch(b, args[0])
				if err != nil {
					return err
				}
				if h.Kind != model.Import {
					return refusedf("batch %s is no import but %q; 'opsdeck undo' takes back your own last step", h.ID, h.Label)
				}
				done, err := b.UndoBatch(c.Context(), h.ID, a.me(), b.NewID())
				if err != nil {
					return err
				}
				return a.sayReversed(b, done, *format)
			})
		},
	}
	format = outputFlag(c, asText, asJSON)
	return c
}
