package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"opsdeck/model"
	"opsdeck/store"
	"opsdeck/store/exchange"
)

// exporting is what the flags of export ask for.
type exporting struct {
	subject subject
	book    bool
	redact  bool
	rules   []string
	format  string
	out     string
	handed  bool // items for engineers
	where   string
}

func (a *app) exportCommand() *cobra.Command {
	var e exporting
	var format *string
	c := &cobra.Command{
		Use:   "export KIND|book|hand-over",
		Short: "Write records for other programs, as they are or redacted",
		Long: "Write the records of a kind as a table, or the whole book as lines of JSON that 'opsdeck import' reads back.\n" +
			"A book file holds records and settings, not batches, history and users. --redact replaces names, people, free\n" +
			"text and contact data by pseudonyms that stay the same for a book, and amounts by bands.\n\n" +
			"hand-over writes the items that engineers have, for people (md), as issues for GitHub (github) or as a table for\n" +
			"Jira (jira). 'opsdeck import' reads the file back: what was changed in it, and nothing else.",
		Example:           "  opsdeck export customers --out customers.xlsx\n  opsdeck export book --redact --out book.ndjson\n  opsdeck export hand-over -o jira --out items.csv",
		Args:              args(1, 1),
		ValidArgsFunction: completeExport,
		RunE: func(c *cobra.Command, args []string) error {
			if err := e.read(args[0], *format, c.Flags().Changed("output")); err != nil {
				return err
			}
			if e.format == asXLSX && e.out == "" && a.toTerminal() {
				return usagef("a workbook is not for a terminal; name a file with --out FILE")
			}
			return a.withBook(a.toNote(), func(b *store.Book) error {
				if err := e.allowed(b); err != nil {
					return err
				}
				if err := b.Export(e.label(), b.NewID()); err != nil {
					return err
				}
				if e.handed {
					return a.exportHandOver(b, e)
				}
				return a.export(c.Context(), b, e)
			})
		},
	}
	c.Flags().BoolVar(&e.redact, "redact", false, "replace what tells who it is about")
	c.Flags().StringArrayVar(&e.rules, "rule", nil, "of --redact: `FIELD=keep`, pseudonym, band or drop, also KIND.FIELD=…; may be repeated")
	c.Flags().StringVar(&e.out, "out", "", "write to this `file`, whose ending chooses the format")
	c.Flags().StringVar(&e.where, "where", "", "of hand-over: `filter` of the items, instead of all that engineers have")
	format = outputFlag(c, append(exportFormats(), exchange.HandOverGitHub, exchange.HandOverJira)...)
	return c
}

// allowed checks the right to take away what is asked for.
func (e exporting) allowed(b *store.Book) error {
	m, err := b.Member()
	switch {
	case err != nil:
		return err
	case e.handed:
		return m.MayHandOver()
	}
	return m.May(model.PowerExport)
}

const asXLSX = "xlsx"

func exportFormats() []string { return []string{asCSV, asJSON, asNDJSON, asXLSX, asMD} }

func completeExport(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	names, how := completeKind(c, args, typed)
	if len(args) == 0 {
		names = append(names, "book", handOver)
	}
	return names, how
}

// read settles what is exported and in which format: the one asked for, else that of the file's ending.
func (e *exporting) read(name, format string, asked bool) (err error) {
	if e.handed = name == handOver; e.handed {
		return e.readHandOver(format, asked)
	}
	if format == exchange.HandOverGitHub || format == exchange.HandOverJira || e.where != "" {
		return usagef("-o %s, -o %s and --where are for 'opsdeck export %s'", exchange.HandOverGitHub, exchange.HandOverJira, handOver)
	}
	e.book, e.format = name == "book", format
	if ext := strings.TrimPrefix(filepath.Ext(e.out), "."); !asked && slices.Contains(exportFormats(), ext) {
		e.format = ext
	}
	if e.book {
		if asked && format != asNDJSON {
			return usagef("a book is written as %s alone; 'opsdeck export KIND' has the other formats", asNDJSON)
		}
		return nil
	}
	if e.subject, err = subjectByName(name); err == nil && (e.subject.renewals || e.subject.batches) {
		err = usagef("%s are no records of their own; 'opsdeck list %s -o csv' writes them", e.subject.plural, e.subject.plural)
	}
	return err
}

// toNote is how a book is opened whose log is to say who takes what away: one that is there and may be written.
// Of a file that may only be read, and where --read-only is set, no note can be made.
func (a *app) toNote() access {
	if a.readOnly || a.Host != nil {
		return toRead // A handle notes all the same: it is the engine that writes.
	}
	path, _, err := a.bookPath()
	if err != nil || unix.Access(path, unix.W_OK) != nil {
		return toRead
	}
	return toWrite
}

// label says in the log what is taken away. It is written before the first byte goes out.
func (e exporting) label() string {
	what, how, where := "the book", asNDJSON, ""
	switch {
	case e.handed:
		what, how = "items for engineers", e.format
	case !e.book:
		what, how = e.subject.plural, e.format
	}
	if e.redact {
		how += ", redacted"
	}
	if e.out != "" {
		where = " to " + filepath.Base(e.out)
	}
	return what + " as " + how + where
}

func (a *app) export(ctx context.Context, b *store.Book, e exporting) error {
	redact, err := redactor(b, e.redact, e.rules)
	if err != nil {
		return err
	}
	write := func(w io.Writer) (string, error) {
		if e.book {
			n, err := exchange.ExportBook(ctx, b, w, redact)
			return plural(n, "record", "records"), err
		}
		report, err := exchange.ExportKind(ctx, b, e.subject.kind, w, exchange.ExportOptions{Format: e.format, Redact: redact})
		if err == nil {
			a.sayDefused(report)
		}
		return counted(report.Rows, e.subject.kind), err
	}
	return a.deliver(e.out, write)
}

// redactor makes pseudonyms that stay the same for a book: their secret is the id of its first step,
// which no export tells.
func redactor(b *store.Book, wanted bool, rules []string) (*exchange.Redactor, error) {
	if !wanted {
		if len(rules) > 0 {
			return nil, usagef("--rule says how --redact treats a field; write --redact too")
		}
		return nil, nil
	}
	first := ""
	err := b.Batches(func(h model.Batch) bool { first = h.ID.String(); return true })
	r := exchange.NewRedactor(first, b)
	for _, rule := range rules {
		if err := r.Rule(rule); err != nil {
			return nil, usagef("--rule: %v", err)
		}
	}
	return r, err
}

// deliver writes data to a file, whole or not at all, or without one to the output, where a terminal gets no
// control characters.
func (a *app) deliver(file string, write func(io.Writer) (string, error)) error {
	if file == "" {
		var w io.Writer = a.out
		if a.toTerminal() {
			w = &safeWriter{w: a.out}
		}
		_, err := write(w)
		return err
	}
	what, err := a.writeWhole(file, write)
	if err == nil {
		a.say("%s written to %s", what, file)
	}
	return err
}

// writeWhole writes a file that is there in whole or not at all: a failure leaves what was there.
func (a *app) writeWhole(path string, write func(io.Writer) (string, error)) (what string, err error) {
	err = a.there(path, func(f io.Writer) error {
		w := bufio.NewWriterSize(f, 1<<16)
		what, err = write(w)
		return errors.Join(err, w.Flush())
	})
	if err != nil {
		return "", fmt.Errorf("--out: %w", err)
	}
	return what, nil
}
