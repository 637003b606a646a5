package model

import (
	"fmt"
	"slices"
)

// Reach says to whose records a right extends.
type Reach uint8

// The reaches, from the narrowest. What belongs to nobody is within everybody's own.
const (
	Nobody Reach = iota
	Own          // records that the person owns, and those of customers that they own
	Team         // those of the person's team too
	All
)

// String names the reach as the table of roles shows it.
func (r Reach) String() string { return [...]string{"–", "own", "team", "all"}[min(r, All)] }

// Area is a group of kinds that rights are given out for together.
type Area string

// The areas.
const (
	AreaCustomers Area = "customers"
	AreaMoney     Area = "money"
	AreaWork      Area = "work"
	AreaQueue     Area = "queue"
	AreaViews     Area = "views"
	AreaSettings  Area = "settings"
	AreaUsers     Area = "users"
)

// Areas lists the areas in the order of the table of roles.
func Areas() []Area {
	return []Area{AreaCustomers, AreaMoney, AreaWork, AreaQueue, AreaViews, AreaSettings, AreaUsers}
}

// AreaOf returns the area of a kind. What is not customers, money, work, queue, view or user is for
// those who keep the settings.
func AreaOf(k Kind) Area {
	switch k {
	case Customer, Contact:
		return AreaCustomers
	case Contract, Order, Invoice, Deal, Churn, Usage, Benefit:
		return AreaMoney
	case Touch, Task:
		return AreaWork
	case Item, Voice, Telling, Decision, Article:
		return AreaQueue
	case View:
		return AreaViews
	case User, Erasure:
		return AreaUsers
	}
	return AreaSettings
}

// Power is a right that is not about one record.
type Power string

// The powers.
const (
	PowerImport   Power = "import"   // many records at once from a file
	PowerExport   Power = "export"   // many records at once into a file
	PowerUndoAny  Power = "undo any" // steps of others
	PowerAudit    Power = "audit"    // the log of everybody, and its check
	PowerMaintain Power = "maintain" // backups, the check of the book, its state
	PowerActAs    Power = "act as"   // in the name of another user
	PowerErase    Power = "erase"    // a person or a customer, for good
)

// Powers lists the powers in the order of the table of roles.
func Powers() []Power {
	return []Power{PowerImport, PowerExport, PowerUndoAny, PowerAudit, PowerMaintain, PowerActAs, PowerErase}
}

// Grant is what a role may do to the records of an area.
type Grant struct{ Add, Edit, Remove Reach }

// Role is what a person is in the company, as far as rights go.
type Role struct {
	Name     string
	Grants   map[Area]Grant // an area without one may be read
	Powers   []Power
	Personal bool // sees how contacts are reached
	Money    bool // sees amounts
}

// Administrator is the role that may do everything; the first person of a shared book gets it.
const Administrator = "administrator"

// Guest is the role of somebody whom nobody has given one: reading only.
const Guest = "guest"

var (
	everything = Grant{All, All, All}
	mine       = Grant{Own, Own, Own}
	teamwork   = Grant{All, Team, Own}
	reporting  = Grant{Add: All}
)

// roles is the table of docs/roles.md.
var roles = []Role{
	{Name: "csm", Personal: true, Money: true, Powers: []Power{PowerExport}, Grants: map[Area]Grant{
		AreaCustomers: teamwork, AreaMoney: teamwork, AreaWork: teamwork, AreaQueue: {All, All, Own}, AreaViews: mine,
	}},
	{Name: "hotline", Personal: true, Grants: map[Area]Grant{
		AreaCustomers: {Nobody, Team, Nobody}, AreaWork: teamwork, AreaQueue: everything, AreaViews: mine,
	}},
	{Name: "sales", Personal: true, Money: true, Powers: []Power{PowerExport}, Grants: map[Area]Grant{
		AreaCustomers: {All, Own, Own}, AreaMoney: {All, Own, Own}, AreaWork: teamwork, AreaQueue: reporting, AreaViews: mine,
	}},
	{Name: "marketing", Personal: true, Grants: map[Area]Grant{AreaWork: teamwork, AreaQueue: reporting, AreaViews: mine}},
	{Name: "product", Money: true, Powers: []Power{PowerImport, PowerExport}, Grants: map[Area]Grant{
		AreaCustomers: reporting, AreaWork: teamwork, AreaQueue: everything, AreaViews: mine,
	}},
	{Name: "engineer", Grants: map[Area]Grant{AreaWork: mine, AreaQueue: {All, All, Nobody}, AreaViews: mine}},
	{
		Name: "lead", Personal: true, Money: true, Powers: []Power{PowerImport, PowerExport, PowerUndoAny, PowerAudit},
		Grants: map[Area]Grant{
			AreaCustomers: everything, AreaMoney: everything, AreaWork: everything, AreaQueue: everything, AreaViews: everything, AreaSettings: everything,
		},
	},
	{Name: Administrator, Personal: true, Money: true, Powers: Powers(), Grants: map[Area]Grant{
		AreaCustomers: everything, AreaMoney: everything, AreaWork: everything, AreaQueue: everything,
		AreaViews: everything, AreaSettings: everything, AreaUsers: everything,
	}},
	{Name: Guest},
}

// Roles lists the roles.
func Roles() []Role { return slices.Clone(roles) }

// RoleNamed finds a role; a name that is none is a guest's.
func RoleNamed(name string) Role {
	for _, r := range roles {
		if r.Name == name {
			return r
		}
	}
	return roles[len(roles)-1]
}

// Has tells whether the role has a power.
func (r Role) Has(p Power) bool { return slices.Contains(r.Powers, p) }

// Hides tells whether the role must not see a field.
func (r Role) Hides(k Kind, f *Field) bool {
	return !r.Money && f.Type == TMoney || !r.Personal && f.Has(FPersonal)
}

// HidesAny tells whether there is something that the role must not see.
func (r Role) HidesAny() bool { return !r.Money || !r.Personal }

// RightError says which right a person lacks for what they wanted.
type RightError struct {
	User string
	Role string
	What string // "edit customers"
	Has  string // what the role may do instead
}

// Error implements error.
func (e *RightError) Error() string {
	text := fmt.Sprintf("%s is %s, who may not %s", e.User, e.Role, e.What)
	if e.Has != "" {
		text += " (" + e.Has + ")"
	}
	return text
}

// MayHandOver checks the right to a file of items for engineers: to export, or to work on everybody's items, as the
// hotline does, whose work it is.
func (m Member) MayHandOver() error {
	if m.Role.Grants[AreaQueue].Edit == All {
		return nil
	}
	return m.May(PowerExport)
}

// Member is somebody who works in a book, as their rights go.
type Member struct {
	Handle string
	Team   string
	Role   Role
}

// MemberOf reads a person from their user record; nil is somebody whom the book does not know.
func MemberOf(handle string, user *Record) Member {
	if user == nil {
		return Member{Handle: handle, Role: RoleNamed(Guest)}
	}
	return Member{Handle: handle, Team: user.Get("team").Str(), Role: RoleNamed(user.Get("role").Str())}
}

// May checks a power. The error is a *RightError.
func (m Member) May(power Power) error {
	if m.Role.Has(power) {
		return nil
	}
	return &RightError{User: m.Handle, Role: m.Role.Name, What: string(power)}
}

// Change checks the right to turn one version of a record into another; nil stands for "not there".
// Customer finds the customer of a record. The error is a *RightError.
func (m Member) Change(before, after *Record, customer func(ID) *Record) error {
	r, verb := before, "edit"
	g := func(g Grant) Reach { return g.Edit }
	switch {
	case before == nil:
		r, verb = after, "add"
		g = func(g Grant) Reach { return g.Add }
	case after == nil:
		verb = "remove"
		g = func(g Grant) Reach { return g.Remove }
	}
	reach := g(m.Role.Grants[AreaOf(r.Kind)])
	if reach == All || reach > Nobody && m.reaches(r, reach, customer) {
		return nil
	}
	e := &RightError{User: m.Handle, Role: m.Role.Name, What: verb + " " + pluralOf(r.Kind)}
	if reach > Nobody {
		what := "it"
		if title := r.Title(); title != "" {
			what = "“" + title + "”"
		}
		e.What += fmt.Sprintf("; %s belongs to %s", what, ownersOf(r, customer))
		e.Has = "only " + map[Reach]string{Own: "their own", Team: "those of their team"}[reach]
	}
	return e
}

func pluralOf(k Kind) string {
	if s := SchemaOf(k); s != nil {
		return s.Plural
	}
	return "records of an unknown kind"
}

// reaches tells whether a record is the person's own, or their team's.
func (m Member) reaches(r *Record, reach Reach, customer func(ID) *Record) bool {
	owners, team := belonging(r, customer)
	return len(owners) == 0 || slices.Contains(owners, m.Handle) || reach == Team && m.Team != "" && team == m.Team
}

// belonging lists who owns a record: the people that it names itself, and the owners of its customer.
func belonging(r *Record, customer func(ID) *Record) (owners []string, team string) {
	add := func(r *Record) {
		for _, name := range []string{"owner", "sales_owner", "renewal_owner", "by", "handle"} {
			if who := r.Get(name).Str(); who != "" && !slices.Contains(owners, who) {
				owners = append(owners, who)
			}
		}
		if team == "" {
			team = r.Get("team").Str()
		}
	}
	add(r)
	ids := r.Get("customer").IDs()
	for _, id := range append(ids, r.Get("customers").IDs()...) {
		if c := customer(id); c != nil {
			add(c)
		}
	}
	return owners, team
}

func ownersOf(r *Record, customer func(ID) *Record) string {
	owners, _ := belonging(r, customer)
	text := ""
	for i, o := range owners {
		switch {
		case i > 0 && i == len(owners)-1:
			text += " and "
		case i > 0:
			text += ", "
		}
		text += o
	}
	return text
}
