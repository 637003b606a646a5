// Package table is the picture of a book that lists, filters, sorts and sums work on: one table a
// kind, one column a field, held in memory and never changed. A commit makes the next picture, which
// shares with the last all that did not change, so every session reads without a lock.
//
// The rules are:
//   - A row number names a record for as long as the process lives, in every later picture too. Lists
//     stand in the order of ids, so that they are the same after the next start.
//   - Columns are flat: numbers, days, the numbers of texts, the rows that references point at. They are
//     cut into chunks; a change copies the chunks that it touches and nothing else.
//   - What was read at the start lies in one piece each (texts in dict, lists of rows in links); what
//     came later stands beside it. A file of ready columns could be read into the same places.
//   - Figures (fields that are derived) are columns like any other; Update recomputes those whose
//     inputs have changed. However a picture has come about, it shows what a fresh one would show.
//   - Orders and searched words are made when they are asked for, and then follow the book.
//   - Long texts and source rows are not here; they are read from the book when they are wanted.
package table
