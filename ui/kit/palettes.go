package kit

// palettes holds the themes. Dark and light keep 4.5:1 contrast for every text token against the
// usual terminal backgrounds, also on the selected line; contrast keeps 7:1.
var palettes = map[string][tokenCount]look{
	"dark": {
		Text: {}, Muted: {fg: 0xa9b3c1}, Accent: {fg: 0x7cc4ff}, Header: {fg: 0xc3cede, attr: bold},
		Selection: {bg: 0x1f3a5c, attr: bold}, SelectionDim: {bg: 0x2b313a}, SelectionText: {fg: 0xffffff, bg: 0x1f3a5c, attr: bold},
		Good: {fg: 0x7fd992}, Warn: {fg: 0xf2c55c}, Bad: {fg: 0xffa39b}, Info: {fg: 0x8fd3f4},
		Border: {fg: 0x6b7686}, BorderFocus: {fg: 0x7cc4ff}, Title: {fg: 0xffffff, attr: bold}, Key: {fg: 0xf2c55c, attr: bold},
		Marked: {fg: 0xe0a8ff, attr: bold}, Error: {fg: 0xffa39b, attr: bold}, InputText: {fg: 0xe6ecf5, bg: 0x2a303a},
		InputFocus: {fg: 0xffffff, bg: 0x39465a}, Match: {fg: 0xf2c55c, attr: bold | underline}, Link: {fg: 0x7cc4ff, attr: underline},
		Disabled: {fg: 0x9fa9b7}, Status: {fg: 0xd5dce6, bg: 0x2a303a},
		Heat1: {fg: 0xc3cede, bg: 0x1d2f3f}, Heat2: {fg: 0xe6ecf5, bg: 0x1f4a63}, Heat3: {fg: 0xffffff, bg: 0x206684},
		Heat4: {fg: 0x101418, bg: 0x3d9fbf}, Heat5: {fg: 0x101418, bg: 0x8fe0f4},
	},
	"light": {
		Text: {}, Muted: {fg: 0x5a6470}, Accent: {fg: 0x0b5cad}, Header: {fg: 0x2f3946, attr: bold},
		Selection: {bg: 0xcfe3fa, attr: bold}, SelectionDim: {bg: 0xe4e8ee}, SelectionText: {fg: 0x101418, bg: 0xcfe3fa, attr: bold},
		Good: {fg: 0x17622b}, Warn: {fg: 0x7a4d00}, Bad: {fg: 0xa31515}, Info: {fg: 0x0a5a78},
		Border: {fg: 0x7d8795}, BorderFocus: {fg: 0x0b5cad}, Title: {fg: 0x101418, attr: bold}, Key: {fg: 0x7a4d00, attr: bold},
		Marked: {fg: 0x7a1fa2, attr: bold}, Error: {fg: 0xa31515, attr: bold}, InputText: {fg: 0x101418, bg: 0xe9edf3},
		InputFocus: {fg: 0x101418, bg: 0xd6e4f5}, Match: {fg: 0x7a4d00, attr: bold | underline}, Link: {fg: 0x0b5cad, attr: underline},
		Disabled: {fg: 0x586270}, Status: {fg: 0x1f2832, bg: 0xe1e6ed},
		Heat1: {fg: 0x101418, bg: 0xe3f1f7}, Heat2: {fg: 0x101418, bg: 0xb5dcea}, Heat3: {fg: 0x101418, bg: 0x7cc0d8},
		Heat4: {fg: 0xffffff, bg: 0x1f6f8f}, Heat5: {fg: 0xffffff, bg: 0x0d4a63},
	},
	"contrast": {
		Text: {}, Muted: {}, Accent: {attr: bold}, Header: {attr: bold | underline},
		Selection: {attr: reverse | bold}, SelectionDim: {attr: reverse}, SelectionText: {attr: reverse | bold},
		Good: {fg: 0x00ff5f}, Warn: {fg: 0xffff00, attr: bold}, Bad: {fg: 0xffa0a0, attr: bold | underline}, Info: {fg: 0x5fffff},
		Border: {}, BorderFocus: {attr: bold}, Title: {attr: bold}, Key: {attr: bold | underline},
		Marked: {fg: 0xffff00, attr: bold}, Error: {fg: 0xffa0a0, attr: bold | underline}, InputText: {attr: underline},
		InputFocus: {attr: bold | underline}, Match: {attr: bold | underline}, Link: {attr: underline},
		Disabled: {}, Status: {attr: reverse},
		Heat1: {}, Heat2: {}, Heat3: {attr: bold}, Heat4: {attr: reverse}, Heat5: {attr: reverse | bold},
	},
	"none": {
		Accent: {attr: bold}, Header: {attr: bold}, Selection: {attr: reverse}, SelectionDim: {attr: underline},
		SelectionText: {attr: reverse}, Bad: {attr: bold}, BorderFocus: {attr: bold}, Title: {attr: bold}, Key: {attr: bold},
		Marked: {attr: bold}, Error: {attr: bold}, InputText: {attr: underline}, InputFocus: {attr: bold | underline},
		Match: {attr: bold | underline}, Link: {attr: underline}, Status: {attr: reverse},
		Heat4: {attr: bold}, Heat5: {attr: reverse},
	},
}

// Symbols are the signs the widgets draw; each is one cell wide, a list goes from small to large.
type Symbols struct {
	Cursor, Mark, MarkOff    string
	SortUp, SortDown         string
	MoreLeft, MoreRight      string
	MoreUp, MoreDown         string
	Bullet, Dirty, Required  string
	Good, Warn, Bad, Info    string
	Check, Uncheck           string
	Open, Closed             string // a tree node or drop list, opened or closed
	Branch, Last, Stem       string // tree lines
	Separator, Ellipsis      string
	Caret                    string // stands under the place of an error
	H, V, TL, TR, BL, BR     string // borders
	TeeL, TeeR               string
	Spark, Bars, Shade       []string
	BarFull, BarEmpty, Blank string
}

var unicodeSymbols = Symbols{
	Cursor: "▸", Mark: "●", MarkOff: "○", SortUp: "▲", SortDown: "▼",
	MoreLeft: "‹", MoreRight: "›", MoreUp: "↑", MoreDown: "↓",
	Bullet: "•", Dirty: "•", Required: "*", Good: "✓", Warn: "!", Bad: "✗", Info: "i",
	Check: "■", Uncheck: "□", Open: "▾", Closed: "▸", Branch: "├", Last: "└", Stem: "│",
	Separator: "·", Ellipsis: "…", Caret: "^",
	H: "─", V: "│", TL: "┌", TR: "┐", BL: "└", BR: "┘", TeeL: "├", TeeR: "┤",
	Spark: []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	Bars:  []string{"▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
	Shade: []string{" ", "░", "▒", "▓", "█"}, BarFull: "█", BarEmpty: "░", Blank: " ",
}

var asciiSymbols = Symbols{
	Cursor: ">", Mark: "*", MarkOff: "o", SortUp: "^", SortDown: "v",
	MoreLeft: "<", MoreRight: ">", MoreUp: "^", MoreDown: "v",
	Bullet: "-", Dirty: "+", Required: "*", Good: "+", Warn: "!", Bad: "x", Info: "i",
	Check: "x", Uncheck: " ", Open: "v", Closed: ">", Branch: "|", Last: "`", Stem: "|",
	Separator: "-", Ellipsis: "~", Caret: "^",
	H: "-", V: "|", TL: "+", TR: "+", BL: "+", BR: "+", TeeL: "+", TeeR: "+",
	Spark: []string{"_", ".", "-", "=", "+", "*", "%", "#"},
	Bars:  []string{"#"},
	Shade: []string{" ", ".", ":", "+", "#"}, BarFull: "#", BarEmpty: ".", Blank: " ",
}
