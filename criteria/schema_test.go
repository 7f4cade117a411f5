package criteria

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// TestTheSchemaSaysWhatParseReads compares the published schema with the fields that Parse reads, and holds the copy in docs to it.
func TestTheSchemaSaysWhatParseReads(t *testing.T) {
	t.Parallel()
	published, err := os.ReadFile("../docs/criteria.schema.json")
	if err != nil || !bytes.Equal(published, JSONSchema()) {
		t.Errorf("docs/criteria.schema.json is not criteria/documents/criteria.schema.json (%v); copy it", err)
	}
	var root schemaNode
	if err := json.Unmarshal(JSONSchema(), &root); err != nil {
		t.Fatal(err)
	}
	score := root.Properties["score"]
	indicator := score.Properties["indicators"].Items
	for name, c := range map[string]struct {
		at  *schemaNode
		row any
	}{
		"document": {&root, documentRow{}}, "basis": {root.Properties["basis"], Basis{}}, "effective": {root.Properties["effective"], Effective{}},
		"parameter": {root.Properties["parameters"].Additional.node, parameterRow{}}, "score": {score, scoreRow{}}, "indicator": {indicator, indicatorRow{}},
		"part": {indicator.Properties["parts"].Items, partRow{}}, "bar": {root.Properties["bars"].Items, barRow{}}, "case": {root.Properties["cases"].Items, caseRow{}},
	} {
		var says, reads []string
		for property := range c.at.Properties {
			says = append(says, property)
		}
		row := reflect.TypeOf(c.row)
		for f := range row.Fields() {
			reads = append(reads, f.Tag.Get("yaml"))
		}
		slices.Sort(says)
		slices.Sort(reads)
		if !slices.Equal(says, reads) {
			t.Errorf("%s: the schema says %v, Parse reads %v", name, says, reads)
		}
	}
}

type schemaNode struct {
	Properties map[string]*schemaNode `json:"properties"`
	Items      *schemaNode            `json:"items"`
	Additional additional             `json:"additionalProperties"`
}

// additional is false or a schema.
type additional struct{ node *schemaNode }

func (a *additional) UnmarshalJSON(text []byte) error {
	if strings.HasPrefix(string(text), "{") {
		a.node = &schemaNode{}
		return json.Unmarshal(text, a.node)
	}
	return nil
}

func TestDocumentsHoldToTheSchema(t *testing.T) {
	t.Parallel()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("criteria.json", parsed); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("criteria.json")
	if err != nil {
		t.Fatal(err)
	}
	validate := func(text []byte) error {
		var n yaml.Node
		if err := yaml.Unmarshal(text, &n); err != nil {
			t.Fatal(err)
		}
		inJSON, err := json.Marshal(asJSON(n.Content[0]))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(inJSON))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	for _, id := range Shipped() {
		text, err := ShippedText(id)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(text); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for _, wrong := range []string{"poor:", "kind: veto", "form:", "version:"} {
			if err := validate(bytes.Replace(text, []byte(wrong), []byte(strings.Replace(wrong, ":", "x:", 1)), 1)); err == nil {
				t.Errorf("%s: the schema allows %sx", id, wrong)
			}
		}
	}
}
