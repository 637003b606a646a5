package kit

// Item is an entry of a menu or palette.
type Item struct {
	ID       string // for the owner, who gets the whole item back
	Title    string
	Key      string // the key that does the same, shown at the right; a menu takes it
	Help     string
	Disabled string // why it cannot be chosen now; "" when it can
	Value    any    // for the owner too, where an ID is not enough
}

// list is the scrolled choice shared by menu and palette.
type list struct {
	items []Item
	found [][]int // places of matched letters in the titles, may be shorter than items
	at    int
	top   int
}

func (l *list) move(d int) { l.at = max(0, min(l.at+d, len(l.items)-1)) }

// key moves the choice; false when the key is not one of moving.
func (l *list) key(key string, page int) bool {
	switch key {
	case "up", "ctrl+p":
		l.move(-1)
	case "down", "ctrl+n":
		l.move(1)
	case "pgup":
		l.move(-page)
	case "pgdown":
		l.move(page)
	default:
		return false
	}
	return true
}

// chosen returns the item at the cursor, if there is one that can be chosen.
func (l *list) chosen() (Item, bool) {
	if l.at >= len(l.items) || l.items[l.at].Disabled != "" {
		return Item{}, false
	}
	return l.items[l.at], true
}

func (l *list) draw(c *Canvas, r Rect, th *Theme) {
	if r.Empty() {
		return
	}
	l.top = max(0, min(l.top, l.at, len(l.items)-r.H), l.at-r.H+1)
	for i := range r.H {
		if n := l.top + i; n < len(l.items) {
			l.drawItem(c, r.Row(i), th, n)
		}
	}
}

func (l *list) drawItem(c *Canvas, r Rect, th *Theme, n int) {
	it := &l.items[n]
	style := th.Style
	sign := "  "
	if n == l.at {
		style = func(t Token) Style { return th.Selected(t, true) }
		sign = th.Sym.Cursor + " "
	}
	tok, help := Text, it.Help
	if it.Disabled != "" {
		tok, help = Disabled, th.Sym.Bad+" "+it.Disabled
	}
	c.Fill(r, style(Text))
	c.Write(r.X, r.Y, style(Accent), sign)
	_, in := r.Left(2)
	key := Truncate(Clean(it.Key), in.W/3)
	if key != "" {
		var at Rect
		at, in = in.Right(Width(key) + 1)
		c.Put(at, style(Key), key, AlignRight)
	}
	title := Truncate(Clean(it.Title), in.W)
	x := c.Write(in.X, in.Y, style(tok), title)
	if n < len(l.found) && title == it.Title {
		for _, i := range l.found[n] {
			c.Write(in.X+Width(title[:i]), in.Y, style(Match), firstRune(title[i:]))
		}
	}
	if room := in.X + in.W - x - 2; room > 3 && help != "" {
		c.Write(x+2, r.Y, style(Muted), Truncate(Clean(help), room))
	}
}
