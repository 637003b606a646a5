package scorecard

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// MaxLength bounds the text of a scorecard, in bytes.
const MaxLength = 64 << 10

// Parse reads a scorecard. Keys that mean nothing are errors, as a slip of the pen would go unseen.
func Parse(text string) (*Card, error) {
	if len(text) > MaxLength {
		return nil, fmt.Errorf("the scorecard has %d bytes; at most %d are possible", len(text), MaxLength)
	}
	c := &Card{Purpose: ForTier, MinCoverage: 40, Margin: 3, Runs: 2}
	meta, err := toml.Decode(text, c)
	if err != nil {
		var at toml.ParseError
		if errors.As(err, &at) {
			return nil, fmt.Errorf("line %d: %s", at.Position.Line, at.Message)
		}
		return nil, errors.New(strings.TrimPrefix(err.Error(), "toml: "))
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("%s means nothing in a scorecard; 'opsdeck scorecard show' prints one to begin with", unknown[0])
	}
	return c, nil
}

// TOML writes a scorecard so that Parse reads it.
func (c *Card) TOML() string {
	var b bytes.Buffer
	e := toml.NewEncoder(&b)
	e.Indent = ""
	if err := e.Encode(c); err != nil {
		return "" // A card has nothing that TOML could not write.
	}
	return b.String()
}
