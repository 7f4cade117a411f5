package place

import (
	"fmt"
	"strings"

	"liandong/errs"
)

// Code is a division's code as tables print it: six digits to the county, nine to the township, twelve to the village. It says which
// division is meant only together with a date.
type Code struct {
	number int64 // of twelve digits
	digits int
}

// ParseCode reads a code of six, nine or twelve digits.
func ParseCode(s string) (Code, error) {
	t := strings.TrimSpace(s)
	if len(t) != 6 && len(t) != 9 && len(t) != 12 {
		return Code{}, notACode(s)
	}
	var n int64
	for i := range len(t) {
		if t[i] < '0' || t[i] > '9' {
			return Code{}, notACode(s)
		}
		n = n*10 + int64(t[i]-'0')
	}
	if n == 0 || t[0] == '0' {
		return Code{}, notACode(s)
	}
	for range 12 - len(t) {
		n *= 10
	}
	return Code{n, len(t)}, nil
}

func notACode(s string) error {
	return errs.New(errs.Invalid, "place.ParseCode",
		fmt.Sprintf("「%s」不是区划编码。应为 6、9 或 12 位数字。", s), fmt.Sprintf("%q is no code of a division: 6, 9 or 12 digits are wanted.", s))
}

// String is the code's digits.
func (c Code) String() string {
	if c.digits == 0 {
		return ""
	}
	return fmt.Sprintf("%012d", c.number)[:c.digits]
}

// id is the number that the code would be if codes were ids.
func (c Code) id() ID { return ID(c.number) }

func codeOf(id ID) Code { return Code{int64(id), 6} }

// split gives the six digits to the county and what stands below.
func (c Code) split() (upper Code, rest ID) {
	r := ID(c.number) % spans[County]
	return Code{c.number - int64(r), 6}, r
}

// with appends what stands below the county, in the digits of the level.
func (c Code) with(rest ID, level Level) Code {
	digits := 6
	switch level {
	case Township:
		digits = 9
	case Village:
		digits = 12
	}
	return Code{c.number + int64(rest), digits}
}

// ParseID reads the twelve digits that ID.String writes. It does not say whether there is such a division.
func ParseID(s string) (ID, error) {
	if s == Country.String() {
		return Country, nil
	}
	code, err := ParseCode(s)
	if err != nil || code.digits != 12 {
		return 0, notACode(s)
	}
	return ID(code.number), nil
}
