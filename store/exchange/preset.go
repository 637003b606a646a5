package exchange

import (
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/same"
)

// col says what one column of a source becomes. From is the header, with alternatives parted by "|";
// the first that the file has counts. To is one of
//
//	name                a field of the preset's kind
//	key                 the source's own id; several make a list of which the first with content counts
//	customer.name       a field of the customer that the row points at, used when it has to be made
//	contract.amount     a field of the second record that each row makes
//	~status             a word that finish functions work on
//	x.name              a custom field
//	-                   nothing
//
// As names a change of the text on its way, see changers. Columns that no col names become custom
// fields under their own name.
type col struct{ from, to, as string }

// preset describes the files of one source as data.
type preset struct {
	source string
	kind   model.Kind
	extra  model.Kind // a second record for each row, which points at the first
	// need lists alternatives; every column of one of them must be in the header. Names are folded.
	need []string
	// record is what a tree file says its records are, for sources that write tree files.
	record string
	// without are columns, folded, of which the header must have none.
	without string
	// states are words for states that mean something else here than elsewhere, folded.
	states map[string]string
	// ordered says that other files of the source refer to the records by the place of their row.
	ordered bool
	// lines says that a row is a line of an order that is in the book already.
	lines bool
	// idle are columns that no col names and that say nothing of the record, folded; idleUnder the beginnings of such.
	idle, idleUnder string
	set             map[string]string // fixed values, in the text form of the field
	cols            []col
}

// presets is every source that is known by its header.
var presets = slices.Concat(
	salesforcePresets(), hubspotPresets(), trackerPresets(), ravenstackPresets(), []preset{telco()}, tradePresets(),
)

// fits tells whether the header has all that the preset needs, and how many of its columns the
// preset knows. folded maps the folded names of the header to their first column.
func (p *preset) fits(folded map[string]int, record string) (known int, ok bool) {
	if record != "" && p.record != "" && !strings.EqualFold(record, p.record) {
		return 0, false
	}
	for name := range strings.FieldsSeq(p.without) {
		if _, has := folded[name]; has {
			return 0, false
		}
	}
	ok = slices.ContainsFunc(p.need, func(set string) bool {
		for name := range strings.FieldsSeq(set) {
			if _, has := folded[name]; !has {
				return false
			}
		}
		return true
	})
	if !ok {
		return 0, false
	}
	seen := map[int]bool{}
	for _, c := range p.cols {
		for from := range strings.SplitSeq(c.from, "|") {
			if i, has := folded[same.Fold(from)]; has {
				seen[i] = true
			}
		}
	}
	return len(seen), true
}

// leaves tells whether a column that no col names is only for the source's own machinery.
func (p *preset) leaves(name string) bool {
	if p == nil || p.idle == "" && p.idleUnder == "" {
		return false
	}
	for start := range strings.FieldsSeq(p.idleUnder) {
		if strings.HasPrefix(name, start) {
			return true
		}
	}
	return slices.Contains(strings.Fields(p.idle), same.Fold(name))
}

// makes tells whether the preset's files make records of a kind; KNone fits all.
func (p *preset) makes(k model.Kind) bool {
	return k == model.KNone || p.kind == k || p.extra == k
}

// recognise finds the preset that knows most of a header, nil where none fits.
func recognise(header []string, record string, kind model.Kind) *preset {
	folded := foldHeader(header)
	var best *preset
	most := 0
	for i := range presets {
		p := &presets[i]
		if known, ok := p.fits(folded, record); ok && p.makes(kind) && known > most {
			best, most = p, known
		}
	}
	return best
}

func foldHeader(header []string) map[string]int {
	folded := make(map[string]int, len(header))
	for i, h := range header {
		if _, has := folded[same.Fold(h)]; !has {
			folded[same.Fold(h)] = i
		}
	}
	return folded
}
