package sample

import (
	"slices"
	"strconv"

	"opsdeck/model"
)

var (
	influenceOf = [7]string{"high", "high", "medium", "medium", "low", "low", "low"} // by role
	// roleOrder is in which order we get to know people below the one who decides.
	roleOrder = []string{"champion", "admin", "user", "finance", "veto holder", "procurement"}
	remarks   = []string{
		"Reads mail early in the morning only.", "Prefers figures to stories.", "Came from a competitor's customer.",
		"Best reached through the assistant.", "On site Tuesdays and Thursdays.",
	}
)

func (g *generator) contacts() {
	g.each(func(i int, a *account) {
		a.contacts = g.made
		for k := range a.people {
			g.contact(i, k, a)
		}
	})
}

func (g *generator) contact(i, k int, a *account) {
	role := roleOrder[(i+k)%len(roleOrder)]
	switch {
	case k == 0 && !a.undecided:
		role = "decision maker"
	case k == 1 && a.size == large:
		role = "veto holder"
	case k == 1:
		role = "champion"
	}
	at := slices.Index(model.ContactRoles(), role)
	who := g.human(i, k)
	r := g.record(model.Contact)
	r.Set("name", model.Text(who.name))
	r.Set("customer", model.Ref(a.id))
	r.Set("role", model.Pick(role))
	r.Set("title", model.Text(a.lang.posts[at].title))
	r.Set("department", model.Text(a.lang.posts[at].department))
	r.Set("influence", model.Pick(influenceOf[at]))
	r.Set("stance", model.Pick(g.stance(a)))
	r.Set("language", model.Text(a.lang.code))
	if g.chance(max(0.5, a.knowledge)) {
		r.Set("email", model.Text(who.latin+"@"+a.latin+".example"))
	}
	if g.often(0.6, 0.2) {
		r.Set("phone", model.Text(phone(i, a)+" ext. "+strconv.Itoa(10+k)))
	}
	if k > 0 && !a.undecided && g.chance(0.8) {
		r.Set("reports_to", model.Ref(g.id(a.contacts)))
	}
	if left := 0.04 + 0.12*(1-a.mood); g.chance(left) {
		r.Set("left_on", model.Date(g.past(5, 400)))
	}
	if g.often(0.2, 0.02) {
		r.Set("notes", model.Long(pick(g, remarks)))
	}
	g.emit()
}

// stance draws what a person thinks of us: mostly what the mood between the companies suggests.
func (g *generator) stance(a *account) string {
	if g.chance(0.2) {
		return "unknown"
	}
	switch x := a.mood + 0.25*g.NormFloat64(); {
	case x > 0.6:
		return "for"
	case x > 0.25:
		return "neutral"
	}
	return "against"
}
