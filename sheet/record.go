package sheet

import (
	"slices"
)

// Records cuts separated text of any length into records, one field beside the other, without making cells of them: what reads millions of numbers
// needs neither cells nor the edges of a spreadsheet. Encoding and separator are told as [Open] tells them.
type Records struct {
	encoding Encoding
	parser   parser
}

// OpenRecords looks at the beginning of separated text. It refuses what is a workbook or no text at all, with the sentence that [Open] has for it.
func OpenRecords(data []byte) (*Records, error) {
	if err := refuseForeign(data); err != nil {
		return nil, err
	}
	if len(data) > 1 && data[0] == 'P' && data[1] == 'K' {
		return nil, invalid("sheet.OpenRecords", "这是 Excel 工作簿。请用 WPS 表格或 Excel 另存为「CSV UTF-8」。", `This is an Excel workbook. Save it as "CSV UTF-8".`)
	}
	encoding, text, err := detectEncoding(data)
	if err != nil {
		return nil, err
	}
	r := &Records{encoding: encoding}
	var separator byte
	if text, separator = declaredSeparator(text); separator == 0 {
		separator = guessSeparator(text)
	}
	r.parser = parser{text: text, separator: separator}
	return r, nil
}

// Next gives the next record that holds a character, its fields as they stand in the file; nil at the end. They are valid until the next call.
func (r *Records) Next() ([][]byte, error) {
	for {
		record, err := r.parser.next()
		if err != nil || record == nil {
			return nil, err
		}
		if slices.ContainsFunc(record, func(field []byte) bool { return len(field) > 0 }) {
			return record, nil
		}
	}
}

// Row is the number of the record that Next gave, as a spreadsheet counts rows.
func (r *Records) Row() int { return r.parser.row }

// Text gives the characters of a field.
func (r *Records) Text(field []byte) (string, error) {
	text, sound := r.encoding.decode(nil, field)
	if !sound {
		return "", undecodable(r.encoding, r.parser.row)
	}
	return Unguard(string(text)), nil
}
