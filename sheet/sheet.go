// Package sheet reads and writes the tables that offices exchange: Excel workbooks (.xlsx, .xlsm) and CSV text.
//
// It is an engine: it knows neither database nor households. What a table should hold comes in as a [Layout]; what goes out are
// rows of cells, a [Match] of columns with fields, and new or marked workbooks. It stands on errs and day and imports nothing else
// of the project.
//
// A file is checked as a whole before its first row is handed out: every byte of the container must be accounted for and every
// part must carry its checksum, so that a damaged copy is refused or read exactly as the undamaged one, never differently.
// Nothing in a file is executed, evaluated or followed: formulas give the value that was stored with them, links lead nowhere.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"

	"liandong/errs"
)

// Format is what kind of file a book was read from.
type Format uint8

// The formats that can be read.
const (
	Workbook Format = iota + 1 // Office Open XML: .xlsx, .xlsm, .xltx
	CSV                        // separated text
)

// Info describes one sheet of a book.
type Info struct {
	Name   string // as on the tab; "CSV" for separated text
	Hidden bool   // not shown to the person who opens the file
}

// Book is an opened and checked file, held in memory. It is safe for concurrent reading.
type Book struct {
	format   Format
	data     []byte
	sheets   []Info
	workbook *workbook // of a Workbook
	text     *separated
}

// OpenFile reads and checks the file at path. The sentence of its error names what is wrong and how to save the file so that it
// can be read: errs.NotFound for a missing file, errs.TooLarge over a limit, errs.Invalid for everything else.
func OpenFile(path string) (*Book, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.NotFound, "sheet.OpenFile", "文件打不开，请检查路径和读取权限。",
			"The file cannot be opened; check its path and that you may read it.").At(path).Because(err)
	}
	defer f.Close()
	return Read(f)
}

// Read takes the file from r, which is read to its end, and checks it.
func Read(r io.Reader) (*Book, error) {
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(r, MaxFileBytes+1)); err != nil {
		return nil, errs.New(errs.Unavailable, "sheet.Read", "文件没有读完就中断了，请重试。",
			"Reading the file was interrupted; try again.").Because(err)
	}
	return Open(b.Bytes())
}

// Open checks the file whose bytes are given; the book keeps them and they must not be changed.
func Open(data []byte) (*Book, error) {
	if len(data) > MaxFileBytes {
		return nil, tooLarge("sheet.Open", fmt.Sprintf("文件超过 %d MB，请分成几个文件。", MaxFileBytes>>20),
			fmt.Sprintf("The file is larger than %d MB; split it.", MaxFileBytes>>20))
	}
	if err := refuseForeign(data); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte("PK")) {
		return openWorkbook(data)
	}
	return openSeparated(data)
}

// Format tells what the book was read from.
func (b *Book) Format() Format { return b.format }

// Sheets lists the sheets in the order of their tabs; their indices are what [Book.Rows] takes.
func (b *Book) Sheets() []Info { return b.sheets }

// Macros reports whether the workbook carries a macro project. It is never run and never copied into what is written back.
func (b *Book) Macros() bool { return b.workbook != nil && b.workbook.macros }

// Encoding names the character set and separator of separated text, "" for a workbook.
func (b *Book) Encoding() string {
	if b.text == nil {
		return ""
	}
	return b.text.encoding.String()
}

// Rows yields the rows of a sheet that hold at least one cell, in order. A row and its cells are valid until the next one is asked
// for; the strings in them stay valid, but keep the memory of the whole sheet's texts alive: clone those that outlive the book.
// The first error ends the sequence: a sheet either comes out whole or with an error.
func (b *Book) Rows(sheet int) iter.Seq2[*Row, error] {
	if sheet < 0 || sheet >= len(b.sheets) {
		return func(yield func(*Row, error) bool) {
			yield(nil, invalid("sheet.Rows", "文件中没有这张工作表。", "The file has no such sheet."))
		}
	}
	if b.text != nil {
		return b.text.rows
	}
	return b.workbook.rows(sheet)
}

func invalid(op, zh, en string) *errs.Error  { return errs.New(errs.Invalid, op, zh, en) }
func tooLarge(op, zh, en string) *errs.Error { return errs.New(errs.TooLarge, op, zh, en) }
