// Package same tells by what two records may be one: the marks of customers and contacts, how sure each
// is, and which record of many has the same one. Imports suspect duplicates by it, the report lists them.
// It decides nothing: people merge.
package same
