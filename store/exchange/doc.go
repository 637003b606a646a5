// Package exchange brings foreign files into a book and writes what is in a book for others.
//
// An import is planned before it is done: PlanFile reads a file, recognises what its rows are from
// the whole header, compares each row with the book, and gives a verdict on each row with the
// difference field by field. Nothing is written. Plan.Step then holds everything as one step, which
// the caller hands to the book; the book can take it back as one step too. Planning the same file
// again over the result gives a step without changes.
//
// A record is recognised by what its source calls it: its hidden list "keys" holds one entry for
// each source that knows it, made by Entry. The name of a file plays no part.
//
// What a source's columns mean is data: the tables in the files preset_*.go, the words in words.go,
// and mappings that people make, which are TOML and can be passed on.
package exchange

import "opsdeck/model"

// Book is what planning and exporting need of a book. *store.Book has it all.
type Book interface {
	// ByKey finds the record that has an entry among its keys, nil where there is none.
	ByKey(k model.Kind, entry string) (*model.Record, error)
	// Each calls fn with every record of a kind in the order of ids until fn returns false.
	Each(k model.Kind, fn func(*model.Record) bool) error
	// NewID makes an id for a new record.
	NewID() model.ID
}
