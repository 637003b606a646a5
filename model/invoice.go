package model

import "opsdeck/model/day"

// InvoiceState tells the state of an invoice on a day and how many days it is or was late: coming
// before its date, settled from the day it was paid, overdue after its due day, else open.
func InvoiceState(date, due, settled, today day.Day) (state string, daysLate int) {
	switch {
	case date.IsSet() && date > today:
		return "coming", 0
	case settled.IsSet() && settled <= today:
		if due.IsSet() && settled > due {
			return "settled", int(settled - due)
		}
		return "settled", 0
	case due.IsSet() && due < today:
		return "overdue", int(today - due)
	}
	return "open", 0
}
