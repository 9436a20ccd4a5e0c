package apportion

import (
	"fmt"
	"slices"
	"strings"
)

// A Method is one named procedure, a row of the table that [Methods] gives. The
// zero value is no method and is refused. Methods are the same when their names are.
type Method struct {
	Name    string   // canonical: "dhondt", "sainte_lague_1.4", "lr:hare" …
	Title   string   // for people: "D'Hondt divisors"
	Formula string   // the divisors d(0), d(1) … or the quota, from V votes of all lists and S seats
	ByHand  string   // how to check a result against its [Stage] with a pocket calculator
	Aliases []string // other names that Find takes
	Used    string   // where, as far as the vectors and national elections here show or is common knowledge; "" = nowhere known
	Owes    Properties

	divisors divisors // of the divisor methods and of the quota method
	quota    quota    // of the largest remainder methods
	bounded  bool     // no list above its upper quota: Balinski and Young
}

// Properties are what a method keeps for all votes and houses, ties aside. Each is
// proven in Balinski and Young, Fair Representation (1982), and tried by the tests.
// Beyond these, every method fills the house, follows the lists when they change
// places, and ranks seats as votes.
type Properties struct {
	Scaling bool // twice the votes, the same seats: not where the quota is rounded
	Votes   bool // more votes for one list alone never cost it a seat
	House   bool // one seat more in the house costs no list a seat
	Lower   bool // no list is below its exact share of the seats, rounded down
	Upper   bool // no list is above its exact share of the seats, rounded up
}

// IsQuota reports whether the method gives a seat for each whole quota and the
// rest by largest remainders. The others give each seat to the highest quotient.
func (m Method) IsQuota() bool { return m.quota != noQuota }

const (
	floor   = "seats = votes / divisor, rounded down"
	odd     = "seats = votes / (2 × divisor), rounded to the nearest"
	highest = "seats = how many of the quotients votes / d(0), votes / d(1) … are at least the divisor"
	wholes  = "votes / quota: the whole part, and 1 more for the largest remainders"
)

// The divisors are those that the laws print; Pukelsheim, Proportional Representation
// (2nd ed., 2017), has the theory of most. Methods that differ by a constant
// factor, such as imperiali and nohlen, give the same seats by other quotients.
var methods = []Method{
	{Name: "lr:hare", Used: "Kyrgyzstan, Kazakhstan, Bulgaria, Russia (2016), Denmark (nationwide)", Owes: Properties{Scaling: true, Votes: true, Lower: true, Upper: true}, Aliases: []string{"hare", "hamilton", "hare_niemeyer", "vinton"}, Title: "Hare quota, largest remainders", Formula: "V / S", ByHand: wholes, quota: hare},
	{Name: "lr:droop", Used: "South Africa (with another rule from the sixth leftover on)", Aliases: []string{"droop"}, Title: "Droop quota, largest remainders", Formula: "V / (S+1), rounded down, plus 1", ByHand: wholes, quota: droop},
	{Name: "lr:hagenbach_bischoff", Owes: Properties{Scaling: true, Votes: true}, Title: "Hagenbach-Bischoff quota, largest remainders", Formula: "V / (S+1)", ByHand: wholes, quota: hagenbachBischoff},
	{Name: "lr:hagenbach_bischoff_rounded", Used: "Slovakia", Title: "rounded Hagenbach-Bischoff quota, largest remainders", Formula: "V / (S+1), rounded half up", ByHand: wholes, quota: hagenbachBischoffRounded},
	{Name: "lr:hagenbach_bischoff_ceil", Title: "Hagenbach-Bischoff quota rounded up, largest remainders", Formula: "V / (S+1), rounded up", ByHand: wholes, quota: hagenbachBischoffCeil},
	{Name: "lr:imperiali", Used: "Czechia (2021, in the regions)", Owes: Properties{Scaling: true, Votes: true}, Title: "Imperiali quota, largest remainders", Formula: "V / (S+2)", ByHand: wholes, quota: imperiali},
	{Name: "dhondt", Used: "Austria (nationwide), Israel, Moldova, Netherlands, Serbia, Timor-Leste", Owes: Properties{Scaling: true, Votes: true, House: true, Lower: true}, Aliases: []string{"jefferson", "d_hondt", "greatest_divisors"}, Title: "D'Hondt divisors", Formula: "d(n) = n + 1: 1, 2, 3 …", ByHand: floor,
		divisors: divisors{a: 1, b: 1, c: 1}},
	{Name: "sainte_lague", Used: "Germany, New Zealand", Owes: Properties{Scaling: true, Votes: true, House: true}, Aliases: []string{"webster", "st_lague", "saintelague", "schepers", "odd_numbers"}, Title: "Sainte-Laguë divisors", Formula: "d(n) = 2n + 1: 1, 3, 5 …", ByHand: odd,
		divisors: divisors{a: 2, b: 1, c: 1}},
	{Name: "sainte_lague_1.4", Used: "Norway, Sweden (until 2014)", Owes: Properties{Scaling: true, Votes: true, House: true}, Aliases: []string{"modified_sainte_lague"}, Title: "modified Sainte-Laguë divisors, the first 1.4", Formula: "d(0) = 1.4, d(n) = 2n + 1: 1.4, 3, 5 …",
		ByHand: odd + "; at least 1.4 × divisor for the first", divisors: divisors{a: 2, b: 1, c: 1, p: 7, q: 5}},
	{Name: "sainte_lague_1.2", Used: "Sweden (since 2018)", Owes: Properties{Scaling: true, Votes: true, House: true}, Title: "modified Sainte-Laguë divisors, the first 1.2", Formula: "d(0) = 1.2, d(n) = 2n + 1: 1.2, 3, 5 …",
		ByHand: odd + "; at least 1.2 × divisor for the first", divisors: divisors{a: 2, b: 1, c: 1, p: 6, q: 5}},
	{Name: "hungarian_1.5", Owes: Properties{Scaling: true, Votes: true, House: true}, Aliases: []string{"hungarian"}, Title: "Hungarian divisors (Sainte-Laguë, the first 1.5)", Formula: "d(0) = 1.5, d(n) = 2n + 1: 1.5, 3, 5 …",
		ByHand: odd + "; at least 1.5 × divisor for the first", divisors: divisors{a: 2, b: 1, c: 1, p: 3, q: 2}},
	{Name: "danish", Used: "Denmark (levelling seats to constituencies)", Owes: Properties{Scaling: true, Votes: true, House: true}, Title: "Danish divisors", Formula: "d(n) = 3n + 1: 1, 4, 7 …",
		ByHand: "seats = (votes / divisor + 2) / 3, rounded down", divisors: divisors{a: 3, b: 1, c: 1}},
	{Name: "imperiali", Used: "Belgium (local councils)", Owes: Properties{Scaling: true, Votes: true, House: true}, Title: "Imperiali divisors", Formula: "d(n) = 1 + n/2: 1, 1.5, 2 …",
		ByHand: "seats = 2 × votes / divisor − 1, rounded down; not below 0", divisors: divisors{a: 1, b: 2, c: 2}},
	{Name: "nohlen", Owes: Properties{Scaling: true, Votes: true, House: true}, Title: "Nohlen divisors", Formula: "d(n) = n + 2: 2, 3, 4 …",
		ByHand: "seats = votes / divisor − 1, rounded down; not below 0", divisors: divisors{a: 1, b: 2, c: 1}},
	{Name: "macau", Used: "Macau", Owes: Properties{Scaling: true, Votes: true, House: true}, Title: "Macau divisors", Formula: "d(n) = 2^n: 1, 2, 4, 8 …", ByHand: highest,
		divisors: divisors{shape: powers}},
	{Name: "adams", Used: "Japan (seats of prefectures)", Owes: Properties{Scaling: true, Votes: true, House: true, Upper: true}, Aliases: []string{"smallest_divisors"}, Title: "Adams divisors", Formula: "d(n) = n: 0, 1, 2 …", ByHand: "seats = votes / divisor, rounded up",
		divisors: divisors{a: 1, b: 0, c: 1}},
	{Name: "dean", Owes: Properties{Scaling: true, Votes: true, House: true}, Title: "Dean divisors", Formula: "d(n) = 2n(n+1) / (2n+1), harmonic mean of n and n+1: 0, 4/3, 12/5 …", ByHand: highest,
		divisors: divisors{shape: harmonic, a: 2, b: 1, c: 2}},
	{Name: "huntington_hill", Used: "United States (House seats of states)", Owes: Properties{Scaling: true, Votes: true, House: true}, Aliases: []string{"hill", "huntington", "equal_proportions"}, Title: "Huntington–Hill divisors", Formula: "d(n) = sqrt(n(n+1)), geometric mean of n and n+1: 0, sqrt(2), sqrt(6) …", ByHand: highest,
		divisors: divisors{shape: geometric, a: 2, b: 1, c: 2}},
	{Name: "balinski_young_quota", Owes: Properties{Scaling: true, House: true, Lower: true, Upper: true}, Aliases: []string{"balinski_young", "quota_method"}, Title: "Balinski–Young quota method", Formula: "seat h goes to the highest votes / (n+1) of the lists whose n seats are below votes × h / V",
		ByHand: "seat by seat", bounded: true, divisors: divisors{a: 1, b: 1, c: 1}},
}

// Methods gives all methods in a fixed order: quotas with largest
// remainders, divisors, the quota method. The slice is the caller's.
func Methods() []Method { return slices.Clone(methods) }

// Find gives the method of that name or alias; case, and what stands between the
// words, do not matter: "lr:hare", "LR-Hare" and "hamilton" are one. An unknown
// name is an [*UnknownMethodError].
func Find(name string) (Method, error) {
	key := plain(name)
	near := &UnknownMethodError{Name: name}
	fewest := len(key)/3 + 1 // letters that may differ
	for _, m := range methods {
		for _, known := range append([]string{plain(m.Name)}, m.Aliases...) {
			d := distance(key, known)
			if d == 0 {
				return m, nil
			}
			if d < fewest {
				fewest, near.Suggest = d, m.Name
			}
		}
	}
	return Method{}, near
}

var separators = strings.NewReplacer("-", "_", "–", "_", " ", "_", ":", "_", "'", "_", "’", "_", "ë", "e")

func plain(name string) string { return separators.Replace(strings.ToLower(strings.TrimSpace(name))) }

// An UnknownMethodError says that no method has the name, and which one was
// perhaps meant.
type UnknownMethodError struct {
	Name    string // as it was asked for
	Suggest string // a canonical name, "" when none is near
}

func (e *UnknownMethodError) Error() string {
	if e.Suggest == "" {
		return fmt.Sprintf("no method is called %q", e.Name)
	}
	return fmt.Sprintf("no method is called %q (did you mean %q?)", e.Name, e.Suggest)
}

// distance counts the letters to insert, drop or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
