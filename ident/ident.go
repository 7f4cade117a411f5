// Package ident holds the numbers that identify persons on paper: the citizen number of GB 11643 and the number of the disability card
// that is built on it. A Number that exists has the right length and check character; whether the register may hold it twice is decided
// by the register.
package ident

import (
	"fmt"
	"strings"

	"liandong/day"
	"liandong/errs"
)

// Fault says why a text is no valid number. The words are those of the import report.
type Fault string

// The faults, in the order in which they are looked for.
const (
	FaultNone        Fault = ""
	FaultPlaceholder Fault = "id_placeholder" // begins 999999: typed where no number is known yet
	FaultLength      Fault = "id_length"      // not 18, 20 or 22 characters (15 as legacy)
	FaultCharacter   Fault = "id_character"   // something else than digits and a final X
	FaultBirthday    Fault = "id_birthday"    // the birth day in it is no day
	FaultCheckDigit  Fault = "id_check_digit" // the check character is wrong
)

// Kind says which card a number is from.
type Kind uint8

// The kinds of numbers.
const (
	Citizen         Kind = iota + 1 // 18 characters, GB 11643; also the residence permits whose area begins 81, 82 or 83
	CitizenLegacy                   // 15 digits, issued until 1999
	Disability                      // 20 characters: the citizen number, the class (1-7) and the degree (1-4) of the disability
	DisabilityAgain                 // 22 characters: as 20, with the letter B and the count of re-issues
)

// Number is a valid number in its written form: ASCII digits and capital letters.
type Number struct {
	text string
	kind Kind
	born day.Date
}

// The weights of ISO 7064 MOD 11-2 as GB 11643 lists them, and the check characters by remainder.
var (
	weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	checks  = [11]byte{'1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'}
)

// Inspect reads a number as written, folding spaces, full-width digits and a small x, and says what is wrong with it. The number is
// valid only where the fault is FaultNone.
func Inspect(s string) (Number, Fault) {
	text := strings.ToUpper(strings.Map(fold, s))
	if strings.HasPrefix(text, "999999") {
		return Number{}, FaultPlaceholder
	}
	switch len(text) {
	case 15:
		return legacy(text)
	case 18:
		return citizen(text, text, Citizen)
	case 20:
		return disability(text, Disability)
	case 22:
		if text[20] != 'B' || text[21] < '1' || text[21] > '9' {
			return Number{}, FaultCharacter
		}
		return disability(text, DisabilityAgain)
	}
	return Number{}, FaultLength
}

func citizen(text, first18 string, kind Kind) (Number, Fault) {
	if !digits(first18[:17]) || (first18[17] != 'X' && !digits(first18[17:])) {
		return Number{}, FaultCharacter
	}
	born, ok := birthday(first18[6:14])
	if !ok {
		return Number{}, FaultBirthday
	}
	if CheckCharacter(first18[:17]) != first18[17] {
		return Number{}, FaultCheckDigit
	}
	return Number{text, kind, born}, FaultNone
}

func legacy(text string) (Number, Fault) {
	if !digits(text) {
		return Number{}, FaultCharacter
	}
	born, ok := birthday("19" + text[6:12])
	if !ok {
		return Number{}, FaultBirthday
	}
	return Number{text, CitizenLegacy, born}, FaultNone
}

func disability(text string, kind Kind) (Number, Fault) {
	if text[18] < '1' || text[18] > '7' || text[19] < '1' || text[19] > '4' {
		return Number{}, FaultCharacter
	}
	return citizen(text, text[:18], kind)
}

func birthday(s string) (day.Date, bool) {
	d, err := day.Parse(s[:4] + "-" + s[4:6] + "-" + s[6:8])
	return d, err == nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// fold drops spaces and turns full-width forms into their ASCII ones.
func fold(r rune) rune {
	switch {
	case r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000':
		return -1
	case r >= '\uFF01' && r <= '\uFF5E':
		return r - 0xFEE0
	}
	return r
}

// CheckCharacter is the eighteenth character to the given seventeen digits, by ISO 7064 MOD 11-2.
func CheckCharacter(seventeen string) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(seventeen[i]-'0')
	}
	return checks[sum%11]
}

// Parse reads a valid number; the error says in a sentence what is wrong.
func Parse(s string) (Number, error) {
	n, fault := Inspect(s)
	if fault != FaultNone {
		t := fault.Text(s)
		return Number{}, errs.New(errs.Invalid, "ident.Parse", t.ZH, t.EN)
	}
	return n, nil
}

// Text is the sentence for a fault found in s. It never repeats the whole number, because findings are listed and logged.
func (f Fault) Text(s string) errs.Text {
	length := len([]rune(strings.Map(fold, s)))
	switch f {
	case FaultPlaceholder:
		return errs.Text{ZH: "证件号码以 999999 开头，是占位号。请补录真实号码。", EN: "The number begins 999999, a placeholder. Enter the real number when it is known."}
	case FaultLength:
		return errs.Text{ZH: fmt.Sprintf("证件号码有 %d 位，应为 18 位（残疾人证 20 或 22 位）。请核对。", length), EN: fmt.Sprintf("The number has %d characters; 18 are wanted (20 or 22 for a disability card). Check it.", length)}
	case FaultCharacter:
		return errs.Text{ZH: "证件号码里有不该有的字符。只能是数字，末位可以是 X。", EN: "The number has a character that cannot be there: only digits, and X at the end."}
	case FaultBirthday:
		return errs.Text{ZH: "证件号码里的出生日期不存在。请核对第 7 到 14 位。", EN: "The birth day in the number is no day. Check characters 7 to 14."}
	case FaultCheckDigit:
		return errs.Text{ZH: "证件号码的校验位不对，可能有一位写错。请对照证件核对。", EN: "The check character is wrong; a digit may be mistyped. Compare with the card."}
	}
	return errs.Text{}
}

// String is the number as written on the card.
func (n Number) String() string { return n.text }

// Kind says which card the number is from.
func (n Number) Kind() Kind { return n.kind }

// Born is the birth day that the number states.
func (n Number) Born() day.Date { return n.born }

// Male reports whether the number states a man: its sequence is odd.
func (n Number) Male() bool {
	if n.kind == CitizenLegacy {
		return n.text[14]&1 == 1
	}
	return n.text[16]&1 == 1
}

// Area is the six-digit code of the place that issued the number. It may be a code that has since been retired.
func (n Number) Area() string { return n.text[:6] }

// Person is the eighteen characters that identify the person: a disability card carries its holder's citizen number, and a legacy
// number becomes the eighteen that it was replaced by. Two numbers of one person have one Person.
func (n Number) Person() string {
	switch n.kind {
	case CitizenLegacy:
		seventeen := n.text[:6] + "19" + n.text[6:]
		return seventeen + string(CheckCharacter(seventeen))
	default:
		return n.text[:18]
	}
}

// Masked shows the area and the last character and hides the rest: 130699***********X.
func (n Number) Masked() string {
	return n.text[:6] + strings.Repeat("*", len(n.text)-7) + n.text[len(n.text)-1:]
}
