package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"opsdeck/ui"
)

// ownCommands are of every sort: typed prompts, the row, marked rows, and each kind of output.
const ownCommands = `
[[command]]
name = "say all"
key = "ctrl+e"
run = ["printf", "%s|", "{name}", "{prompt:words}", "{prompt:day}", "{prompt:count}", "{prompt:tone}", "{prompt:who}"]
prompts = ["words", {name = "day", type = "date", default = "today"}, {name = "count", type = "number"},
  {name = "tone", type = "pick", options = ["warm", "cold"], required = true}, {name = "who", type = "person"}]

[[command]]
name = "marks"
key = "ctrl+w"
scope = "customers"
run = ["printf", "%s|", "{marked:name}", "all {marked:name}", "{kind}"]

[[command]]
name = "quiet"
key = "ctrl+x"
run = ["true"]
output = "none"

[[command]]
name = "fails"
key = "ctrl+n"
run = ["sh", "-c", "echo gone wrong; exit 3"]
output = "none"

[[command]]
name = "danger"
key = "ctrl+q"
run = ["touch", "FILE"]
dangerous = true
`

func withCommands(t *testing.T, text string, readOnly bool) *session {
	t.Helper()
	c, err := ui.ParseConfig(text)
	if err != nil {
		t.Fatal(err)
	}
	return openWith(t, sampleBook(t), 160, 48, ui.Options{Actor: "ana", Local: true, Config: c, ReadOnly: readOnly})
}

func TestOwnCommandsAskByType(t *testing.T) {
	s := withCommands(t, ownCommands, false)
	s.Press("ctrl+e").Expect("say all", "words", "tone")
	s.Type("two words; $(rm x)").Press("tab", "ctrl+u").Type("+10d").Press("tab").Type("a few").Press("tab", "right", "tab", "ctrl+s")
	s.Expect("number").Press("ctrl+u").Type("1,200").Press("ctrl+s")
	s.Expect(firstName + "|two words; $(rm x)|2026-12-02|1200|warm||")
}

func TestOwnCommandsGetTheMarkedRows(t *testing.T) {
	s := withCommands(t, ownCommands, false)
	s.Press("ctrl+w").Expect(firstName + "|all " + firstName + "|customer|").Press("esc")
	s.Press("space", "space", "ctrl+w").Expect(firstName + "|Ambercombe Textiles Ltd|all " + firstName + ",Ambercombe Te").Press("esc")
}

func TestOwnCommandsSayHowTheyEnded(t *testing.T) {
	s := withCommands(t, ownCommands, false)
	s.Press("ctrl+x").ExpectSaid("quiet: done")
	s.Press("ctrl+n").Expect("exit status 3", "gone wrong").Press("esc")
}

func TestDangerousCommandsAskAndAreRefusedWhileReadingOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "made here")
	text := strings.ReplaceAll(ownCommands, "FILE", file)
	s := withCommands(t, text, true)
	s.Press("ctrl+q").ExpectSaid("reading only")
	s = withCommands(t, text, false)
	s.Press("ctrl+q").Expect("This runs on your machine:").Press("enter")
	if _, err := os.Stat(file); err == nil {
		t.Fatal("enter alone has run it")
	}
	s.Press("ctrl+q", "y").ExpectSaid("danger: done")
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestMistakesInOwnCommandsAreNamedWithTheirLine(t *testing.T) {
	const head = "theme = \"light\"\n[[command]]\nname = \"a\"\nkey = \"ctrl+e\"\nrun = [\"x\"]\n\n[[command]]\nname = \"b\"\n"
	for text, want := range map[string]string{
		"key = \"ctrl+e\"\nrun = [\"x\"]\n":                                                         `line 9: the key "ctrl+e" means both`,
		"key = \"s\"\nrun = [\"x\"]\n":                                                              `line 9: the key "s" of "b" means "sort" in lists`,
		"key = \"ctrl+x\"\n":                                                                        "line 7: a command needs name, key and run",
		"key = \"ctrl+x\"\nrun = [\"x\"]\nscope = \"moon\"\n":                                       `line 11: unknown scope "moon"`,
		"key = \"ctrl+x\"\nrun = [\"x\"]\noutput = \"moon\"\n":                                      `line 11: output "moon" is none of`,
		"key = \"ctrl+x\"\nrun = [\"x\"]\ncolour = 1\n":                                             "line 11: unknown setting command.colour",
		"key = \"ctrl+x\"\nrun = [\"x\",\n\"{prompt:p}\"]\n":                                        `line 11: {prompt:p}: the command "b" has no such prompt`,
		"key = \"ctrl+x\"\nrun = [\"x\", \"{moon}\"]\n":                                             "line 10: {moon} is no field",
		"key = \"ctrl+x\"\nrun = [\"x\"]\nprompts = [{name = \"p\", type = \"moon\"}]\n":            `line 11: type "moon" of the prompt "p"`,
		"key = \"ctrl+x\"\nrun = [\"x\"]\nprompts = [{name = \"p\", type = \"pick\"}]\n":            `line 11: the prompt "p": options belong to type pick`,
		"key = \"ctrl+x\"\nrun = [\"x\"]\nprompts = [{name = \"p\", colour = 1}]\n":                 `line 11: unknown setting "colour" of a prompt`,
		"key = \"ctrl+x\"\nrun = [\"x\"]\nprompts = [\"p\", \"p\"]\n":                               "line 11: the prompts of \"b\" need names of their own",
		"key = \"ctrl+x\"\nrun = [\"x\"]\nprompts = [3]\n":                                          "is no prompt",
		"key = \"ctrl+x\"\nrun = [\"x\"]\n[[command]]\nname = \"b\"\nkey = \"f5\"\nrun = [\"x\"]\n": `line 12: there are two commands "b"`,
	} {
		if _, err := ui.ParseConfig(head + text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
