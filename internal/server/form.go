package server

import (
	"context"
	"net/http"

	"liandong/day"
	"liandong/errs"
	"liandong/form"
	"liandong/internal/access"
	"liandong/internal/registry"
)

// WordView is a code with its words.
type WordView struct {
	Code  string    `json:"code"`
	Title errs.Text `json:"title"`
}

type codeView struct {
	WordView
	From  *day.Date `json:"from,omitempty" doc:"the first day it may be answered"`
	Until *day.Date `json:"until,omitempty" doc:"the last day it may be answered"`
}

type codeListView struct {
	Name  string     `json:"name"`
	Codes []codeView `json:"codes"`
}

type fieldView struct {
	Path        string      `json:"path" doc:"housing.structure; of a record in a list: within the record"`
	Type        string      `json:"type" doc:"bool, number, money, code, codes, date, division, text, key, secret or list"`
	Title       errs.Text   `json:"title"`
	Unit        string      `json:"unit,omitempty"`
	Scale       int         `json:"scale,omitempty" doc:"decimals of a number"`
	Max         *float64    `json:"max,omitempty" doc:"the greatest absolute value of a number"`
	Signed      bool        `json:"signed,omitempty" doc:"may be below zero"`
	Codes       string      `json:"codes,omitempty" doc:"name of the code list"`
	Sensitivity string      `json:"sensitivity"`
	Required    bool        `json:"required,omitempty"`
	Fields      []fieldView `json:"fields,omitempty" doc:"of the records of a list"`
}

type formOutput struct {
	Body struct {
		ID       string         `json:"id"`
		Title    errs.Text      `json:"title"`
		Fields   []fieldView    `json:"fields"`
		Codes    []codeListView `json:"codes"`
		Events   []WordView     `json:"events" doc:"why a revision may be written"`
		Statuses []WordView     `json:"statuses" doc:"of a household in the register, in their order"`
	}
}

func (s *Server) registerForm() {
	add(s, op{id: "form", method: http.MethodGet, path: "/form", summary: "The household form: its fields, code lists and words", tag: tagHouseholds, action: access.ReadFigures},
		func(context.Context, *call, *none) (*formOutput, error) {
			f := s.Registry.Form()
			out := &formOutput{}
			out.Body.ID, out.Body.Title, out.Body.Fields = f.ID(), f.Title, fieldsOf(f.Root)
			out.Body.Codes = codesOf(f)
			for _, e := range registry.Events() {
				out.Body.Events = append(out.Body.Events, WordView{string(e), e.Text()})
			}
			for _, status := range registry.Statuses() {
				out.Body.Statuses = append(out.Body.Statuses, WordView{status.String(), status.Text()})
			}
			return out, nil
		})
}

func fieldsOf(section *form.Section) []fieldView {
	all := make([]fieldView, 0, len(section.Fields))
	for i := range section.Fields {
		f := &section.Fields[i]
		v := fieldView{
			Path: f.Path, Type: f.Type.String(), Title: f.Title, Unit: f.Unit, Scale: f.Scale, Signed: f.Signed, Sensitivity: f.Sensitivity.String(), Required: f.Required,
		}
		if f.Max > 0 {
			limit := float64(f.Max)
			for range f.Scale {
				limit /= 10
			}
			v.Max = &limit
		}
		if f.Codes != nil {
			v.Codes = f.Codes.Name
		}
		if f.List != nil {
			v.Fields = fieldsOf(f.List)
		}
		all = append(all, v)
	}
	return all
}

// codesOf are the form's code lists in the order in which its fields use them.
func codesOf(f *form.Form) []codeListView {
	var all []codeListView
	seen := map[string]bool{}
	var visit func(section *form.Section)
	visit = func(section *form.Section) {
		for i := range section.Fields {
			field := &section.Fields[i]
			if field.List != nil {
				visit(field.List)
			}
			if field.Codes == nil || seen[field.Codes.Name] {
				continue
			}
			seen[field.Codes.Name] = true
			list := codeListView{Name: field.Codes.Name}
			for j := range field.Codes.Entries {
				e := &field.Codes.Entries[j]
				list.Codes = append(list.Codes, codeView{WordView{e.Code, e.Title}, dayOrNil(e.From), dayOrNil(e.Until)})
			}
			all = append(all, list)
		}
	}
	visit(f.Root)
	return all
}
