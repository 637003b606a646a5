package exchange

import (
	"slices"

	"opsdeck/model"
)

// tradePresets read orders, invoices, contracts and registers of companies.
func tradePresets() []preset {
	return slices.Concat(northwindPresets(), []preset{
		{source: "rfm", kind: model.Order, need: []string{"customerid orderdate revenue"}, cols: []col{
			{"customer_id", "customer", ""},
			{"order_date", "date", ""},
			{"revenue", "amount", ""},
			{"first_name", "customer.x.first_name", ""},
			{"last_name", "customer.x.last_name", ""},
			{"email", "customer.x.email", ""},
		}},
		{source: "receivables", kind: model.Invoice, need: []string{"customerid invoicenumber invoicedate duedate invoiceamount"}, cols: []col{
			{"customerID", "customer", ""},
			{"invoiceNumber", "key", ""},
			{"invoiceNumber", "number", ""},
			{"InvoiceDate", "date", ""},
			{"DueDate", "due", ""},
			{"InvoiceAmount", "amount", ""},
			{"Disputed", "disputed", ""},
			{"SettledDate", "settled", ""},
		}},
		// Contracts of a Brazilian university; the counterparty's register number and name share a cell.
		{
			source: "ufrn", kind: model.Contract, need: []string{"contrato contratado valor inicio vencimento"},
			set: map[string]string{"currency": "BRL", "per": "term"},
			cols: []col{
				{"contrato", "number", ""},
				{"contrato", "name", ""},
				{"contratado", "customer", asRegidName},
				{"valor", "amount", ""},
				{"objeto", "subject", ""},
				{"inicio", "start", ""},
				{"vencimento", "end", ""},
			},
		},
		// The register of companies that report to the Japanese financial authority.
		{
			source: "edinet", kind: model.Customer, need: []string{"edinetコード 提出者名"},
			set: map[string]string{"country": "Japan"},
			cols: []col{
				{"ＥＤＩＮＥＴコード", "key", ""},
				{"提出者名", "name", ""},
				{"提出者名（英字）", "local_name", ""},
				{"提出者種別", "type", ""},
				{"上場区分", "brand", "listing"},
				{"所在地", "address", ""},
				{"提出者業種", "industry", ""},
				{"提出者法人番号", "registered_id", ""},
			},
		},
	})
}

// northwindPresets read a small trading company. Freight is not part of an order's amount, which is
// the sum of its lines.
func northwindPresets() []preset {
	return []preset{
		{source: "northwind", kind: model.Customer, need: []string{"customerid companyname contactname"}, cols: []col{
			{"customerID", "key", ""},
			{"companyName", "name", ""},
			{"address", "address", ""},
			{"city", "city", ""},
			{"region", "region", ""},
			{"postalCode", "postal_code", ""},
			{"country", "country", ""},
			{"phone", "phone", ""},
		}},
		{source: "northwind", kind: model.Order, need: []string{"orderid customerid orderdate freight"}, cols: []col{
			{"orderID", "key", ""},
			{"customerID", "customer", ""},
			{"orderDate", "date", ""},
			{"requiredDate", "required", ""},
			{"shippedDate", "shipped", ""},
			{"freight", "freight", ""},
		}},
		{source: "northwind", kind: model.Order, lines: true, need: []string{"orderid productid unitprice quantity"}, cols: []col{
			{"orderID", "key", ""},
			{"productID", "~product", ""},
			{"unitPrice", "~price", asNumber},
			{"quantity", "~quantity", asNumber},
			{"discount", "~discount", asNumber},
		}},
	}
}
