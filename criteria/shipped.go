package criteria

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"

	"liandong/errs"
)

//go:embed documents/*.yaml
var documents embed.FS

//go:embed documents/criteria.schema.json
var schemaText []byte

// JSONSchema is the JSON Schema (2020-12) of documents, for editors. It says less than Parse: what an expression may say is checked there.
func JSONSchema() []byte { return bytes.Clone(schemaText) }

// Shipped lists the ids of the documents that come with the program.
func Shipped() []string {
	entries, err := fs.ReadDir(documents, "documents")
	if err != nil {
		return nil // part of the program and read by its tests
	}
	var ids []string
	for _, e := range entries {
		ids = append(ids, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return ids
}

// ShippedText is the text of a document that comes with the program.
func ShippedText(id string) ([]byte, error) {
	text, err := documents.ReadFile("documents/" + id + ".yaml")
	if err != nil {
		return nil, errs.New(errs.NotFound, "criteria.ShippedText",
			"没有规则「"+id+"」。随程序提供的有："+strings.Join(Shipped(), "、")+"。", "There is no criteria document \""+id+"\". The program has: "+strings.Join(Shipped(), ", ")+".")
	}
	return text, nil
}
