// Package model is what opsdeck keeps and why it says what it says: records with their fields as
// data, changes that can be reversed, and decisions that come with their reasons. It does no I/O,
// reads no clock, makes no id and knows no screen; time and ids are handed in.
//
// The rules are:
//   - A record is a kind, an id and fields. The fields of a kind are a table (SchemaOf), and every
//     list, form, filter, import and export is built from that table.
//   - A change names each field with the value before and the value after, so that it can be shown,
//     reversed and refused when somebody else has changed the same field meanwhile.
//   - A figure is never stored: it is computed from records, and Why repeats the computation as a
//     ledger of inputs.
package model
