package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kenesh/internal/finding"
)

// Exit codes, the same for every command. kenesh help exit-codes prints them.
const (
	exitNo      = 1
	exitUsage   = 2
	exitInvalid = 3
	exitOpen    = 4
	exitFailure = 5
	exitSignal  = 130
)

// An exit is an error that has its own code. Its text may be empty when
// everything has been said.
type exit struct {
	code int
	text string
}

func (e *exit) Error() string { return e.text }

func exitf(code int, format string, args ...any) error {
	return &exit{code, fmt.Sprintf(format, args...)}
}

// streams are the three that every command has.
type streams struct {
	in       io.Reader
	out, err io.Writer
	quiet    bool
	color    string
}

// run is the whole program: arguments in, an exit code out.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := &streams{in: stdin, out: stdout, err: stderr}
	stop := onInterrupt()
	defer stop()
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return 0
	}
	var e *exit
	switch {
	case errors.As(err, &e):
		if e.text != "" {
			fmt.Fprintf(stderr, "kenesh: %s\n", finding.Visible(e.text))
		}
		return e.code
	case errors.Is(err, syscall.EPIPE):
		return exitSignal // the reader has gone; it knows
	}
	fmt.Fprintf(stderr, "kenesh: %s\n", finding.Visible(err.Error()))
	return exitUsage
}

// onInterrupt makes Ctrl-C and a polite kill remove what is half written.
func onInterrupt() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, ok := <-signals; ok {
			unfinished.remove()
			os.Exit(exitSignal)
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
	}
}

func newRoot(s *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "kenesh",
		Short: "Count an election: precinct files in, a parliament out",
		Long: `Kenesh counts elections. It reads precinct vote files, applies an electoral law
written as data, and states the seats of a parliament, by default the 120-seat
Jogorku Kenesh of Kyrgyzstan, exactly and with its reasons.`,
		Example: `  kenesh tally testdata/kyrgyzstan-2020
  kenesh tally testdata/kyrgyzstan-2020 --by region -f csv
  kenesh rules show kyrgyzstan-2020`,
		Version:       version().Version,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return oneOf("color", s.color, []string{"auto", "always", "never"})
		},
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			var names []string
			for _, c := range cmd.Commands() {
				names = append(names, c.Name())
			}
			return exitf(exitUsage, "unknown command %q%s; see kenesh --help", args[0], finding.DidYouMean(args[0], names))
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			cmd.SetOut(cmd.ErrOrStderr())
			if err := cmd.Help(); err != nil {
				return err
			}
			return &exit{code: exitUsage}
		},
	}
	root.PersistentFlags().BoolVarP(&s.quiet, "quiet", "q", false, "no warnings, no notes; errors stay")
	root.PersistentFlags().StringVar(&s.color, "color", "auto", "colour the table, `WHEN`: auto, always, never (NO_COLOR wins)")
	complete(root, "color", fixed("auto", "always", "never"))
	root.SetFlagErrorFunc(flagError)
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(usageTemplate)
	root.SetVersionTemplate(version().String() + "\n")
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(newTally(s), newCheck(s), newSeats(s), newCompare(s), newMargin(s), newSettle(s), newSweep(s), newWhatIf(s), newExplain(s), newConvert(s), newMethods(s), newRules(s), newLayouts(s), newRehearse(s), newSchema(s))
	for _, t := range topics {
		topic := &cobra.Command{Use: t.name, Short: t.short}
		manual(topic, t.text)
		root.AddCommand(topic)
	}
	return root
}

// Help begins with what most people came for: examples to copy.
const (
	helpTemplate = `{{if or .Runnable .HasSubCommands}}{{.Short}}.

{{if .HasExample}}Examples:
{{.Example}}

{{end}}{{if .Long}}{{.Long | trimTrailingWhitespaces}}

{{end}}{{.UsageString}}{{else}}{{.Long}}
{{end}}`
	usageTemplate = `Usage:{{if .Runnable}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} [command]

Commands:{{range .Commands}}{{if or .IsAvailableCommand (eq .Name "help")}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Everywhere:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasHelpSubCommands}}

Manual pages (kenesh help NAME):{{range .Commands}}{{if .IsAdditionalHelpTopicCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}
`
)

// flagError adds the flag that was probably meant, which cobra does only for
// commands.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	text := err.Error()
	if errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		text += finding.DidYouMean(unknown.GetSpecifiedName(), names)
	}
	return exitf(exitUsage, "%s; see %s --help", text, cmd.CommandPath())
}

// manual gives a command its long text. It is written when somebody asks for it:
// every command is made at every start, and a start is most of what a small count
// costs.
func manual(cmd *cobra.Command, text func() string) {
	cmd.SetHelpFunc(func(asked *cobra.Command, args []string) {
		if asked == cmd { // and not a command below it
			asked.Long = strings.TrimSpace(text())
		}
		asked.Root().HelpFunc()(asked, args)
	})
}

// complete gives the values of a flag to the shell, when it asks for them.
func complete(cmd *cobra.Command, flag string, values func() []string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, completions(values, cobra.ShellCompDirectiveDefault)); err != nil {
		panic(err)
	}
}

func completions(values func() []string, then cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) { return values(), then }
}

func fixed(list ...string) func() []string { return func() []string { return list } }

// oneOf refuses a flag's value that is not among the words.
func oneOf(flag, value string, words []string) error {
	for _, w := range words {
		if w == value {
			return nil
		}
	}
	return exitf(exitUsage, "--%s: %q is not one of %s%s", flag, value, strings.Join(words, ", "), finding.DidYouMean(value, words))
}

// A count is the value of a flag that is a whole number without sign, written
// without a leading zero: pflag's own would read 0120 as 80.
type count struct{ n *int }

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func (c count) Set(s string) error {
	switch {
	case !digits(s) || len(s) > 1 && s[0] == '0':
		return fmt.Errorf("want a whole number in digits, without a zero before it")
	case len(s) > 10:
		return fmt.Errorf("want a number below 2^31")
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return fmt.Errorf("want a number below 2^31")
	}
	*c.n = int(n)
	return nil
}

func (c count) String() string {
	if c.n == nil || *c.n == 0 {
		return ""
	}
	return fmt.Sprint(*c.n)
}

func (c count) Type() string { return "N" }

// build is what the binary says of itself.
type build struct{ Version, Revision, Go string }

func (b build) String() string {
	text := "kenesh " + b.Version
	if b.Revision != "" {
		text += " " + b.Revision
	}
	return text + " " + b.Go
}

// version is read once: the record in the binary is text.
var version = sync.OnceValue(func() build {
	b := build{Version: "devel"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, set := range info.Settings {
		switch {
		case set.Key == "vcs.revision":
			b.Revision = set.Value
		case set.Key == "vcs.modified" && set.Value == "true":
			b.Revision += "+dirty"
		}
	}
	return b
})
