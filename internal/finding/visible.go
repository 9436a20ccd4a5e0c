package finding

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s with every character that a terminal or a reader could be
// deceived by written as \u{HEX}: controls, escapes, bidirectional marks,
// invisible and unassigned characters; bytes that are no UTF-8 become \xHH.
// Text of any script, spaces and printable emoji sequences stay as they are.
// It is applied where text leaves the program, never where it comes in.
func Visible(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == ' ' || unicode.IsPrint(r) || r == '\u200d' && joinsEmoji(s, i):
			b.WriteString(s[i : i+n])
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
		i += n
	}
	return b.String()
}

// Hidden returns the first character of s that a reader cannot see for what it
// is, and true if there is one: those that [Visible] would escape, and spaces
// other than U+0020.
func Hidden(s string) (rune, bool) {
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r < ' ' || r == 0x7f {
				return r, true
			}
		case r == '\u200d' && joinsEmoji(s, i), unicode.IsPrint(r):
		default:
			return r, true
		}
	}
	return 0, false
}

// joinsEmoji reports whether the zero-width joiner at s[i:] stands between two
// symbols, as in a family emoji, where it hides nothing.
func joinsEmoji(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+len("\u200d"):])
	symbol := func(r rune) bool { return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) }
	return symbol(before) && symbol(after)
}
