// Package sla tells when a promise to a customer falls due: working time on calendars, clocks that can
// be paused, and a ledger that lists every interval like a bank statement.
//
// The rules are:
//   - Instants are seconds since 1970 UTC; a calendar turns them into wall-clock time of its zone and
//     back. Where a clock change leaves an hour out, there is no working time in it; where an hour comes
//     twice, both count.
//   - Intervals are half-open: a frame 09:00-17:00 begins with 09:00:00 and ends before 17:00:00.
//   - Targets and pauses are measured in working seconds of the calendar.
//   - Nothing here reads a clock, a file or a record; "now" is always handed in.
package sla
