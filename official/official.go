// Package official writes documents in the layout of GB/T 9704-2012 (党政机关公文格式): A4, a type area of 156 by 225 mm with 37 mm above and 28 mm
// to the left, 22 lines of 28 characters, as DOCX and as PDF, and charts as SVG. It never draws a red header, a seal or an emblem: those make
// a paper official, and only an office can.
//
// Every digit of a document's text stands in a span with a footnote that says where the number comes from. A document that breaks this is
// not written. The package is an engine: it knows no figure, no database and no clock; the same document gives the same bytes.
package official

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"liandong/errs"
)

// The layout of GB/T 9704-2012, 5.1 and 5.2, in millimetres; the right and lower margins follow from the type area.
const (
	PageWidth  = 210.0
	PageHeight = 297.0
	Top        = 37.0
	Left       = 28.0
	AreaWidth  = 156.0
	AreaHeight = 225.0
	Lines      = 22
	Characters = 28
)

// Document is a text with its footnotes.
type Document struct {
	Title  string   `json:"title"`
	Marks  []string `json:"marks"` // at the head of every page: 草稿·待审核, 演示数据
	Blocks []Block  `json:"blocks"`
	Notes  []Note   `json:"notes"`
	Close  []Span   `json:"close"` // at the end, to the right, a line each: who answers for it
}

// Note is a footnote, numbered from 1 by its place in the document.
type Note struct {
	Text string `json:"text"`
}

// Span is a piece of text. Note is the number of its footnote, 0 where it has none and then no digit.
type Span struct {
	Text string `json:"text"`
	Note int    `json:"note,omitempty"`
}

// Kind is what a block is.
type Kind string

// The kinds of blocks.
const (
	Heading   Kind = "heading"
	Paragraph Kind = "paragraph"
	TableOf   Kind = "table"
	ChartOf   Kind = "chart"
)

// Block is a part of the text in its order.
type Block struct {
	Kind  Kind   `json:"kind"`
	Level int    `json:"level,omitempty"` // of a heading: 1 for 一、, 2 for （一）
	Spans []Span `json:"spans,omitempty"` // of a heading, a paragraph, or the caption of a table or chart
	Table *Table `json:"table,omitempty"`
	Chart *Chart `json:"chart,omitempty"`
}

// Table has a row of heads and rows of cells; the first column names the row.
type Table struct {
	Heads []Span   `json:"heads"`
	Rows  [][]Span `json:"rows"`
}

// Chart is bars of one figure. Its values stand in a note of their own.
type Chart struct {
	Unit     string `json:"unit"`
	Decimals int    `json:"decimals"`
	Bars     []Bar  `json:"bars"`
	Note     int    `json:"note"`
}

// Bar is one value of a chart.
type Bar struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

// Check says where a number stands without a footnote, or a footnote is named that is not there.
func (d *Document) Check() error {
	if hasDigit(d.Title) || hasDigit(strings.Join(d.Marks, "")) {
		return unfounded(d.Title)
	}
	blocks := append(slices.Clone(d.Blocks), Block{Spans: d.Close})
	for i := range blocks {
		b := &blocks[i]
		spans := b.Spans
		if b.Table != nil {
			spans = append(append([]Span{}, spans...), b.Table.Heads...)
			for _, row := range b.Table.Rows {
				spans = append(spans, row...)
			}
		}
		if b.Chart != nil {
			spans = append(append([]Span{}, spans...), Span{Text: "0", Note: b.Chart.Note})
		}
		for _, s := range spans {
			if s.Note < 0 || s.Note > len(d.Notes) || s.Note == 0 && hasDigit(s.Text) {
				return unfounded(s.Text)
			}
		}
	}
	return nil
}

func unfounded(text string) error {
	return errs.New(errs.Invalid, "official.Check",
		fmt.Sprintf("「%s」里有数字没有脚注，不能成文。", text), fmt.Sprintf("A number in %q has no footnote, so the text is not written.", text))
}

// hasDigit finds digits of any script, full-width ones too; 一 and 二 are words.
func hasDigit(s string) bool { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }
