package deprivation

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"liandong/errs"
)

// Cutoff says which achievements are deprivations: below a number, above one, or one of some categories. Only "below" a number has a gap, so only it
// enters M1 and M2.
type Cutoff struct {
	Sign string  // "<", "<=", ">", ">="; "=" for categories
	At   float64 // for the first four
	In   []string
}

// ParseCutoff reads "6" or "<6" (deprived below 6), "<=6", ">3", ">=3", or "=adobe|thatch" (deprived in a category).
func ParseCutoff(text string) (Cutoff, error) {
	text = strings.TrimSpace(text)
	for _, sign := range []string{"<=", ">=", "<", ">", "="} {
		rest, found := strings.CutPrefix(text, sign)
		if !found {
			continue
		}
		if sign == "=" && rest != "" {
			return Cutoff{Sign: sign, In: strings.Split(rest, "|")}, nil
		}
		return numberCutoff(sign, rest, text)
	}
	return numberCutoff("<", text, text)
}

func numberCutoff(sign, number, text string) (Cutoff, error) {
	at, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || math.IsNaN(at) || math.IsInf(at, 0) {
		return Cutoff{}, usage(fmt.Sprintf("看不懂临界值「%s」。请写 6、<=6、>3 或 =甲|乙。", text), fmt.Sprintf("The cut-off %q cannot be read. Write 6, <=6, >3 or =a|b.", text))
	}
	return Cutoff{Sign: sign, At: at}, nil
}

// Categorical reports whether the achievements are words; they come as Codes gives them.
func (c Cutoff) Categorical() bool { return c.Sign == "=" }

// Codes turns words into achievements for a categorical cut-off: 0 for a category of deprivation, 1 for another, NaN for an empty word, which is missing.
// It refuses a category that no record has, because a misspelt one would count nobody as deprived.
func (c Cutoff) Codes(words []string) ([]float64, error) {
	codes, seen := make([]float64, len(words)), map[string]bool{}
	for _, category := range c.In {
		seen[category] = false
	}
	for i, word := range words {
		_, deprived := seen[word]
		switch {
		case word == "":
			codes[i] = math.NaN()
		case deprived:
			seen[word] = true
		default:
			codes[i] = 1
		}
	}
	for _, category := range c.In {
		if !seen[category] {
			return nil, invalid(fmt.Sprintf("没有一条记录是「%s」。请核对写法。", category), fmt.Sprintf("No record is %q. Check the spelling.", category))
		}
	}
	return codes, nil
}

func (c Cutoff) deprived(y float64) bool {
	switch c.Sign {
	case "<=":
		return y <= c.At
	case ">":
		return y > c.At
	case ">=":
		return y >= c.At
	case "=":
		return y == 0
	}
	return y < c.At
}

// gapless says why achievements under the cut-off have no gap, if so.
func (c Cutoff) gapless() errs.Text {
	if (c.Sign == "<" || c.Sign == "<=") && c.At > 0 {
		return errs.Text{}
	}
	return errs.Text{ZH: "的临界值不是「低于一个正数」，没有缺口可算", EN: "has a cut-off other than below a positive number, so there is no gap"}
}

// String is the text that ParseCutoff reads.
func (c Cutoff) String() string {
	if c.Categorical() {
		return "=" + strings.Join(c.In, "|")
	}
	return c.Sign + strconv.FormatFloat(c.At, 'g', -1, 64)
}
