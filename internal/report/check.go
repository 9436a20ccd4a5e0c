package report

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"kenesh/internal/check"
	"kenesh/internal/finding"
)

// A Check is what was found in files that were only checked, and what was looked for.
type Check struct {
	Findings  []finding.Finding
	Counts    []finding.Count
	Checked   []check.Checked // nil: the files could not be read, and no rule was held
	Files     []string
	Precincts int
	Rows      int64
	Inputs    []Input
	Tool      Tool
	FailOn    finding.Severity // the mildest that fails
	Passed    bool
	Max       int // findings that a table shows of a file
	Color     bool
}

// CheckSchema is the JSON Schema of the format "json".
//
//go:embed check-1.schema.json
var CheckSchema string

// A checkFormat is one way to write a check.
type checkFormat struct {
	name    string
	endings []string
	write   func(io.Writer, Check) error
}

var checkFormats = []checkFormat{
	{"table", []string{".txt"}, writeCheckTable},
	{"json", []string{".json"}, writeCheckJSON},
	{"jsonl", []string{".jsonl", ".ndjson"}, writeCheckLines},
	{"sarif", []string{".sarif", ".sarif.json"}, writeSARIF},
	{"github", nil, writeGitHub},
	{"junit", []string{".xml"}, writeJUnit},
}

// CheckFormats returns the names of the formats of a check, the default first.
func CheckFormats() []string {
	var names []string
	for _, f := range checkFormats {
		names = append(names, f.name)
	}
	return names
}

// CheckFormatOf returns the format that a file's name asks for by its longest ending.
func CheckFormatOf(file string) (name string, ok bool) {
	longest := 0
	for _, f := range checkFormats {
		for _, e := range f.endings {
			if strings.HasSuffix(strings.ToLower(file), e) && len(e) > longest {
				name, longest = f.name, len(e)
			}
		}
	}
	return name, longest > 0
}

// WriteCheck renders a check. The format must be one of [CheckFormats].
func WriteCheck(w io.Writer, format string, c Check) error {
	for _, f := range checkFormats {
		if f.name == format {
			return f.write(w, c)
		}
	}
	return fmt.Errorf("no format %q", format)
}

// A code is how often one was found in all files.
type code struct {
	finding.Code
	Severity finding.Severity // the worst
	Found    int
}

// codes adds the counts up, in the order of finding.Codes.
func (c Check) codes() []code {
	var all []code
	for _, k := range finding.Codes {
		sum := code{Code: k}
		for _, n := range c.Counts {
			if n.Code == k.Name {
				sum.Found += n.Found
				sum.Severity = max(sum.Severity, n.Severity)
			}
		}
		if sum.Found > 0 {
			all = append(all, sum)
		}
	}
	return all
}

// found is how many there are of a severity.
func (c Check) found(s finding.Severity) (n int) {
	for _, k := range c.Counts {
		if k.Severity == s {
			n += k.Found
		}
	}
	return n
}

// dropped says what was counted only, as findings on whole files.
func (c Check) dropped() []finding.Finding {
	var all []finding.Finding
	for _, k := range c.Counts {
		if more := k.Found - k.Kept; more > 0 {
			all = append(all, finding.Finding{Code: k.Code, Severity: k.Severity, File: k.File,
				Message: fmt.Sprintf("%d more of this code in this file, which are not listed", more)})
		}
	}
	return all
}

// verdict is the closing line.
func (c Check) verdict() string {
	count := func(s finding.Severity, word string) string {
		n := int64(c.found(s))
		if n == 0 {
			return "no " + word + "s"
		}
		return Group(n) + " " + word + plural(n)
	}
	found := count(finding.Error, "error") + ", " + count(finding.Warning, "warning")
	if c.Checked == nil {
		return found + ". No precinct was checked: the errors of reading come first."
	}
	precincts, files := int64(c.Precincts), int64(len(c.Files))
	return fmt.Sprintf("%s precinct%s in %s file%s: %s.", Group(precincts), plural(precincts), Group(files), plural(files), found)
}

// noProof is what a clean run does not say.
const noProof = "A clean run is no evidence of a clean count: figures can be made to add up."

func writeCheckTable(w io.Writer, c Check) error {
	paint := painter(c.Color)
	var b strings.Builder
	c.listFindings(&b, paint)
	table := func(g grid) {
		for i, l := range g.lines() {
			if i == 0 {
				l = paint(bold, l)
			}
			b.WriteString(l + "\n")
		}
		b.WriteString("\n")
	}
	if codes := c.codes(); len(codes) > 0 {
		g := grid{header: []string{"Found", "Code", "What it means, and what to do"}, right: []bool{true, false, false}}
		for _, k := range codes {
			g.add(Group(int64(k.Found)), k.Name, k.Means)
			g.add("", "", "→ "+k.Do)
		}
		table(g)
	}
	if g := c.held(); len(g.rows) > 0 {
		table(g)
	}
	for _, l := range c.notHeld() {
		b.WriteString(l + "\n")
	}
	b.WriteString(paint(bold, c.verdict()) + "\n")
	if c.found(finding.Error)+c.found(finding.Warning) == 0 {
		b.WriteString(noProof + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// listFindings writes the findings by file, at most Max of each.
func (c Check) listFindings(b *strings.Builder, paint func(style, s string) string) {
	found := map[string]int{}
	for _, n := range c.Counts {
		found[n.File] += n.Found
	}
	for rest := c.Findings; len(rest) > 0; {
		file := rest[0].File
		n := 1
		for n < len(rest) && rest[n].File == file {
			n++
		}
		shown := choose(rest[:n], c.Max)
		for _, f := range shown {
			line := f.String()
			if mark := f.Severity.String() + " " + f.Code; c.Color {
				line = strings.Replace(line, mark, paint(bold, mark), 1)
			}
			b.WriteString(line + "\n")
		}
		if more := found[file] - len(shown); more > 0 {
			if file != "" {
				b.WriteString(finding.Visible(file) + ": ")
			}
			b.WriteString("… and " + Group(int64(more)) + " more\n")
		}
		b.WriteString("\n")
		rest = rest[n:]
	}
}

// choose takes some of the findings of a file, in their order: the first of each code,
// then the second of each, so that many of one code do not hide the only one of another.
func choose(list []finding.Finding, most int) []finding.Finding {
	if len(list) <= most {
		return list
	}
	type place struct{ turn, at int }
	turns := map[string]int{}
	var places []place
	for i, f := range list {
		places = append(places, place{turns[f.Code], i})
		turns[f.Code]++
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.at, b.at)) })
	places = places[:most]
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.at, b.at) })
	var some []finding.Finding
	for _, p := range places {
		some = append(some, list[p.at])
	}
	return some
}

// held is what was held against the precincts, and how many of them.
func (c Check) held() grid {
	g := grid{header: []string{"Precincts", "Rule", "What must hold"}, right: []bool{true, false, false}}
	for _, r := range c.Checked {
		if r.Precincts > 0 {
			where := ""
			if r.Large {
				where = ", in large precincts"
			}
			g.add(Group(int64(r.Precincts)), r.Code, r.Holds+where)
		}
	}
	return g
}

// notHeld says which rules were not held, and why.
func (c Check) notHeld() (lines []string) {
	var idle, off []string
	held := map[string]bool{}
	for _, r := range c.Checked {
		held[r.Code] = held[r.Code] || r.Precincts > 0
	}
	for _, r := range c.Checked {
		list := &idle
		if !r.On {
			list = &off
		}
		if !held[r.Code] && !slices.Contains(*list, r.Code) {
			*list = append(*list, r.Code)
		}
	}
	if len(idle) > 0 {
		lines = append(lines, "Not held, for want of lines of the protocol, of a register or of published sums: "+strings.Join(idle, ", ")+".")
	}
	if len(off) > 0 {
		lines = append(lines, "Off: "+strings.Join(off, ", ")+".")
	}
	if lines != nil {
		lines = append(lines, "")
	}
	return lines
}

// The types below are the wire form of a check, kenesh.check version 1.
type jsonCheck struct {
	Format    string        `json:"format"`
	Version   int           `json:"version"`
	Passed    bool          `json:"passed"`
	FailOn    string        `json:"fail_on"`
	Errors    int           `json:"errors"`
	Warnings  int           `json:"warnings"`
	Dropped   int           `json:"dropped"`
	Precincts int           `json:"precincts"`
	Rows      jsonCheckRows `json:"rows"`
	Codes     []jsonCode    `json:"codes"`
	Findings  []jsonFinding `json:"findings"`
	Rules     []jsonRule    `json:"rules"`
	Inputs    []jsonInput   `json:"inputs"`
	Tool      jsonTool      `json:"tool"`
}

type jsonCheckRows struct {
	Read int64 `json:"read"`
}

type jsonCode struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Found    int    `json:"found"`
	Means    string `json:"means"`
	Do       string `json:"do"`
}

type jsonRule struct {
	Code      string `json:"code"`
	Holds     string `json:"holds"`
	Source    string `json:"source"`
	On        bool   `json:"on"`
	Large     bool   `json:"large"`
	Precincts int    `json:"precincts"`
}

func writeCheckJSON(w io.Writer, c Check) error {
	j := jsonCheck{Format: "kenesh.check", Version: 1, Passed: c.Passed, FailOn: c.FailOn.String(),
		Errors: c.found(finding.Error), Warnings: c.found(finding.Warning),
		Precincts: c.Precincts, Rows: jsonCheckRows{c.Rows}, Findings: jsonFindings(c.Findings), Tool: jsonTool(c.Tool)}
	for _, k := range c.Counts {
		j.Dropped += k.Found - k.Kept
	}
	for _, k := range c.codes() {
		j.Codes = append(j.Codes, jsonCode{k.Name, k.Severity.String(), k.Found, k.Means, k.Do})
	}
	for _, r := range c.Checked {
		j.Rules = append(j.Rules, jsonRule{r.Code, r.Holds, r.Source, r.On, r.Large, r.Precincts})
	}
	j.Inputs = jsonInputs(c.Inputs)
	j.Codes, j.Rules = some(j.Codes), some(j.Rules)
	return writeIndented(w, j)
}

func writeIndented(w io.Writer, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeJSON(data), '\n'))
	return err
}

// writeCheckLines writes a finding a line; those that were not kept are one of their code
// and file, on line 0.
func writeCheckLines(w io.Writer, c Check) error {
	return writeLines(w, jsonFindings(slices.Concat(c.Findings, c.dropped())))
}

// github escapes what has a meaning in a workflow command, and what a log must not show.
var (
	githubText  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubValue = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes workflow commands, the worst first: a step shows only ten. The
// closing line is for who reads the log.
func writeGitHub(w io.Writer, c Check) error {
	all := slices.Concat(c.Findings, c.dropped())
	slices.SortStableFunc(all, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
	var b strings.Builder
	for _, f := range all {
		command := f.Severity.String()
		if f.Severity == finding.Note {
			command = "notice"
		}
		b.WriteString("::" + command + " ")
		if f.File != "" {
			b.WriteString("file=" + finding.Visible(githubValue.Replace(f.File)) + ",")
		}
		if f.Line > 0 {
			fmt.Fprintf(&b, "line=%d,", f.Line)
		}
		if f.Column > 0 {
			fmt.Fprintf(&b, "col=%d,", f.Column)
		}
		b.WriteString("title=" + f.Code + "::" + finding.Visible(githubText.Replace(f.Message)) + "\n")
	}
	b.WriteString(c.verdict() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// The types below are as much of SARIF 2.1.0 as a check has to say.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Artifacts   []sarifArtifact   `json:"artifacts"`
	ColumnKind  string            `json:"columnKind"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID        string       `json:"id"`
	Short     sarifText    `json:"shortDescription"`
	Full      *sarifText   `json:"fullDescription,omitempty"`
	Help      sarifText    `json:"help"`
	Configure sarifDefault `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifDefault struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
}

type sarifInvocation struct {
	// Successful says that the program did its work, whatever it found.
	Successful bool `json:"executionSuccessful"`
}

type sarifArtifact struct {
	Location sarifFile         `json:"location"`
	Length   int64             `json:"length"`
	Hashes   map[string]string `json:"hashes,omitempty"`
}

type sarifFile struct {
	URI string `json:"uri"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	RuleIndex int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	File   sarifFile    `json:"artifactLocation"`
	Region *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn,omitempty"`
}

type sarifLogical struct {
	Name string `json:"name"`
}

func writeSARIF(w io.Writer, c Check) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Invocations: []sarifInvocation{{c.Checked != nil}}, Artifacts: []sarifArtifact{}, Results: []sarifResult{},
		Tool: sarifTool{sarifDriver{Name: "kenesh", Version: c.Tool.Version}}}
	index := map[string]int{}
	for i, k := range finding.Codes {
		index[k.Name] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRuleOf(k))
	}
	for _, in := range c.Inputs {
		a := sarifArtifact{Location: sarifFile{uri(in.Name)}, Length: in.Bytes}
		if in.SHA256 != "" {
			a.Hashes = map[string]string{"sha-256": in.SHA256}
		}
		run.Artifacts = append(run.Artifacts, a)
	}
	for _, f := range slices.Concat(c.Findings, c.dropped()) {
		r := sarifResult{RuleID: f.Code, RuleIndex: index[f.Code], Level: f.Severity.String(), Message: sarifText{f.Message}}
		if f.File != "" {
			l := sarifLocation{Physical: sarifPhysical{File: sarifFile{uri(f.File)}}}
			if f.Line > 0 {
				l.Physical.Region = &sarifRegion{f.Line, f.Column}
			}
			if f.Precinct != "" {
				l.Logical = []sarifLogical{{f.Precinct}}
			}
			r.Locations = []sarifLocation{l}
		}
		run.Results = append(run.Results, r)
	}
	return writeIndented(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// sarifRuleOf explains a code. The codes of checks are warnings, those of reading errors.
func sarifRuleOf(k finding.Code) sarifRule {
	r := sarifRule{ID: k.Name, Short: sarifText{k.Means}, Help: sarifText{k.Do}, Configure: sarifDefault{true, "error"}}
	var holds []string
	for _, rule := range check.Rules() {
		if rule.Code == k.Name {
			r.Configure = sarifDefault{!rule.Off, "warning"}
			text := rule.Holds
			if rule.Source != "" {
				text += " (" + rule.Source + ")"
			}
			holds = append(holds, text)
		}
	}
	if holds != nil {
		r.Full = &sarifText{"What must hold: " + strings.Join(holds, "; ") + "."}
	}
	return r
}

// uri is a file's name as a reference of RFC 3986.
func uri(file string) string { return (&url.URL{Path: filepath.ToSlash(file)}).String() }

// The types below are the JUnit form that build servers read: a suite a file, a case for
// each code.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(w io.Writer, c Check) error {
	suites := junitSuites{Name: "kenesh check"}
	files := slices.Clone(c.Files)
	for _, k := range c.Counts {
		if !slices.Contains(files, k.File) {
			files = append(files, k.File)
		}
	}
	slices.Sort(files)
	texts := map[[2]string]string{} // by file and code
	for _, f := range slices.Concat(c.Findings, c.dropped()) {
		texts[[2]string{f.File, f.Code}] += f.String() + "\n"
	}
	counts := map[string][]finding.Count{}
	for _, k := range c.Counts {
		counts[k.File] = append(counts[k.File], k)
	}
	for _, file := range files {
		s := c.suite(file, counts[file], texts)
		suites.Tests += s.Tests
		suites.Failures += s.Failures
		suites.Suites = append(suites.Suites, s)
	}
	data, err := xml.MarshalIndent(suites, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(slices.Concat([]byte(xml.Header), data, []byte("\n")))
	return err
}

// suite has a case for each code that was found in a file, and for each rule that was
// held and was not.
func (c Check) suite(file string, counts []finding.Count, texts map[[2]string]string) junitSuite {
	s := junitSuite{Name: finding.Visible(file)}
	if file == "" {
		s.Name = "all files"
	}
	read := slices.Contains(c.Files, file)
	for _, k := range finding.Codes {
		x := junitCase{Class: s.Name, Name: k.Name}
		found, worst := 0, finding.Severity(0)
		for _, n := range counts {
			if n.Code == k.Name {
				found, worst = found+n.Found, max(worst, n.Severity)
			}
		}
		text := texts[[2]string{file, k.Name}]
		switch {
		case found == 0:
			if !read || !slices.ContainsFunc(c.Checked, func(r check.Checked) bool { return r.Code == k.Name && r.Precincts > 0 }) {
				continue
			}
		case worst >= c.FailOn:
			s.Failures++
			x.Failure = &junitFailure{Message: fmt.Sprintf("%d × %s", found, k.Means), Type: worst.String(), Text: text}
		default:
			x.Out = text
		}
		s.Tests++
		s.Cases = append(s.Cases, x)
	}
	return s
}
