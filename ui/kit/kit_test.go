package kit_test

import (
	"fmt"
	"strconv"

	"opsdeck/ui/kit"
)

// people is the smallest kind of Rows.
type people []string

func (p people) Len() int           { return len(p) }
func (p people) Key(row int) string { return strconv.Itoa(row) }

func (p people) Cell(row int, column string) kit.Cell {
	if column == "no" {
		return kit.Cell{Text: strconv.Itoa(row + 1)}
	}
	return kit.Cell{Text: p[row]}
}

func Example() {
	th := kit.NewTheme("none", false)
	c := kit.NewCanvas(24, 5)
	var g kit.Grid
	g.SetColumns([]kit.Column{
		{Key: "no", Title: "No", Ideal: 3, Align: kit.AlignRight},
		{Key: "name", Title: "Name", Ideal: 12, Flex: 1},
	})
	g.SetRows(people{"Ada", "日本語", "Zoë\x1b[31m"})
	g.Footer = "3 of 3"
	g.Move(1)
	g.ToggleMark()
	g.Draw(c, c.Bounds(), th, true)
	fmt.Println(c.Text())
	// Output:
	//    No  Name
	//     1  Ada
	// ▸●  2  日本語
	//     3  Zoë␛[31m
	// 3 of 3
}
