package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenesh/internal/bench"
)

// A sample is one run, measured.
type sample struct {
	seconds float64
	peak    float64 // MiB
}

// A competitor does the work once. It returns an error when its answer is wrong.
type competitor func() (sample, error)

// alternate runs the competitors in turn, n times each: in the first half of the rounds
// in the order given, in the second half the other way round. The samples of a round have the
// same index.
func alternate(n int, competitors ...competitor) ([]series, error) {
	all := make([]series, len(competitors))
	for round := range n {
		for k := range competitors {
			if round >= (n+1)/2 {
				k = len(competitors) - 1 - k
			}
			s, err := competitors[k]()
			if err != nil {
				return nil, err
			}
			all[k] = append(all[k], s)
		}
	}
	return all, nil
}

// A series is the samples of one competitor, round by round.
type series []sample

func (s series) seconds() []float64 {
	var list []float64
	for _, x := range s {
		list = append(list, x.seconds)
	}
	return list
}

// median is that of the seconds.
func (s series) median() float64 { return median(s.seconds()) }

// peak is the largest of the peaks.
func (s series) peak() float64 {
	peak := 0.0
	for _, x := range s {
		peak = max(peak, x.peak)
	}
	return peak
}

// ratio is how many times as long as the others of s took: by the medians, and the least
// and the most of the single rounds.
func (s series) ratio(longer series) (medians, least, most float64) {
	var rounds []float64
	for i := range s {
		rounds = append(rounds, longer[i].seconds/s[i].seconds)
	}
	return longer.median() / s.median(), slices.Min(rounds), slices.Max(rounds)
}

// median is the middle value, or the mean of the two in the middle.
func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}

// process runs a command and measures it from start to end.
func process(cmd *exec.Cmd) ([]byte, sample, error) {
	start := time.Now()
	out, err := cmd.Output()
	seconds := time.Since(start).Seconds()
	if err != nil {
		return nil, sample{}, explain(strings.Join(cmd.Args, " "), err)
	}
	return out, sample{seconds, bench.PeakMiB(cmd.ProcessState)}, nil
}

// explain adds what a process wrote on stderr before it failed.
func explain(name string, err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(exit.Stderr))
	}
	return fmt.Errorf("%s: %w", name, err)
}

// tally returns the competitor kenesh, with settings of the environment.
func (r *rig) tally(ctx context.Context, f voteFile, env ...string) competitor {
	return func() (sample, error) {
		cmd := exec.CommandContext(ctx, r.kenesh, "tally", "-q", "--rules", "plain", "-f", "csv", f.path)
		cmd.Env = append(os.Environ(), env...)
		out, s, err := process(cmd)
		if err != nil {
			return s, err
		}
		votes, err := nationVotes(out)
		if err != nil {
			return s, fmt.Errorf("kenesh, %s: %w", f.path, err)
		}
		return s, f.verify("kenesh", votes)
	}
}

// nationVotes reads the votes of each list in the nation from the CSV of kenesh tally.
func nationVotes(data []byte) (map[string]int64, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("the result is empty")
	}
	area, list, votes := slices.Index(rows[0], "area"), slices.Index(rows[0], "list"), slices.Index(rows[0], "votes")
	if area < 0 || list < 0 || votes < 0 {
		return nil, fmt.Errorf("found the columns %v, want area, list and votes", rows[0])
	}
	found := map[string]int64{}
	for _, row := range rows[1:] {
		if row[area] != "nation" {
			continue
		}
		n, err := strconv.ParseInt(row[votes], 10, 64)
		if err != nil {
			return nil, err
		}
		found[row[list]] += n
	}
	return found, nil
}

// verify holds an answer against the votes that the file was made from. Two answers
// that it accepts are equal.
func (f voteFile) verify(who string, votes map[string]int64) error {
	var wrong []string
	want := f.Votes()
	for _, name := range f.Lists() {
		if votes[name] != want[name] {
			wrong = append(wrong, fmt.Sprintf("%q has %d votes, want %d", name, votes[name], want[name]))
		}
	}
	for name := range votes {
		if _, ok := want[name]; !ok {
			wrong = append(wrong, fmt.Sprintf("there is no list %q", name))
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("WRONG ANSWER of %s, %s: %s", who, f.path, strings.Join(wrong, "; "))
	}
	return nil
}
