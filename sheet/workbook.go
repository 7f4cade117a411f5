package sheet

import (
	"bytes"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"

	"liandong/errs"
)

// workbook is what is known of an Office Open XML workbook before its rows are read. ECMA-376 part 1 is the format: 18.2
// (workbook), 18.3 (worksheets), 18.4 (shared strings), 18.8 (styles); part 2 the relations between parts.
type workbook struct {
	archive  *archive
	sheets   []*part // nil for a chart sheet
	texts    *textTable
	formats  []numberFormat // by cell style
	date1904 bool           // days count from 1904-01-01
	macros   bool
}

// openWorkbook checks the container and reads everything but the rows.
func openWorkbook(data []byte) (*Book, error) {
	a, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	main, err := a.mainPart()
	if err != nil {
		return nil, err
	}
	w := &workbook{archive: a, texts: &textTable{}}
	for name := range a.parts {
		w.macros = w.macros || strings.HasSuffix(name, "vbaproject.bin")
	}
	infos, err := w.readMain(main)
	if err != nil {
		return nil, err
	}
	return &Book{format: Workbook, data: data, sheets: infos, workbook: w}, nil
}

// relation is one line of a part's .rels file.
type relation struct{ kind, target string }

// relations reads the relations of a part ("" for the container) by their ids. External ones are left out: nothing is followed.
func (a *archive) relations(of string) (map[string]relation, error) {
	name := path.Join(path.Dir(of), "_rels", path.Base(of)+".rels")
	if of == "" {
		name = "_rels/.rels"
	}
	b, err := a.small(name)
	if err != nil || b == nil {
		return nil, err
	}
	relations := map[string]relation{}
	s := newScanner(bytes.NewReader(b))
	for {
		t, err := s.next()
		if err != nil || t == tokenEnd {
			return relations, unreadable(name, err)
		}
		if t != tokenOpen || string(s.name) != "Relationship" {
			continue
		}
		values, err := s.values("Id", "Type", "Target", "TargetMode")
		if err != nil {
			return nil, unreadable(name, err)
		}
		if !strings.EqualFold(values[3], "External") {
			relations[values[0]] = relation{kind: path.Base(values[1]), target: resolve(of, values[2])}
		}
	}
}

// values gives the tag's plain attributes of these names, "" where absent.
func (s *scanner) values(names ...string) ([]string, error) {
	values := make([]string, len(names))
	for i, name := range names {
		v, err := s.attr(name, false)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// resolve turns the target of a relation into the name of a part.
func resolve(of, target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return strings.TrimPrefix(path.Join("/", path.Dir(of), target), "/")
}

// mainPart finds the workbook's own part, or says what else the container is.
func (a *archive) mainPart() (string, error) {
	const op = "sheet.Open"
	relations, err := a.relations("")
	if err != nil {
		return "", err
	}
	for _, id := range slices.Sorted(maps.Keys(relations)) {
		r := relations[id]
		if r.kind != "officeDocument" || a.parts[strings.ToLower(r.target)] == nil {
			continue
		}
		if strings.HasSuffix(strings.ToLower(r.target), ".bin") {
			return "", invalid(op, "这是二进制工作簿（.xlsb）。"+saveZH, "This is a binary workbook (.xlsb). "+saveEN)
		}
		return r.target, nil
	}
	if a.parts["mimetype"] != nil && a.parts["content.xml"] != nil {
		return "", invalid(op, "这是 OpenDocument 表格（.ods）。"+saveZH, "This is an OpenDocument spreadsheet (.ods). "+saveEN)
	}
	for name := range a.parts {
		if strings.HasSuffix(name, ".xlsx") || strings.HasSuffix(name, ".xls") || strings.HasSuffix(name, ".csv") {
			return "", invalid(op, "这是压缩包，里面有表格文件。请先解压，再逐个导入。", "This is an archive with tables inside. Unpack it and import them one by one.")
		}
	}
	return "", invalid(op, "这是压缩文件，但不是 Excel 工作簿。", "This is a zip archive, but not an Excel workbook.")
}

// readMain reads the list of sheets, then the parts they share.
func (w *workbook) readMain(name string) ([]Info, error) {
	b, err := w.archive.small(name)
	if err != nil {
		return nil, err
	}
	relations, err := w.archive.relations(name)
	if err != nil {
		return nil, err
	}
	infos, err := w.readSheets(b, name, relations)
	if err != nil {
		return nil, err
	}
	if len(infos) == 0 {
		return nil, invalid("sheet.Open", "文件里没有工作表，可能不是 Excel 工作簿。"+resaveZH,
			"The file has no sheet; perhaps it is not an Excel workbook. "+resaveEN)
	}
	for _, id := range slices.Sorted(maps.Keys(relations)) {
		switch r := relations[id]; r.kind {
		case "styles":
			if w.formats != nil {
				return nil, damaged("样式有两份。", "There are two tables of styles.", r.target)
			}
			err = w.readStyles(r.target)
		case "sharedStrings":
			err = w.readTexts(r.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return infos, nil
}

func (w *workbook) readSheets(b []byte, name string, relations map[string]relation) ([]Info, error) {
	var infos []Info
	s := newScanner(bytes.NewReader(b))
	for {
		t, err := s.next()
		if err != nil || t == tokenEnd {
			return infos, unreadable(name, err)
		}
		switch {
		case t != tokenOpen:
		case string(s.name) == "workbookPr":
			v, err := s.attr("date1904", false)
			if err != nil {
				return nil, unreadable(name, err)
			}
			w.date1904 = v == "1" || v == "true"
		case string(s.name) == "sheet":
			info, part, err := w.readSheet(s, relations)
			if err != nil {
				return nil, unreadable(name, err)
			}
			infos, w.sheets = append(infos, info), append(w.sheets, part)
		}
	}
}

func (w *workbook) readSheet(s *scanner, relations map[string]relation) (Info, *part, error) {
	values, err := s.values("name", "state")
	if err != nil {
		return Info{}, nil, err
	}
	id, err := s.attr("id", true)
	if err != nil {
		return Info{}, nil, err
	}
	info := Info{Name: values[0], Hidden: values[1] != "" && values[1] != "visible"}
	r, found := relations[id]
	if !found {
		return info, nil, errMarkup
	}
	if r.kind != "worksheet" {
		return info, nil, nil
	}
	p := w.archive.parts[strings.ToLower(r.target)]
	if p == nil {
		return info, nil, errMarkup
	}
	return info, p, nil
}

// unreadable turns what the scanner or the container found into a sentence; nil stays nil.
func unreadable(name string, err error) error {
	if err == nil {
		return nil
	}
	if _, known := errors.AsType[*errs.Error](err); known {
		return err
	}
	const op = "sheet.Open"
	switch {
	case errors.Is(err, errType):
		return invalid(op, "工作簿里的标记带有文档类型声明（DTD），没有打开。"+resaveZH,
			"A part of the workbook declares a document type (DTD); it was not opened. "+resaveEN).At(name)
	case errors.Is(err, errEncoding):
		return invalid(op, "工作簿的内容不是 UTF-8 编码。"+resaveZH, "A part of the workbook is not UTF-8. "+resaveEN).At(name)
	case errors.Is(err, errLong), errors.Is(err, errDeep):
		return tooLarge(op, "工作簿里有长得或套得异常的标记，没有打开。"+resaveZH,
			"A part of the workbook has markup that is too long or nested too deeply; it was not opened. "+resaveEN).At(name)
	default:
		return damaged("它的内容不成格式。", "The markup of a part is broken.", name).Because(err)
	}
}
