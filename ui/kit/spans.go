package kit

import "strings"

// Span is a piece of text with one meaning.
type Span struct {
	Text  string
	Token Token
}

// Spans is a line of text with several meanings.
type Spans []Span

// Plain returns spans of one piece.
func Plain(text string) Spans { return Spans{{Text: text}} }

// String returns the text alone.
func (s Spans) String() string {
	var b strings.Builder
	for _, p := range s {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Width returns the cells of the whole line.
func (s Spans) Width() int {
	w := 0
	for _, p := range s {
		w += Width(Clean(p.Text))
	}
	return w
}

// slice returns bytes from..to of the line.
func (s Spans) slice(from, to int) Spans {
	var out Spans
	for _, p := range s {
		a, b := max(from, 0), min(to, len(p.Text))
		if a < b {
			out = append(out, Span{Text: p.Text[a:b], Token: p.Token})
		}
		from -= len(p.Text)
		to -= len(p.Text)
	}
	return out
}

// Wrap breaks the line into lines of at most w cells, between words where it can; lines after the
// first are moved in by indent cells. The text is cleaned on the way.
func (s Spans) Wrap(w, indent int) []Spans {
	clean := make(Spans, len(s))
	for i, p := range s {
		clean[i] = Span{Text: Clean(p.Text), Token: p.Token}
	}
	if clean.Width() <= w {
		return []Spans{clean}
	}
	if indent >= w/2 {
		indent = 0
	}
	text := clean.String()
	from, to := 0, len(text)
	for a, b := range breaks(text, w) {
		from, to = a, b
		break
	}
	out := []Spans{clean.slice(from, to)}
	rest := len(text) - len(strings.TrimLeft(text[to:], " "))
	for a, b := range breaks(text[rest:], w-indent) {
		line := clean.slice(rest+a, rest+b)
		if len(line) == 0 {
			continue
		}
		if indent > 0 {
			line = append(Spans{{Text: strings.Repeat(" ", indent)}}, line...)
		}
		out = append(out, line)
	}
	return out
}

// Markdown reads the little of Markdown that help and notes use (headings, bullets, quotes, **bold**,
// `code`) and returns lines with tokens. Everything else stays as it is written.
func Markdown(text string) []Spans {
	var out []Spans
	for line := range strings.SplitSeq(CleanLines(text), "\n") {
		body := strings.TrimLeft(line, "#")
		switch {
		case len(body) < len(line) && strings.HasPrefix(body, " "):
			out = append(out, Spans{{Text: strings.TrimSpace(body), Token: Title}})
		case strings.HasPrefix(line, "> "):
			out = append(out, Spans{{Text: line, Token: Muted}})
		default:
			out = append(out, inline(line))
		}
	}
	return out
}

// inline splits a line at pairs of ** and of `.
func inline(line string) Spans {
	var out Spans
	for line != "" {
		i := strings.IndexAny(line, "*`")
		if i < 0 {
			break
		}
		mark, tok := "`", Key
		if line[i] == '*' {
			mark, tok = "**", Title
		}
		end := -1
		if strings.HasPrefix(line[i:], mark) {
			end = strings.Index(line[i+len(mark):], mark)
		}
		if end <= 0 {
			out = append(out, Span{Text: line[:i+1]})
			line = line[i+1:]
			continue
		}
		inner := i + len(mark)
		out = append(out, Span{Text: line[:i]}, Span{Text: line[inner : inner+end], Token: tok})
		line = line[inner+end+len(mark):]
	}
	return append(out, Span{Text: line})
}
