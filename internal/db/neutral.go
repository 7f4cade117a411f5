package db

import (
	"strings"
	"unicode"
)

// token is a piece of SQL text: a word, a quoted literal or name, a comment, or one other character.
type token struct {
	text string
	kind tokenKind
}

type tokenKind uint8

const (
	tokenOther tokenKind = iota
	tokenWord
	tokenQuoted  // 'literal' or "name"
	tokenComment // to the end of the line, or /* */
)

// tokens splits SQL without understanding it, so far that words within literals and comments are not taken for words.
func tokens(sql string) []token {
	var all []token
	for len(sql) > 0 {
		n, kind := tokenLength(sql)
		all = append(all, token{sql[:n], kind})
		sql = sql[n:]
	}
	return all
}

func tokenLength(sql string) (int, tokenKind) {
	switch c := sql[0]; {
	case c == '\'' || c == '"':
		return quotedLength(sql, c), tokenQuoted
	case strings.HasPrefix(sql, "--"):
		if i := strings.IndexByte(sql, '\n'); i >= 0 {
			return i, tokenComment
		}
		return len(sql), tokenComment
	case strings.HasPrefix(sql, "/*"):
		if i := strings.Index(sql, "*/"); i >= 0 {
			return i + 2, tokenComment
		}
		return len(sql), tokenComment
	case isWordByte(c):
		n := 1
		for n < len(sql) && isWordByte(sql[n]) {
			n++
		}
		return n, tokenWord
	}
	return 1, tokenOther
}

// quotedLength is the length of a literal or quoted name, in which a doubled quote stands for one.
func quotedLength(sql string, quote byte) int {
	for i := 1; i < len(sql); i++ {
		if sql[i] != quote {
			continue
		}
		if i+1 < len(sql) && sql[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(sql)
}

func isWordByte(c byte) bool {
	return c == '_' || c >= 0x80 || unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
}

// numbered rewrites ? placeholders into $1, $2 for PostgreSQL, outside of literals, quoted names and comments.
func numbered(sql string) string {
	if !strings.Contains(sql, "?") {
		return sql
	}
	var b strings.Builder
	n := 0
	for _, t := range tokens(sql) {
		if t.kind == tokenOther && t.text == "?" {
			n++
			b.WriteString("$" + itoa(n))
			continue
		}
		b.WriteString(t.text)
	}
	return b.String()
}
