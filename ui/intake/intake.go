// Package intake gives the workstation the files of the machine that it runs on: it answers what the
// import asks (ui.Importer) with the plans of store/exchange.
package intake

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store/exchange"
	"opsdeck/store/exchange/tabular"
	"opsdeck/store/files"
	"opsdeck/ui"
)

// Options say whose files these are.
type Options struct {
	Home   string         // the person's own folder, for "~/"; empty where there is none
	Recent string         // the file that remembers what was read; empty remembers nothing
	Today  func() day.Day // the day on which ages in a file are measured
}

// Importer reads files into plans for a book.
type Importer struct {
	book exchange.Book
	o    Options
}

// New makes the importer of a book.
func New(book exchange.Book, o Options) *Importer { return &Importer{book, o} }

// path turns what was typed into a path.
func (im *Importer) path(text string) string { return underHome(text, im.o.Home) }

// underHome reads "~/" as the person's own folder.
func underHome(text, home string) string {
	if rest, ok := strings.CutPrefix(text, "~"); ok && home != "" && (rest == "" || rest[0] == '/') {
		return filepath.Join(home, rest)
	}
	return text
}

// largestText is the largest mapping or list of files that is read, in bytes.
const largestText = 16 << 20

// mostEntries bounds what is listed of one folder.
const mostEntries = 5000

// Browse implements ui.Importer. What cannot be looked at is left out.
func (im *Importer) Browse(dir string) (_ []ui.FileEntry, err error) {
	f, err := os.Open(cmp.Or(im.path(dir), "."))
	if err != nil {
		return nil, plainPath(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	list, err := f.ReadDir(mostEntries)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, plainPath(err)
	}
	out := make([]ui.FileEntry, 0, len(list))
	for _, e := range list {
		info, err := os.Stat(filepath.Join(f.Name(), e.Name())) // What a link points at counts.
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		out = append(out, ui.FileEntry{Name: e.Name(), Dir: info.IsDir(), Size: info.Size(), Changed: info.ModTime()})
	}
	slices.SortFunc(out, func(a, b ui.FileEntry) int {
		if a.Dir != b.Dir {
			if a.Dir {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

// plainPath says of a file error what it is about, without the name of the call.
func plainPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", at.Path, at.Err)
	}
	return err
}

// mostRecent is how many files are remembered.
const mostRecent = 20

// Recent implements ui.Importer. Without a memory, or with one that cannot be read, there are none.
func (im *Importer) Recent() []string {
	if im.o.Recent == "" {
		return nil
	}
	text, err := files.Text(im.o.Recent, largestText)
	if err != nil {
		return nil
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && len(out) < mostRecent {
			out = append(out, line)
		}
	}
	return out
}

// remember puts a file at the head of the recent ones. That this fails is no reason to refuse a file.
func (im *Importer) remember(path string) {
	full, err := filepath.Abs(path)
	if err != nil || im.o.Recent == "" || strings.Contains(full, "\n") {
		return
	}
	list := append([]string{full}, slices.DeleteFunc(im.Recent(), func(p string) bool { return p == full })...)
	text := strings.Join(list[:min(len(list), mostRecent)], "\n") + "\n"
	if os.MkdirAll(filepath.Dir(im.o.Recent), 0o700) == nil {
		_ = os.WriteFile(im.o.Recent, []byte(text), 0o600)
	}
}

// Plan implements ui.Importer.
func (im *Importer) Plan(ctx context.Context, job ui.ImportJob, progress func(done, total int64, rows int)) (ui.ImportPlan, error) {
	path := im.path(strings.TrimSpace(job.Path))
	o, err := im.options(job)
	if err != nil {
		return nil, question(err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, plainPath(err)
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder; choose a file in it", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	p, err := exchange.PlanFile(ctx, im.book, path, o, progress)
	if err != nil {
		return nil, question(err)
	}
	im.remember(path)
	return newPlan(im, p, path, info), nil
}

// options turns a job into the options of an import.
func (im *Importer) options(job ui.ImportJob) (exchange.Options, error) {
	o := exchange.Options{
		From: job.Source, Map: job.Map, Set: job.Set, Dates: job.Dates, Decimal: job.Decimal,
		Encoding: job.Encoding, Delimiter: job.Delimiter, Skip: job.Skip, States: job.States,
	}
	if im.o.Today != nil {
		o.Today = im.o.Today()
	}
	o.Kind, _ = model.KindByName(job.Kind)
	for name := range strings.SplitSeq(job.Columns, ",") {
		if job.Columns != "" {
			o.Columns = append(o.Columns, strings.TrimSpace(name))
		}
	}
	for _, r := range job.Leave {
		o.Leave = append(o.Leave, exchange.RowRef{Table: r.Table, Line: r.Line})
	}
	for at, value := range job.Fixes {
		o.Fixes = append(o.Fixes, exchange.Fix{
			Row: exchange.RowRef{Table: at.Table, Line: at.Line}, Column: fmt.Sprintf("#%d", at.Column+1), Value: value,
		})
	}
	if job.Mapping == "" {
		return o, nil
	}
	raw, err := files.Text(im.path(job.Mapping), largestText)
	if err != nil {
		return o, plainPath(err)
	}
	o.Mapping, err = exchange.DecodeMapping(raw)
	return o, err
}

// question turns what an import asks on the command line into what the workstation can ask.
func question(err error) error {
	var asked *exchange.UsageError
	if !errors.As(err, &asked) {
		return err
	}
	q := &ui.ImportQuestion{About: strings.ToLower(strings.TrimPrefix(asked.Flag, "--")), Column: asked.Column, Err: err}
	var twofold *tabular.Ambiguous
	if errors.As(err, &twofold) {
		q.Err = ambiguous(twofold)
		for _, r := range twofold.Readings {
			q.Choices = append(q.Choices, ui.ImportChoice{Value: r.Choice, Shows: fmt.Sprintf("%s is %s", twofold.Value, r.Shows)})
		}
	} else if asked.Err != nil {
		q.Err = asked.Err
	}
	return q
}

// ambiguous says why a column cannot be read, without the flag of the command line.
func ambiguous(a *tabular.Ambiguous) error {
	if a.OtherLine > 0 {
		return fmt.Errorf("column %q cannot be read in one way: line %d holds %q and line %d holds %q", a.Column, a.Line, a.Value, a.OtherLine, a.OtherValue)
	}
	return fmt.Errorf("column %q can be read in more than one way: line %d holds %q", a.Column, a.Line, a.Value)
}

// plan is an exchange.Plan for the workstation.
type plan struct {
	*exchange.Plan
	from     *Importer
	path     string
	size     int64
	changed  time.Time
	suspects map[model.ID]string
}

func newPlan(im *Importer, p *exchange.Plan, path string, info fs.FileInfo) *plan {
	out := &plan{Plan: p, from: im, path: path, size: info.Size(), changed: info.ModTime(), suspects: map[model.ID]string{}}
	for _, s := range p.Suspects {
		out.suspects[s.ID] = fmt.Sprintf("may be %s: %s", s.OtherTitle, s.Reason)
	}
	p.Record(model.ID{}) // Its index is made here and not while a screen is drawn.
	return out
}

// Facts implements ui.ImportPlan.
func (p *plan) Facts() ui.ImportFacts {
	s := p.Summary(model.ID{})
	f := ui.ImportFacts{
		Name: p.File, Kind: p.Kind, Source: p.Source, Preset: p.Preset, How: p.how(), Signature: p.Signature, Warnings: p.Warnings,
		Left: p.Left, Changes: p.Changes(),
		Counts: map[ui.ImportVerdict]int{
			ui.VerdictCreate: s.Created, ui.VerdictUpdate: s.Updated, ui.VerdictSame: s.Same, ui.VerdictConflict: s.Conflicts, ui.VerdictError: s.Errors,
		},
	}
	for _, c := range p.Columns {
		f.Columns = append(f.Columns, ui.ImportColumn{Name: c.Name, To: c.To, From: c.From, Looks: c.Kind, Samples: c.Samples})
	}
	for _, s := range p.Stubs {
		f.Stubs = append(f.Stubs, fmt.Sprintf("line %d: %s (%s)", s.Line, s.Name, s.Key))
	}
	return f
}

// how says how the file was read: of a workbook its sheets.
func (p *plan) how() string {
	if len(p.Tables) == 0 {
		return "book file"
	}
	t := p.Tables[0]
	words := []string{t.Format}
	if t.Encoding != "" {
		words = append(words, t.Encoding)
	}
	switch t.Delimiter {
	case 0:
	case '\t':
		words = append(words, "tab between columns")
	default:
		words = append(words, fmt.Sprintf("“%c” between columns", t.Delimiter))
	}
	if len(p.Tables) > 1 {
		words = append(words, fmt.Sprintf("%d tables", len(p.Tables)))
	}
	return strings.Join(words, ", ")
}

// Len implements ui.ImportPlan.
func (p *plan) Len() int { return len(p.Verdicts) }

// Row implements ui.ImportPlan.
func (p *plan) Row(i int) ui.ImportRow {
	v := &p.Verdicts[i]
	row := ui.ImportRow{
		Verdict: ui.ImportVerdict(v.Result.String()), Table: v.Table, Line: v.Line, Kind: v.Kind, ID: v.ID,
		Column: v.Column, Reason: v.Reason, Changes: v.Changes,
	}
	if v.Result == exchange.Created {
		row.Duplicate = p.suspects[v.ID]
	}
	if r := p.Record(i); r != nil {
		row.Title = r.Title()
	}
	return row
}

// Cells implements ui.ImportPlan.
func (p *plan) Cells(i int) []ui.ImportCell {
	v := &p.Verdicts[i]
	if v.Result != exchange.Failed && v.Result != exchange.Conflict {
		return nil
	}
	var out []ui.ImportCell
	for _, c := range p.Refused(v.Table, v.Line) {
		out = append(out, ui.ImportCell{Column: c.Column, Text: c.Text})
	}
	return out
}

// Record implements ui.ImportPlan.
func (p *plan) Record(i int) *model.Record { return p.Plan.Record(p.Verdicts[i].ID) }

// Title implements ui.ImportPlan.
func (p *plan) Title(id model.ID) string {
	if r := p.Plan.Record(id); r != nil {
		return r.Title()
	}
	return ""
}

// Stale implements ui.ImportPlan. What was shown is applied whatever has become of the file, so this is
// for the person to know.
func (p *plan) Stale() string {
	info, err := os.Stat(p.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "The file is gone since it was read; what was read is imported."
	case err != nil:
		return "The file cannot be looked at any more; what was read is imported."
	case info.Size() != p.size || !info.ModTime().Equal(p.changed):
		return "The file has changed since it was read; what was read is imported. r reads it again."
	}
	return ""
}

// WriteErrors implements ui.ImportPlan. A file that is there is not written over.
func (p *plan) WriteErrors(path string) error {
	return plainPath(files.New(p.from.path(path), func(f io.Writer) error {
		w := bufio.NewWriter(f)
		return errors.Join(p.Plan.WriteErrors(w), w.Flush())
	}))
}
