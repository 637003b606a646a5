package model

func touchSchema() *Schema {
	return &Schema{Kind: Touch, Name: "touch", Plural: "touches", Title: "subject", Fields: []Field{
		{Num: 1, Name: "subject", Label: "Subject", Type: TText, Flags: FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 4, Name: "date", Label: "Date", Type: TDate, Flags: FRequired},
		{Num: 5, Name: "type", Label: "Type", Type: TPick, Options: []string{"call", "visit", "mail", "training", "review"}, Flags: FRequired},
		{Num: 6, Name: "contacts", Label: "With whom", Type: TRefs, Ref: Contact},
		{Num: 7, Name: "by", Label: "By", Type: TPerson},
		{Num: 8, Name: "notes", Label: "Notes", Type: TLong, Flags: FCold},
		{Num: 9, Name: "minutes", Label: "Minutes", Type: TNumber},
	}}
}

func taskSchema() *Schema {
	return &Schema{Kind: Task, Name: "task", Plural: "tasks", Title: "title", Fields: []Field{
		{Num: 1, Name: "title", Label: "Title", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 3, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer},
		{Num: 4, Name: "contract", Label: "Contract", Type: TRef, Ref: Contract},
		{Num: 5, Name: "item", Label: "Item", Type: TRef, Ref: Item},
		{Num: 6, Name: "due", Label: "Due", Type: TDate},
		{Num: 7, Name: "owner", Label: "Owner", Type: TPerson},
		{Num: 8, Name: "done_on", Label: "Done on", Type: TDate},
		{Num: 9, Name: "snoozed_until", Label: "Snoozed until", Type: TDate},
		{Num: 10, Name: "cause", Label: "Cause", Type: TText, Flags: FHidden, Help: "the rule and the fact that raised it"},
		{Num: 11, Name: "notes", Label: "Notes", Type: TLong, Flags: FCold},
		{Num: 12, Name: "flow", Label: "Flow", Type: TPick, Options: Flows(), Help: "what is passed on between departments"},
		{Num: 13, Name: "raised_by", Label: "Raised by", Type: TPerson},
		{Num: 14, Name: "raised", Label: "Raised", Type: TDate},
	}}
}

// The flows between departments that are counted (row E5 of the brief): what customers find valuable, and
// customers who could become a published case, both for marketing.
const (
	FlowValue = "value feedback"
	FlowCase  = "success case"
)

// Flows lists the flows.
func Flows() []string { return []string{FlowValue, FlowCase} }

func usageSchema() *Schema {
	return &Schema{Kind: Usage, Name: "usage", Plural: "usage", Title: "feature", Fields: []Field{
		{Num: 1, Name: "customer", Label: "Customer", Type: TRef, Ref: Customer, Flags: FRequired},
		{Num: 2, Name: "contract", Label: "Contract", Type: TRef, Ref: Contract},
		{Num: 3, Name: "feature", Label: "Feature", Type: TText, Flags: FRequired | FSearch},
		{Num: 4, Name: "month", Label: "Month", Type: TDate, Flags: FRequired, Help: "first day of the month"},
		{Num: 5, Name: "count", Label: "Count", Type: TNumber, Help: "times used in the month"},
		{Num: 6, Name: "seconds", Label: "Seconds", Type: TNumber, Help: "time spent in the month"},
		{Num: 7, Name: "users", Label: "Users", Type: TNumber, Help: "most users seen in one source row"},
		{Num: 8, Name: "failures", Label: "Failures", Type: TNumber, Help: "errors met while using it"},
		{Num: 9, Name: "rows", Label: "Source rows", Type: TParts, Flags: FCold, Help: "the rows that the month was added up from"},
	}}
}

func userSchema() *Schema {
	return &Schema{Kind: User, Name: "user", Plural: "users", Title: "handle", Fields: []Field{
		{Num: 1, Name: "handle", Label: "Handle", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "name", Label: "Name", Type: TText, Flags: FSearch},
		{Num: 3, Name: "external_id", Label: "External id", Type: TText, Flags: FSearch},
		{Num: 4, Name: "role", Label: "Role", Type: TPick, Options: []string{"csm", "hotline", "sales", "marketing", "product", "engineer", "lead", "administrator", "guest"}},
		{Num: 5, Name: "team", Label: "Team", Type: TText},
		{Num: 6, Name: "seniority", Label: "Seniority", Type: TPick, Options: []string{"ordinary", "experienced", "senior"}},
		{Num: 7, Name: "capacity", Label: "Capacity", Type: TNumber, Help: "customers that the person can look after"},
		{Num: 8, Name: "uid", Label: "Unix id", Type: TNumber, Help: "who the person is on the machine that keeps the book"},
		{Num: 9, Name: "ssh_keys", Label: "SSH keys", Type: TLong, Flags: FCold | FPersonal, Help: "public keys, one a line as in authorized_keys"},
		{Num: 10, Name: "disabled", Label: "Disabled", Type: TBool, Help: "may not come in any more"},
	}}
}

func settingSchema() *Schema {
	return &Schema{Kind: Setting, Name: "setting", Plural: "settings", Title: "key", Fields: []Field{
		{Num: 1, Name: "key", Label: "Key", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "value", Label: "Value", Type: TLong},
	}}
}

func mappingSchema() *Schema {
	return &Schema{Kind: Mapping, Name: "mapping", Plural: "mappings", Title: "signature", Fields: []Field{
		{Num: 1, Name: "signature", Label: "Header signature", Type: TText, Flags: FRequired},
		{Num: 2, Name: "toml", Label: "Mapping", Type: TLong, Help: "the mapping as a TOML file"},
	}}
}

// viewSchema is a list as somebody wants to see it again: filter, order and columns under a name.
func viewSchema() *Schema {
	return &Schema{Kind: View, Name: "view", Plural: "views", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "pane", Label: "Pane", Type: TPick, Options: []string{"customers", "renewals", "queue", "segments"}, Flags: FRequired},
		{Num: 3, Name: "filter", Label: "Filter", Type: TText},
		{Num: 4, Name: "sort", Label: "Sort", Type: TText, Help: "fields, the first first; a minus turns the order round"},
		{Num: 5, Name: "columns", Label: "Columns", Type: TText, Help: "fields with widths"},
		{Num: 6, Name: "owner", Label: "Owner", Type: TPerson, Help: "whose view it is; empty for everybody"},
		{Num: 7, Name: "everything", Label: "Everything", Type: TBool, Help: "without the pane's own filter"},
		{Num: 8, Name: "group", Label: "Group by", Type: TText, Help: "the field whose values part the list"},
	}}
}

// snapshotSchema is the pipeline as somebody kept it: what was said of each renewal on a day.
func snapshotSchema() *Schema {
	return &Schema{Kind: Snapshot, Name: "snapshot", Plural: "snapshots", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "date", Label: "Date", Type: TDate, Flags: FRequired},
		{Num: 3, Name: "by", Label: "By", Type: TPerson},
		{Num: 4, Name: "notes", Label: "Notes", Type: TText},
		{Num: 5, Name: "rows", Label: "Said", Type: TParts, Flags: FCold, Help: "contract, due day, outcome, stage, category, target, forecast, currency, owner and name of each renewal"},
		{Num: 6, Name: "renewals", Label: "Renewals", Type: TNumber, Help: "how many are kept"},
	}}
}

// scorecardSchema is a way of scoring, as package scorecard reads it. Its history is that of the record.
func scorecardSchema() *Schema {
	return &Schema{Kind: Scorecard, Name: "scorecard", Plural: "scorecards", Title: "name", Fields: []Field{
		{Num: 1, Name: "name", Label: "Name", Type: TText, Flags: FRequired | FSearch},
		{Num: 2, Name: "external_id", Label: "Key", Type: TText, Flags: FSearch, Help: "the name, by which commands find it"},
		{Num: 3, Name: "purpose", Label: "Purpose", Type: TPick, Options: []string{"tier", "health"}, Flags: FRequired},
		{Num: 4, Name: "where", Label: "For whom", Type: TText, Help: "a filter over customers; empty for everybody"},
		{Num: 5, Name: "order", Label: "Order", Type: TNumber, Help: "of several that claim a customer the lowest counts"},
		{Num: 6, Name: "definition", Label: "Definition", Type: TLong, Flags: FRequired, Help: "criteria, points and levels as TOML"},
		{Num: 7, Name: "version", Label: "Version", Type: TNumber, Help: "counts the changes of the definition"},
		{Num: 8, Name: "note", Label: "Why changed", Type: TText},
		{Num: 9, Name: "state", Label: "Last scoring", Type: TLong, Flags: FHidden, Help: "what percentiles compare with and where places end"},
	}}
}
