package formula

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/width"

	"liandong/errs"
)

// unexpected finds what the parser stumbled over in what it says.
var unexpected = regexp.MustCompile(`(?s)(?:mismatched|extraneous|viable alternative at|recognition error at|unsupported|missing)[^']*'(.*?)'(?: at '(.*?)')?(?: expecting.*)?$`)

// unreadable puts what the parser says of a text into a sentence of both languages.
func unreadable(message string) errs.Text {
	m := unexpected.FindStringSubmatch(message)
	switch {
	case strings.Contains(message, "size exceeds"):
		return errs.Text{ZH: fmt.Sprintf("表达式太长，最多 %d 个字。", maxText), EN: fmt.Sprintf("The expression is too long: at most %d characters.", maxText)}
	case strings.Contains(message, "recursion limit"):
		return errs.Text{ZH: fmt.Sprintf("括号或运算嵌套太深，最多 %d 层。", maxDeep), EN: fmt.Sprintf("Brackets or operators stand too deep within each other: at most %d.", maxDeep)}
	case strings.Contains(message, "int literal"):
		return tooLarge
	case strings.Contains(message, "reserved identifier"):
		_, word, _ := strings.Cut(message, ": ")
		return errs.Text{ZH: fmt.Sprintf("「%s」是保留字，不能作名称。", word), EN: fmt.Sprintf("%q is a reserved word and cannot be a name.", word)}
	case m == nil:
		return errs.Text{ZH: "表达式读不懂，请检查括号、引号和运算符。", EN: "The expression cannot be read; check brackets, quotes and operators."}
	case strings.HasPrefix(m[1], "<EOF>"), strings.HasSuffix(m[2], "<EOF>"):
		return errs.Text{ZH: "表达式没有写完，请检查括号、引号和运算符。", EN: "The expression cannot be read: it ends too early; check brackets, quotes and operators."}
	case m[2] != "":
		return misplaced(strings.TrimSpace(m[2]))
	}
	return misplaced(strings.TrimSpace(m[1]))
}

// misplaced says of a word that it cannot stand where it does, and what was probably meant.
func misplaced(word string) errs.Text {
	t := errs.Text{ZH: fmt.Sprintf("表达式读不懂：这里不能有「%s」", word), EN: fmt.Sprintf("The expression cannot be read: %q cannot stand here", word)}
	meant, tip := map[string]string{"=": "==", "and": "&&", "or": "||", "not": "!", "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "“": "'", "”": "'", "‘": "'", "’": "'", "。": "."}[word]
	if narrow := width.Narrow.String(word); !tip && narrow != word {
		meant, tip = narrow, true
	}
	if !tip {
		return errs.Text{ZH: t.ZH + "，请检查括号、引号和运算符。", EN: t.EN + "; check brackets, quotes and operators."}
	}
	return errs.Text{ZH: fmt.Sprintf("%s，请写「%s」。", t.ZH, meant), EN: fmt.Sprintf("%s; write %s.", t.EN, meant)}
}

// tooLarge is said of a whole number beyond 2^53, which would silently become its neighbour.
var tooLarge = errs.Text{ZH: "整数太大：超过 9007199254740992 的整数不能准确保存。", EN: "The whole number is too large: beyond 9007199254740992 not every one can be kept."}
