package cli

import (
	"context"
	"errors"
	"fmt"

	"opsdeck/model"
	"opsdeck/model/query"
	"opsdeck/store"
	"opsdeck/store/engine"
	"opsdeck/store/exchange"
	"opsdeck/store/exchange/tabular"
	"opsdeck/store/files"
)

// The exit statuses.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitPartly   = 3
	exitNotFound = 4
	exitRefused  = 5
)

// statusError is an error whose exit status is known where it is made.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }

func (e *statusError) Unwrap() error { return e.err }

func failedf(format string, args ...any) error {
	return &statusError{exitFailed, fmt.Errorf(format, args...)}
}

func usagef(format string, args ...any) error {
	return &statusError{exitUsage, fmt.Errorf(format, args...)}
}

func refusedf(format string, args ...any) error {
	return &statusError{exitRefused, fmt.Errorf(format, args...)}
}

func notFoundf(format string, args ...any) error {
	return &statusError{exitNotFound, fmt.Errorf(format, args...)}
}

// errQuiet ends a verb with a status when everything has been said already.
var errQuiet = errors.New("")

func quietly(status int) error { return &statusError{status, errQuiet} }

// statusOf turns an error into the exit status of the contract.
func statusOf(err error) int {
	var status *statusError
	var syntax *query.Error
	var field *model.FieldError
	var usage *exchange.UsageError
	var ambiguous *tabular.Ambiguous
	var conflict *model.ConflictError
	var unfit *model.ActionError
	var unmerged *model.MergeError
	var locked *engine.LockedError
	var right *model.RightError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &status):
		return status.status
	case errors.As(err, &syntax), errors.As(err, &field), errors.As(err, &usage), errors.As(err, &ambiguous),
		errors.Is(err, store.ErrAmbiguous), errors.Is(err, engine.ErrNoDirectory):
		return exitUsage
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrNothing), errors.Is(err, engine.ErrNotFound):
		return exitNotFound
	case errors.As(err, &conflict), errors.As(err, &unfit), errors.As(err, &unmerged), errors.As(err, &locked), errors.As(err, &right), errors.Is(err, store.ErrRefused),
		errors.Is(err, store.ErrReadOnly), errors.Is(err, engine.ErrReadOnly), errors.Is(err, engine.ErrReadOnlyTx), errors.Is(err, files.ErrBook):
		return exitRefused
	}
	return exitFailed
}

// explain words an error for people, with what to do where the error itself does not say so.
func explain(err error) string {
	switch {
	case err == nil || errors.Is(err, errQuiet):
		return ""
	case errors.Is(err, context.Canceled):
		return "stopped; nothing was saved"
	case errors.Is(err, engine.ErrNotFound):
		return err.Error() + "; 'opsdeck import FILE' or 'opsdeck add' makes one, --book names another, 'opsdeck demo' shows a sample"
	}
	return err.Error()
}

// errIsNotFound tells whether an error says that a record is not there.
func errIsNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }
