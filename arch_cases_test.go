package main

import "strings"

// rules lists the rules of arch_test.go, each with sources that break it and sources that keep it.
func rules() []rule { return append(roomRules(), codeRules()...) }

func roomRules() []rule {
	return []rule{
		{"rooms use what they may", followArrows, []source{
			{"model/a.go", `package model; import "opsdeck/store"`},
			{"model/score/a.go", `package score; import "opsdeck/model"`},
			{"model/query/a.go", `package query; import "opsdeck/model/table"`},
			{"model/sample/a.go", `package sample; import "opsdeck/model/table"`},
			{"store/a.go", `package store; import "opsdeck/store/exchange"`},
			{"store/a.go", `package store; import "opsdeck/ui"`},
			{"store/engine/a.go", `package engine; import "opsdeck/model"`},
			{"store/exchange/a.go", `package exchange; import "opsdeck/store"`},
			{"store/exchange/tabular/a.go", `package tabular; import "opsdeck/model/day"`},
			{"ui/a.go", `package ui; import "opsdeck/store"`},
			{"ui/a_test.go", `package ui; import "opsdeck/ui/cli"`},
			{"ui/kit/a.go", `package kit; import "opsdeck/model"`},
			{"ui/kit/a_test.go", `package kit; import "opsdeck/model"`},
			{"helper/a.go", `package helper`},
		}, []source{
			{"main.go", `package main; import "opsdeck/ui/cli"`},
			{"store/a.go", `package store; import ("opsdeck/model"; "opsdeck/model/table"; "opsdeck/store/engine")`},
			{"ui/a_test.go", `package ui_test; import ("opsdeck/ui"; "opsdeck/store")`},
			{"ui/kit/a.go", `package kit; import "charm.land/lipgloss/v2"`},
		}},
		{"libraries are known in one place", keepLibrariesInPlace, []source{
			{"store/a.go", `package store; import "go.etcd.io/bbolt"`},
			{"store/a.go", `package store; import "go.etcd.io/bbolt/errors"`},
			{"ui/kit/a.go", `package kit; import "github.com/charmbracelet/ultraviolet"`},
			{"main.go", `package main; import "github.com/spf13/cobra"`},
		}, []source{
			{"store/engine/a.go", `package engine; import "go.etcd.io/bbolt"`},
		}},
		{"model does no I/O, ui asks no machine", doNoIO, []source{
			{"model/a.go", `package model; import "os"`},
			{"model/table/a.go", `package table; import "net/http"`},
			{"model/a.go", `package model; import "crypto/rand"`},
			{"model/a.go", `package model; import "time"; func f() time.Time { return time.Now() }`},
			{"model/a.go", `package model; import clock "time"; var f = clock.Now`},
			{"model/a.go", `package model; import "math/rand/v2"; func f() int { return rand.IntN(2) }`},
			{"model/a.go", `package model; import "fmt"; func f() { fmt.Println() }`},
			{"ui/a.go", `package ui; import "os"; func f() string { return os.Getenv("TERM") }`},
			{"ui/kit/a.go", `package kit; import "time"; func f() time.Time { return time.Now() }`},
		}, []source{
			{"model/a.go", `package model; import ("math/rand/v2"; "time"); func f() (*rand.Rand, time.Time) { return rand.New(rand.NewPCG(1, 2)), time.Unix(0, 0).UTC() }`},
			{"model/a_test.go", `package model; import "os"; var f = os.Getenv`},
			{"store/a.go", `package store; import "os"; var f = os.Getenv`},
		}},
		{"the top folder lists the rooms", keepTheTopClear, []source{
			{"util.go", `package main`},
			{"internal", ``},
			{"opsdeck", `/dist/`},
		}, []source{
			{"main.go", `package main`},
			{"arch_test.go", `package main`},
			{"docs", ``},
			{".ci", ``},
			{"opsdeck", `/opsdeck`},
			{"book.db", `*.db`},
		}},
	}
}

func codeRules() []rule {
	return []rule{
		{"files and functions stay short", stayShort, []source{
			{"model/a.go", "package model\n" + strings.Repeat("\n", maxFile)},
			{"model/a_test.go", "package model\n" + strings.Repeat("\n", maxTestFile)},
			{"model/a.go", "package model; func f() {" + strings.Repeat("\n", maxFunction) + "}"},
			{"ui/a.go", "package ui; type a int; func (a) Update() {" + strings.Repeat("\n", maxUpdate) + "}"},
			{"ui/kit/a.go", "package kit; type a int; func (a) Update() {" + strings.Repeat("\n", maxFunction) + "}"},
		}, []source{
			{"model/a.go", "package model\n" + strings.Repeat("\n", maxFile-1)},
			{"model/a.go", "package model; func f() {" + strings.Repeat("\n", maxFunction-1) + "}"},
			{"ui/a.go", "package ui; type a int; func (a) Update() {" + strings.Repeat("\n", maxUpdate-1) + "}"},
		}},
		{"no variable of a package changes", changeNoPackageVariable, changedVariables(), []source{
			{"a.go", `package a; var x = 1; func f() { x := 2; x++; g(&x) }; func g(*int) {}`},
			{"a.go", `package a; import "errors"; var err = errors.New("x"); func f() error { if err := f(); err != nil { return err }; return err }`},
			{"a.go", `package a; type t struct{ x int }; var x = 1; func (v *t) f() { v.x = 2 }`},
			{"a.go", `package a; type t struct{ x int }; var list = []t{{1}}; func f() *t { return &list[0] }`},
			{"a.go", `package a; var x = []int{1}; func f() []int { return append(x, 2) }`},
			{"a.go", `package a; import ("slices"; "sync"); var x, y = []int{1}, sync.OnceValue(f); func f() int { _ = slices.Sorted(slices.Values(x)); return x[0] }`},
		}},
		{"no test sleeps", neverSleep, []source{
			{"a_test.go", `package a; import "time"; func f() { time.Sleep(1) }`},
			{"a_test.go", `package a; import clock "time"; var f = clock.Sleep`},
		}, []source{
			{"a.go", `package a; import "time"; func f() { time.Sleep(1) }`},
			{"a_test.go", `package a; type b struct{}; func (b) Sleep() {}; func f(time b) { time.Sleep() }`},
		}},
		{"no linter is silenced", obeyLinters, []source{
			{"a.go", "package a //nolint:all"},
			{"a.go", "//lint:ignore SA1019 because\npackage a"},
		}, []source{
			{"a.go", "package a // nolint is a word\nvar s = `//nolint`"},
		}},
	}
}

func changedVariables() (list []source) {
	for _, text := range []string{
		`x = nil`, `x["a"] = 1`, `x["a"]++`, `delete(x, "a")`, `clear(x)`, `y = append(y, 1)`, `_ = append(y[:0], 1)`, `copy(y, z)`,
		`(y[0]) = 1`, `*p = 1`, `_ = &y`, `s.a.b = 1`, `s.a.b, _ = 1, 2`, `for y[0] = range z {}`, `func() { z := y; y[0] = z[0] }()`,
		`slices.Sort(y)`, `sort.Ints(y)`, `maps.Copy(x, nil)`, `pkg.Var = 1`, `pkg.Var.Field[0] = 1`, `pkg.Fill(&u)`, `_ = &t`,
	} {
		list = append(list, source{"a.go", `package a
import ("maps"; "pkg"; "slices"; "sort")
type changing struct { a int }
func (c *changing) change() { c.a = 1 }
type steady struct { a int }
var (x map[string]int; y, z []int; p *int; s struct { a struct { b int } }; t changing; u steady)
func f() { ` + text + ` }`})
	}
	for _, text := range []string{
		`import "sync"; var x sync.Mutex`, `import "sync/atomic"; var x atomic.Int64`, `import "sync"; var x = &sync.Pool{}`,
		`var x = make(chan int)`, `import "sync/atomic"; var x = new(atomic.Pointer[int])`, `import "strings"; var x strings.Builder`,
		`var x int; func init() { x = 1 }`,
	} {
		list = append(list, source{"a.go", "package a; " + text})
	}
	return list
}
