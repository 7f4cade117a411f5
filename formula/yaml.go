package formula

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"liandong/errs"
)

// lineOf finds the line that the YAML library names, as in "yaml: line 3: did not find expected key".
var lineOf = regexp.MustCompile(`line (\d+): (.*)`)

// fieldOf finds the key that it does not know.
var fieldOf = regexp.MustCompile(`^field (\S+) not found`)

// ReadYAML reads a document that people write in YAML into a value whose fields are all that it may have, and gives the nodes that say where each
// word stands. Every refusal is a sentence with line and column, in which noun says what sort of document it is.
func ReadYAML(text []byte, noun errs.Text, into any) (*yaml.Node, error) {
	if err := checkEncoding(text, noun); err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, unreadableYAML(text, noun, err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return nil, unreadableYAML(text, noun, err)
	}
	return &root, checkAlone(decoder, noun)
}

// unreadableYAML is the YAML library's complaint as a refusal with line and column: those of the key it names, else of the line's first word.
func unreadableYAML(text []byte, noun errs.Text, err error) error {
	line, why := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		why = m[2]
	}
	lines := bytes.Split(text, []byte("\n"))
	line = max(1, min(line, len(lines)))
	content := string(lines[line-1])
	column := len(content) - len(strings.TrimLeft(content, " \t")) + 1
	said := YAMLInWords(why)
	if strings.Contains(why, "expected") || strings.Contains(why, "not allowed in this context") {
		if i, wide, found := wideSign(content); found {
			column, said = i, wide
		}
	}
	if m := mistyped.FindStringSubmatch(why); m != nil {
		column = max(strings.Index(content, m[1])+1, column)
	}
	zh, en := noun.ZH+"读不懂："+said.ZH, "The "+noun.EN+" cannot be read: "+said.EN
	if m := fieldOf.FindStringSubmatch(why); m != nil {
		if i := strings.Index(content, m[1]); i >= 0 {
			column = i + 1
		}
		zh, en = noun.ZH+"没有「"+m[1]+"」这一项，请检查拼写。", "A "+noun.EN+" has no entry \""+m[1]+"\" here; check its spelling."
	}
	return refuse(Position{Line: line, Column: column}, zh, en)
}

// mistyped finds the value that cannot be what is wanted in its place, and what is.
var mistyped = regexp.MustCompile("cannot unmarshal !!\\w+(?: `([^`]*)`)? into (\\S+)")

// YAMLInWords says the YAML library's commonest complaints in words of ours.
func YAMLInWords(why string) errs.Text {
	if m := mistyped.FindStringSubmatch(why); m != nil {
		wanted := errs.Text{ZH: "这种内容", EN: "what is wanted here"}
		if strings.Contains(m[2], "float") || strings.Contains(m[2], "int") {
			wanted = errs.Text{ZH: "数字", EN: "a number"}
		}
		if m[1] == "" {
			return errs.Text{ZH: "这里要写的不是列表或「名称: 内容」。", EN: "A list or a mapping of names cannot stand here."}
		}
		return errs.Text{ZH: "「" + m[1] + "」不是" + wanted.ZH + "。", EN: "\"" + m[1] + "\" is not " + wanted.EN + "."}
	}
	if m := definedTwice.FindStringSubmatch(why); m != nil {
		return errs.Text{ZH: "「" + m[1] + "」写了两次，第一次在第 " + m[2] + " 行。请留一个。", EN: "\"" + m[1] + "\" is there twice, first in line " + m[2] + "; keep one."}
	}
	for _, c := range complaints {
		if strings.Contains(why, c.why) {
			return c.said
		}
	}
	return errs.Text{ZH: why, EN: why}
}

// definedTwice finds the key that a mapping has twice, and where it had it first.
var definedTwice = regexp.MustCompile(`^mapping key "(.*)" already defined at line (\d+)`)

// complaints are those of the YAML library that a hand at the keyboard meets, with what to do.
var complaints = []struct {
	why  string
	said errs.Text
}{
	{"EOF", errs.Text{ZH: "文件是空的。", EN: "it is empty."}},
	{"unexpected end of stream", errs.Text{ZH: "文件结束了，引号或括号还没有配对。", EN: "it ends before a quote or a bracket is closed."}},
	{"character that cannot start any token", errs.Text{ZH: "这里的符号不能开头；缩进要用空格，不能用制表符。", EN: "nothing can begin with this sign; indent by spaces, not by tabs."}},
	{"tab character", errs.Text{ZH: "缩进要用空格，不能用制表符。", EN: "indent by spaces, not by tabs."}},
	{"could not find expected ':'", errs.Text{ZH: "名称后面要有半角冒号和一个空格。", EN: "a name wants a plain colon and a space after it."}},
	{"did not find expected key", errs.Text{ZH: "这一行的缩进和上面的对不上。", EN: "this line is not indented like those above it."}},
	{"did not find expected '-' indicator", errs.Text{ZH: "这一行附近的缩进对不上：列表的各项要对齐。", EN: "the indents near this line do not fit: the items of a list stand under each other."}},
	{"mapping values are not allowed", errs.Text{ZH: "一行里有两个冒号，或缩进不对；带冒号的内容请加引号。", EN: "there is a second colon in the line, or a wrong indent; put what has a colon in quotes."}},
	{"did not find expected ',' or", errs.Text{ZH: "括号里各项之间要用半角逗号，最后要有右括号。", EN: "what stands in brackets is divided by plain commas and closed by a bracket."}},
	{"control characters are not allowed", errs.Text{ZH: "有看不见的控制字符，请删掉。", EN: "it holds a control character, which cannot be seen; delete it."}},
	{"exceeded max depth", errs.Text{ZH: "括号或缩进套得太深。", EN: "its brackets or indents go too deep."}},
	{"unknown anchor", errs.Text{ZH: "以 * 开头的是引用；要写星号本身，请加引号。", EN: "what begins with * refers to something; put it in quotes to mean the sign itself."}},
	{"excessive aliasing", errs.Text{ZH: "引用套得太多。", EN: "it refers to itself too often."}},
}

// narrow are the signs meant by those that a Chinese keyboard gives instead.
var narrow = map[rune]string{'：': ":", '，': ",", '　': "␣", '\u00a0': "␣", '“': "\"", '”': "\"", '［': "[", '］': "]", '｛': "{", '｝': "}"}

// wideSign finds the first of them in a line that cannot be read, counted in characters from 1.
func wideSign(line string) (column int, said errs.Text, found bool) {
	for i, r := range []rune(line) {
		if meant, ok := narrow[r]; ok {
			return i + 1, errs.Text{ZH: "这里的「" + string(r) + "」是全角或特殊符号，要用半角的「" + meant + "」。", EN: "the sign \"" + string(r) + "\" is a wide one; the plain \"" + meant + "\" is meant."}, true
		}
	}
	return 0, errs.Text{}, false
}

// checkEncoding refuses what is not UTF-8, such as a file saved as GBK or UTF-16, at its first byte that is not.
func checkEncoding(text []byte, noun errs.Text) error {
	if utf8.Valid(text) {
		return nil
	}
	p := Position{Line: 1, Column: 1}
	for rest := text; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			break
		}
		p.Column++
		if r == '\n' {
			p = Position{Line: p.Line + 1, Column: 1}
		}
		rest = rest[size:]
	}
	return refuse(p, noun.ZH+"不是 UTF-8 编码（常见的是 GBK）。请另存为 UTF-8 再用。", "The "+noun.EN+" is not in UTF-8 (GBK is common); save it as UTF-8.")
}

// checkAlone refuses a second document behind the first, which would be left unread.
func checkAlone(decoder *yaml.Decoder, noun errs.Text) error {
	var second yaml.Node
	if err := decoder.Decode(&second); errors.Is(err, io.EOF) {
		return nil
	}
	return refuse(Position{Line: max(second.Line, 1), Column: max(second.Column, 1)}, "文件里有第二份"+noun.ZH+"（--- 之后）。一个文件只放一份。", "There is a second "+noun.EN+" after ---; a file holds one.")
}
