// Package kit holds the widgets of a terminal screen: text made safe and measured, themes, a canvas,
// and on it grid, form, input line, lists and dialogs over the screen, and small charts. It knows the
// terminal and nothing of the business: everything comes in as strings, columns and callbacks.
//
// A frame is drawn into one Canvas that a session keeps:
//
//	th := kit.NewTheme("dark", false)     // "none" under NO_COLOR; true for ASCII symbols
//	c := kit.NewCanvas(80, 24)            // c.Reset(w, h) at each frame
//	c.SetGraphemes(true)                  // once the terminal has reported mode 2027
//	c.SetASCII(th.ASCII)
//	head, rest := c.Bounds().Top(1)
//	foot, body := rest.Bottom(1)
//	c.Put(head, th.Style(kit.Status), "Customers", kit.AlignLeft)
//	grid.Draw(c, body, th, true)          // grid is a kit.Grid with SetColumns, SetRows
//	c.PutSpans(foot, th, kit.Spans{{Text: "? ", Token: kit.Key}, {Text: "help", Token: kit.Muted}})
//	cur := stack.Draw(c, c.Bounds(), th)  // overlays, the topmost last; cur may be nil
//	view := tea.NewView(c.String())
//
// What each part takes and gives:
//
//	Clean, Width, Truncate, PadRight, Wrap   text from outside; Canvas.Write cleans by itself
//	Theme.Style(token), Theme.Selected       tokens say what a text means, the theme how it looks
//	Rect.Left, Right, Top, Bottom, Center    layout; an empty area draws nothing
//	Canvas.Write, Put, PutSpans, Fill, Box   drawing, cut at Canvas.Clip
//	Grid                                     moves by methods (the owner binds keys), Draw, HitTest
//	Form                                     takes keys: Key → FormSubmitted, then Changes()
//	Input                                    takes keys: Key → InputSubmitted, then Text()
//	Stack of Overlay                         takes keys: Key → Outcome with a Result; PushUnasked and
//	                                         Arm for a dialog that opens by itself
//	Palette, Menu, Confirm, Pager, FormDialog  overlays: results Item, Item, Answer, none, FormAnswer
//	Sparkline, Bar, StackedBar, HeatCell     text or spans of exactly the cells asked for
//
// Form, Input and overlays are the only parts that see raw keys, because there a key is text. They
// read keys by Keystroke ("space", "shift+g", "ctrl+s") and text by KeyPressMsg.Text. Pasted text goes
// to their Paste methods. Nothing here keeps package state, so sessions do not touch each other.
package kit
