// Package cli is the command line: one verb to a file, all of them under one contract.
//
// The rules are:
//   - Data goes to standard output and words go to standard error, so that output can be piped.
//   - The exit status says how it went: 0 done, 1 failed, 2 wrong usage, 3 partly done, 4 not found,
//     5 refused (rights, lock, conflict).
//   - -o json is an array of objects with keys in snake_case; rates are percent rounded to two
//     decimals, money is a decimal in major units beside its currency.
//   - Nothing prompts; what needs a terminal says so and exits 2 where there is none.
//   - The package holds no rules of its own: it reads arguments, asks the book and prints.
package cli
