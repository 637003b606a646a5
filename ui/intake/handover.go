package intake

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/table"
	"opsdeck/store/exchange"
)

// Away is the book as far as what is taken away from it goes.
type Away interface {
	Member() (model.Member, error)
	// Export notes in the log what is taken away, under an id.
	Export(what string, id model.ID) error
	NewID() model.ID
}

// Handing says whose files a hand-over is written to.
type Handing struct {
	Home  string         // the person's own folder, for "~/"
	Local bool           // the person sits at this machine: its files are theirs
	Today func() day.Day // the day that stands in the file
}

// HandOver writes the files in which items go to engineers.
type HandOver struct {
	book Away
	o    Handing
}

// NewHandOver makes the hand-over of a book.
func NewHandOver(book Away, o Handing) *HandOver { return &HandOver{book, o} }

// Local implements ui.HandOver.
func (h *HandOver) Local() bool { return h.o.Local }

// Text implements ui.HandOver.
func (h *HandOver) Text(format string, s *table.Snapshot, items []*model.Record) (string, error) {
	out := make([]exchange.HandedOver, len(items))
	for i, r := range items {
		out[i] = exchange.HandedOverOf(s, r)
	}
	var b strings.Builder
	err := exchange.WriteHandOver(&b, format, h.o.Today(), out)
	return b.String(), err
}

// endings are those of the files of each format, by which the command line chooses it too.
func ending(format string) string {
	switch format {
	case exchange.HandOverGitHub:
		return ".json"
	case exchange.HandOverJira:
		return ".csv"
	}
	return ".md"
}

// Propose implements ui.HandOver: a name in the folder that the program was started in.
func (h *HandOver) Propose(format, on string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		dir = h.o.Home
	}
	for n := 1; ; n++ {
		name := "hand-over-" + on
		if n > 1 {
			name += fmt.Sprintf("-%d", n)
		}
		path := filepath.Join(dir, name+ending(format))
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		} else if err != nil || n == 1000 {
			return path, cmp.Or(err, errors.New("the folder is full of hand-overs; move them away"))
		}
	}
}

// Note implements ui.HandOver.
func (h *HandOver) Note(label string) error {
	m, err := h.book.Member()
	if err == nil {
		err = m.MayHandOver()
	}
	if err == nil {
		err = h.book.Export(label, h.book.NewID())
	}
	return err
}

// Write implements ui.HandOver.
func (h *HandOver) Write(path, text, label string, step func() error) (_ string, err error) {
	if !h.o.Local {
		return "", errors.New("no file of this machine is written for somebody who is elsewhere")
	}
	path = underHome(path, h.o.Home)
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	if err := h.Note(label); err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", plainPath(err)
	}
	defer func() {
		if err != nil { // Neither the file nor the step, or both.
			err = errors.Join(err, os.Remove(path))
		}
	}()
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", plainPath(err)
	}
	return path, step()
}
