package sheet

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// textTable is the table of texts that cells share, held as one string: 600,000 names and numbers are then two objects to the
// garbage collector, and a cell's text is a slice of it.
type textTable struct {
	all  string
	ends []uint32 // where each text ends in all
}

// text gives the i-th text; false when there is none.
func (t *textTable) text(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	var start uint32
	if i > 0 {
		start = t.ends[i-1]
	}
	return t.all[start:t.ends[i]], true
}

// readTexts reads the shared strings part.
func (w *workbook) readTexts(name string) error {
	p := w.archive.parts[strings.ToLower(name)]
	if p == nil {
		return nil
	}
	if w.texts.ends != nil {
		return damaged("共享的文字有两份。", "There are two tables of shared texts.", p.name)
	}
	if p.size > maxStringsInflated {
		return tooLarge("sheet.Open", "工作簿里的文字太多，请分成几个文件。", "The workbook holds too much text; split it.")
	}
	r := p.open()
	defer r.Close()
	s := newScanner(r)
	var all strings.Builder
	all.Grow(int(p.size)) // the texts are shorter than their markup, so this never grows
	var one []byte
	for {
		t, err := s.next()
		if err != nil {
			return unreadable(p.name, err)
		}
		if t == tokenEnd {
			break
		}
		if t != tokenOpen || string(s.name) != "si" {
			continue
		}
		if one, err = s.richText(one[:0]); err != nil {
			return unreadable(p.name, err)
		}
		all.Write(one)
		w.texts.ends = append(w.texts.ends, uint32(all.Len()))
	}
	w.texts.all = all.String()
	return nil
}

// richText appends the text of the element just opened (si, is): its t elements and those of its runs, joined; phonetic guides
// (rPh) are not part of what is written. It reads past the element's end.
func (s *scanner) richText(dst []byte) ([]byte, error) {
	depth, inText := 1, false
	start := len(dst)
	for depth > 0 {
		t, err := s.next()
		if err != nil {
			return dst, err
		}
		switch t {
		case tokenOpen:
			if string(s.name) == "rPh" {
				if err := s.skip(); err != nil {
					return dst, err
				}
				continue
			}
			depth++
			inText = string(s.name) == "t"
		case tokenClose:
			depth--
			inText = false
		case tokenText:
			if inText {
				if dst, err = s.text(dst); err != nil {
					return dst, err
				}
				if len(dst)-start > maxCellBytes {
					return dst, errLong
				}
			}
		}
	}
	return unescapeX(dst, start), nil
}

// unescapeX resolves, in dst from start, the escapes _xHHHH_ by which workbooks write control characters, and _x005F_ the underscore
// of a text that looks like one (ECMA-376 part 1, 22.9.2.19).
func unescapeX(dst []byte, start int) []byte {
	if !bytes.Contains(dst[start:], []byte("_x")) {
		return dst
	}
	out := start
	for i := start; i < len(dst); {
		r, n := cutX(dst[i:])
		if n == 0 {
			dst[out] = dst[i]
			out, i = out+1, i+1
			continue
		}
		i += n
		if utf16.IsSurrogate(r) {
			if low, m := cutX(dst[i:]); m > 0 {
				r, i = utf16.DecodeRune(r, low), i+m
			}
		}
		out += utf8.EncodeRune(dst[out:], r) // 7 bytes are read for at most 4 written
	}
	return dst[:out]
}

func cutX(b []byte) (rune, int) {
	const length = len("_x000D_")
	if len(b) < length || b[0] != '_' || b[1] != 'x' || b[6] != '_' {
		return 0, 0
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(n), length
}
