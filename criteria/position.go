package criteria

import (
	"encoding/json"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/formula"
)

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
