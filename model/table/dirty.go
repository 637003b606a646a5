package table

import (
	"opsdeck/model"
	"opsdeck/model/day"
)

// dirtyRows are the rows whose figures must be computed again.
type dirtyRows struct {
	all       bool
	customers map[int32]bool
	contracts map[int32]bool
	chained   map[int32]bool // contracts from which the others of their chain have been noted
	items     map[int32]bool
	invoices  map[int32]bool
	contacts  map[int32]bool
	articles  map[int32]bool
	benefits  map[int32]bool
	usage     bool    // rows of usage
	orders    bool    // a customer who has ordered
	month     day.Day // of usage, where it is given from outside
	alone     bool    // of all, the figures of customers alone
}

func newDirty(all bool) *dirtyRows {
	return &dirtyRows{
		month: day.None, all: all, customers: map[int32]bool{}, contracts: map[int32]bool{}, chained: map[int32]bool{}, items: map[int32]bool{},
		invoices: map[int32]bool{}, contacts: map[int32]bool{}, articles: map[int32]bool{}, benefits: map[int32]bool{},
	}
}

// touch notes a record before or after its change: itself and the customers that it belongs to.
func (d *dirtyRows) touch(s *Snapshot, k model.Kind, row int32) {
	if d.all {
		return
	}
	t := s.tables[k]
	switch k {
	case model.Customer:
		d.customers[row] = true
		contracts := s.tables[model.Contract] // Amounts without a currency have the customer's.
		for _, k := range contracts.cols[contractAt.customer].kids.get(row) {
			d.contract(contracts, k)
		}
		for _, k := range s.tables[model.Benefit].cols[benefitAt.customer].kids.get(row) {
			d.benefits[k] = true
		}
		d.orders = d.orders || len(s.tables[model.Order].cols[orderAt.customer].kids.get(row)) > 0
		return
	case model.Usage:
		d.usage = true
	case model.Contract:
		d.contract(t, row)
	case model.Item:
		d.items[row] = true
		for _, c := range t.cols[itemAt.customers].lists.get(row) {
			d.addCustomer(c)
		}
		d.addArticle(t.cols[itemAt.article].row(row))
		return
	case model.Voice:
		d.addItem(t.cols[voiceAt.item].row(row))
		return
	case model.Telling:
		d.addItem(t.cols[tellingAt.item].row(row))
		return
	case model.Decision:
		d.addItem(t.cols[decisionAt.item].row(row))
		return
	case model.Article:
		d.articles[row] = true
		return
	case model.Invoice:
		d.invoices[row] = true
	case model.Contact:
		d.contacts[row] = true
	case model.Benefit:
		d.benefits[row] = true
	case model.Task:
		if c := t.cols[taskAt.contract].row(row); c >= 0 {
			d.contracts[c] = true
		}
	case model.Touch:
		for _, c := range t.cols[touchAt.contacts].lists.get(row) {
			d.contacts[c] = true
			// Whom a touch names may be of another customer than the one that it is filed with.
			d.addCustomer(s.tables[model.Contact].cols[contactAt.customer].row(c))
		}
	}
	d.addCustomer(t.To(row, "customer"))
}

// contract notes what a contract may change: those that it follows, those that are decided with it,
// and its siblings, which it may follow by its dates.
func (d *dirtyRows) contract(t *Table, row int32) {
	delete(d.chained, row)
	d.chain(t, row)
	if siblings := t.cols[contractAt.customer].kids.get(t.cols[contractAt.customer].row(row)); len(siblings) <= manySiblings {
		for _, k := range siblings {
			d.chain(t, k)
		}
	}
}

// chain notes a contract and, from there, what it follows and its group.
func (d *dirtyRows) chain(t *Table, row int32) {
	if row < 0 || d.chained[row] {
		return
	}
	d.chained[row], d.contracts[row] = true, true
	d.addCustomer(t.cols[contractAt.customer].row(row))
	d.chain(t, t.cols[contractAt.predecessor].row(row))
	for _, k := range t.cols[contractAt.merged].lists.get(row) {
		d.chain(t, k)
	}
	d.chain(t, t.cols[contractAt.framework].row(row))
	for _, k := range t.cols[contractAt.framework].kids.get(row) {
		d.chain(t, k)
	}
}

func (d *dirtyRows) addItem(row int32) {
	if row >= 0 {
		d.items[row] = true
	}
}

func (d *dirtyRows) addArticle(row int32) {
	if row >= 0 {
		d.articles[row] = true
	}
}

func (d *dirtyRows) addCustomer(row int32) {
	if row >= 0 {
		d.customers[row] = true
	}
}
