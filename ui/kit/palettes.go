package kit

import "charm.land/lipgloss/v2"

// looks holds a style for each token; one without a line of its own is plain text.
type looks [tokenCount]lipgloss.Style

// palettes holds the themes, made when one is asked for. Dark and light keep 4.5:1 contrast for every
// text token against the usual terminal backgrounds, also on the selected line; contrast keeps 7:1. The colours of text
// are those of the 256 that every terminal shows alike: naming one takes half the bytes of a mixed one, and a row has five.
var palettes = map[string]func() looks{
	"dark": darkLooks, "light": lightLooks, "contrast": contrastLooks, "none": plainLooks,
}

// The styles the looks are made of.
var (
	bold      = lipgloss.NewStyle().Bold(true)
	underline = lipgloss.NewStyle().Underline(true)
	reverse   = lipgloss.NewStyle().Reverse(true)
)

func fg(color string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(color)) }

func bg(color string) lipgloss.Style { return lipgloss.NewStyle().Background(lipgloss.Color(color)) }

func on(text, ground string) lipgloss.Style { return bg(ground).Foreground(lipgloss.Color(text)) }

func darkLooks() looks {
	return looks{
		Muted: fg("249"), Accent: fg("117"), Header: fg("252").Bold(true),
		Selection: bg("#1f3a5c").Bold(true), SelectionDim: bg("#2b313a"), SelectionText: on("#ffffff", "#1f3a5c").Bold(true),
		Good: fg("114"), Warn: fg("221"), Bad: fg("217"), Info: fg("153"),
		Border: fg("243"), BorderFocus: fg("117"), Title: fg("231").Bold(true), Key: fg("221").Bold(true),
		Marked: fg("183").Bold(true), Error: fg("217").Bold(true), InputText: on("#e6ecf5", "#2a303a"),
		InputFocus: on("#ffffff", "#39465a"), Match: fg("221").Bold(true).Underline(true), Link: fg("117").Underline(true),
		Disabled: fg("248"), Status: on("#d5dce6", "#2a303a"),
		Heat1: on("#c3cede", "#1d2f3f"), Heat2: on("#e6ecf5", "#1f4a63"), Heat3: on("#ffffff", "#206684"),
		Heat4: on("#101418", "#3d9fbf"), Heat5: on("#101418", "#8fe0f4"),
	}
}

func lightLooks() looks {
	return looks{
		Muted: fg("241"), Accent: fg("25"), Header: fg("237").Bold(true),
		Selection: bg("#d9e9fc").Bold(true), SelectionDim: bg("#e4e8ee"), SelectionText: on("#101418", "#d9e9fc").Bold(true),
		Good: fg("22"), Warn: fg("94"), Bad: fg("124"), Info: fg("24"),
		Border: fg("102"), BorderFocus: fg("25"), Title: fg("233").Bold(true), Key: fg("94").Bold(true),
		Marked: fg("90").Bold(true), Error: fg("124").Bold(true), InputText: on("#101418", "#e9edf3"),
		InputFocus: on("#101418", "#d6e4f5"), Match: fg("94").Bold(true).Underline(true), Link: fg("25").Underline(true),
		Disabled: fg("241"), Status: on("#1f2832", "#e1e6ed"),
		Heat1: on("#101418", "#e3f1f7"), Heat2: on("#101418", "#b5dcea"), Heat3: on("#101418", "#7cc0d8"),
		Heat4: on("#ffffff", "#1f6f8f"), Heat5: on("#ffffff", "#0d4a63"),
	}
}

func contrastLooks() looks {
	return looks{
		Accent: bold, Header: bold.Underline(true),
		Selection: reverse.Bold(true), SelectionDim: reverse, SelectionText: reverse.Bold(true),
		Good: fg("#00ff5f"), Warn: fg("#ffff00").Bold(true), Bad: fg("#ffa0a0").Bold(true).Underline(true), Info: fg("#5fffff"),
		BorderFocus: bold, Title: bold, Key: bold.Underline(true), Status: bold,
		Marked: fg("#ffff00").Bold(true), Error: fg("#ffa0a0").Bold(true).Underline(true), InputText: underline,
		InputFocus: bold.Underline(true), Match: bold.Underline(true), Link: underline,
		Heat3: bold, Heat4: reverse, Heat5: reverse.Bold(true),
	}
}

func plainLooks() looks {
	return looks{
		Accent: bold, Header: bold, Selection: reverse, SelectionDim: underline,
		SelectionText: reverse, Bad: bold, BorderFocus: bold, Title: bold, Key: bold,
		Marked: bold, Error: bold, InputText: underline, InputFocus: bold.Underline(true),
		Match: bold.Underline(true), Link: underline,
		Heat4: bold, Heat5: reverse,
	}
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
