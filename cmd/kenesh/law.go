package main

import (
	"cmp"
	"os"

	"github.com/spf13/cobra"

	"kenesh/internal/finding"
	"kenesh/internal/rules"
)

// lawFlags say by which law votes are counted, and who stands.
type lawFlags struct {
	rules, ballot string
}

func (l *lawFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&l.rules, "rules", os.Getenv("KENESH_RULES"), "the law: a built-in name or a rules `FILE` (left out: that of the ballot, else "+rules.Default+")")
	f.StringVar(&l.ballot, "ballot", "", "who stands: alliances, minorities, seats held or announced, in a `FILE` (kenesh help ballot)")
	complete(cmd, "rules", rules.Names)
}

// load reads the law, and the ballot if there is one. What is wrong goes to log.
func (l *lawFlags) load(log *finding.Log) (*rules.Rules, *rules.Ballot) {
	name := l.rules
	var ballot *rules.Ballot
	if l.ballot != "" {
		if ballot, _ = rules.LoadBallot(l.ballot, log); ballot != nil {
			name = cmp.Or(name, ballot.Law)
		}
	}
	law, _ := rules.Load(cmp.Or(name, rules.Default), log)
	return law, ballot
}
