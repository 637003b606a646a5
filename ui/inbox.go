package ui

import (
	"fmt"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"opsdeck/model"
	"opsdeck/model/table"
	"opsdeck/ui/kit"
)

// ActNews shows what others have done to what the person owns.
const ActNews Action = "news"

func newsBindings() []Binding {
	return []Binding{
		{ScopeGlobal, []string{"@"}, ActNews, "news", "Show what others have done to what you own, also while you were away.", false, false},
	}
}

// inbox holds what others have done to what a person owns.
type inbox struct {
	notes []note // the newest first
	fresh int    // how many have come since the list was looked at
}

// note is a step of somebody else with the record by which it concerns the person.
type note struct {
	head  model.Batch
	kind  model.Kind
	id    model.ID
	title string
	more  int // further records of the person that the step has touched
}

// mostNotes is how many notes are kept, and how far back those go that came while nobody was there.
const mostNotes = 200

// lineNews is where it is remembered up to where a person has seen the news.
const lineNews = "news"

// take adds what concerns the person.
func (in *inbox) take(a *App, news []model.StepNews) {
	for _, n := range news {
		if note, ok := a.concerns(n); ok {
			in.notes = slices.Insert(in.notes, 0, note)
			in.fresh++
		}
	}
	in.notes = in.notes[:min(len(in.notes), mostNotes)]
}

// concerns finds the first record of a step that is the person's own, was so, or belongs to a customer of theirs.
func (a *App) concerns(n model.StepNews) (out note, ok bool) {
	for _, t := range n.Records {
		switch {
		case !slices.Contains(t.People, a.o.Actor) && !a.owns(t.Kind, t.ID):
		case ok:
			out.more++
		default:
			ok = true
			out = note{head: n.Batch, kind: t.Kind, id: t.ID, title: t.Title}
			if s := a.snap.Table(t.Kind); s != nil {
				if row, there := s.Row(t.ID); there {
					out.title = a.snap.Title(t.Kind, row)
				}
			}
		}
	}
	return out, ok
}

// owns tells whether a record is the person's, or belongs to a customer of theirs.
func (a *App) owns(k model.Kind, id model.ID) bool {
	if ownedBy(a.snap, k, id, a.o.Actor) {
		return true
	}
	return slices.ContainsFunc(customersOf(a.snap, k, id), func(c model.ID) bool { return ownedBy(a.snap, model.Customer, c, a.o.Actor) })
}

// ownerFields are the fields that say whose a record is.
func ownerFields() []string { return []string{"owner", "sales_owner", "renewal_owner"} }

func ownedBy(s *table.Snapshot, k model.Kind, id model.ID, who string) bool {
	t := s.Table(k)
	if t == nil {
		return false
	}
	row, ok := t.Row(id)
	if !ok {
		return false
	}
	return slices.ContainsFunc(ownerFields(), func(f string) bool {
		_, has := t.Schema.Field(f)
		return has && t.Str(row, f) == who
	})
}

// newsRead brings what happened while the person was away. Whoever comes for the first time has missed nothing.
type newsRead struct{ news []model.StepNews }

// readNews reads what others have done since the person looked at the news last.
func (a *App) readNews() tea.Cmd {
	b, owner, seq := a.backend, a.o.Actor, a.snap.Seq
	return func() tea.Msg {
		lines, err := b.Remembered(owner, lineNews)
		if err != nil {
			return nil // What reads the book next will say why.
		}
		if len(lines) == 0 {
			if err := b.Remember(owner, lineNews, strconv.FormatUint(seq, 10)); err != nil {
				return lineNotKept{err}
			}
			return nil
		}
		since, err := strconv.ParseUint(lines[len(lines)-1], 10, 64)
		if err != nil || since >= seq {
			return nil
		}
		news, err := b.News(since, mostNotes)
		if err != nil {
			return nil
		}
		return newsRead{news}
	}
}

func (m newsRead) apply(a *App) {
	news := slices.DeleteFunc(m.news, func(n model.StepNews) bool {
		return n.Batch.Actor == a.o.Actor || n.Batch.Seq <= a.others.told
	})
	a.inbox.take(a, news)
	if len(m.news) > 0 {
		a.others.told = max(a.others.told, m.news[len(m.news)-1].Batch.Seq)
	}
}

// openNews shows the notes; one can be chosen to go to its record.
func (a *App) openNews() {
	a.inbox.fresh = 0
	if b, owner, seq := a.backend, a.o.Actor, a.snap.Seq; !b.ReadOnly() {
		a.after = tea.Batch(a.after, func() tea.Msg {
			if err := b.Remember(owner, lineNews, strconv.FormatUint(seq, 10)); err != nil {
				return lineNotKept{err}
			}
			return nil
		})
	}
	if len(a.inbox.notes) == 0 {
		a.say(kit.Muted, "Nobody else has touched what you own.")
		return
	}
	items := make([]kit.Item, len(a.inbox.notes))
	for i, n := range a.inbox.notes {
		more := ""
		if n.more > 0 {
			more = " " + a.lang.N(n.more, "and %s more of yours", "and %s more of yours", a.lang.Int(int64(n.more)))
		}
		items[i] = kit.Item{
			Title: fmt.Sprintf("%-14s %-10s %s%s", ago(a.lang, n.head.Time, a.o.Now()), kit.Clean(n.head.Actor),
				kit.Clean(kindWord(a.lang, n.head.Kind)+a.lang.Say(n.head.Label)), more),
			Help: kit.Clean(n.title), Value: noteChosen{n},
		}
	}
	a.stack.Push(kit.NewMenu(a.lang.T("News of what you own: enter goes there"), items))
}

// noteChosen goes to the record of a note: to its customer where it has one.
type noteChosen struct{ note note }

func (r noteChosen) answered(a *App) {
	k, id := r.note.kind, r.note.id
	t := a.snap.Table(k)
	if t == nil {
		return
	}
	if _, ok := t.Row(id); !ok {
		a.say(kit.Warn, "“%s” is no longer there; its history is in U.", kit.Clean(r.note.title))
		return
	}
	switch customers := customersOf(a.snap, k, id); {
	case k == model.Customer:
		a.after = a.readCustomer(id)
	case len(customers) == 1 && k != model.Item:
		a.after = a.readCustomer(customers[0])
	default:
		a.after = a.readRecord(k, id, purposeShow)
	}
}
