package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
	"opsdeck/model/table"
)

// The words of the report: what stands around a customer, and by which link.
const (
	aFirm   = "firm"
	aPerson = "person"
)

// The links by which somebody stands around a customer.
const (
	linkGroup    = "same group"
	linkPartner  = "partner of the group"
	linkWorks    = "their mail is used here"
	linkReferred = "came by them"
	linkUnknown  = "not in the book"
	linkPerson   = "never met"
)

// mailHosts are where people of any firm have a mailbox: such an address says nothing about a firm.
var mailHosts = []string{
	"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.co.jp", "icloud.com", "me.com", "proton.me",
	"gmx.com", "gmx.de", "gmx.net", "web.de", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com", "aol.com", "mail.com", "docomo.ne.jp", "hotmail.es",
}

// Around lists the long tail of the customers in force (row C9 of the brief): people beside the decision chain whom nobody
// has met, and firms that stand near and buy little or nothing yet. The largest customers come first: a word from
// them opens most doors.
func Around(s *table.Snapshot, a Args) (Report, error) {
	r := Report{
		Name: "around", Title: "People and firms around customers on " + s.Today.String(),
		Definition: "around the customers in force: firms of the same group, firms whose mail addresses people here have, and firms that came by them (channel), as far as they are no customers yet or small; and people with the role user, admin, finance or procurement who are not against and whom nobody has met",
		Columns: []Column{
			{"customer", "Customer"},
			{"tier", "Tier"},
			{"owner", "Owner"},
			{"who", "Who"},
			{"neighbour", "Person or firm"},
			{"connection", "Connection"},
			{"status", "Status"},
			{"evidence", "Evidence"},
			{"customer_arr", "ARR of the customer"},
		},
	}
	tail := newTail(s)
	t := s.Table(model.Customer)
	t.Rows(func(row int32) bool {
		if inForce(t, row) && (a.Owner == "" || t.Str(row, "owner") == a.Owner) {
			for _, n := range tail.around(row) {
				r.Rows = append(r.Rows, []Cell{
					text(s.Title(model.Customer, row)), text(t.Str(row, "tier")), text(t.Str(row, "owner")), text(n.who), text(n.what), text(n.link),
					text(n.status), text(n.evidence), money(tail.arr(row)),
				})
			}
		}
		return true
	})
	slices.SortStableFunc(r.Rows, func(x, y []Cell) int {
		return cmp.Or(cmp.Compare(y[8].Number, x[8].Number), strings.Compare(x[0].Text, y[0].Text), strings.Compare(x[4].Text, y[4].Text), strings.Compare(x[3].Text, y[3].Text))
	})
	return r, nil
}

func inForce(t *table.Table, row int32) bool {
	status := t.Str(row, "status")
	return status == "customer" || status == "cancelled"
}

// neighbour is one row of the tail.
type neighbour struct{ who, what, link, status, evidence string }

// tail finds who stands around a customer.
type tail struct {
	s                   *table.Snapshot
	customers, contacts *table.Table
	byDomain            map[string]int32   // firms by their web domain
	cameBy              map[string][]int32 // firms by the channel they came through, folded
}

func newTail(s *table.Snapshot) *tail {
	f := &tail{s: s, customers: s.Table(model.Customer), contacts: s.Table(model.Contact), byDomain: map[string]int32{}, cameBy: map[string][]int32{}}
	f.customers.Rows(func(row int32) bool {
		if d := domain(f.customers.Str(row, "domain")); d != "" {
			if _, taken := f.byDomain[d]; !taken {
				f.byDomain[d] = row
			}
		}
		if by := strings.ToLower(strings.TrimSpace(f.customers.Str(row, "channel"))); by != "" {
			f.cameBy[by] = append(f.cameBy[by], row)
		}
		return true
	})
	return f
}

// arr is the yearly revenue of a customer in the company's currency, ten-thousandths.
func (f *tail) arr(row int32) int64 {
	return int64(f.s.CompanyARR(row))
}

func (f *tail) around(row int32) []neighbour {
	var out []neighbour
	seen := map[int32]bool{row: true}
	firm := func(other int32, link, evidence string) {
		if other < 0 || seen[other] || !f.customers.Live(other) || inForce(f.customers, other) && f.customers.Str(other, "tier") != model.TierSmall {
			return
		}
		seen[other] = true
		out = append(out, neighbour{f.s.Title(model.Customer, other), aFirm, link, f.customers.Str(other, "status"), evidence})
	}
	f.group(row, firm)
	name := strings.ToLower(f.s.Title(model.Customer, row))
	for _, other := range f.cameBy[name] {
		firm(other, linkReferred, "channel "+f.customers.Str(other, "channel"))
	}
	return append(out, f.people(row, firm)...)
}

// group finds the firms that a customer is parent of, those with the same parent, and the parent.
func (f *tail) group(row int32, firm func(other int32, link, evidence string)) {
	link := func(other int32) string {
		if f.customers.Bool(other, "partner") {
			return linkPartner
		}
		return linkGroup
	}
	for _, other := range f.customers.Kids(row, "parent") {
		firm(other, link(other), "its parent is this customer")
	}
	parent := f.customers.To(row, "parent")
	if parent < 0 {
		return
	}
	firm(parent, link(parent), "parent of this customer")
	for _, other := range f.customers.Kids(parent, "parent") {
		firm(other, link(other), "parent "+f.s.Title(model.Customer, parent))
	}
}

// people finds those beside the decision chain whom nobody has met, and the firms that people's addresses lead to.
func (f *tail) people(row int32, firm func(other int32, link, evidence string)) []neighbour {
	var out []neighbour
	own := domain(f.customers.Str(row, "domain"))
	unknown := map[string]bool{}
	for _, k := range f.contacts.Kids(row, "customer") {
		if !f.contacts.Live(k) || !f.contacts.Value(k, "left_on").IsZero() {
			continue
		}
		name := f.s.Title(model.Contact, k)
		if role := f.contacts.Str(k, "role"); beside(role) && f.contacts.Str(k, "stance") != "against" && f.contacts.Value(k, "last_touch").IsZero() {
			out = append(out, neighbour{name, aPerson, linkPerson, cmp.Or(role, "no role known"), strings.TrimSpace(f.contacts.Str(k, "stance") + " " + f.contacts.Str(k, "title"))})
		}
		at := domain(f.contacts.Str(k, "email"))
		if at == "" || at == own || own == "" || under(at, own) || slices.Contains(mailHosts, at) || f.s.Hides(model.Contact, "email") {
			continue
		}
		if other, known := f.byDomain[at]; known {
			firm(other, linkWorks, name+" writes from there")
		} else if !unknown[at] {
			unknown[at] = true
			out = append(out, neighbour{at, aFirm, linkUnknown, "", fmt.Sprintf("%s writes from there", name)})
		}
	}
	return out
}

// beside tells the roles that stand beside the decision chain.
func beside(role string) bool {
	switch role {
	case "decision maker", "veto holder", "champion":
		return false
	}
	return true
}

// domain is the domain of a mail address or of a web address, in small letters.
func domain(address string) string {
	d := strings.ToLower(strings.TrimSpace(address))
	d = d[strings.LastIndexByte(d, '@')+1:]
	if _, after, ok := strings.Cut(d, "://"); ok {
		d = after
	}
	d, _, _ = strings.Cut(d, "/")
	return strings.TrimPrefix(d, "www.")
}

// under tells whether one domain is part of another, either way round.
func under(a, b string) bool {
	return strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}
