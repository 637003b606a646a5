package exchange

import (
	"slices"
	"strings"
)

// changers are the named changes of a cell's text. A mapping file may use them too.
var changers = map[string]changer{
	"period": words("month=month monthly monthtomonth mo m mensual mensuel mensal monatlich monthlyrecurring",
		"quarter=quarter quarterly q 3months trimestral vierteljährlich",
		"year=year yearly annual annually annum y anual annuel jährlich oneyear",
		"term=term total once onetime upfront whole"),
	"sfid": salesforceID,
	"host": hostOf,
}

// isReading tells whether a word says how a reference is read, which the planner does.
func isReading(as string) bool { return slices.Contains([]string{"name", "regid-name"}, as) }

// changerNames lists what a mapping may use, for messages.
func changerNames() []string {
	names := []string{"name", "regid-name"}
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
		table[fold(result)] = result
		for w := range strings.FieldsSeq(list) {
			table[fold(w)] = result
		}
	}
	return func(text string) string {
		if result, ok := table[fold(text)]; ok {
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
