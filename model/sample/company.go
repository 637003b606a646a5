package sample

import (
	"strconv"

	"opsdeck/model"
)

// The vendor and its product are made up.
const (
	company = "Quillharbor Software"
	product = "Quayline"
)

// features are the product's functions; a plan contains the first few of them.
var features = []string{
	"Order desk", "Approval flows", "Dashboards", "Mobile capture", "Stock forecast",
	"Supplier portal", "Invoice match", "Shift planner", "Data exchange", "Audit trail",
}

type plan struct {
	name     string
	features int
	perSeat  float64 // USD a year
}

var plans = []plan{{"Core", 4, 240}, {"Plus", 6, 320}, {"Scale", 8, 390}, {"Enterprise", 10, 460}}

type user struct {
	handle, name, role, team, seniority string
	capacity                            int
}

var staff = []user{
	{"ana", "Ana Castell", "csm", "Key accounts", "senior", 18},
	{"mei", "梅若宁", "csm", "Key accounts", "senior", 18},
	{"ines", "Inês Caldas", "csm", "Atlantic", "experienced", 60},
	{"noah", "Noah Brandt", "csm", "Atlantic", "ordinary", 120},
	{"lucia", "Lucía Ferrándiz", "csm", "Iberia", "experienced", 60},
	{"wen", "温亦舟", "csm", "China", "ordinary", 110},
	{"yuki", "望月ゆき", "csm", "Japan", "experienced", 60},
	{"bo", "Bo Lindqvist", "hotline", "Hotline", "experienced", 0},
	{"omar", "Omar Haddad", "sales", "Sales", "senior", 0},
	{"priya", "Priya Raman", "lead", "Customer success", "senior", 0},
	{"jonas", "Jonas Vrba", "administrator", "Operations", "experienced", 0},
	{"nadia", "Nadia Okafor", "product", "Product", "senior", 0},
	{"tomas", "Tomás Ibarra", "engineer", "Engineering", "experienced", 0},
	{"elif", "Elif Arslan", "marketing", "Marketing", "ordinary", 0},
}

func (g *generator) users() {
	for i, u := range staff {
		r := g.record(model.User)
		r.Set("handle", model.Text(u.handle))
		r.Set("name", model.Text(u.name))
		r.Set("external_id", model.Text("U-"+strconv.Itoa(i+1)))
		r.Set("role", model.Pick(u.role))
		r.Set("team", model.Text(u.team))
		r.Set("seniority", model.Pick(u.seniority))
		if u.capacity > 0 {
			r.Set("capacity", model.Number(float64(u.capacity)))
		}
		g.emit()
	}
}

// perUSD is how many units of a currency one US dollar is worth in the made world.
var perUSD = map[string]float64{"USD": 1, "EUR": 0.92, "CNY": 7.1, "JPY": 150}

func (g *generator) settings() {
	for _, s := range [][2]string{
		{"company.name", company},
		{"company.currency", "USD"},
		{"rate.CNY", "0.1408"},
		{"rate.EUR", "1.087"},
		{"rate.JPY", "0.00667"},
	} {
		r := g.record(model.Setting)
		r.Set("key", model.Text(s[0]))
		r.Set("value", model.Long(s[1]))
		g.emit()
	}
}
