// Package sample makes the book of a company that does not exist: a vendor of operations software
// with its customers, contracts and everything that happened with them, for trying opsdeck out and
// for measuring it. The same seed makes the same book.
//
// How many records there are per customer depends on the size of the book:
//
//	customers      up to 2,000   above
//	contacts            2.4      1.25
//	contracts           1.6      1.25
//	orders              1.9      0.3
//	invoices            1.75     0.2
//	items               1.2      2
//	touches             2        0.4
//	tasks               0.7      0.1
//	deals               0.3      0.1
//	churns              0.15     0.15
//	usage              17        0.2   one per feature and month, of customers in force
//
// That is 13 records per customer and usage beside them, or 7 in large books: 100,000 customers make
// 690,000 records.
//
// Every customer has a size (8 % large, 27 % mid, 65 % small), a fate (prospect, coming, active,
// leaving, lost) and a mood; usage, payment, stances, renewals and sentiment follow from these, so
// that a customer's records tell one story.
package sample
