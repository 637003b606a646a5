package ui

import "slices"

// Action names something that the workstation can do. Keys, palette, command line and mouse all end
// in an action.
type Action string

// The actions.
const (
	ActCustomers Action = "customers"
	ActSegments  Action = "segments"
	ActRenewals  Action = "renewals"
	ActQueue     Action = "queue"
	ActToday     Action = "today"
	ActDone      Action = "done"
	ActSnooze    Action = "snooze"
	ActNextPane  Action = "next pane"
	ActPrevPane  Action = "previous pane"

	ActDown           Action = "down"
	ActUp             Action = "up"
	ActPageDown       Action = "page down"
	ActPageUp         Action = "page up"
	ActHalfDown       Action = "half page down"
	ActHalfUp         Action = "half page up"
	ActTop            Action = "top"
	ActBottom         Action = "bottom"
	ActLeft           Action = "column left"
	ActRight          Action = "column right"
	ActSort           Action = "sort"
	ActFilter         Action = "filter"
	ActClear          Action = "clear filter"
	ActScope          Action = "show all"
	ActGroup          Action = "group by"
	ActFigures        Action = "figures"
	ActDetail         Action = "detail"
	ActOpen           Action = "open"
	ActBack           Action = "back"
	ActWhy            Action = "why"
	ActAdd            Action = "add"
	ActEdit           Action = "edit"
	ActRemove         Action = "remove"
	ActTouch          Action = "touch"
	ActUndo           Action = "undo"
	ActRedo           Action = "redo"
	ActHistory        Action = "history"
	ActRecordLog      Action = "record history"
	ActHelp           Action = "help"
	ActCommand        Action = "command"
	ActPalette        Action = "palette"
	ActReadOnly       Action = "read-only"
	ActDrafts         Action = "drafts"
	ActTheme          Action = "theme"
	ActLanguage       Action = "language"
	ActMerge          Action = "merge"
	ActErase          Action = "erase"
	ActDuplicates     Action = "duplicates"
	ActDensity        Action = "density"
	ActRedraw         Action = "redraw"
	ActQuit           Action = "quit"
	ActMark           Action = "mark"
	ActMarkRange      Action = "mark range"
	ActMarkAll        Action = "mark all"
	ActMarkInvert     Action = "invert marks"
	ActMarkClear      Action = "clear marks"
	ActCopy           Action = "copy"
	ActSortMore       Action = "sort also"
	ActColumns        Action = "columns"
	ActColumnsReset   Action = "reset columns"
	ActColumnHide     Action = "hide column"
	ActColumnLeft     Action = "column to the left"
	ActColumnRight    Action = "column to the right"
	ActColumnWider    Action = "wider column"
	ActColumnNarrower Action = "narrower column"
	ActColumnPin      Action = "pin column"
	ActViews          Action = "views"
	ActBrief          Action = "brief"
	ActNextRecord     Action = "next record"
	ActPrevRecord     Action = "previous record"
	ActNextTab        Action = "next section"
	ActPrevTab        Action = "previous section"
)

// Scope is where a binding holds.
type Scope string

// The scopes, from the narrowest. A key is looked for in the scope of what has the focus, then in
// its parents.
const (
	ScopeGlobal    Scope = "everywhere"
	ScopeList      Scope = "lists"
	ScopeCustomers Scope = "customers"
	ScopeSegments  Scope = "segments"
	ScopeRenewals  Scope = "renewals"
	ScopeQueue     Scope = "queue"
	ScopeToday     Scope = "today"
	ScopeCustomer  Scope = "customer view"
)

// parents tells where a scope's keys are looked for next.
func (s Scope) parents() []Scope {
	switch s {
	case ScopeToday, ScopeCustomers, ScopeSegments, ScopeRenewals, ScopeQueue, ScopeUsers:
		return []Scope{s, ScopeList, ScopeGlobal}
	case ScopeImport:
		return []Scope{ScopeImport, ScopeGlobal}
	case ScopeGlobal:
		return []Scope{ScopeGlobal}
	}
	return []Scope{s, ScopeGlobal}
}

// Binding ties keys to an action in a scope, with the words for people.
type Binding struct {
	Scope  Scope
	Keys   []string // as tea.KeyPressMsg.Keystroke or .String write them; the first is shown
	Action Action
	Label  string // a word or two, for the footer
	Help   string // a sentence, for help and the key sheet
	Footer bool   // shown in the footer
	Writes bool   // refused while reading only
}

// Bindings is the one table of keys.
func Bindings() []Binding {
	return slices.Concat(globalBindings(), listBindings(), todayBindings(), segmentMore(), renewalBindings(), invoiceBindings(), queueBindings(), customerBindings(), importBindings(), mergeBindings(), newsBindings(), passOnBindings(), usersBindings(), scorecardsBindings(), scorecardBindings())
}

func globalBindings() []Binding {
	g := ScopeGlobal
	return []Binding{
		{g, []string{"0"}, ActToday, "Today", "Go to the ranked list of what is due today.", false, false},
		{g, []string{"1"}, ActCustomers, "Customers", "Go to the customer book.", false, false},
		{g, []string{"2"}, ActSegments, "Segments", "Go to the segments: tiers, statuses, industries, owners.", false, false},
		{g, []string{"3"}, ActRenewals, "Renewals", "Go to the renewals, by the day they must be decided.", false, false},
		{g, []string{"4"}, ActQueue, "Queue", "Go to the queue of bugs, questions and demands.", false, false},
		{g, []string{"tab"}, ActNextPane, "next pane", "Go to the next pane.", false, false},
		{g, []string{"shift+tab"}, ActPrevPane, "previous pane", "Go to the pane before.", false, false},
		{g, []string{"?"}, ActHelp, "help", "Show every key that works here.", true, false},
		{g, []string{":"}, ActCommand, "command", "Type a command, such as “set owner=ana” or “sort -arr”.", false, false},
		{g, []string{"ctrl+k", "ctrl+p"}, ActPalette, "palette", "Find any action, and any record of any kind, by a few letters.", true, false},
		{g, []string{"u", "ctrl+z"}, ActUndo, "undo", "Take back your last step, whatever it was.", true, true},
		{g, []string{"ctrl+r", "ctrl+y"}, ActRedo, "redo", "Do again what you have just undone.", false, true},
		{g, []string{"U", "shift+u"}, ActHistory, "history", "Show all steps, newest first; undo a chosen one.", false, false},
		{g, []string{"ctrl+g"}, ActDrafts, "drafts", "Show the forms that were begun and not saved, and take one up again.", false, true},
		{g, []string{"ctrl+o"}, ActReadOnly, "read-only", "Switch reading only on or off.", false, false},
		{g, []string{"ctrl+t"}, ActTheme, "theme", "Switch to the next theme.", false, false},
		{g, []string{"|"}, ActDensity, "density", "Give lists more air between rows and columns, or less.", false, false},
		{g, []string{"ctrl+l"}, ActLanguage, "language", "Switch to the next language: English, 简体中文, 日本語, Español.", false, false},
		{g, []string{"f5"}, ActRedraw, "redraw", "Draw the screen again, after another program has written on it.", false, false},
		{g, []string{"q", "ctrl+c"}, ActQuit, "quit", "Leave; everything is saved already.", false, false},
	}
}

func listBindings() []Binding {
	l := ScopeList
	return []Binding{
		{l, []string{"j", "down"}, ActDown, "down", "Move down a row.", false, false},
		{l, []string{"k", "up"}, ActUp, "up", "Move up a row.", false, false},
		{l, []string{"pgdown", "ctrl+f"}, ActPageDown, "page down", "Move down a screen.", false, false},
		{l, []string{"pgup", "ctrl+b"}, ActPageUp, "page up", "Move up a screen.", false, false},
		{l, []string{"ctrl+d"}, ActHalfDown, "half down", "Move down half a screen.", false, false},
		{l, []string{"ctrl+u"}, ActHalfUp, "half up", "Move up half a screen.", false, false},
		{l, []string{"g", "home"}, ActTop, "top", "Go to the first row.", false, false},
		{l, []string{"G", "shift+g", "end"}, ActBottom, "bottom", "Go to the last row.", false, false},
		{l, []string{"h", "left"}, ActLeft, "left", "Move the column cursor left.", false, false},
		{l, []string{"l", "right"}, ActRight, "right", "Move the column cursor right.", false, false},
		{l, []string{"s"}, ActSort, "sort", "Sort by the column under the cursor; again turns it round.", true, false},
		{l, []string{"/"}, ActFilter, "filter", "Filter the list while you type; see docs/filter.md for the language.", true, false},
		{l, []string{"esc", "backspace"}, ActClear, "clear filter", "Take the filter away.", false, false},
		{l, []string{"A", "shift+a"}, ActScope, "all", "Show all records of the pane, or only those that need somebody.", false, false},
		{l, []string{"b"}, ActGroup, "group by", "Group the list by a field, with subtotals; enter, h and l fold a group.", true, false},
		{l, []string{"f"}, ActFigures, "figures", "Show the pane's figures; choosing one shows the records behind it.", true, false},
		{l, []string{"d"}, ActDetail, "detail", "Show or hide the detail beside the list.", false, false},
		{l, []string{"enter"}, ActOpen, "open", "Open the record.", true, false},
		{l, []string{"w"}, ActWhy, "why?", "Explain the figure under the cursor: formula, inputs, their source and age.", true, false},
		{l, []string{"a"}, ActAdd, "add", "Add a record.", false, true},
		{l, []string{"e"}, ActEdit, "edit", "Edit the record.", true, true},
		{l, []string{"D", "shift+d"}, ActRemove, "remove", "Remove the record; undo brings it back.", false, true},
		{l, []string{"t"}, ActTouch, "touch", "Log a touch of today: t, then the letter of its type.", true, true},
		{l, []string{"L", "shift+l"}, ActRecordLog, "record's log", "Show who changed what on this record, and when.", false, false},
		{l, []string{"space"}, ActMark, "mark", "Mark the row, or take its mark away; e, t and D then work on all marked.", false, false},
		{l, []string{"v"}, ActMarkRange, "mark range", "Mark all rows from the last mark to the cursor.", false, false},
		{l, []string{"*"}, ActMarkAll, "mark all", "Mark every row that the filter lets through.", false, false},
		{l, []string{"~"}, ActMarkInvert, "invert", "Mark the rows without a mark and take it from the others.", false, false},
		{l, []string{"_"}, ActMarkClear, "clear marks", "Take all marks away.", false, false},
		{l, []string{"S", "shift+s"}, ActSortMore, "sort also", "Sort equal rows by the column under the cursor too.", false, false},
		{l, []string{"c"}, ActColumns, "columns", "Choose the columns of the list.", false, false},
		{l, []string{"-"}, ActColumnHide, "hide column", "Hide the column under the cursor.", false, false},
		{l, []string{"<"}, ActColumnLeft, "column left", "Move the column under the cursor to the left.", false, false},
		{l, []string{">"}, ActColumnRight, "column right", "Move the column under the cursor to the right.", false, false},
		{l, []string{"+", "="}, ActColumnWider, "wider", "Widen the column under the cursor.", false, false},
		{l, []string{")"}, ActColumnNarrower, "narrower", "Narrow the column under the cursor.", false, false},
		{l, []string{"!"}, ActColumnPin, "pin", "Keep the column at the left while the others scroll, or let it go.", false, false},
		{l, []string{"C", "shift+c"}, ActColumnsReset, "reset columns", "Show the columns as they were at first.", false, false},
		{l, []string{"V", "shift+v"}, ActViews, "views", "Go to a saved view, or save the list as it is now under a name.", false, false},
		{l, []string{"y"}, ActCopy, "copy", "Copy the cell, the row, the id or the link to the clipboard, over SSH too.", false, false},
	}
}

func todayBindings() []Binding {
	return []Binding{
		{ScopeToday, []string{"x"}, ActDone, "done", "Tick the line off; the rule does not raise it again for the same cause.", true, true},
		{ScopeToday, []string{"z"}, ActSnooze, "snooze", "Silence the line until a day.", true, true},
	}
}

func customerBindings() []Binding {
	c := ScopeCustomer
	return []Binding{
		{c, []string{"esc", "backspace"}, ActBack, "back", "Go back to the list.", true, false},
		{c, []string{"j", "down"}, ActDown, "down", "Move down a row.", false, false},
		{c, []string{"k", "up"}, ActUp, "up", "Move up a row.", false, false},
		{c, []string{"pgdown", "ctrl+f"}, ActPageDown, "page down", "Move down a screen.", false, false},
		{c, []string{"pgup", "ctrl+b"}, ActPageUp, "page up", "Move up a screen.", false, false},
		{c, []string{"g", "home"}, ActTop, "top", "Go to the first row.", false, false},
		{c, []string{"G", "shift+g", "end"}, ActBottom, "bottom", "Go to the last row.", false, false},
		{c, []string{"]", "l", "right"}, ActNextTab, "next section", "Go to the next section.", true, false},
		{c, []string{"[", "h", "left"}, ActPrevTab, "previous section", "Go to the section before.", false, false},
		{c, []string{"enter"}, ActOpen, "open", "Edit the record under the cursor.", false, false},
		{c, []string{"/"}, ActFilter, "filter", "Filter the timeline while you type: date:>-90d event:touch by:ana.", true, false},
		{c, []string{"b"}, ActBrief, "brief", "Show the one-page brief for a visit; y copies it.", true, false},
		{c, []string{"n"}, ActNextRecord, "next", "Go to the next customer of the list.", false, false},
		{c, []string{"p"}, ActPrevRecord, "previous", "Go to the customer before in the list.", false, false},
		{c, []string{"w"}, ActWhy, "why?", "Explain the figure under the cursor.", true, false},
		{c, []string{"a"}, ActAdd, "add", "Add a contact, contract, item, touch or task.", true, true},
		{c, []string{"e"}, ActEdit, "edit", "Edit the customer.", true, true},
		{c, []string{"D", "shift+d"}, ActRemove, "remove", "Remove the record under the cursor; undo brings it back.", false, true},
		{c, []string{"t"}, ActTouch, "touch", "Log a touch of today: t, then the letter of its type.", true, true},
		{c, []string{"y"}, ActCopy, "copy brief", "Copy the brief to the clipboard as Markdown, over SSH too.", false, false},
		{c, []string{"L", "shift+l"}, ActRecordLog, "record's log", "Show who changed what on this customer, and when.", false, false},
	}
}
