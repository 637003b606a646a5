package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"opsdeck/ui/kit"
	"opsdeck/ui/lang"
)

// filePicker lets choose a file by typing its path, with the files that fit below. What a folder holds
// is read in the background; keys never wait for it.
type filePicker struct {
	title  string
	im     Importer
	lang   *lang.Lang
	input  *kit.Input
	states bool // only how far items are is wanted of the file

	dir    string // the folder that entries are of
	listed bool   // entries are there, or err says why not
	asked  string // the folder that is being read; with asking
	asking bool
	files  []FileEntry
	recent []string
	err    error
}

// pickedFile is the answer of the picker.
type pickedFile struct {
	path   string
	states bool
}

func (f pickedFile) answered(a *App) { a.startJob(ImportJob{Path: f.path, States: f.states}) }

// reader is an overlay that wants something read after it has taken a key.
type reader interface{ follow(a *App) tea.Cmd }

// follow starts what the topmost overlay wants read.
func (a *App) follows() {
	if r, ok := a.stack.Top().(reader); ok && a.after == nil {
		a.after = r.follow(a)
	}
}

func newFilePicker(title string, im Importer, l *lang.Lang) *filePicker {
	p := &filePicker{title: title, im: im, lang: l, input: kit.NewInput("> ")}
	p.input.Hint = l.T("a path; tab completes")
	p.input.Complete = p.complete
	return p
}

// typedDir is the folder part of what has been typed.
func (p *filePicker) typedDir() string {
	text := p.input.Text()
	return text[:strings.LastIndex(text, "/")+1]
}

// filesListed is what a folder holds.
type filesListed struct {
	picker *filePicker
	dir    string
	files  []FileEntry
	recent []string
	err    error
}

// follow reads the folder that is typed, unless it is known.
func (p *filePicker) follow(*App) tea.Cmd {
	dir := p.typedDir()
	if p.listed && p.dir == dir || p.asking && p.asked == dir {
		return nil
	}
	p.asked, p.asking = dir, true
	im := p.im
	return func() tea.Msg {
		files, err := im.Browse(dir)
		return filesListed{p, dir, files, im.Recent(), err}
	}
}

func (m filesListed) apply(*App) {
	p := m.picker
	if m.dir != p.asked {
		return
	}
	p.asking, p.listed = false, true
	p.dir, p.files, p.recent, p.err = m.dir, m.files, m.recent, m.err
	p.input.Refresh()
	if m.err != nil {
		p.input.SetError(-1, m.err.Error())
	}
}

// importable are the endings of files that an import may read; others are listed behind them.
var importable = []string{".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".ndjson", ".jsonl", ".md", ".gz", ".zip"}

func canImport(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(importable, func(end string) bool { return strings.HasSuffix(name, end) })
}

// complete offers the files read last while nothing is typed, then what the folder holds.
func (p *filePicker) complete(text string, _ int) []kit.Candidate {
	var out []kit.Candidate
	if text == "" {
		for _, path := range p.recent {
			out = append(out, kit.Candidate{Text: path, Help: p.lang.T("read before")})
		}
	}
	from := strings.LastIndex(text, "/") + 1
	if !p.listed || p.dir != text[:from] {
		return out
	}
	typed := strings.ToLower(text[from:])
	var others []kit.Candidate
	for _, f := range p.files {
		// A name with signs that a line cannot hold could not be typed either.
		if !strings.HasPrefix(strings.ToLower(f.Name), typed) || strings.HasPrefix(f.Name, ".") && !strings.HasPrefix(typed, ".") || kit.Clean(f.Name) != f.Name {
			continue
		}
		c := kit.Candidate{Text: f.Name, From: from, To: len(text)}
		switch {
		case f.Dir:
			c.Text, c.Help = f.Name+"/", p.lang.T("folder")
			out = append(out, c)
		case canImport(f.Name):
			c.Help = sizeWords(p.lang, f.Size) + "  " + p.lang.Date(f.Changed.Format("2006-01-02"))
			out = append(out, c)
		default:
			c.Help = sizeWords(p.lang, f.Size)
			others = append(others, c)
		}
	}
	return append(out, others...)
}

// sizeWords writes a size in bytes for people.
func sizeWords(l *lang.Lang, n int64) string {
	size, unit := float64(n), "B"
	for _, next := range []string{"KB", "MB", "GB", "TB"} {
		if size < 1000 {
			break
		}
		size, unit = size/1000, next
	}
	if unit == "B" || size >= 100 {
		return fmt.Sprintf("%s %s", l.Decimal(size, 0), unit)
	}
	return fmt.Sprintf("%s %s", l.Decimal(size, 1), unit)
}

// Key implements kit.Overlay.
func (p *filePicker) Key(msg tea.KeyPressMsg) kit.Outcome {
	switch e := p.input.Key(msg); {
	case e == kit.InputCancelled:
		return kit.Outcome{Done: true}
	case e == kit.InputSubmitted:
		return p.choose()
	case e == kit.InputChanged && msg.Code == tea.KeyEnter:
		// The marked entry was taken: a file is the choice, a folder is gone into.
		if !strings.HasSuffix(p.input.Text(), "/") {
			return p.choose()
		}
	}
	return kit.Outcome{}
}

// choose ends with the file that is typed; a folder is gone into instead.
func (p *filePicker) choose() kit.Outcome {
	text := strings.TrimSpace(p.input.Text())
	name := text[strings.LastIndex(text, "/")+1:]
	switch {
	case name == "." || name == ".." || name == "~":
		p.input.SetText(text + "/")
		return kit.Outcome{}
	case name == "":
		return kit.Outcome{}
	}
	if slices.ContainsFunc(p.files, func(f FileEntry) bool { return f.Dir && f.Name == name && p.dir == p.typedDir() }) {
		p.input.SetText(text + "/")
		return kit.Outcome{}
	}
	return kit.Outcome{Done: true, Result: pickedFile{text, p.states}}
}

// Paste implements kit.Overlay.
func (p *filePicker) Paste(text string) { p.input.Paste(text) }

// Draw implements kit.Overlay.
func (p *filePicker) Draw(c *kit.Canvas, area kit.Rect, th *kit.Theme) *kit.Cursor {
	box := area.Center(min(max(area.W*4/5, 60), 100), min(max(area.H*3/5, 10), 24))
	in := c.Box(box, th, p.title, true)
	in = in.Inset(min(1, in.W/8), 0)
	defer c.Clip(in)()
	return p.input.Draw(c, in, th)
}
