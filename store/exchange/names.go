package exchange

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// nameKey is a name as the key of a record that has no other: width, case and spacing do not matter,
// everything else does. Suspecting duplicates goes further, see companyKey.
func nameKey(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}
