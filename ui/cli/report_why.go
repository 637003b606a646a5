package cli

import (
	"strings"

	"opsdeck/model/report"
)

// whyReport explains the row of a report that begins with some words: of its first cell, or of the first
// cells parted by blanks.
func (a *app) whyReport(r report.Report, words, format string) error {
	if r.Why == nil {
		return usagef("the rows of %s explain themselves by the definition above the table", r.Name)
	}
	for i, row := range r.Rows {
		name := ""
		for _, c := range row {
			if name = strings.TrimSpace(name + " " + c.Words()); strings.EqualFold(name, words) {
				w := r.Why(i)
				if format == asJSON {
					return a.printObjects(whyObject(w))
				}
				a.printWhy(w)
				return nil
			}
		}
	}
	return notFoundf("no row of %s begins with %q", r.Name, words)
}
