package model

import "slices"

// ItemKinds lists the kinds of queue items (rows B5 and E1).
func ItemKinds() []string {
	return []string{"bug", "design defect", "how-to", "configuration", "demand"}
}

// ItemStates lists the states of the queue: the main line first, the side exits after it.
func ItemStates() []string {
	return []string{
		"new", "reproducing", "confirmed", "handed over", "in progress", "fixed", "released", "closed",
		"duplicate", "declined", "answered", "parked",
	}
}

// SLAClocks lists the clocks of an item.
func SLAClocks() []string { return []string{"first response", "next response", "resolution"} }

// ItemIsOpen tells whether an item in this state still needs somebody.
func ItemIsOpen(state string) bool {
	switch state {
	case "closed", "duplicate", "declined", "answered":
		return false
	}
	return true
}

func itemSchema() *Schema {
	return &Schema{Kind: Item, Name: "item", Plural: "items", Title: "summary", Fields: slices.Concat(itemFields(), itemCourse(), itemFigures())}
}

// itemFields are what an item is about, and what its source says of it.
func itemFields() []Field {
	return []Field{
		{Num: 1, Name: "summary", Label: "Summary", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch, Help: "key in the tracker"},
		{Num: 3, Name: "kind", Label: "Kind", Type: TPick, Options: ItemKinds()},
		{Num: 4, Name: "class", Label: "Class of demand", Type: TPick, Options: []string{"basic", "personalised", "core positioning"}},
		{Num: 5, Name: "state", Label: "State", Type: TPick, Options: ItemStates()},
		{Num: 6, Name: "words", Label: "Customer's words", Type: TLong, Flags: FCold, Help: "what the customer said, untouched"},
		{Num: 7, Name: "customers", Label: "Customers", Type: TRefs, Ref: Customer},
		{Num: 8, Name: "blocking", Label: "Blocking", Type: TPick, Options: []string{"0", "1", "2", "3"}, Help: "3 main workflow blocked, 2 awkward workaround, 1 degraded, 0 cosmetic"},
		{Num: 9, Name: "severity_set", Label: "Severity by hand", Type: TPick, Options: Severities()},
		{Num: 10, Name: "severity_reason", Label: "Reason of severity", Type: TText},
		{Num: 11, Name: "area", Label: "Product area", Type: TText},
		{Num: 12, Name: "version", Label: "Version", Type: TText},
		{Num: 13, Name: "owner", Label: "Owner", Type: TPerson},
		{Num: 14, Name: "reporter", Label: "Reporter", Type: TText},
		{Num: 15, Name: "opened", Label: "Opened", Type: TTime},
		{Num: 16, Name: "responded", Label: "First response", Type: TTime},
		{Num: 17, Name: "resolved", Label: "Resolved", Type: TTime},
		{Num: 18, Name: "steps", Label: "Steps", Type: TLong, Flags: FCold, Help: "how to reproduce it"},
		{Num: 19, Name: "resolution", Label: "Resolution", Type: TText, Help: "the source's own word"},
		{Num: 20, Name: "priority", Label: "Priority", Type: TText, Help: "the source's own word"},
		{Num: 21, Name: "source_state", Label: "State in source", Type: TText, Help: "the source's own word"},
		{Num: 22, Name: "escalated", Label: "Escalated", Type: TBool},
		{Num: 23, Name: "satisfaction", Label: "Satisfaction", Type: TNumber},
		{Num: 24, Name: "duplicate_of", Label: "Duplicate of", Type: TRef, Ref: Item},
		{Num: 25, Name: "until", Label: "Parked until", Type: TDate},
		{Num: 26, Name: "reason", Label: "Reason", Type: TText, Help: "why declined, parked or judged so"},
		{Num: 27, Name: "tags", Label: "Tags", Type: TList},
		{Num: 28, Name: "votes", Label: "Votes", Type: TNumber, Help: "the source's own count"},
		{Num: 29, Name: "url", Label: "Link", Type: TText, Flags: FCold},
		{Num: 30, Name: "waiting", Label: "Waiting for customer", Type: TBool},
	}
}

// itemCourse are the fields that the steps of the workflow write.
func itemCourse() []Field {
	return []Field{
		{Num: 31, Name: "urgent", Label: "Urgent path", Type: TBool, Help: "handed over without having been reproduced"},
		{Num: 32, Name: "state_since", Label: "In this state since", Type: TTime},
		{Num: 33, Name: "state_before", Label: "State before", Type: TText, Flags: FHidden, Help: "where reopen and unmerge lead back to"},
		{Num: 34, Name: "paused_since", Label: "Clock stands since", Type: TTime},
		{Num: 35, Name: "pauses", Label: "Pauses", Type: TText, Flags: FHidden, Help: "stretches for which the clocks stood, in seconds since 1970"},
		{Num: 36, Name: "asked", Label: "Customer wrote", Type: TTime, Help: "what the customer wrote last and nobody has answered"},
		{Num: 37, Name: "replies", Label: "Replies", Type: TText, Flags: FHidden, Help: "what customers asked and when it was answered, in seconds since 1970"},
		{Num: 38, Name: "snoozed_until", Label: "Snoozed until", Type: TDate, Help: "left out of the inbox until this day"},
		{Num: 39, Name: "need", Label: "Need", Type: TPick, Options: []string{"real", "false"}, Help: "is it a real need of the customer's business?"},
		{Num: 40, Name: "need_reason", Label: "Reason of need", Type: TText, Help: "the business reason"},
		{Num: 41, Name: "article", Label: "Handbook", Type: TRef, Ref: Article, Help: "the entry that answers it"},
		{Num: 42, Name: "reproduction", Label: "Reproduction", Type: TPick, Options: []string{"reproduced", "not reproduced"}},
		{Num: 43, Name: "tried_on", Label: "Tried on", Type: TText, Help: "version, system and data of the attempt"},
		{Num: 44, Name: "evidence", Label: "Evidence", Type: TLong, Flags: FCold, Help: "what was seen: messages, log lines, pictures"},
		{Num: 45, Name: "released_in", Label: "Released in", Type: TText},
		{Num: 46, Name: "merged_customers", Label: "Customers moved", Type: TRefs, Ref: Customer, Flags: FHidden, Help: "which customers its merge has added to the survivor"},
		{Num: 47, Name: "reopened", Label: "Reopened", Type: TNumber, Help: "how often"},
		{Num: 48, Name: "handed_over", Label: "Handed over", Type: TTime},
		{Num: 49, Name: "course", Label: "Course", Type: TText, Flags: FHidden, Help: "the states that it has had, each with the second since 1970 in which it came to it"},
	}
}

func itemFigures() []Field {
	return []Field{
		{Name: "severity", Label: "Severity", Type: TPick, Flags: FDerived, Options: Severities(), Help: "by hand where set, else blocking × reach"},
		{Name: "age", Label: "Age", Type: TNumber, Flags: FDerived, Help: "days from opened to resolved or today"},
		{Name: "arr", Label: "ARR", Type: TMoney, Flags: FDerived, Help: "ARR of the distinct customers linked"},
		{Name: "tier", Label: "Tier", Type: TPick, Flags: FDerived, Options: []string{TierKA, TierMid, TierSmall}, Help: "the largest tier among the customers linked"},
		{Name: "open", Label: "Open", Type: TBool, Flags: FDerived},
		{Name: "sla_state", Label: "SLA", Type: TPick, Flags: FDerived, Options: []string{"breached", "warning", "on time", "paused", "met"}, Help: "of the clock that is due first"},
		{Name: "sla_due", Label: "Due by", Type: TTime, Flags: FDerived, Help: "when the running clock that is due first is used up"},
		{Name: "sla_warn", Label: "Warns at", Type: TTime, Flags: FDerived | FHidden, Help: "when that clock begins to warn"},
		{Name: "sla_clock", Label: "Clock", Type: TPick, Flags: FDerived, Options: SLAClocks(), Help: "the clock that is due first"},
		{Name: "weight", Label: "Demand weight", Type: TNumber, Flags: FDerived, Help: "Σ importance × factor of the tier over the distinct customers"},
		{Name: "trend", Label: "Trend", Type: TNumber, Flags: FDerived, Help: "((5·votes + 3·comments) − 1) ÷ (hours + 2)^1.4"},
		{Name: "told", Label: "Told", Type: TText, Flags: FDerived, Help: "how many of the customers know of the present state"},
		{Name: "to_tell", Label: "To tell", Type: TNumber, Flags: FDerived, Help: "customers who are still to be told"},
		{Name: "decision", Label: "Decision", Type: TText, Flags: FDerived, Help: "what was decided of it last, and for which version"},
		{Name: "customer_name", Label: "Customer", Type: TText, Flags: FDerived | FSearch, Help: "the first customer linked, and how many more"},
	}
}

// Severities lists the severities from the worst.
func Severities() []string { return []string{"S1", "S2", "S3", "S4", "S5"} }

// voiceSchema is what one customer said about an item: how much it matters to them, in their words.
func voiceSchema() *Schema {
	return &Schema{Kind: Voice, Name: "voice", Plural: "voices", Title: "words", Fields: []Field{
		{Num: 1, Name: "item", Label: "Item", Type: TRef, Ref: Item, Flags: FRequired},
		{Num: 2, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 3, Name: "importance", Label: "Importance", Type: TPick, Options: []string{"0", "1", "2", "3"}, Help: "0 nice to hear of, 1 useful, 2 important, 3 critical"},
		{Num: 4, Name: "words", Label: "Customer's words", Type: TLong, Flags: FCold, Help: "what they said, untouched"},
		{Num: 5, Name: "said", Label: "Said", Type: TTime},
		{Num: 6, Name: "by", Label: "Noted by", Type: TPerson},
		{Num: 7, Name: "contact", Label: "Contact", Type: TRef, Ref: Contact},
		{Num: 8, Name: "from_item", Label: "Said of", Type: TRef, Ref: Item, Help: "the duplicate that it came from"},
		{Num: 9, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
	}}
}

// tellingSchema is that a customer was told of an item's state, or need not be.
func tellingSchema() *Schema {
	return &Schema{Kind: Telling, Name: "telling", Plural: "tellings", Title: "state", Fields: []Field{
		{Num: 1, Name: "item", Label: "Item", Type: TRef, Ref: Item, Flags: FRequired},
		{Num: 2, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 3, Name: "contact", Label: "Contact", Type: TRef, Ref: Contact},
		{Num: 4, Name: "state", Label: "State", Type: TText, Help: "of which they were told"},
		{Num: 5, Name: "round", Label: "Round", Type: TText, Flags: FHidden, Help: "the state and the moment it began, so that a second release is told anew"},
		{Num: 6, Name: "date", Label: "Date", Type: TDate},
		{Num: 7, Name: "channel", Label: "Channel", Type: TPick, Options: Channels()},
		{Num: 8, Name: "waived", Label: "Waived", Type: TText, Help: "why they need not be told"},
		{Num: 9, Name: "by", Label: "By", Type: TPerson},
		{Num: 10, Name: "text", Label: "Text", Type: TLong, Flags: FCold},
		{Num: 11, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
	}}
}

// Channels lists the ways in which a customer is told.
func Channels() []string { return []string{"mail", "call", "visit", "meeting", "chat", "portal"} }

// articleSchema is an entry of the handbook (row B5): the answer to a question that is asked often.
func articleSchema() *Schema {
	return &Schema{Kind: Article, Name: "article", Plural: "articles", Title: "title", Fields: []Field{
		{Num: 1, Name: "title", Label: "Title", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "question", Label: "Question", Type: TText, Flags: FSearch, Help: "as customers ask it"},
		{Num: 4, Name: "answer", Label: "Answer", Type: TLong, Flags: FCold},
		{Num: 5, Name: "area", Label: "Product area", Type: TText},
		{Num: 6, Name: "author", Label: "Author", Type: TPerson},
		{Num: 7, Name: "written", Label: "Written", Type: TDate},
		{Num: 8, Name: "url", Label: "Link", Type: TText, Flags: FCold},
		{Name: "uses", Label: "Uses", Type: TNumber, Flags: FDerived, Help: "items that it has answered"},
	}}
}
