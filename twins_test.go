package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"opsdeck/model"
	"opsdeck/model/day"
	"opsdeck/store"
	"opsdeck/ui"
	"opsdeck/ui/cli"
)

// pair is something that a pane can do to data, and the command line that does the same. Both are done
// on copies of one sample company, and must leave the same records by as many steps.
//
// A binding with Writes without a pair fails the test, and so do a verb and an action of 'do' that write.
// To add one, add a line to the section that it belongs to; the keys are those of the key table, with
// "=text" for what is typed. {customer}, {item} … are external ids of the sample company (see targets).
type pair struct {
	scope  ui.Scope // of the binding; empty for what a menu or the command line of the pane does
	action ui.Action
	keys   string
	lines  []string
}

// pairs has a section for each part of the program.
func pairs() []pair {
	return slices.Concat(listPairs(), customerPairs(), todayPairs(), viewPairs(), queuePairs(), importPairs(), segmentPairs(), renewalPairs(), usersPairs())
}

const findCustomer = "1 / =external_id:{customer} enter "

func listPairs() []pair {
	one := findCustomer
	two := "1 / =external_id:{customer},{other} enter * "
	set := "set customers --where external_id:{customer},{other} "
	return []pair{
		{ui.ScopeList, ui.ActEdit, one + "e =␣Two ctrl+s", []string{"set customer {customer} name={name}␣Two"}},
		{ui.ScopeList, ui.ActAdd, "1 a =Harbour␣Mills ctrl+s", []string{"add customer name=Harbour␣Mills"}},
		{ui.ScopeList, ui.ActRemove, "4 A / =external_id:{item} enter D", []string{"remove item {item}"}},
		{ui.ScopeList, ui.ActTouch, one + "t v", []string{"do touch customer {customer} type=visit"}},
		{ui.ScopeGlobal, ui.ActUndo, one + ": =set␣city=Lima enter u", []string{"set customer {customer} city=Lima", "undo"}},
		{ui.ScopeGlobal, ui.ActRedo, one + ": =set␣city=Lima enter u ctrl+r", []string{"set customer {customer} city=Lima", "undo", "redo"}},
		{"", ":set", one + ": =set␣employees=12k␣owner=me enter", []string{"set customer {customer} employees=12k owner=me"}},
		{"", ":set +=", one + ": =set␣tags+=vip enter : =set␣tags-=vip enter", []string{"set customer {customer} tags+=vip", "set customer {customer} tags-=vip"}},
		{"", "edit many", two + "e =Same ctrl+s y", []string{set + "name=Same"}},
		{"", ":set many", two + ": =set␣tags+=pilot enter y", []string{set + "tags+=pilot"}},
		{"", "remove many", "4 A / =external_id:{item},{item2} enter * D y", []string{"remove items --where external_id:{item},{item2}"}},
		{"", "undo a chosen step", one + ": =set␣city=Lima enter U enter y", []string{"set customer {customer} city=Lima", "undo {step}"}},
	}
}

func customerPairs() []pair {
	open := findCustomer + "enter "
	return []pair{
		{ui.ScopeCustomer, ui.ActEdit, open + "e =␣Two ctrl+s", []string{"set customer {customer} name={name}␣Two"}},
		{ui.ScopeCustomer, ui.ActTouch, open + "t c", []string{"do touch customer {customer} type=call"}},
		{ui.ScopeCustomer, ui.ActAdd, open + "a c =Zoë␣Neumann ctrl+s", []string{"add contact name=Zoë␣Neumann customer={customer}"}},
		{ui.ScopeCustomer, ui.ActRemove, open + "a k =Call␣back ctrl+s u a k =Call␣back ctrl+s u", []string{
			"add task title=Call␣back customer={customer} owner=me due=today", "undo", "add task title=Call␣back customer={customer} owner=me due=today", "undo",
		}},
		{ui.ScopeCustomers, ui.ActMerge, "1 / =external_id:{other} enter m ={name} enter y", []string{"do merge customer {other} into={customer}"}},
		{ui.ScopeCustomer, ui.ActMerge, "1 / =external_id:{other} enter enter m ={name} enter y", []string{"do merge customer {other} into={customer}"}},
		{ui.ScopeCustomers, ui.ActErase, findCustomer + "E ={name} enter", []string{"erase customer {customer} --yes"}},
		{ui.ScopeCustomer, ui.ActErase, open + "E ={name} enter", []string{"erase customer {customer} --yes"}},
		{"", "add a contract", open + "a o ctrl+s", []string{"add contract customer={customer} start=today per=year"}},
		{"", "add a touch", open + "a t ctrl+s", []string{"add touch customer={customer} date=today by=me type=call"}},
	}
}

func todayPairs() []pair {
	line := "0 A / =get␣in␣touch␣{late} enter "
	return []pair{
		{ui.ScopeToday, ui.ActDone, line + "x", []string{"do done customer {late} rule=touch"}},
		{ui.ScopeToday, ui.ActSnooze, line + "z w", []string{"do snooze customer {late} rule=touch until=+7d"}},
	}
}

func viewPairs() []pair {
	return []pair{
		{"", "save a view", "1 / =tier:KA enter V =yours enter =Key ctrl+s", []string{"add view name=Key pane=customers filter=tier:KA sort=name everything=no owner=me columns={columns}"}},
	}
}

func usersPairs() []pair {
	one := "% / =handle:noah enter "
	return []pair{
		{ui.ScopeUsers, ui.ActRole, one + "r 2", []string{"users add noah --role hotline"}},
		{ui.ScopeUsers, ui.ActDisable, one + "x x", []string{"users disable noah", "users enable noah"}},
	}
}

func segmentPairs() []pair {
	return []pair{
		{ui.ScopeSegments, ui.ActRescore, "2 R", []string{"do rescore"}},
		{ui.ScopeSegments, ui.ActGroupTouch, "2 T m y", []string{"do touch-many tier:KA␣touch_overdue:>0 type=mail"}},
		{"", "accept every handover", "2 o 5 enter a", []string{"do rebalance"}},
		{ui.ScopeScorecard, ui.ActCardApply, "M enter ] ] ctrl+s =orders enter", []string{"do what-if order_amount=40 apply=yes"}},
		{"", "keep a scorecard", "M a ctrl+s enter", []string{"scorecard load ui/testdata/own-tier.toml"}},
		{ui.ScopeScorecards, ui.ActCardRemove, "M a ctrl+s enter esc a ctrl+s enter esc g D", []string{
			"scorecard load ui/testdata/own-tier.toml", "scorecard load ui/testdata/own-tier-copy.toml", "scorecard remove own-tier",
		}},
		{"", "take a version back", "M a ctrl+s enter ] ctrl+s enter H down enter ctrl+s =again enter", []string{
			"scorecard load ui/testdata/own-tier.toml", "scorecard load ui/testdata/own-tier-30.toml", "scorecard restore own-tier 1 --note again",
		}},
		{"", "keep a trial", "2 W l enter y", []string{"do what-if KA=71 apply=yes"}},
	}
}

func importPairs() []pair {
	file := "ui/testdata/import.csv"
	return []pair{
		{ui.ScopeImport, ui.ActImportApply, ": =import␣" + file + " enter v e e ctrl+u =40 ctrl+s v e x v f x ctrl+s y", []string{"import " + file + " --fix 3:Employees=40 --leave 6-7"}},
		{"", "undo a chosen step", ": =import␣" + file + " enter v e x x v f x ctrl+s y : =import␣" + file + " enter H enter y", []string{"import " + file + " --leave 3,6,7", "import revert {step}"}},
	}
}

func renewalPairs() []pair {
	r := ui.ScopeRenewals
	one := "3 / =external_id:{contract} enter "
	do := func(step, rest string) []string { return []string{"do " + step + " contract {contract}" + rest} }
	return []pair{
		{r, ui.ActStageOn, one + "]", do("stage", " stage=usage␣review")},
		{r, ui.ActStageBack, one + "] [", append(do("stage", " stage=usage␣review"), do("stage", " stage=upcoming")...)},
		{r, ui.ActMilestone, one + "x", do("milestone", "")},
		{r, ui.ActSteps, one + "m r ctrl+s y", do("renew", "")},
		{"", "move a card", one + "o l h ]", do("stage", " stage=usage␣review")},
		{"", "expand", one + "m x =900000000 ctrl+s y", do("expand", " amount=900000000")},
		{"", "downsell", one + "m d =1 ctrl+s y", do("downsell", " amount=1")},
		{"", "amend", one + "m a tab =1234567 ctrl+s y", do("amend", " amount=1234567")},
		{"", "extend", one + "m e =2035-01-31 ctrl+s y", do("extend", " until=2035-01-31")},
		{"", "merge terms", "3 / =external_id:{line} enter m m space enter ctrl+s y", []string{"do merge-terms contract {line} with={with}"}},
		{"", "churn", one + "m c =price ctrl+s y", do("churn", " reason=price")},
		{"", "snapshot", one + "m s =Board ctrl+s", []string{"do snapshot contracts Board"}},
		{"", "pay in part", "3 / =external_id:{owing} enter m p p =1 ctrl+s", []string{"do pay invoice {owed} amount=1"}},
		{ui.ScopeToday, ui.ActSteps, "0 A / ={owed} enter . r", []string{"do remind invoice {owed}"}},
		{ui.ScopeCustomer, ui.ActSteps, "3 / =external_id:{owing} enter enter . p ctrl+s", []string{"do pay invoice {owed}"}},
		{"", "bill", "3 / =external_id:{billed} enter m b", []string{"do bill contract {billed}"}},
		{"", "risk", one + "m k =missing enter tab =seen␣there ctrl+s", do("risk", " risk=missing␣feature evidence=seen␣there")},
	}
}

// unpaired are the bindings that need no pair, with the reason.
func unpaired() map[ui.Action]string {
	return map[ui.Action]string{
		ui.ActSample: "fills an empty book as 'demo --book' fills a new one; one undo takes it away",
		ui.ActDrafts: "takes up a form; what the form does has its pairs",
	}
}

// awaited are actions of 'do' whose pane way is still being made, by kind. Whoever makes one takes it out here
// and adds its pair.
func awaited() []string {
	return []string{
		"task snooze", "task done", "task reopen",
	}
}

// verbs are the verbs without a pane way, with the reason. The others that are not here need a pair.
func verbs() map[string]string {
	out := map[string]string{}
	for _, v := range strings.Fields("check completion demo export fields help history list man report show version why backup status") {
		out[v] = "reads"
	}
	for _, v := range []string{"restore", "compact"} {
		out[v] = "is about the file and not about what is in it; it needs the book closed"
	}
	out["doctor"] = "is about a damaged file, which no pane can open"
	out["serve"] = "keeps the book for others and changes nothing in it"
	out["users"] = "users are records: add user and set user say the same, and the pane of users does both"
	out["settings"] = "settings are edited as a file"
	return out
}

func TestEveryWayToWriteHasItsTwin(t *testing.T) {
	paired, lines := map[string]bool{}, ""
	for _, p := range pairs() {
		paired[string(p.scope)+" "+string(p.action)] = true
		lines += "\n" + strings.Join(p.lines, "\n")
	}
	for _, b := range ui.Bindings() {
		if b.Writes && !paired[string(b.Scope)+" "+string(b.Action)] && unpaired()[b.Action] == "" {
			t.Errorf("%s %q (%s) writes and has no command line in pairs()", b.Keys[0], b.Action, b.Scope)
		}
	}
	for _, k := range model.Kinds() {
		for _, a := range model.Actions(k) {
			done := strings.Contains(lines, "\ndo "+a.Name+" "+k.String())
			waits := slices.Contains(awaited(), k.String()+" "+a.Name)
			if !done && !waits {
				t.Errorf("'do %s %s' has no pane way in pairs()", a.Name, k)
			}
			if done && waits {
				t.Errorf("'do %s %s' has its pair: take it out of awaited()", a.Name, k)
			}
		}
	}
	var out bytes.Buffer
	if status := cli.Run(t.Context(), []string{"help"}, cli.Deps{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now, NewID: counted()}); status != 0 {
		t.Fatalf("help: %s", out.String())
	}
	found := regexp.MustCompile(`(?m)^  ([a-z]+)  +[A-Z]`).FindAllStringSubmatch(out.String(), -1)
	if len(found) < 20 {
		t.Fatalf("only %d verbs were found in\n%s", len(found), out.String())
	}
	for _, v := range found {
		if !strings.Contains(lines, "\n"+v[1]+" ") && !strings.Contains(lines+"\n", "\n"+v[1]+"\n") && verbs()[v[1]] == "" {
			t.Errorf("the verb %s has no pane way in pairs()", v[1])
		}
	}
}

var twinsDay = day.Of(2026, time.November, 22)

func twinsClock() time.Time { return time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC) }

// counted makes ids that count, after those of the sample company.
func counted() func() model.ID {
	n := uint64(0)
	return func() model.ID {
		n++
		id := model.ID{1, 0x9f, 0xff}
		binary.BigEndian.PutUint64(id[8:], n)
		return id
	}
}

func openTwin(t *testing.T, path string) *store.Book {
	t.Helper()
	b, err := store.Open(path, store.Options{User: "ana", Now: twinsClock, Today: func() day.Day { return twinsDay }, NewID: laterIDs(path)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func command(t *testing.T, path string, line string) {
	t.Helper()
	var out bytes.Buffer
	args := strings.Fields(line)
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "␣", " ")
	}
	status := cli.Run(t.Context(), append([]string{"--book", path, "--today", twinsDay.String()}, args...), cli.Deps{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, User: "ana", Now: twinsClock, NewID: laterIDs(path),
	})
	if status != 0 {
		t.Fatalf("opsdeck %s: status %d: %s", strings.Join(args, " "), status, out.String())
	}
}

// laterIDs go on counting from one command to the next: each makes its own book, and no id may come twice.
func laterIDs(path string) func() model.ID {
	next := counted()
	info, err := os.Stat(path)
	return func() model.ID {
		id := next()
		if err == nil {
			binary.BigEndian.PutUint32(id[4:], uint32(info.ModTime().UnixNano()>>10))
		}
		return id
	}
}

// content is every record of a book, one a line, and how many steps it has. Ids that the sample did not
// have are written alike: both ways make their own.
func content(t *testing.T, b *store.Book, known map[model.ID]bool) (records []string, steps int) {
	t.Helper()
	for _, k := range model.Kinds() {
		err := b.Each(k, func(r *model.Record) bool {
			var line strings.Builder
			name := func(id model.ID) string {
				if known[id] {
					return id.String()
				}
				return "new"
			}
			fmt.Fprintf(&line, "%s %s", k, name(r.ID))
			for _, fv := range r.Fields {
				text := fv.Value.Format()
				if k == model.Erasure && slices.Contains([]string{"salt", "marks", "chain"}, fv.Name) {
					text = "drawn by chance"
				}
				for _, id := range fv.Value.IDs() {
					text = strings.ReplaceAll(text, id.String(), name(id))
				}
				fmt.Fprintf(&line, " %s=%q", fv.Name, text)
			}
			records = append(records, line.String())
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(records)
	if err := b.Batches(func(model.Batch) bool { steps++; return true }); err != nil {
		t.Fatal(err)
	}
	return records, steps
}

func TestTwinsDoTheSame(t *testing.T) {
	dir := t.TempDir()
	base := filepath.Join(dir, "base.db")
	command(t, base, "demo --customers 60 --seed 1")
	b := openTwin(t, base)
	known, names := targets(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for i, p := range pairs() {
		t.Run(fmt.Sprintf("%s %s", p.scope, p.action), func(t *testing.T) {
			pane, line := filepath.Join(dir, fmt.Sprintf("pane%d.db", i)), filepath.Join(dir, fmt.Sprintf("line%d.db", i))
			command(t, base, "backup "+pane)
			command(t, base, "backup "+line)
			b := openTwin(t, pane)
			before, _ := content(t, b, known)
			screen := press(t, b, names.Replace(p.keys))
			got, gotSteps := content(t, b, known)
			columns := ""
			if err := b.Each(model.View, func(r *model.Record) bool { columns = r.Get("columns").Str(); return true }); err != nil {
				t.Fatal(err)
			}
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			for _, l := range p.lines {
				l = strings.ReplaceAll(names.Replace(l), "{columns}", columns)
				l = strings.Replace(l, "{step}", lastStep(t, line), 1)
				command(t, line, l)
			}
			b = openTwin(t, line)
			want, wantSteps := content(t, b, known)
			if err := b.Close(); err != nil {
				t.Fatal(err)
			}
			if slices.Equal(before, want) && !strings.Contains(p.keys, " u") && p.action != ":set +=" && p.action != "undo a chosen step" {
				t.Errorf("%v changes nothing", p.lines)
			}
			if gotSteps != wantSteps {
				t.Errorf("the pane takes %d steps, the command line %d\n%s", gotSteps, wantSteps, screen)
			}
			if !slices.Equal(got, want) {
				t.Errorf("pane and command line differ:\n%s\n%s", difference(got, want), screen)
			}
		})
	}
}

func difference(pane, line []string) string {
	var out strings.Builder
	for _, r := range pane {
		if !slices.Contains(line, r) {
			fmt.Fprintf(&out, "pane  %s\n", r)
		}
	}
	for _, r := range line {
		if !slices.Contains(pane, r) {
			fmt.Fprintf(&out, "line  %s\n", r)
		}
	}
	return out.String()
}

func lastStep(t *testing.T, path string) string {
	t.Helper()
	b := openTwin(t, path)
	id := ""
	if err := b.Batches(func(h model.Batch) bool { id = h.ID.String(); return false }); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return id
}
