package sheet

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"liandong/errs"
)

// markAuthor signs the notes, by which a later marking knows those of an earlier one.
const markAuthor = "联动 Liandong"

// Fills of marked cells; an earlier marking is known by them too.
const (
	errorFill   = "FF9C9C"
	warningFill = "FFE699"
)

// Mark writes the workbook again with its styles kept, every cell of a remark filled (red for an error, yellow for a warning) and
// the reasons in its note, Chinese first. Marks of an earlier round are taken off; what others noted stays. Separated text becomes
// a workbook with the same rows. For what it cannot do it returns [ErrNotMarkable], wrapped, with nothing written.
func Mark(w io.Writer, b *Book, sheet int, remarks []Remark) error {
	const op = "sheet.Mark"
	if err := b.markable(sheet); err != nil {
		return err
	}
	f, err := mark(b, sheet, remarks)
	if err != nil {
		return notMarkable(err.Error())
	}
	defer f.Close()
	return errs.Wrap(op, f.Write(w))
}

// mark does it in memory. The library refuses some workbooks that spreadsheets open, and panics on others: one that lacks a style which it
// takes for granted, say.
func mark(b *Book, sheet int, remarks []Remark) (f *excelize.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the library: %v", p)
		}
	}()
	m, err := openMarker(b, sheet)
	if err != nil {
		return nil, err
	}
	if err = m.cleanse(); err == nil {
		err = m.apply(remarks)
	}
	if err != nil {
		m.file.Close()
	}
	return m.file, err
}

// markable bounds what the library would hold in memory.
func (b *Book) markable(sheet int) error {
	if b.Macros() {
		return notMarkable("macros")
	}
	last, spread := 0, 0
	if b.text != nil {
		for row, err := range b.text.rows {
			if err != nil {
				return err
			}
			last, spread = row.Number, spread+len(row.Cells)
		}
	} else {
		p := b.workbook.sheets[sheet]
		if p == nil {
			return notMarkable("not a worksheet")
		}
		if b.workbook.archive.inflated > maxMarkedInflated {
			return notMarkable("too large")
		}
		source := prefetch(p.open())
		defer source.Close()
		r := &rowReader{workbook: b.workbook, scanner: newScanner(source), name: p.name}
		if err := r.read(func(*Row, error) bool { return r.last <= MaxMarkedRows && r.spread <= maxMarkedCells }); err != nil {
			return unreadable(p.name, err)
		}
		if last, spread = r.last, r.spread; r.merges > maxMarkedMerges || r.merged > maxMarkedCells {
			return notMarkable("too many merged cells")
		}
	}
	if last > MaxMarkedRows || spread > maxMarkedCells {
		return notMarkable("too large")
	}
	return nil
}

func notMarkable(why string) error { return fmt.Errorf("sheet.Mark: %s: %w", why, ErrNotMarkable) }

// marker holds the workbook while it is marked.
type marker struct {
	file   *excelize.File
	sheet  string
	notes  map[string]note   // what others noted, by cell
	freed  map[string]bool   // cells whose note stood below ours, which was taken off
	merged map[string]string // cells of a merged range, by the one that shows
	styles map[[2]int]int    // cell style and severity to marked style
	fills  map[Severity]int  // fill ids
}

func openMarker(b *Book, sheet int) (*marker, error) {
	m := &marker{notes: map[string]note{}, freed: map[string]bool{}, merged: map[string]string{}, styles: map[[2]int]int{}, fills: map[Severity]int{}}
	var err error
	if b.text != nil {
		m.sheet = "Sheet1"
		m.file, err = fresh(b)
	} else {
		m.sheet = b.sheets[sheet].Name
		m.file, err = excelize.OpenReader(bytes.NewReader(b.data), excelize.Options{UnzipSizeLimit: maxInflated, UnzipXMLSizeLimit: maxInflated})
	}
	if err != nil {
		return nil, err
	}
	for severity, colour := range map[Severity]string{Error: errorFill, Warning: warningFill} {
		style, err := m.file.NewStyle(&excelize.Style{Font: &excelize.Font{Family: "宋体"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}})
		if err != nil {
			return nil, err
		}
		m.fills[severity] = *m.file.Styles.CellXfs.Xf[style].FillID
	}
	if fonts := m.file.Styles.Fonts.Font; fonts[0].Name == nil {
		fonts[0].Name = fonts[len(fonts)-1].Name // notes are written in the first font, which the library takes to have a name
	}
	return m, m.readMerged()
}

func (m *marker) readMerged() error {
	ranges, err := m.file.GetMergeCells(m.sheet)
	if err != nil {
		return err
	}
	for _, r := range ranges {
		column, row, err1 := excelize.CellNameToCoordinates(r.GetStartAxis())
		lastColumn, lastRow, err2 := excelize.CellNameToCoordinates(r.GetEndAxis())
		if err1 != nil || err2 != nil {
			continue
		}
		for y := row; y <= lastRow; y++ {
			for x := column; x <= lastColumn; x++ {
				m.merged[CellName(x, y)] = r.GetStartAxis()
			}
		}
	}
	return nil
}

// cleanse takes off the marks of an earlier round and remembers what others noted.
func (m *marker) cleanse() error {
	comments, err := m.file.GetComments(m.sheet)
	if err != nil {
		return err
	}
	for _, c := range comments {
		if c.Author != markAuthor {
			m.notes[c.Cell] = note{author: c.Author, text: noteText(c)}
			continue
		}
		if _, below, found := strings.Cut(noteText(c), notedBefore); found {
			author, text, _ := strings.Cut(below, "】\n")
			m.notes[c.Cell], m.freed[c.Cell] = note{author: author, text: text}, true
		}
		if err := m.file.DeleteComment(m.sheet, c.Cell); err != nil {
			return err
		}
		if err := m.unfill(c.Cell); err != nil {
			return err
		}
	}
	return nil
}

// note is what somebody else noted at a cell.
type note struct{ author, text string }

// notedBefore stands between our reasons and the note that a cell had, followed by who wrote it, so that the next round can put it back.
const notedBefore = "\n\n【原批注 Noted before: "

func noteText(c excelize.Comment) string {
	var b strings.Builder
	b.WriteString(c.Text)
	for _, run := range c.Paragraph {
		b.WriteString(run.Text)
	}
	return b.String()
}

// unfill takes our fill off a cell. Which one it had before is not known any more; none is the usual one.
func (m *marker) unfill(cell string) error {
	style, err := m.file.GetCellStyle(m.sheet, cell)
	if err != nil {
		return err
	}
	xf := m.file.Styles.CellXfs.Xf[m.known(style)]
	if xf.FillID == nil || !m.isOurFill(*xf.FillID) {
		return nil
	}
	return m.file.SetCellStyle(m.sheet, cell, cell, m.withFill(style, 0, 0))
}

// isOurFill compares colours: an earlier marking made a fill of its own.
func (m *marker) isOurFill(id int) bool {
	fills := m.file.Styles.Fills.Fill
	if id >= len(fills) || fills[id] == nil || fills[id].PatternFill == nil || fills[id].PatternFill.FgColor == nil {
		return false
	}
	colour := strings.ToUpper(fills[id].PatternFill.FgColor.RGB)
	return strings.HasSuffix(colour, errorFill) || strings.HasSuffix(colour, warningFill)
}

// known is the style that a cell names, or the first where the workbook has none of that number.
func (m *marker) known(style int) int {
	if style < 0 || style >= len(m.file.Styles.CellXfs.Xf) {
		return 0
	}
	return style
}

// withFill gives the style that differs from style by its fill alone. It copies the style's record instead of asking the library
// for its description and back, which loses what the library does not know.
func (m *marker) withFill(style, fill int, key Severity) int {
	cacheKey := [2]int{style, int(key)}
	if id, found := m.styles[cacheKey]; found {
		return id
	}
	sheet := m.file.Styles.CellXfs
	xf := sheet.Xf[m.known(style)]
	apply := true
	xf.FillID, xf.ApplyFill = &fill, &apply
	sheet.Xf = append(sheet.Xf, xf)
	sheet.Count = len(sheet.Xf)
	m.styles[cacheKey] = len(sheet.Xf) - 1
	return len(sheet.Xf) - 1
}

// apply marks the cells, in order of rows and columns.
func (m *marker) apply(remarks []Remark) error {
	cells := map[string][]Remark{}
	for _, r := range remarks {
		name := CellName(max(r.Column, 1), r.Row)
		if shown, found := m.merged[name]; found {
			name = shown
		}
		cells[name] = append(cells[name], r)
	}
	names := slices.SortedFunc(maps.Keys(cells), func(a, b string) int {
		return cmp.Or(cmp.Compare(cells[a][0].Row, cells[b][0].Row), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	for _, name := range names {
		if err := m.markCell(name, cells[name]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.freed)) {
		if err := m.addNote(name, m.notes[name]); err != nil {
			return err
		}
	}
	return nil
}

func (m *marker) addNote(cell string, n note) error {
	width, height := noteSize(n.text)
	return m.file.AddComment(m.sheet, excelize.Comment{Cell: cell, Author: n.author, Text: n.text, Width: width, Height: height})
}

func (m *marker) markCell(name string, remarks []Remark) error {
	slices.SortStableFunc(remarks, func(a, b Remark) int { return cmp.Compare(a.Severity, b.Severity) })
	if severity := remarks[0].Severity; severity != Note {
		style, err := m.file.GetCellStyle(m.sheet, name)
		if err != nil {
			return err
		}
		if err := m.file.SetCellStyle(m.sheet, name, name, m.withFill(style, m.fills[severity], severity)); err != nil {
			return err
		}
	}
	text := remarkText(remarks)
	if other, noted := m.notes[name]; noted {
		if !m.freed[name] {
			if err := m.file.DeleteComment(m.sheet, name); err != nil {
				return err
			}
		}
		delete(m.freed, name)
		text += notedBefore + other.author + "】\n" + other.text
	}
	return m.addNote(name, note{author: markAuthor, text: text})
}

func remarkText(remarks []Remark) string {
	var lines []string
	for _, r := range remarks {
		lines = append(lines, r.chinese())
	}
	for _, r := range remarks {
		lines = append(lines, r.english())
	}
	text := []rune(strings.Join(lines, "\n"))
	return string(text[:min(len(text), maxRemark)])
}

// noteSize makes a note large enough to be read without dragging, in pixels.
func noteSize(text string) (width, height uint) {
	const wide, lineHeight, perLine = 320, 18, 46
	lines := 1
	for line := range strings.SplitSeq(text, "\n") {
		places := 0
		for _, r := range line {
			places++
			if r > 0x2e80 {
				places++
			}
		}
		lines += 1 + places/perLine
	}
	return wide, uint(min(lines, 25) * lineHeight)
}
