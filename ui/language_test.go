package ui_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"opsdeck/ui"
	"opsdeck/ui/lang"
)

// TestLanguages compares two panes in each language with files; a change of words or of how wide they
// are is seen.
func TestLanguages(t *testing.T) {
	for _, code := range lang.Codes()[1:] {
		for name, keys := range map[string][]string{"customers": {"j", "j"}, "renewals": {"3", "j"}} {
			s := openWith(t, sampleBook(t), 120, 40, ui.Options{Lang: code})
			s.Press(keys...)
			golden(t, filepath.Join("testdata", fmt.Sprintf("%s-%s-120x40.txt", name, code)), s.Screen()+"\n")
		}
	}
}

// TestTheLanguageIsSwitchedAtOnce goes through the languages by key and by command.
func TestTheLanguageIsSwitchedAtOnce(t *testing.T) {
	s := open(t, 120, 40).Expect("Customers", "Touch late")
	s.Press("ctrl+l").Expect("1 客户", "触达逾期", "语言：简体中文")
	s.Press("ctrl+l").Expect("1 顧客", "接点遅れ", "言語：日本語")
	s.Press("ctrl+l").Expect("1 Clientes", "Interac. tarde", "Idioma: Español")
	s.Press("3").Expect("Decidir antes", "/2026").Command("lang zh").Expect("决策日", "1 客户")
	s.Press("enter").Expect("决策链").Command("lang ja").Expect("意思決定の構造").Command("lang en").Expect("Decision chain")
}

// TestEveryStateFitsInChinese shows every state of the program in the language whose letters are wide.
func TestEveryStateFitsInChinese(t *testing.T) {
	b := hostileBook(t)
	n := 0
	for name, keys := range states() {
		s := openWith(t, b, 120, 40, ui.Options{Lang: "zh"})
		s.Press(keys...)
		for i, size := range sizes() {
			if (i+n)%8 == 0 {
				s.Resize(size[0], size[1])
				checkScreen(t, fmt.Sprintf("%s in Chinese at %d×%d", name, size[0], size[1]), s.app.View(), size[0], size[1], ansi.StringWidthWc)
			}
		}
		n++
	}
}
