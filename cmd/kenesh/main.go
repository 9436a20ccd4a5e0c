// Kenesh counts elections: it reads precinct vote files, applies an electoral law
// written as data, and states the seats of a parliament, exactly and with its
// reasons. See the README, and kenesh help.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
