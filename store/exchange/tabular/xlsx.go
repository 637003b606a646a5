package tabular

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync/atomic"
)

// Workbooks are read here and not through excelize: that one hands out a row's cells as text alone,
// so a date shown as 05/06/24 would have to be guessed, and it takes a sheet that breaks off for one
// that ends. Only what a table needs is read: sheets, shared strings, and which styles show dates.

// workbook is an opened XLSX file. Its sheets share it.
type workbook struct {
	src     *source
	parts   map[string]*zip.File // by lower-case name
	opt     Options
	shared  []string
	styles  []style
	date04  bool
	readers atomic.Int32 // open sheets; the last one closes the source
}

type sheet struct {
	name, part string
	hidden     bool
}

// maxShared caps the shared strings, the one part that has to be in memory as a whole.
const maxShared = 256 << 20

func openXLSX(ctx context.Context, src *source, o Options) ([]Reader, error) {
	wb, err := openWorkbook(src, o)
	if err != nil {
		return nil, err
	}
	sheets, err := wb.sheets()
	if err != nil {
		return nil, err
	}
	if sheets, err = pickSheets(sheets, o.Sheet); err != nil {
		return nil, err
	}
	if err := errors.Join(wb.readStyles(), wb.readShared(ctx)); err != nil {
		return nil, err
	}
	var readers []Reader
	var left []Warning
	for _, s := range sheets {
		if s.hidden && o.Sheet == "" {
			left = append(left, Warning{Kind: WarnSheet, Text: fmt.Sprintf("the hidden sheet %q was left out (--sheet reads it)", clip(s.name))})
			continue
		}
		r, err := wb.open(ctx, s)
		switch {
		case errors.Is(err, ErrEmpty):
			left = append(left, Warning{Kind: WarnSheet, Text: fmt.Sprintf("the sheet %q is empty", clip(s.name))})
			continue
		case err != nil:
			return nil, fmt.Errorf("sheet %q: %w", clip(s.name), err)
		}
		readers = append(readers, r)
	}
	if len(readers) == 0 {
		return nil, fmt.Errorf("%w: no sheet of the workbook has rows", ErrEmpty)
	}
	first := readers[0].Table()
	first.Warnings = append(first.Warnings, left...)
	wb.readers.Store(int32(len(readers)))
	return readers, nil
}

func openWorkbook(src *source, o Options) (*workbook, error) {
	z, err := zip.NewReader(src.r, src.size)
	if err != nil {
		return nil, fmt.Errorf("%w: the workbook is damaged or only part of it was copied (%w)", ErrTruncated, err)
	}
	wb := &workbook{src: src, opt: o, parts: map[string]*zip.File{}}
	var sum uint64
	for _, f := range z.File {
		// Sizes are promises, but the zip reader fails on a part that has more than it promised.
		sum += f.UncompressedSize64
		if f.UncompressedSize64 > uint64(o.MaxUnzip) || sum > uint64(o.MaxUnzip) {
			return nil, fmt.Errorf("%w: the workbook's %d bytes unpack to more than %d; such a file is made to do harm, or has to be saved as CSV", ErrTooLarge, src.size, o.MaxUnzip)
		}
		wb.parts[partName(f.Name)] = f
	}
	switch {
	case wb.parts["xl/workbook.bin"] != nil:
		return nil, fmt.Errorf("%w: this is a binary workbook (.xlsb); save it as .xlsx", ErrNotATable)
	case wb.parts["content.xml"] != nil && wb.parts["mimetype"] != nil:
		return nil, fmt.Errorf("%w: this is an OpenDocument file; save it as .xlsx or CSV", ErrNotATable)
	case wb.parts["word/document.xml"] != nil || wb.parts["ppt/presentation.xml"] != nil:
		return nil, fmt.Errorf("%w: this is a text or slides, no workbook", ErrNotATable)
	}
	return wb, nil
}

// partName makes names comparable: writers differ in case, slashes and a leading slash.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// part opens one part; a missing one gives nil.
func (wb *workbook) part(name string, most int64) (*xmlPart, io.Closer, error) {
	f := wb.parts[partName(name)]
	if f == nil {
		return nil, nil, nil
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: part %s: %w", ErrTruncated, name, err)
	}
	return newXMLPart(r, name, most), r, nil
}

// each reads a small part element by element; a missing part has none.
func (wb *workbook) each(name string, f func(xml.StartElement) error) error {
	p, c, err := wb.part(name, wb.opt.MaxField)
	if p == nil {
		return err
	}
	return errors.Join(p.each(f), c.Close())
}

// relations returns the targets of a part's relations by id, as part names.
func (wb *workbook) relations(of string) (targets, types map[string]string, err error) {
	targets, types = map[string]string{}, map[string]string{}
	dir, base := path.Split(of)
	err = wb.each(dir+"_rels/"+base+".rels", func(e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			targets[attr(e, "Id")], types[attr(e, "Id")] = target, path.Base(attr(e, "Type"))
		}
		return nil
	})
	return targets, types, err
}

// sheets lists the worksheets in the order of their tabs.
func (wb *workbook) sheets() ([]sheet, error) {
	main := "xl/workbook.xml"
	targets, types, err := wb.relations("")
	if err != nil {
		return nil, err
	}
	for id, typ := range types {
		if typ == "officeDocument" {
			main = targets[id]
		}
	}
	if wb.parts[partName(main)] == nil {
		return nil, fmt.Errorf("%w: the zip file holds no workbook; unpack it first", ErrNotATable)
	}
	if targets, types, err = wb.relations(main); err != nil {
		return nil, err
	}
	var found []sheet
	err = wb.each(main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			wb.date04 = slices.Contains([]string{"1", "true"}, attr(e, "date1904"))
		case "sheet":
			// The sheet's own id attribute is called sheetId, so "id" is the relation.
			if id := attr(e, "id"); types[id] == "worksheet" {
				found = append(found, sheet{attr(e, "name"), targets[id], strings.HasSuffix(strings.ToLower(attr(e, "state")), "hidden")})
			}
		}
		return nil
	})
	return found, err
}

// pickSheets keeps the sheet that was asked for by name.
func pickSheets(sheets []sheet, want string) ([]sheet, error) {
	if want == "" {
		return sheets, nil
	}
	names := make([]string, len(sheets))
	for i, s := range sheets {
		if strings.EqualFold(strings.TrimSpace(s.name), strings.TrimSpace(want)) {
			return sheets[i : i+1], nil
		}
		names[i] = s.name
	}
	return nil, fmt.Errorf("%w: there is no sheet %q; there are: %s", ErrNotATable, want, clip(strings.Join(names, ", ")))
}

func (wb *workbook) readStyles() error {
	codes := map[string]string{}
	inCells := false
	p, c, err := wb.part("xl/styles.xml", wb.opt.MaxField)
	if p == nil {
		return err
	}
	err = p.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if len(codes) < maxStyles {
				codes[attr(e, "numFmtId")] = attr(e, "formatCode")
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(wb.styles) < maxStyles {
				id := attr(e, "numFmtId")
				wb.styles = append(wb.styles, styleOf(id, codes[id]))
			}
		}
		return nil
	})
	return errors.Join(err, c.Close())
}

// maxStyles is the limit that Excel itself has for cell styles.
const maxStyles = 65490

func (wb *workbook) readShared(ctx context.Context) error {
	p, c, err := wb.part("xl/sharedstrings.xml", wb.opt.MaxField)
	if p == nil {
		return err
	}
	size := 0
	err = p.each(func(e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s, err := p.text("si")
		if err != nil {
			return err
		}
		// A string costs its header as well, or a million empty ones would count nothing.
		if size += len(s) + 16; size > maxShared {
			return fmt.Errorf("%w: the workbook has more than %d bytes of texts", ErrTooLarge, maxShared)
		}
		wb.shared = append(wb.shared, s)
		return nil
	})
	return errors.Join(err, c.Close())
}
