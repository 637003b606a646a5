package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"opsdeck/model"
)

// What can go wrong above the engine, one error for each exit code of the command line.
var (
	ErrNotFound  = errors.New("not found")
	ErrAmbiguous = errors.New("is not unique")
	ErrRefused   = errors.New("refused")
	ErrReadOnly  = errors.New("the book is open for reading only")
)

// ErrNothing says that there was nothing to undo, to redo or to save.
var ErrNothing error = nothingError{}

type nothingError struct{}

func (nothingError) Error() string { return "nothing to do" }

// NothingToDo lets those who may not know this package tell the error from a failure.
func (nothingError) NothingToDo() bool { return true }

// RefusedError says why a step cannot be taken, with every reason that was found, up to a limit.
type RefusedError struct {
	What    string // "undo of import of 500 customers"
	Reasons []string
	More    int // reasons beyond the limit
}

// Error implements error.
func (e *RefusedError) Error() string {
	s := e.What + " is refused: " + strings.Join(e.Reasons, "; ")
	if e.More > 0 {
		s += fmt.Sprintf("; and %d more reasons", e.More)
	}
	return s
}

// Is makes a RefusedError match ErrRefused.
func (e *RefusedError) Is(target error) bool { return target == ErrRefused }

// maxReasons is how many reasons a refusal lists.
const maxReasons = 5

// add notes a reason, each once.
func (e *RefusedError) add(reason string) {
	if slices.Contains(e.Reasons, reason) {
		return
	}
	if len(e.Reasons) < maxReasons {
		e.Reasons = append(e.Reasons, reason)
	} else {
		e.More++
	}
}

// isConflict tells whether an error is about a record that is not as its author had seen it.
func isConflict(err error) bool {
	var c *model.ConflictError
	return errors.As(err, &c)
}
