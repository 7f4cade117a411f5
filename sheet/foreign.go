package sheet

import (
	"bytes"

	"liandong/errs"
)

// foreign is a kind of file that is not read, told by how it begins, with what its owner can do.
type foreign struct {
	magic  string
	zh, en string
}

const (
	saveZH = "请用 WPS 表格或 Excel 打开它，选「文件」→「另存为」，类型选「Excel 工作簿（*.xlsx）」，再导入新文件。"
	saveEN = `Open it in WPS or Excel, choose "Save as" and the type "Excel workbook (*.xlsx)", then import the new file.`
)

var foreigners = [...]foreign{
	{"%PDF-", "这是 PDF 文件，不是表格。请向提供者要原来的表格文件。", "This is a PDF, not a table. Ask for the original workbook."},
	{"Rar!", "这是 RAR 压缩包。请先解压，再导入里面的表格。", "This is a RAR archive. Unpack it first, then import the table inside."},
	{"7z\xbc\xaf\x27\x1c", "这是 7z 压缩包。请先解压，再导入里面的表格。", "This is a 7z archive. Unpack it first, then import the table inside."},
	{"\x1f\x8b", "这是 gzip 压缩文件。请先解压，再导入里面的表格。", "This is a gzip file. Unpack it first, then import the table inside."},
	{"\x89PNG", "这是图片，不是表格。", "This is a picture, not a table."},
	{"\xff\xd8\xff", "这是图片，不是表格。", "This is a picture, not a table."},
	{"\x09\x08\x10\x00", "这是旧版 Excel 文件。" + saveZH, "This is an old Excel file. " + saveEN},
	{"\x09\x04\x06\x00", "这是旧版 Excel 文件。" + saveZH, "This is an old Excel file. " + saveEN},
	{"\x09\x02\x06\x00", "这是旧版 Excel 文件。" + saveZH, "This is an old Excel file. " + saveEN},
	{"\x09\x00\x04\x00", "这是旧版 Excel 文件。" + saveZH, "This is an old Excel file. " + saveEN},
	{"PAR1", "这是 Parquet 文件，不是工作簿。", "This is a Parquet file, not a workbook."},
}

const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// refuseForeign answers files of other kinds with what to do. A web page that calls itself .xls, which many systems hand out as
// an "Excel export", is one of them.
func refuseForeign(data []byte) error {
	const op = "sheet.Open"
	if len(bytes.TrimSpace(data)) == 0 {
		return invalid(op, "文件是空的，没有表头也没有记录。请核对是不是这个文件，或从原来的系统重新导出。", "The file is empty: it has neither a heading nor a record. Check that it is the right one, or export it again.")
	}
	if bytes.HasPrefix(data, []byte(oleMagic)) {
		return refuseOLE(data)
	}
	for _, f := range foreigners {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return invalid(op, f.zh, f.en)
		}
	}
	return refuseMarkup(data)
}

// refuseOLE tells an encrypted workbook from the old binary ones; both come in the same container.
func refuseOLE(data []byte) error {
	const op = "sheet.Open"
	if bytes.Contains(data, utf16LE("EncryptedPackage")) {
		return invalid(op, "文件设了打开密码。请用 WPS 表格或 Excel 打开，去掉密码，另存为「Excel 工作簿（*.xlsx）」后再导入。",
			`The file is protected by a password. Open it in WPS or Excel, remove the password, save it as "Excel workbook (*.xlsx)" and import that.`)
	}
	return invalid(op, "这是旧版 Excel（.xls）或 WPS 表格（.et）文件。"+saveZH, "This is an old Excel (.xls) or WPS (.et) file. "+saveEN)
}

func utf16LE(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// refuseMarkup finds HTML and XML that pose as workbooks.
func refuseMarkup(data []byte) error {
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 4096)], []byte(bomUTF8))))
	if len(head) == 0 || head[0] != '<' {
		return nil
	}
	for _, tag := range []string{"<html", "<table", "<!doctype html", "<?xml", "<meta", "<head", "<body", "<div", "<style"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return errs.New(errs.Invalid, "sheet.Open", "这是网页或 XML 文件，只是用了表格的扩展名。"+saveZH,
				"This is a web page or XML file that only has the extension of a workbook. "+saveEN)
		}
	}
	return nil
}
