package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kenesh/internal/finding"
)

// Every kind of finding that kenesh help findings lists is one that a test wants.
func TestEveryCodeHasATest(t *testing.T) {
	var tests strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, ".txtar") {
			return err
		}
		data, err := os.ReadFile(path)
		tests.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range finding.Codes {
		if !regexp.MustCompile(`\b` + c.Name + `\b[^-]`).MatchString(tests.String()) {
			t.Errorf("no test wants a finding %s", c.Name)
		}
	}
}
