package kit

import "strings"

// Printable writes a page of Markdown as plain text for paper: headings are underlined, marks of emphasis
// go, and long lines are wrapped at w cells with what is listed indented.
func Printable(markdown string, w int) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(markdown, "\n"), "\n") {
		text := PlainMarkdown(line)
		title := strings.TrimLeft(text, "#")
		level := len(text) - len(title)
		if level > 0 && strings.HasPrefix(title, " ") {
			under := "-"
			if level == 1 {
				under = "="
			}
			heading := Truncate(strings.TrimSpace(title), w)
			b.WriteString(heading + "\n" + strings.Repeat(under, Width(heading)) + "\n")
			continue
		}
		indent := ""
		if strings.HasPrefix(text, "- ") {
			indent = "  "
		}
		for i, part := range Wrap(text, max(8, w-len(indent))) {
			if i > 0 {
				part = indent + part
			}
			b.WriteString(strings.TrimRight(part, " ") + "\n")
		}
	}
	return b.String()
}

// PlainMarkdown is a line of Markdown as people read it: without marks of emphasis and without the signs that
// keep a text from outside from being taken for marks.
func PlainMarkdown(line string) string {
	return strings.NewReplacer("**", "", `\*`, "*", `\_`, "_", `\#`, "#", `\|`, "|").Replace(line)
}
