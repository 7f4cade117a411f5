package criteria

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// edit replaces the bytes [from, to) of a text.
type edit struct {
	from, to int
	with     string
}

// layout finds where the values of a YAML text begin and end. The YAML library tells line and column of where they begin alone.
type layout struct {
	text  []byte
	lines []int // where each line begins
}

func newLayout(text []byte) *layout {
	p := &layout{text: text, lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	return p
}

// offset is where a node begins; its column counts characters.
func (p *layout) offset(n *yaml.Node) int {
	at := p.lines[min(max(n.Line, 1), len(p.lines))-1]
	if at == 0 {
		at = len(p.text) - len(bytes.TrimPrefix(p.text, []byte("\ufeff")))
	}
	for range n.Column - 1 {
		if at >= len(p.text) {
			return len(p.text)
		}
		_, size := utf8.DecodeRune(p.text[at:])
		at += size
	}
	return at
}

// endOfLine is the end of the line of an offset, before its line break.
func (p *layout) endOfLine(at int) int {
	if i := bytes.IndexByte(p.text[at:], '\n'); i >= 0 {
		return at + i - len(p.text[at:at+i]) + len(bytes.TrimSuffix(p.text[at:at+i], []byte("\r")))
	}
	return len(p.text)
}

// extent is where a node begins and ends, without spaces and comments after it. It is false for what has an anchor, an alias or a tag, and for lists
// and mappings without brackets.
func (p *layout) extent(n *yaml.Node) (from, to int, ok bool) {
	if n == nil || n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return 0, 0, false
	}
	from = p.offset(n)
	if from >= len(p.text) {
		return 0, 0, false
	}
	switch {
	case n.Kind == yaml.ScalarNode && n.Style&yaml.DoubleQuotedStyle != 0:
		to, ok = p.quotedEnd(from, '"')
	case n.Kind == yaml.ScalarNode && n.Style&yaml.SingleQuotedStyle != 0:
		to, ok = p.quotedEnd(from, '\'')
	case n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		to, ok = p.blockEnd(from), true
	case n.Kind == yaml.ScalarNode:
		to, ok = p.plainEnd(from, n.Value)
	case n.Style&yaml.FlowStyle != 0:
		to, ok = p.bracketEnd(from)
	}
	return from, to, ok
}

// quotedEnd is the end of a quoted text.
func (p *layout) quotedEnd(from int, quote byte) (int, bool) {
	if p.text[from] != quote {
		return 0, false
	}
	for i := from + 1; i < len(p.text); i++ {
		switch {
		case quote == '"' && p.text[i] == '\\':
			i++
		case p.text[i] != quote:
		case quote == '\'' && i+1 < len(p.text) && p.text[i+1] == quote:
			i++
		default:
			return i + 1, true
		}
	}
	return 0, false
}

// blockEnd is the end of a text that stands on lines of its own under | or >.
func (p *layout) blockEnd(from int) int {
	to := p.endOfLine(from)
	indent := -1
	for next := slices.Index(p.lines, p.lineAt(from)) + 1; next < len(p.lines); next++ {
		begin := p.lines[next]
		end := p.endOfLine(begin)
		line := p.text[begin:end]
		spaces := len(line) - len(bytes.TrimLeft(line, " "))
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if indent < 0 {
			indent = spaces
		}
		if spaces < indent || spaces == 0 {
			break
		}
		to = end
	}
	return to
}

// plainEnd follows the value through the text: a space of the value may be a line break there.
func (p *layout) plainEnd(from int, value string) (int, bool) {
	at := from
	space := func(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
	for i := 0; i < len(value); i++ {
		if space(value[i]) {
			if at >= len(p.text) || !space(p.text[at]) {
				return 0, false
			}
			for i+1 < len(value) && space(value[i+1]) {
				i++
			}
			for at < len(p.text) && space(p.text[at]) {
				at++
			}
			continue
		}
		if at >= len(p.text) || p.text[at] != value[i] {
			return 0, false
		}
		at++
	}
	return at, true
}

// bracketEnd is the end of a list or mapping within brackets.
func (p *layout) bracketEnd(from int) (int, bool) {
	depth := 0
	for i := from; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case (c == '"' || c == '\'') && p.beginsValue(i):
			end, ok := p.quotedEnd(i, c)
			if !ok {
				return 0, false
			}
			i = end - 1
		case c == '#' && unicode.IsSpace(rune(p.text[i-1])):
			i = p.endOfLine(i) - 1
		}
	}
	return 0, false
}

// beginsValue reports whether a quote opens a value: within a plain text it is a letter like others.
func (p *layout) beginsValue(at int) bool {
	before := bytes.TrimRight(p.text[:at], " \t\r\n")
	return len(before) > 0 && strings.ContainsRune("[{,:?", rune(before[len(before)-1]))
}

// lineAt is where the line of an offset begins.
func (p *layout) lineAt(at int) int {
	i, found := slices.BinarySearch(p.lines, at)
	if !found {
		i--
	}
	return p.lines[i]
}

// linesOfItem is where each line of an entry of a list begins, from its dash on, at the dash's column. Lines that are empty or hold a comment alone
// are none of them, for they need no further mark.
func (p *layout) linesOfItem(item *yaml.Node) []int {
	first := p.lineAt(p.offset(item))
	dash := bytes.IndexByte(p.text[first:], '-')
	all := []int{first + dash}
	for next := slices.Index(p.lines, first) + 1; next < len(p.lines); next++ {
		begin := p.lines[next]
		line := p.text[begin:p.endOfLine(begin)]
		content := bytes.TrimLeft(line, " ")
		if len(content) == 0 || content[0] == '#' {
			continue
		}
		if len(line)-len(content) <= dash {
			break
		}
		all = append(all, begin+dash)
	}
	return all
}

// apply makes the edits, which do not overlap.
func (p *layout) apply(edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, e := range edits {
		if e.from < at {
			continue // Rewrite finds that the text does not say what it should
		}
		out = append(append(out, p.text[at:e.from]...), e.with...)
		at = e.to
	}
	return append(out, p.text[at:]...)
}

// quoted writes a text in double quotes, as YAML reads it in every place.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f || r == 0x85 || r == 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			b.WriteString(`\u` + leftPadded(strconv.FormatInt(int64(r), 16)))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func leftPadded(hex string) string { return strings.Repeat("0", 4-len(hex)) + hex }

// plain writes a number with as many digits as it needs to be read back the same.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
