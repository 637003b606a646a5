package exchange

// Mapping says what the columns of a source become. It is kept as TOML, in files that people pass
// on and in the book, which remembers it for the header that it was made for.
type Mapping struct {
	Signature  string            `toml:"signature,omitempty"` // of the header it was made for
	Source     string            `toml:"source,omitempty"`
	Kind       string            `toml:"kind,omitempty"`
	Dates      string            `toml:"dates,omitempty"`
	Decimal    string            `toml:"decimal,omitempty"`
	Fields     map[string]string `toml:"fields,omitempty"`     // column → field
	Fixed      map[string]string `toml:"fixed,omitempty"`      // field → value
	Transforms map[string]string `toml:"transforms,omitempty"` // column → name of a transform
}
