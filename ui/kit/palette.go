package kit

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"
)

// maxFound bounds a palette's list: nobody scrolls further, they type another letter.
const maxFound = 200

// Palette is an overlay that finds an item by some of its letters. Its result is the chosen Item.
// Items that are disabled are found too and say why they cannot be chosen.
type Palette struct {
	Title string
	Hint  string // shown while nothing is typed
	None  string // shown when nothing is found
	Head  string // above the list: the names of columns
	Wide  bool   // of lists whose lines are tables: as wide as there is room
	// Search finds more items for what has been typed (records, for example), shown after the ranked
	// ones as they are; it must be quick. It may be nil.
	Search func(query string) []Item

	all  []Item
	edit edit
	list list
	page int
}

// NewPalette returns a palette over items; without a query they stand in this order.
func NewPalette(title string, items []Item) *Palette {
	p := &Palette{Title: title, None: "nothing found", all: slices.Clone(items)}
	p.rank()
	return p
}

// Query returns what has been typed.
func (p *Palette) Query() string { return p.edit.text }

// rank fills the list with what matches the query, the best first. Among equals the items that can
// be chosen come first.
func (p *Palette) rank() {
	type hit struct {
		item   Item
		score  int
		places []int
	}
	var hits []hit
	for _, it := range p.all {
		score, places, ok := Fuzzy(p.edit.text, it.Title)
		if !ok {
			// A word of the help is a weaker reason to be found than any letters of the title.
			if score, _, ok = Fuzzy(p.edit.text, it.Help); !ok {
				continue
			}
			score, places = score-1<<16, nil
		}
		hits = append(hits, hit{it, score, places})
	}
	if p.edit.text != "" {
		slices.SortStableFunc(hits, func(a, b hit) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(a.item.Disabled), len(b.item.Disabled)))
		})
	}
	p.list = list{}
	for _, h := range hits[:min(len(hits), maxFound)] {
		p.list.items = append(p.list.items, h.item)
		p.list.found = append(p.list.found, h.places)
	}
	if p.Search != nil && p.edit.text != "" {
		p.list.items = append(p.list.items, p.Search(p.edit.text)...)
	}
}

// More adds items that were found for a query later than Search had to answer; for another query than
// the one that is typed now they are dropped.
func (p *Palette) More(query string, items []Item) {
	if query == p.edit.text {
		p.list.items = append(p.list.items, items...)
	}
}

// Key takes a key.
func (p *Palette) Key(msg tea.KeyPressMsg) Outcome {
	key := stroke(msg)
	switch key {
	case "esc", "ctrl+c", "ctrl+g":
		return Outcome{Done: true}
	case "enter":
		if it, ok := p.list.chosen(); ok {
			return Outcome{Done: true, Result: it}
		}
		return Outcome{}
	}
	if p.list.key(key, max(1, p.page)) {
		return Outcome{}
	}
	if old := p.edit.text; p.edit.key(msg) && p.edit.text != old {
		p.rank()
	}
	return Outcome{}
}

// Paste adds text to the query.
func (p *Palette) Paste(text string) {
	p.edit.insert(text)
	p.rank()
}

// Draw draws the palette near the top of the area, where it does not jump when the list changes.
func (p *Palette) Draw(c *Canvas, area Rect, th *Theme) *Cursor {
	h := min(max(area.H*2/3, 8), area.H)
	w := min(110, max(area.W*3/4, 40))
	if p.Wide {
		w = min(150, area.W-2)
	}
	box := area.Center(w, area.H)
	box.Y, box.H = area.Y+min(2, (area.H-h)/2), h
	in := c.Box(box, th, p.Title, true)
	in = in.Inset(min(1, in.W/8), 0)
	defer c.Clip(in)()
	line, rest := in.Top(1)
	_, field := line.Left(c.Write(line.X, line.Y, th.Style(Key), "> ") - line.X)
	cur := p.edit.draw(c, field, Style{})
	if p.edit.text == "" {
		c.PutSpans(field, th, Spans{{Text: p.Hint, Token: Muted}})
	}
	if p.Head != "" {
		line, rest = rest.Top(1)
		c.Write(line.X+2, line.Y, th.Style(Header), p.Head) // as far in as the list's own lines
	}
	p.page = rest.H
	p.list.draw(c, rest, th)
	if len(p.list.items) == 0 {
		c.Put(rest, th.Style(Muted), p.None, AlignLeft)
	}
	return cur
}
