package erase

import "opsdeck/model"

// Ask is what somebody wants erased.
type Ask struct {
	Kind   model.Kind // model.Customer or model.Contact
	ID     model.ID   // of a record, also of one that has been removed
	Also   []string   // more words that tell who it was: a nickname, a number that has changed
	Not    []string   // words that would be looked for and are left alone
	Actor  string     // who does it
	Reason string     // goes into the book, so it should name nobody
}

// Report says what an erasing takes, or has taken.
type Report struct {
	Title   string   // of the record, as it was
	Becomes string   // what it is called from then on
	Words   []string // what is looked for in texts and in the log
	Own     []Hit    // records that are erased: the record itself, and what is about it alone
	Others  []Hit    // records of others in which it is mentioned
	Stays   []Hit    // customers and contacts with the same name or number, which stay as they are
	Values  int      // values in the log, old ones included
	Labels  int      // steps of the log whose label or file names it
	Drafts  int      // forms that were not saved
	Lines   int      // filters and commands that somebody has typed
	Copies  []string // files beside the book that may hold it still: backups, what a restore replaced
	Anew    bool     // the log is from before salted digests, so its hashes are made anew
}

// Hit is a record from which something is taken.
type Hit struct {
	Kind   model.Kind
	ID     model.ID
	Title  string
	Fields []Field
}

// Field is a field of it, with what it says now.
type Field struct{ Name, Text string }
