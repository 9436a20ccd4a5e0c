package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kenesh/internal/bench"
)

// duckDB is the package measured, with DuckDB of that version in it.
const duckDB = "@duckdb/node-api@1.5.6-r.1"

//go:embed duckdb.mjs
var driver []byte

// installDuckDB puts the driver into a folder of its own, and DuckDB beside it.
func (r *rig) installDuckDB(ctx context.Context) error {
	dir := filepath.Join(r.dir, "duckdb-"+duckDB[strings.LastIndexByte(duckDB, '@')+1:])
	r.driver = filepath.Join(dir, "duckdb.mjs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(r.driver, driver, 0o644); err != nil {
		return err
	}
	if _, err := r.version(ctx); err == nil {
		return nil // from the last time
	}
	r.progress("installing %s", duckDB)
	return r.command(ctx, dir, "npm", "install", "--prefix", dir, "--no-audit", "--no-fund", duckDB)
}

// version is DuckDB's own.
func (r *rig) version(ctx context.Context) (string, error) {
	a, _, err := r.ask(ctx, "SELECT version()")
	if err != nil {
		return "", err
	}
	if len(a.Rows) != 1 || len(a.Rows[0]) != 1 || a.Rows[0][0] == nil {
		return "", fmt.Errorf("DuckDB answers %v to its version", a.Rows)
	}
	return *a.Rows[0][0], nil
}

// An answer is what the driver prints: every value as text, or nil for NULL.
type answer struct {
	Seconds float64
	Columns []string
	Rows    [][]*string
}

// ask runs a query in a fresh process and returns its answer and the peak memory.
func (r *rig) ask(ctx context.Context, sql string) (answer, float64, error) {
	var a answer
	cmd := exec.CommandContext(ctx, "node", r.driver, sql)
	cmd.Dir = filepath.Dir(r.driver)
	out, err := cmd.Output()
	if err != nil {
		return a, 0, explain("DuckDB", err)
	}
	if err := json.Unmarshal(out, &a); err != nil {
		return a, 0, fmt.Errorf("DuckDB's answer: %w", err)
	}
	return a, bench.PeakMiB(cmd.ProcessState), nil
}

// A question is what DuckDB is asked of a file; sql is "" when it is none for it.
type question struct {
	what string
	sql  func(voteFile) string
}

var questions = []question{
	{"sums only", voteFile.sums},
	{"with the same checks", voteFile.checks},
	{"with the same checks, list names known to the query", voteFile.checksOfKnown},
}

// query returns the competitor DuckDB.
func (r *rig) query(ctx context.Context, f voteFile, sql string) competitor {
	return func() (sample, error) {
		a, peak, err := r.ask(ctx, sql)
		if err != nil {
			return sample{}, err
		}
		votes, err := a.votes(f.Lists())
		if err != nil {
			return sample{}, fmt.Errorf("DuckDB, %s: %w", f.path, err)
		}
		return sample{a.Seconds, peak}, f.verify("DuckDB", votes)
	}
}

// votes reads the answer to sums or checks. The lists stand in rows under list and votes,
// or each is a column of the only row. What else there is counts faults.
func (a answer) votes(lists []string) (map[string]int64, error) {
	votes := map[string]int64{}
	for _, row := range a.Rows {
		list := ""
		for k, name := range a.Columns {
			switch {
			case name == "list":
				if row[k] != nil {
					list = *row[k]
				}
				continue
			case row[k] == nil:
				continue
			}
			n, err := strconv.ParseInt(*row[k], 10, 64)
			switch {
			case err != nil:
				return nil, fmt.Errorf("column %q: %w", name, err)
			case name == "votes":
				votes[list] += n
			case slices.Contains(lists, name):
				votes[name] += n
			case n != 0:
				return nil, fmt.Errorf("finds %q in a file without faults: %d", name, n)
			}
		}
	}
	if len(votes) == 0 {
		return nil, errors.New("answers with no votes")
	}
	return votes, nil
}

// sums is the query for the votes of each list.
func (f voteFile) sums() string {
	if f.shape != bench.Wide {
		return "SELECT list, sum(votes) AS votes FROM " + f.table() + " GROUP BY list"
	}
	return "SELECT " + strings.Join(f.columnSums(), ", ") + " FROM " + f.table()
}

func (f voteFile) columnSums() []string {
	var list []string
	for _, l := range f.Lists() {
		list = append(list, fmt.Sprintf("sum(%s) AS %[1]s", identifier(l)))
	}
	return list
}

// checks is sums with the checks. In a long file the rows are grouped by precinct and
// list, as one would write it who does not know the lists: what has two rows is there
// twice. Whether a precinct is in two regions is not asked, which favours DuckDB.
func (f voteFile) checks() string {
	if f.shape != bench.Wide {
		return `SELECT list, sum(votes) AS votes, count(*) FILTER (WHERE n > 1) AS "precinct and list twice"
FROM (SELECT precinct, list, sum(votes) AS votes, count(*) AS n FROM ` + f.table() + ` GROUP BY precinct, list)
GROUP BY list`
	}
	var votes []string
	for _, l := range f.Lists() {
		votes = append(votes, identifier(l))
	}
	return `SELECT ` + strings.Join(f.columnSums(), ", ") + `,
  count(*) - count(DISTINCT precinct) AS "precinct twice",
  count(*) FILTER (WHERE invalid + ` + strings.Join(votes, " + ") + ` <> "cast") AS "votes and invalid are not cast",
  count(*) FILTER (WHERE "cast" > registered) AS "cast above registered"
FROM ` + f.table()
}

// checksOfKnown is the fastest way found to ask for all of the checks of a long file; it
// has the names of the lists in it. It groups by list for the votes and by precinct and
// region for the checks, in one scan. The lists of a precinct are bits of an integer:
// where there are fewer bits than rows, a list is there twice. A precinct in two regions
// makes two groups. These groups have no list, and come out as one row without votes.
func (f voteFile) checksOfKnown() string {
	if f.shape == bench.Wide {
		return ""
	}
	var code strings.Builder
	for i, l := range f.Lists() {
		fmt.Fprintf(&code, " WHEN %s THEN %d", literal(l), int64(1)<<i)
	}
	return `SELECT list,
  any_value(votes) FILTER (WHERE list IS NOT NULL) AS votes,
  count(*) FILTER (WHERE list IS NULL AND n <> lists) AS "precinct and list twice",
  count(precinct) - count(DISTINCT precinct) AS "precinct in two regions"
FROM (
  SELECT precinct, region, list, sum(votes) AS votes, count(*) AS n,
    bit_count(bit_or((CASE list` + code.String() + ` END)::BIGINT)) AS lists
  FROM ` + f.table() + `
  GROUP BY GROUPING SETS ((precinct, region), (list))
)
GROUP BY list`
}

// table is the file as a table whose types are known. The ids of these files are
// numbers, which are grouped faster than text.
func (f voteFile) table() string {
	columns := []string{"'precinct': 'BIGINT'", "'region': 'VARCHAR'"}
	if f.shape != bench.Wide {
		columns = append(columns, "'list': 'VARCHAR'", "'votes': 'BIGINT'")
	} else {
		for _, name := range append([]string{"registered", "cast", "invalid"}, f.Lists()...) {
			columns = append(columns, literal(name)+": 'BIGINT'")
		}
	}
	return "read_csv(" + literal(f.path) + ", header = true, columns = {" + strings.Join(columns, ", ") + "})"
}

func literal(s string) string    { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
func identifier(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
