// Package query is the one filter language of opsdeck, the same in panes and on the command line.
// It knows no records: a Schema names the fields, Columns hand out typed access to rows, and Env
// says what "today" and "me" mean.
//
//	query  = and { "or" and }              "or" binds weaker than the implicit "and"
//	and    = term { term }
//	term   = { "-" } ( "(" query ")" | field ":" values | word | quoted )
//	values = value { "," value }           any of them
//	value  = "none" | "any" | [ op ] atom | [ atom ] ".." [ atom ]
//	op     = ">" | ">=" | "<" | "<=" | "="
//
// The rules are:
//   - A word, or a phrase in "quotes", is looked for in the name and the texts of a row. Case,
//     accents, full and half width and the two kinds of kana do not matter (Fold).
//   - In a bare word or value "*" stands for any text. In quotes nothing is special but \" and \\.
//   - A text field contains the value. name:=acme is the whole text, and so is a value with "*":
//     name:acme* begins with acme.
//   - A choice, list or reference equals the value (one part of a list or reference does).
//     owner:me is the person who asks.
//   - field:none has no value, field:any (or field:*) has one. A row without a value satisfies no
//     comparison, so -arr:>100k includes the rows without arr, and arr:<=100k does not.
//   - Numbers take a sign, thousands separators and the suffix k or m: 100k, 1.5m, 1,234.5. A comma
//     before exactly three digits is a thousands separator, so any of two such numbers needs
//     quotes: seats:"100","200".
//   - A date is 2026-11-22, 2026-11 or 2026 (all days of it), today, yesterday, tomorrow, or a
//     distance from today: -2w, +90d (units d, w, m, y; a distance without a sign lies ahead).
//     renews:<90d is every date before the day 90 days from now, the past included, and
//     last_touch:<-60d is longer ago than 60 days. renews:today..90d leaves out the past.
//   - A comparison with a month or year looks at its far end where that is meant: >2026 starts
//     with 2027, <=2026 goes through December. Both ends of a range a..b belong to it.
//   - A field of points in time is compared by the calendar date of its day in UTC.
//   - A word with a colon after what looks like a name is a field or an error, so that a typing
//     mistake never becomes a search for text. http://… and 10:30 stay words.
//   - The punctuation of the language may be typed in full width: owner：me.
package query
