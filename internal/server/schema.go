package server

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// documentNulls mends what huma says of pointers: it describes one to an object by that object's schema alone, although the answer has null where the
// pointer is nil. Fields that are left out when they are empty are never null, and a field that is always there says so by nullable:"false".
func documentNulls(schemas huma.Registry) {
	for name, schema := range schemas.Map() {
		if t := schemas.TypeFromRef("#/components/schemas/" + name); t != nil {
			nullsOf(t, schema)
		}
	}
}

// nullsOf mends the properties of one type, with those of the types embedded in it.
func nullsOf(t reflect.Type, schema *huma.Schema) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			nullsOf(f.Type, schema)
			continue
		}
		property := schema.Properties[name]
		if f.Type.Kind() != reflect.Pointer || property == nil || property.Ref == "" || strings.HasPrefix(options, "omit") || f.Tag.Get("nullable") == "false" {
			continue
		}
		property.OneOf = []*huma.Schema{{Ref: property.Ref}, {Type: "null"}}
		property.Ref = ""
	}
}
