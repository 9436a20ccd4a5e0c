package main

import (
	"errors"
	"syscall"
)

// isPipe reports whether a write failed because nobody reads any more.
func isPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
