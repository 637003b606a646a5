package ui

import (
	"slices"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/model/query"
	"opsdeck/model/report"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// board is the renewals in columns by stage, the closed ones of the quarter at the right.
type board struct {
	columns [][]int32
	sums    []string
	at      int   // column under the cursor
	rows    []int // row under the cursor, by column
}

// boardColumns are the stages in the order of the board.
func boardColumns() []string { return model.RenewalStages() }

func (b *board) current() (int32, bool) {
	if b.at >= len(b.columns) || b.rows[b.at] >= len(b.columns[b.at]) {
		return -1, false
	}
	return b.columns[b.at][b.rows[b.at]], true
}

// layBoard sorts the renewals into the columns; the cursor stays on its renewal.
func (p *renewalsPane) layBoard() {
	was, had := p.board.current()
	old := p.board
	n := len(boardColumns())
	p.board = board{columns: make([][]int32, n), sums: make([]string, n), at: old.at, rows: make([]int, n)}
	copy(p.board.rows, old.rows)
	t := p.snap.Table(model.Contract)
	for _, row := range p.boardRows(t) {
		c := stageColumn(t, row)
		p.board.columns[c] = append(p.board.columns[c], row)
	}
	for c, rows := range p.board.columns {
		p.board.rows[c] = max(0, min(p.board.rows[c], len(rows)-1))
		p.board.sums[c] = p.inOne(p.snap.Totals(model.Contract, rows, "target"))
		if i := slices.Index(rows, was); had && i >= 0 {
			p.board.at, p.board.rows[c] = c, i
		}
	}
}

func stageColumn(t *table.Table, row int32) int {
	switch t.Str(row, "renewal") {
	case "won":
		return 5
	case "lost", "lapsed":
		return 6
	}
	return max(0, slices.Index(boardColumns()[:5], t.Str(row, "stage")))
}

// boardRows are the open renewals and those of the quarter that are closed, as far as the filter lets
// them through, by the day of decision.
func (p *renewalsPane) boardRows(t *table.Table) []int32 {
	from, to := report.ForecastPeriod(p.snap.Today)
	base := "(renewal:open decision_date:any or renewal:won,lost,lapsed due:" + from.String() + ".." + to.String() + ")"
	if p.text != "" {
		base += " (" + p.text + ")"
	}
	expr, err := query.Parse(base, p.snap.FilterSchema(model.Contract))
	if err != nil {
		return nil
	}
	return t.View(p.snap, expr, p.env, []table.Sort{{Field: "decision_date"}, {Field: "due"}})
}

// move moves the cursor over the cards.
func (b *board) move(act Action) bool {
	if len(b.columns) == 0 {
		return false
	}
	n := len(b.columns[b.at])
	row := &b.rows[b.at]
	switch act {
	case ActLeft:
		b.at = max(0, b.at-1)
	case ActRight:
		b.at = min(len(b.columns)-1, b.at+1)
	case ActDown:
		*row++
	case ActUp:
		*row--
	case ActPageDown, ActHalfDown:
		*row += 8
	case ActPageUp, ActHalfUp:
		*row -= 8
	case ActTop:
		*row = 0
	case ActBottom:
		*row = n - 1
	default:
		return false
	}
	*row = max(0, min(*row, n-1))
	return true
}

// cardLines is the height of a card.
const cardLines = 3

func (p *renewalsPane) drawBoard(a *App, c *kit.Canvas, r kit.Rect) {
	n := len(boardColumns())
	width := max(16, r.W/n)
	shown := max(1, min(n, r.W/width))
	first := max(0, min(p.board.at-shown+1, n-shown))
	if p.board.at < first {
		first = p.board.at
	}
	c.Fill(r, a.theme.Style(kit.Text))
	for i := range shown {
		p.drawBoardColumn(a, c, kit.Rect{X: r.X + i*width, Y: r.Y, W: width, H: r.H}, first+i)
	}
}

func (p *renewalsPane) drawBoardColumn(a *App, c *kit.Canvas, r kit.Rect, col int) {
	rows := p.board.columns[col]
	token := kit.Header
	if col == p.board.at {
		token = kit.SelectionText
	}
	name := stageWord(a.lang, p.snap, boardColumns()[col])
	c.Put(kit.Rect{X: r.X, Y: r.Y, W: r.W - 1, H: 1}, a.theme.Style(token), " "+name+" · "+a.lang.Int(int64(len(rows))), kit.AlignLeft)
	if r.H < 2 {
		return
	}
	c.Put(kit.Rect{X: r.X, Y: r.Y + 1, W: r.W - 1, H: 1}, a.theme.Style(kit.Muted), " "+p.board.sums[col], kit.AlignLeft)
	fits := max(1, (r.H-2)/cardLines)
	top := max(0, p.board.rows[col]-fits+1)
	for i := range fits {
		if top+i >= len(rows) {
			return
		}
		at := kit.Rect{X: r.X, Y: r.Y + 2 + i*cardLines, W: r.W - 1, H: min(cardLines, r.H-2-i*cardLines)}
		p.drawCard(a, c, at, rows[top+i], col == p.board.at && top+i == p.board.rows[col])
	}
}

// drawCard draws one renewal: whose, how much, and how many days are left.
func (p *renewalsPane) drawCard(a *App, c *kit.Canvas, r kit.Rect, row int32, selected bool) {
	t := p.snap.Table(model.Contract)
	name, line := a.theme.Style(kit.Text), a.theme.Style(kit.Muted)
	sign := "  "
	if selected {
		name, line = a.theme.Style(kit.SelectionText), a.theme.Style(kit.SelectionText)
		sign = a.theme.Sym.Cursor + " "
	}
	left := daysLeft(a.lang, t.Day(row, "decision_date"), p.snap.Today)
	if !t.Day(row, "decision_date").IsSet() {
		left = kit.Cell{Text: a.lang.Date(t.Day(row, "due").String())}
	}
	risk := ""
	if t.Bool(row, "at_risk") {
		risk = " !"
	}
	c.Put(r.Row(0), name, sign+kit.Clean(short(t.Str(row, "customer_name"))), kit.AlignLeft)
	c.Put(r.Row(1), line, "  "+moneyWords(a.lang, p.snap, model.Contract, row, "target"), kit.AlignLeft)
	words := kit.Spans{{Text: "  " + left.Text, Token: left.Token}, {Text: " " + t.Str(row, "tier"), Token: kit.Muted}, {Text: risk, Token: kit.Bad}}
	if selected {
		c.Put(r.Row(2), line, "  "+left.Text+" "+t.Str(row, "tier")+risk, kit.AlignLeft)
	} else if r.H > 2 {
		c.PutSpans(r.Row(2), a.theme, words)
	}
}

// monthSum is what is due in a month, by what it is expected to become. Amounts are in the company's
// currency.
type monthSum struct {
	from                                    day.Day
	due                                     int
	target, won, commit, best, rest, atRisk float64
	left                                    int // renewals whose currency has no rate
	largest                                 []largeRenewal
}

// months is the horizon: the months ahead as bars.
type months struct {
	all []monthSum
	at  int
}
