package serve

import (
	"io"
	"os"

	"github.com/muesli/cancelreader"
)

// keys reads a terminal and can stop reading it without taking a key that is meant for whoever reads
// next.
type keys struct {
	cancelreader.CancelReader
}

func newKeys(in *os.File) *keys {
	r, err := cancelreader.NewReader(in)
	if err != nil {
		return &keys{plain{in}}
	}
	return &keys{r}
}

// plain is a reader that cannot be stopped, for what is no terminal.
type plain struct{ io.Reader }

func (plain) Cancel() bool { return false }
func (plain) Close() error { return nil }
