package main

import "opsdeck/ui"

// queuePairs are the steps of the queue, each on an item that has just been filed.
func queuePairs() []pair {
	filed := "4 n b =Zebra␣crossing ctrl+s / =zebra enter "
	add := "add item summary=Zebra␣crossing kind=bug"
	do := func(step string) string { return "do " + step + " item Zebra␣crossing" }
	one := func(scope ui.Scope, action ui.Action, keys string, steps ...string) pair {
		return pair{scope, action, filed + keys, append([]string{add}, steps...)}
	}
	q := ui.ScopeQueue
	return []pair{
		one(q, ui.ActFile, ""),
		{ui.ScopeCustomers, ui.ActFile, findCustomer + "i q =How␣to␣print ctrl+s", []string{"add item summary=How␣to␣print kind=how-to customers={customer}"}},
		{ui.ScopeCustomer, ui.ActFile, findCustomer + "enter i d =Darker␣mode ctrl+s", []string{"add item summary=Darker␣mode kind=demand customers={customer}"}},
		{ui.ScopeCustomers, ui.ActPassOn, findCustomer + "P v ctrl+u =Saves␣a␣day ctrl+s", []string{"do pass-on customer {customer} flow=value␣feedback title=Saves␣a␣day"}},
		{ui.ScopeCustomer, ui.ActPassOn, findCustomer + "enter P s ctrl+s", []string{"do pass-on customer {customer} flow=success␣case"}},
		one(q, ui.ActAccept, "a", do("accept")),
		one(q, ui.ActOnward, "a o", do("accept"), do("confirm")),
		one(q, ui.ActSteps, "a . c . h . s . f", do("accept"), do("confirm"), do("hand-over"), do("start"), do("fix")),
		one(q, ui.ActHandOut, "a o O m y", do("accept"), do("confirm"), do("hand-over"), "export hand-over --where summary:Zebra␣crossing"),
		one(q, ui.ActReadBack, ": =set␣external_id=PRJ-1 enter B =ui/testdata/states.csv enter ctrl+s y", "set item Zebra␣crossing external_id=PRJ-1", "import ui/testdata/states.csv --states"),
		one(q, ui.ActDecline, "x =by␣design ctrl+s", do("decline")+" reason=by␣design"),
		one(q, ui.ActPutOff, "z =+7d ctrl+s", do("defer")+" until=+7d"),
		one(q, ui.ActReply, "p", do("respond")),
		one(q, ui.ActWaiting, "W W", do("wait"), do("resume")),
		one(q, ui.ActReproduce, "r ctrl+s", do("reproduce")),
		one(q, ui.ActDuplicateOf, "m ={item} enter", do("duplicate")+" of={item}"),
		one("", "take a merge back", "A m ={item} enter . u", do("duplicate")+" of={item}", do("unmerge")),
		one("", "swap", "A m ={item} enter . w", do("duplicate")+" of={item}", do("swap")),
		one(q, ui.ActAnswer, "H down enter", do("answer")),
		one("", ":set waiting", ": =set␣waiting=yes enter : =set␣waiting=no enter", "set item Zebra␣crossing waiting=yes", "set item Zebra␣crossing waiting=no"),
		one("", "release and close", "a . c . h . s . f . l =9.2 ctrl+s . x", do("accept"), do("confirm"), do("hand-over"), do("start"), do("fix"), do("release")+" version=9.2", do("close")),
		one("", "unlink", "i ={name} enter ctrl+s . - ctrl+s", do("link")+" customer={customer}", do("unlink")+" customer={customer}"),
		one("", "tell", "i ={name} enter ctrl+s a . c . h . s . f . l ctrl+s T enter ctrl+s", do("link")+" customer={customer}", do("accept"), do("confirm"), do("hand-over"), do("start"), do("fix"), do("release"), do("tell")+" customer={customer} channel=mail"),
		one("", "waive", "i ={name} enter ctrl+s a . c . h . s . f . l ctrl+s . v tab =left ctrl+s", do("link")+" customer={customer}", do("accept"), do("confirm"), do("hand-over"), do("start"), do("fix"), do("release"), do("waive")+" customer={customer} reason=left"),
		one(q, ui.ActLink, "i ={name} enter ctrl+s", do("link")+" customer={customer}"),
		one("", "customer wrote", ". q", do("asked")),
		one("", "decide", ". i space =planned enter tab =9.3 ctrl+s", do("decide")+" verdict=planned version=9.3"),
		one("", "escalate", ". ! =boss␣called ctrl+s", do("escalate")+" reason=boss␣called"),
		one("", "park and reopen", "a z =+7d ctrl+s . o", do("accept"), do("park")+" until=+7d", do("reopen")),
	}
}
