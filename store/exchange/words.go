package exchange

import (
	"slices"
	"strconv"
	"strings"

	"opsdeck/model/same"
	"opsdeck/store/exchange/tabular"
)

// changers are the named changes of a cell's text. A mapping file may use them too.
var changers = map[string]changer{
	"period": words("month=month monthly monthtomonth mo m mensual mensuel mensal monatlich monthlyrecurring",
		"quarter=quarter quarterly q 3months trimestral vierteljährlich",
		"year=year yearly annual annually annum y anual annuel jährlich oneyear",
		"term=term total once onetime upfront whole"),
	"touch": words("call=call phone phonecall telephone videocall", "visit=visit meeting onsite", "mail=mail email message",
		"training=training workshop", "review=review qbr businessreview"),
	"sfid":      salesforceID,
	"host":      same.HostOf,
	"first":     func(text string) string { return strings.TrimSpace(splitMembers(text)[0]) },
	"spaced":    func(text string) string { return strings.Join(strings.Fields(strings.ReplaceAll(text, ",", " ")), ";") },
	"item kind": itemKind,
	"issue url": issueOf,
	"share":     percentOf,
	"joined": func(text string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(text, tabular.ListSeparator, " ")), " ")
	},
	"listed":     func(text string) string { return strings.Join(splitMembers(text), ";") },
	"no dashes":  func(text string) string { return strings.Trim(text, "- ") },
	"plain text": plainText,
	// Rows that are no items: what a source deleted, and pull requests among issues.
	"deleted": func(text string) string {
		if same.Fold(text) != "deleted" {
			return ""
		}
		return "the source has deleted it; it is left out"
	},
	"pull request": func(string) string { return "it is a pull request and no issue; it is left out" },
	"listing":      words("listed=上場 listed", "unknown=非上場 unlisted"),
}

// The ways in which a cell is read by the planner instead of being changed.
const (
	asName      = "name"       // a reference by name
	asRegidName = "regid-name" // "05.120.923/0001-09 - NAME"
	asNumber    = "number"     // a number that no field holds as it is
)

// isReading tells whether a word says how a reference is read, which the planner does.
func isReading(as string) bool { return as == asName || as == asRegidName || as == asNumber }

// changerNames lists what a mapping may use, for messages.
func changerNames() []string {
	names := []string{asName, asRegidName, asNumber}
	for n := range changers {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// words makes a changer out of lines "result=word word …". Words are compared folded; what is not
// among them, nor a result itself, stays as it is, and the field's own options decide.
func words(lines ...string) changer {
	table := map[string]string{}
	for _, line := range lines {
		result, list, _ := strings.Cut(line, "=")
		table[same.Fold(result)] = result
		for w := range strings.FieldsSeq(list) {
			table[same.Fold(w)] = result
		}
	}
	return func(text string) string {
		if result, ok := table[same.Fold(text)]; ok {
			return result
		}
		return text
	}
}

// salesforceID cuts an 18-character id to the 15 characters that mean the same: the last three only
// repeat the case of the others, for programs that ignore case.
func salesforceID(text string) string {
	text = strings.TrimSpace(text)
	if len(text) == 18 && strings.IndexFunc(text, func(r rune) bool { return !isAlnum(byte(r|0x20)) || r > 'z' }) < 0 {
		return text[:15]
	}
	return text
}

// issueOf makes owner/repository#12 of the address of an issue, on the web or in the interface for
// programs: numbers alone say nothing across repositories.
func issueOf(text string) string {
	path := strings.Split(strings.Trim(text, "/ "), "/")
	n := len(path)
	if n < 4 || path[n-2] != "issues" && path[n-2] != "pull" {
		return ""
	}
	return path[n-4] + "/" + path[n-3] + "#" + path[n-1]
}

// percentOf makes a percentage of a share: 0.2 is 20. Figures above 1 are percentages already.
func percentOf(text string) string {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || f > 1 || f < 0 {
		return text
	}
	return strconv.FormatFloat(f*100, 'f', -1, 64)
}

func isAlnum(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
