package ui

// ScopeImport is the import of a file.
const ScopeImport Scope = "import"

// The actions of the import and of an empty book.
const (
	ActImport        Action = "import"
	ActImportApply   Action = "apply import"
	ActImportChange  Action = "correct"
	ActImportLeave   Action = "leave out"
	ActImportBack    Action = "take back in"
	ActImportVerdict Action = "verdicts"
	ActImportOptions Action = "file options"
	ActImportAgain   Action = "read again"
	ActImportErrors  Action = "write errors"
	ActImportPast    Action = "past imports"
	ActSample        Action = "sample company"
)

func importBindings() []Binding {
	i, g := ScopeImport, ScopeGlobal
	return []Binding{
		{i, []string{"ctrl+s"}, ActImportApply, "import", "Take the file into the book as one step, as it is shown here.", true, true},
		{i, []string{"enter"}, ActOpen, "open", "Show all of a row, choose what a column becomes, or answer what is asked.", true, false},
		{i, []string{"e"}, ActImportChange, "correct", "Mend the cells of a row that has an error, or choose what a column becomes.", true, false},
		{i, []string{"x"}, ActImportLeave, "leave out", "Leave the row or the column under the cursor out.", true, false},
		{i, []string{"X", "shift+x"}, ActImportBack, "take back in", "Take in again the rows that were left out, and forget corrected cells.", false, false},
		{i, []string{"]"}, ActNextTab, "columns/rows", "Go from the rows to the columns, and back.", true, false},
		{i, []string{"["}, ActPrevTab, "rows/columns", "Go from the columns to the rows, and back.", false, false},
		{i, []string{"v"}, ActImportVerdict, "verdicts", "Show only the rows with one verdict: errors, conflicts, possible duplicates.", true, false},
		{i, []string{"/"}, ActFilter, "filter", "Show only the rows or columns that hold the words.", false, false},
		{i, []string{"o"}, ActImportOptions, "options", "Say what the file is: its kind, source, encoding, date order, fixed values.", true, false},
		{i, []string{"w"}, ActWhy, "why?", "Show why the file is read so: how it was recognised, and every remark on it.", false, false},
		{i, []string{"r"}, ActImportAgain, "read again", "Read the file again, and compare it with the book as it is now.", false, false},
		{i, []string{"E", "shift+e"}, ActImportErrors, "write errors", "Write the rows with errors and conflicts to a CSV file, to be mended there.", false, false},
		{i, []string{"H", "shift+h"}, ActImportPast, "past imports", "Show the imports of this book; choosing one can take it back.", false, false},
		{i, []string{"j", "down"}, ActDown, "down", "Move down a row.", false, false},
		{i, []string{"k", "up"}, ActUp, "up", "Move up a row.", false, false},
		{i, []string{"pgdown", "ctrl+f"}, ActPageDown, "page down", "Move down a screen.", false, false},
		{i, []string{"pgup", "ctrl+b"}, ActPageUp, "page up", "Move up a screen.", false, false},
		{i, []string{"ctrl+d"}, ActHalfDown, "half down", "Move down half a screen.", false, false},
		{i, []string{"ctrl+u"}, ActHalfUp, "half up", "Move up half a screen.", false, false},
		{i, []string{"g", "home"}, ActTop, "top", "Go to the first row.", false, false},
		{i, []string{"G", "shift+g", "end"}, ActBottom, "bottom", "Go to the last row.", false, false},
		{i, []string{"esc"}, ActClear, "leave", "Stop what is being read, take the filter away, or leave the import.", false, false},
		{g, []string{"I", "shift+i"}, ActImport, "import", "Import a file: see and correct what it would change, then take it in as one step.", false, false},
		{ScopeCustomers, []string{"N", "shift+n"}, ActSample, "sample company", "Fill an empty book with a made company to look around in; one undo takes it away.", false, true},
	}
}
