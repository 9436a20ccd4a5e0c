package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kenesh/internal/finding"
)

// Stdin is how standard input is named among files.
const Stdin = "-"

// Expand makes of the arguments of a command the vote files that they mean:
// a directory stands for the tables in it and below it, a pattern for what it
// matches. The result is sorted by path, so that no order of giving them shows
// in any output, and holds each file once: a file given twice is an error.
func Expand(args []string, log *finding.Log) []string {
	var files []string
	for _, arg := range args {
		switch st, err := os.Stat(arg); {
		case arg == Stdin:
			files = append(files, arg)
		case err == nil && st.IsDir():
			files = append(files, tables(arg, log)...)
		case err == nil:
			files = append(files, filepath.Clean(arg))
		default:
			matches, _ := filepath.Glob(arg)
			if len(matches) == 0 {
				log.Add(fileError("FILE", arg, "%s", reason(err)))
			}
			files = append(files, matches...)
		}
	}
	slices.Sort(files)
	return once(files, log)
}

// tables lists the files of a directory that are tables by their names.
func tables(dir string, log *finding.Log) []string {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != dir && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return filepath.SkipDir
			}
		case d.IsDir():
		case isTable(d.Name()):
			files = append(files, path)
		case isOtherData(d.Name()):
			log.Add(finding.Finding{Code: "FORMAT", Severity: finding.Warning, File: path, Message: "left out: of a directory only " + tableNames("and") + " files are read, also as .gz or .zst"})
		}
		return nil
	})
	if err != nil {
		log.Add(fileError("FILE", dir, "%s", reason(err)))
	} else if len(files) == 0 {
		log.Add(fileError("EMPTY", dir, "no %s files in this directory", tableNames("or")))
	}
	return files
}

// tableEndings are those of the names of tables.
var tableEndings = []string{".csv", ".tsv", ".txt", ".json", ".jsonl", ".xlsx", ".xml", ".zip"}

// tableNames lists them for a message.
func tableNames(word string) string {
	n := len(tableEndings) - 1
	return strings.Join(tableEndings[:n], ", ") + " " + word + " " + tableEndings[n]
}

func isTable(name string) bool {
	name = strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(name), ".gz"), ".zst")
	return slices.Contains(tableEndings, filepath.Ext(name))
}

// isOtherData reports whether a file may hold votes in a form that is not read
// here, so that leaving it out must be said.
func isOtherData(name string) bool {
	switch filepath.Ext(strings.ToLower(name)) {
	case ".xls", ".xlsb", ".xlsm", ".ods", ".gz", ".zst", ".parquet", ".dat":
		return true
	}
	return false
}

// once refuses a file that is there twice: by name, by link, or as a copy. Only
// files of one size are read for that, each one once.
func once(files []string, log *finding.Log) []string {
	bySize := map[int64][]string{}
	var kept []string
	for i, f := range files {
		if i > 0 && f == files[i-1] {
			log.Add(fileError("SAME-FILE", f, "given twice; its votes would count twice"))
			continue
		}
		kept = append(kept, f)
		if st, err := os.Stat(f); f != Stdin && err == nil && st.Mode().IsRegular() && st.Size() > 0 {
			bySize[st.Size()] = append(bySize[st.Size()], f)
		}
	}
	for _, f := range kept {
		st, err := os.Stat(f)
		if err != nil || len(bySize[st.Size()]) < 2 {
			continue
		}
		same := bySize[st.Size()]
		delete(bySize, st.Size())
		first := map[string]string{}
		for _, f := range same {
			sum, err := digest(f)
			if err != nil {
				continue // opening it will say why
			}
			if other, twice := first[sum]; twice {
				log.Add(fileError("SAME-FILE", f, "the same file as %s, or a copy of it; its votes would count twice", other))
			} else {
				first[sum] = f
			}
		}
	}
	return kept
}

// sizeOf is how many bytes the files have in all, as far as that can be said.
func sizeOf(files []string) int64 {
	n := int64(0)
	for _, f := range files {
		if st, err := os.Stat(f); f != Stdin && err == nil && st.Mode().IsRegular() {
			n += st.Size()
		}
	}
	return n
}

func fileError(code, file, format string, args ...any) finding.Finding {
	return finding.Finding{Code: code, Severity: finding.Error, File: file, Message: fmt.Sprintf(format, args...)}
}

// reason is what the system says went wrong, without the path that it repeats.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
