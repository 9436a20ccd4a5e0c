package rules

import _ "embed"

//go:embed grammar.txt
var grammar string

// Grammar is the manual of rules files, with a whole one as its example.
func Grammar() string { return grammar }
