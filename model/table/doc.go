// Package table is the picture of a book that lists, filters, sorts and sums work on: one table a
// kind, one column a field, held in memory and never changed. A commit makes the next picture, which
// shares with the last all that did not change, so every session reads without a lock.
//
// The rules are:
//   - A row number names a record for as long as the process lives, in every later picture too.
//   - Columns are cut into chunks. A change copies the chunks that it touches and nothing else.
//   - Figures (fields that are derived) are columns like any other; Update recomputes those whose
//     inputs have changed.
//   - Long texts and source rows are not here; they are read from the book when they are wanted.
package table
