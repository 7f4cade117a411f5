package portfolio_test

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// public reads one of the schemas that other people published; scripts/public-schemas fetches them.
func public(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "public", path))
	if err != nil {
		t.Fatalf("%v (scripts/public-schemas fetches it, as make tests does)", err)
	}
	return string(text)
}

// packageSchema closes the frame around the projects: every member that is written stands in the standard. The published schema forbids no others, so
// that a misspelt one would pass it.
const packageSchema = `{
 "$schema": "http://json-schema.org/draft-04/schema#",
 "type": "object", "required": ["uri", "publisher", "publishedDate", "projects", "version"], "additionalProperties": false,
 "properties": {
  "uri": {"type": "string", "format": "uri"}, "publishedDate": {"type": "string", "format": "date-time"}, "version": {"type": "string", "pattern": "^(\\d+\\.)(\\d+)$"},
  "publisher": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
  "projects": {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"allOf": [
   {"$ref": "http://standard.open-contracting.org/infrastructure/0__9__0__beta/project-schema.json"},
   {"type": "object", "required": ["id"], "additionalProperties": false,
    "properties": {
     "id": {}, "updated": {}, "title": {}, "description": {}, "status": {}, "period": {}, "sector": {}, "locations": {}, "budget": {}, "parties": {},
     "additionalClassifications": {"items": {"required": ["scheme", "id"]}},
     "milestones": {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"status": {"enum": ["scheduled", "met", "notMet", "partiallyMet"]}, "dueDate": {"type": "string", "format": "date-time"}}}}
    }}]}}
 }}`

// oc4idsSchema is the published project schema in the frame of a package. What PyPI carries is the schema of the first 0.9: later ones of 0.9 added
// milestones, which the frame asks after, and three codes to the statuses of projects, which are put in here.
func oc4idsSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	published := public(t, "oc4ids/project-schema.json")
	const before = `"completed",
        "cancelled"`
	if strings.Count(published, before) != 1 {
		t.Fatalf("the published schema lists other statuses than it did")
	}
	published = strings.Replace(published, before, before+`, "maintenance", "decommissioning", "decommissioned"`, 1)
	for name, text := range map[string]string{"package.json": packageSchema, "http://standard.open-contracting.org/infrastructure/0__9__0__beta/project-schema.json": published} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(name, document); err != nil {
			t.Fatal(err)
		}
	}
	return c.MustCompile("package.json")
}

func TestThePublishedSchemaOfOC4IDSRefusesWhatIsNoProject(t *testing.T) {
	t.Parallel()
	schema := oc4idsSchema(t)
	const frame = `{"uri": "urn:a", "publisher": {"name": "甲"}, "publishedDate": "2015-12-31T00:00:00Z", "version": "0.9", "projects": [PROJECT]}`
	for project, valid := range map[string]bool{
		`{"id": "1", "title": "甲"}`:                                    true,
		`{"title": "甲"}`:                                               false,
		`{"id": 1}`:                                                    false,
		`{"id": "1", "status": "maintenance"}`:                         true,
		`{"id": "1", "status": "doing"}`:                               false,
		`{"id": "1", "period": {"startDate": "2015"}}`:                 false,
		`{"id": "1", "budget": {"amount": {"currency": "人民币"}}}`:       false,
		`{"id": "1", "budget": {"amount": {"amount": "3"}}}`:           false,
		`{"id": "1", "locations": [{"description": "甲"}]}`:             false,
		`{"id": "1", "sectors": ["transport"]}`:                        false,
		`{"id": "1", "parties": [{"id": "1", "roles": "funder"}]}`:     false,
		`{"id": "1", "milestones": [{"id": "1", "status": "nearly"}]}`: false,
	} {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(frame, "PROJECT", project, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document); (err == nil) != valid {
			t.Errorf("%s: %v", project, err)
		}
	}
}

// xsdFaults says what the published XSD of IATI 2.03 has against a text, empty where nothing. It needs xmllint (Debian: libxml2-utils).
func xsdFaults(t *testing.T, text []byte) string {
	t.Helper()
	schema := filepath.Join("testdata", "public", "iati", "schemas", "iati-activities-schema.xsd")
	public(t, "iati/schemas/iati-activities-schema.xsd") // its own sentence where it is not there
	file := filepath.Join(t.TempDir(), "activities.xml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", schema, file).CombinedOutput()
	if err == nil {
		return ""
	}
	return err.Error() + "\n" + string(said)
}

// iatiLists are the attributes that hold codes, with their published lists.
func iatiLists() map[string]string {
	return map[string]string{
		"reporting-org type": "OrganisationType", "description type": "DescriptionType", "participating-org role": "OrganisationRole", "other-identifier type": "OtherIdentifierType",
		"activity-status code": "ActivityStatus", "activity-date type": "ActivityDateType", "recipient-country code": "Country", "sector vocabulary": "SectorVocabulary",
		"tag vocabulary": "TagVocabulary", "budget type": "BudgetType", "budget status": "BudgetStatus", "transaction-type code": "TransactionType", "iati-activity default-currency": "Currency",
	}
}

// iatiCodes are the codes of a published list.
func iatiCodes(t *testing.T, list string) []string {
	t.Helper()
	var published struct {
		Codes []string `xml:"codelist-items>codelist-item>code"`
	}
	if err := xml.Unmarshal([]byte(public(t, "iati/codelists/"+list+".xml")), &published); err != nil || len(published.Codes) == 0 {
		t.Fatalf("%s: %d codes, %v", list, len(published.Codes), err)
	}
	return published.Codes
}

// validIATI compares an export with the published XSD, and its codes with the published lists.
func validIATI(t *testing.T, text []byte) {
	t.Helper()
	if faults := xsdFaults(t, text); faults != "" {
		t.Error(faults)
	}
	lists, asked := iatiLists(), map[string]bool{}
	for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
		token, err := d.Token()
		if err != nil {
			break
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range element.Attr {
			at := element.Name.Local + " " + a.Name.Local
			if list := lists[at]; list != "" {
				asked[at] = true
				if !slices.Contains(iatiCodes(t, list), a.Value) {
					t.Errorf("%s=%q is no code of %s", at, a.Value, list)
				}
			}
		}
	}
	for at := range lists {
		if !asked[at] {
			t.Errorf("nothing was written as %s", at)
		}
	}
}

func TestThePublishedXSDOfIATIRefusesWhatIsNoActivity(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"an activity without members": `<iati-activities version="2.03"><iati-activity/></iati-activities>`,
		"a root of another name":      `<activities version="2.03"/>`,
	} {
		if faults := xsdFaults(t, []byte(text)); !strings.Contains(faults, "fails to validate") {
			t.Errorf("%s: %q", what, faults)
		}
	}
}
