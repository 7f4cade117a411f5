package criteria

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/errs"
	"liandong/formula"
)

// lineOf finds the line that the YAML library names, as in "yaml: line 3: did not find expected key".
var lineOf = regexp.MustCompile(`line (\d+): (.*)`)

// fieldOf finds the key that it does not know.
var fieldOf = regexp.MustCompile(`^field (\S+) not found`)

// unreadable is the YAML library's complaint as a refusal with line and column: those of the key it names, else of the line's first word.
func unreadable(text []byte, err error) error {
	line, why := 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
		line, _ = strconv.Atoi(m[1])
		why = m[2]
	}
	lines := bytes.Split(text, []byte("\n"))
	line = max(1, min(line, len(lines)))
	content := string(lines[line-1])
	column := len(content) - len(strings.TrimLeft(content, " \t")) + 1
	said := inWords(why)
	if m := mistyped.FindStringSubmatch(why); m != nil {
		column = max(strings.Index(content, m[1])+1, column)
	}
	zh, en := "规则文件读不懂："+said.ZH, "The document cannot be read: "+said.EN
	if m := fieldOf.FindStringSubmatch(why); m != nil {
		if i := strings.Index(content, m[1]); i >= 0 {
			column = i + 1
		}
		zh, en = "规则文件没有「"+m[1]+"」这一项，请检查拼写。", "A document has no entry \""+m[1]+"\" here; check its spelling."
	}
	return at(formula.Position{Line: line, Column: column}, zh, en)
}

// mistyped finds the value that cannot be what is wanted in its place, and what is.
var mistyped = regexp.MustCompile("cannot unmarshal !!\\w+(?: `([^`]*)`)? into (\\S+)")

// inWords says the YAML library's commonest complaints in words of ours.
func inWords(why string) errs.Text {
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
	switch {
	case why == "EOF":
		return errs.Text{ZH: "文件是空的。", EN: "it is empty."}
	case strings.Contains(why, "unexpected end of stream"):
		return errs.Text{ZH: "文件结束了，引号或括号还没有配对。", EN: "it ends before a quote or a bracket is closed."}
	}
	return errs.Text{ZH: why, EN: why}
}

// positionOf is where a value stands in the document, by its keys; the document's beginning where it is absent.
func positionOf(root *yaml.Node, keys ...string) formula.Position {
	n := root
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	for _, key := range keys {
		found := false
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				n, found = n.Content[i+1], true
				break
			}
		}
		if !found {
			break
		}
	}
	return formula.Position{Line: max(n.Line, 1), Column: max(n.Column, 1)}
}

// asJSON writes a YAML value as JSON, numbers with the digits they have.
func asJSON(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = asJSON(n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i := range n.Content {
			list[i] = asJSON(n.Content[i])
		}
		return list
	case yaml.ScalarNode:
		switch {
		case n.Tag == "!!null":
			return nil
		case n.Tag == "!!bool":
			return strings.EqualFold(n.Value, "true")
		case (n.Tag == "!!int" || n.Tag == "!!float") && json.Valid([]byte(n.Value)):
			return json.Number(n.Value)
		}
		return n.Value
	}
	return nil
}
