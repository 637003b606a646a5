package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"opsdeck/store/exchange"
)

// customersFile writes a file of n customers with the ten columns that such files usually have.
func customersFile(n int) string {
	var b strings.Builder
	b.WriteString("Customer ID,Company Name,Industry,Country,City,Phone,Website,Employees,Customer Since,Plan\n")
	for i := range n {
		fmt.Fprintf(&b, "C-%06d,Company %d GmbH,Industry %d,Germany,City %d,+49 30 %08d,https://www.company%d.example/about,%d,%04d-%02d-%02d,Pro\n",
			i, i, i%17, i%97, i, i, i%5000+1, 2015+i%10, i%12+1, i%28+1)
	}
	return b.String()
}

func BenchmarkPlan100kCustomers(b *testing.B) {
	text := customersFile(100_000)
	book := newBook(b)
	b.ResetTimer()
	for b.Loop() {
		if s := planText(b, book, "customers.csv", text, exchange.Options{}).Summary(book.NewID()); s.Created != 100_000 {
			b.Fatal(s)
		}
	}
}
