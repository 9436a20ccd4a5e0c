package main

import (
	"os"
	"path/filepath"
	"testing"
)

// An output has its name only when it is complete; one that is given up leaves
// nothing, and what was there before stays.
func TestOutput(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "result.json")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, ok := range []bool{false, true} {
		out, err := create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.WriteString("new"); err != nil {
			t.Fatal(err)
		}
		if data, _ := os.ReadFile(path); string(data) != "old" {
			t.Errorf("before it is done the file holds %q", data)
		}
		if err := out.done(ok); err != nil {
			t.Fatal(err)
		}
		want := map[bool]string{false: "old", true: "new"}[ok]
		if data, _ := os.ReadFile(path); string(data) != want {
			t.Errorf("done(%v): the file holds %q, want %q", ok, data, want)
		}
		if files, _ := os.ReadDir(dir); len(files) != 1 {
			t.Errorf("done(%v) leaves %v", ok, files)
		}
	}
}

// What is interrupted is removed.
func TestUnfinishedIsRemoved(t *testing.T) {
	dir := t.TempDir()
	if _, err := create(filepath.Join(dir, "result.json")); err != nil {
		t.Fatal(err)
	}
	unfinished.remove()
	unfinished.set("")
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}
