package query

import (
	"fmt"
	"testing"
)

// columns keeps rows the way a store does: one slice for each column.
type columns struct {
	words []string
	arr   []float64
	tags  []string
}

func (c columns) Words() func(int) string { return func(row int) string { return c.words[row] } }

func (c columns) Text(string) func(int) string { return func(row int) string { return c.tags[row] } }

func (c columns) Number(string) func(int) (float64, bool) {
	return func(row int) (float64, bool) { return c.arr[row], true }
}

const benchRows = 100_000

func benchColumns() columns {
	var c columns
	for i := range benchRows {
		c.words = append(c.words, fmt.Sprintf("customer %06d of the northern region gmbh, berlin, industry %d", i*7919%benchRows, i%37))
		c.arr = append(c.arr, float64(i*31%250_000))
		c.tags = append(c.tags, []string{"", "vip", "vip\x1fbeta", "beta"}[i%4])
	}
	return c
}

func BenchmarkFilter(b *testing.B) {
	c := benchColumns()
	for _, text := range []string{"berlin arr:>100k", "99", "arr:>100k", "tags:beta", "-(9999 or arr:<5k) tags:none,vip", "cust*berlin"} {
		b.Run(text, func(b *testing.B) {
			e, err := Parse(text, fields)
			if err != nil {
				b.Fatal(err)
			}
			holds := e.Compile(c, env)
			found := 0
			for b.Loop() {
				found = 0
				for row := range benchRows {
					if holds(row) {
						found++
					}
				}
			}
			b.ReportMetric(float64(found), "rows")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(`berlin arr:>100k renews:<90d -(tier:KA,mid or owner:me) "two words"`, fields); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for _, s := range []string{"Acme Corporation GmbH", "Café Núñez", "株式会社ガスト"} {
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				Fold(s)
			}
		})
	}
}
