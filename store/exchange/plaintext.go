package exchange

import (
	"html"
	"regexp"
	"strings"
)

// markup tells a text that a program wrote as a page: it has paragraphs or line breaks of HTML.
var (
	markup    = regexp.MustCompile(`(?i)<(p|div|br|html|body|table|ul|ol|span)\b[^>]*/?>`)
	unseen    = regexp.MustCompile(`(?is)<(style|script|head)\b.*?</(style|script|head)>|<!--.*?-->`)
	lineEnds  = regexp.MustCompile(`(?i)<br\b[^>]*/?>|</(p|div|li|tr|h[1-6]|blockquote|table)>`)
	points    = regexp.MustCompile(`(?i)<li\b[^>]*>`)
	tags      = regexp.MustCompile(`(?s)</?[a-zA-Z!][^<>]*>`)
	emptyRuns = regexp.MustCompile(`\n[ \t]*(\n[ \t]*)+`)
)

// plainText writes what a source gives as HTML as the text that people see; other texts stay as they are.
func plainText(text string) string {
	if !markup.MatchString(text) {
		return text
	}
	text = unseen.ReplaceAllString(text, "")
	text = strings.NewReplacer("\r", "", "\n", " ").Replace(text)
	text = lineEnds.ReplaceAllString(text, "\n")
	text = points.ReplaceAllString(text, "• ")
	text = html.UnescapeString(tags.ReplaceAllString(text, ""))
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return strings.TrimSpace(emptyRuns.ReplaceAllString(strings.Join(lines, "\n"), "\n\n"))
}
