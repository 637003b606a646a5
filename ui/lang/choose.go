package lang

import "strings"

// Match finds the language that a tag such as zh_CN.UTF-8, es-MX or ja asks for. C, POSIX and every
// English are English; ok is false for a language that the program does not speak.
func Match(tag string) (code string, ok bool) {
	tag, _, _ = strings.Cut(tag, ".")
	tag, _, _ = strings.Cut(tag, "@")
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	switch base {
	case "en", "c", "posix":
		return "en", true
	case "zh", "ja", "es":
		return base, true
	}
	return "", false
}

// Choose returns the code of the first wish that names a language of the program, else English. The
// wishes come in the order in which they count: a flag, a setting, LC_ALL, LC_MESSAGES, LANG. An empty
// wish says nothing; a language that the program does not speak is passed over for the next.
func Choose(wishes ...string) string {
	for _, w := range wishes {
		if code, ok := Match(w); ok {
			return code
		}
	}
	return "en"
}
