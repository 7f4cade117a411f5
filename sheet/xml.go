package sheet

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// token is what the scanner found.
type token uint8

const (
	tokenEnd   token = iota // the document is over
	tokenOpen               // <name attributes> or <name/>, which is followed by a tokenClose of its own
	tokenClose              // </name>
	tokenText               // characters between tags, to be read by text
)

// scanner splits XML into tags and text without building a tree. It exists because a sheet of 100,000 rows is 170 MB of markup,
// for which the general decoder takes 30 times as long. It accepts the XML that workbook writers write: UTF-8, no document type.
// Names must be closed in order; prefixes are dropped. What it returns is valid until the next call.
type scanner struct {
	source io.Reader
	buf    []byte
	pos    int   // first byte not yet consumed
	taken  int64 // bytes that source has given
	eof    bool

	name    []byte // of the tag, without prefix
	attrs   []byte // of an opening tag
	chars   []byte // of a text
	literal bool   // the text is CDATA
	closing bool   // a self-closing tag owes its tokenClose

	open  []byte // names of the elements that are open, with prefixes, end to end
	marks []int  // where each begins in open
	began bool   // an element was seen
}

var (
	errMarkup   = errors.New("malformed XML")
	errEncoding = errors.New("XML is not UTF-8")
	errType     = errors.New("XML has a document type")
	errLong     = errors.New("XML token is too long")
	errDeep     = errors.New("XML is nested too deeply")
)

func newScanner(r io.Reader) *scanner {
	return &scanner{source: r, buf: make([]byte, 0, 256<<10)}
}

// more reads further bytes behind those not yet consumed.
func (s *scanner) more() error {
	if s.eof {
		return io.ErrUnexpectedEOF
	}
	if s.pos > 0 {
		s.buf = s.buf[:copy(s.buf[:cap(s.buf)], s.buf[s.pos:])]
		s.pos = 0
	}
	if len(s.buf) == cap(s.buf) {
		if cap(s.buf) >= maxToken {
			return errLong
		}
		s.buf = append(make([]byte, 0, min(2*cap(s.buf), maxToken)), s.buf...)
	}
	for range 100 {
		n, err := s.source.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.taken += int64(n)
		if err == io.EOF {
			s.eof = true
			return nil
		}
		if err != nil || n > 0 {
			return err
		}
	}
	return io.ErrNoProgress
}

// consumed is how many bytes of the source lie behind the reader.
func (s *scanner) consumed() int64 { return s.taken - int64(len(s.buf)-s.pos) }

// next moves to the next token.
func (s *scanner) next() (token, error) {
	if s.closing {
		s.closing = false
		s.pop()
		return tokenClose, nil
	}
	for {
		if s.pos == len(s.buf) {
			if s.eof {
				return s.finish()
			}
			if err := s.more(); err != nil {
				return tokenEnd, err
			}
			continue
		}
		if s.buf[s.pos] != '<' {
			return s.scanText()
		}
		t, err := s.scanMarkup()
		if err != nil || t != tokenEnd {
			return t, err
		}
	}
}

func (s *scanner) finish() (token, error) {
	if len(s.marks) > 0 || !s.began {
		return tokenEnd, io.ErrUnexpectedEOF
	}
	return tokenEnd, nil
}

// until gives the offset, from pos, of the first of mark at or behind from, reading on as needed.
func (s *scanner) until(mark string, from int) (int, error) {
	for {
		window := s.buf[s.pos:]
		if from < len(window) {
			if i := bytes.Index(window[from:], []byte(mark)); i >= 0 {
				return from + i, nil
			}
			from = max(from, len(window)-len(mark)+1)
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

func (s *scanner) scanText() (token, error) {
	i := bytes.IndexByte(s.buf[s.pos:], '<')
	for from := len(s.buf) - s.pos; i < 0 && !s.eof; from = len(s.buf) - s.pos {
		if err := s.more(); err != nil {
			return tokenEnd, err
		}
		if i = bytes.IndexByte(s.buf[s.pos+from:], '<'); i >= 0 {
			i += from
		}
	}
	if i < 0 {
		i = len(s.buf) - s.pos
	}
	s.chars, s.literal = s.buf[s.pos:s.pos+i], false
	s.pos += i
	if len(s.marks) == 0 {
		if outside := bytes.TrimSpace(bytes.TrimPrefix(s.chars, []byte(bomUTF8))); len(outside) > 0 {
			return tokenEnd, errEncodingOr(outside)
		}
	}
	return tokenText, nil
}

// errEncodingOr tells UTF-16 from rubbish outside the elements.
func errEncodingOr(outside []byte) error {
	if outside[0] == 0xff || outside[0] == 0xfe || outside[0] == 0 {
		return errEncoding
	}
	return errMarkup
}

// scanMarkup reads what begins with <. tokenEnd without an error means it was a comment or instruction, which says nothing.
func (s *scanner) scanMarkup() (token, error) {
	for len(s.buf)-s.pos < 2 {
		if err := s.more(); err != nil {
			return tokenEnd, err
		}
	}
	switch s.buf[s.pos+1] {
	case '?':
		return tokenEnd, s.skipInstruction()
	case '!':
		return s.scanBang()
	case '/':
		return s.scanClose()
	default:
		return s.scanOpen()
	}
}

func (s *scanner) skipInstruction() error {
	i, err := s.until("?>", 2)
	if err != nil {
		return err
	}
	instruction := bytes.ToLower(s.buf[s.pos : s.pos+i])
	s.pos += i + 2
	if !bytes.HasPrefix(instruction, []byte("<?xml ")) {
		return nil
	}
	_, said, found := bytes.Cut(instruction, []byte("encoding"))
	if said = bytes.TrimLeft(said, " =\t\r\n'\""); found && !bytes.HasPrefix(said, []byte("utf-8")) && !bytes.HasPrefix(said, []byte("us-ascii")) {
		return errEncoding
	}
	return nil
}

func (s *scanner) scanBang() (token, error) {
	for len(s.buf)-s.pos < len("<![CDATA[") {
		if s.eof {
			return tokenEnd, errMarkup
		}
		if err := s.more(); err != nil {
			return tokenEnd, err
		}
	}
	switch rest := s.buf[s.pos:]; {
	case bytes.HasPrefix(rest, []byte("<!--")):
		i, err := s.until("-->", len("<!--"))
		s.pos += i + len("-->")
		return tokenEnd, err
	case bytes.HasPrefix(rest, []byte("<![CDATA[")) && len(s.marks) > 0:
		i, err := s.until("]]>", len("<![CDATA["))
		if err != nil {
			return tokenEnd, err
		}
		s.chars, s.literal = s.buf[s.pos+len("<![CDATA["):s.pos+i], true
		s.pos += i + len("]]>")
		return tokenText, nil
	case bytes.HasPrefix(rest, []byte("<!D")):
		return tokenEnd, errType
	default:
		return tokenEnd, errMarkup
	}
}

// scanClose reads </name>, which must name the element opened last.
func (s *scanner) scanClose() (token, error) {
	i := bytes.IndexByte(s.buf[s.pos:], '>')
	if i < 0 {
		var err error
		if i, err = s.until(">", 2); err != nil {
			return tokenEnd, err
		}
	}
	name := bytes.TrimRight(s.buf[s.pos+2:s.pos+i], " \t\r\n")
	s.pos += i + 1
	if len(s.marks) == 0 || !bytes.Equal(name, s.open[s.marks[len(s.marks)-1]:]) {
		return tokenEnd, errMarkup
	}
	s.pop()
	s.name = local(name)
	return tokenClose, nil
}

func (s *scanner) pop() {
	last := len(s.marks) - 1
	s.open, s.marks = s.open[:s.marks[last]], s.marks[:last]
}

// scanOpen reads <name attributes> or <name attributes/>.
func (s *scanner) scanOpen() (token, error) {
	i, err := s.tagEnd()
	if err != nil {
		return tokenEnd, err
	}
	tag := s.buf[s.pos+1 : s.pos+i]
	s.pos += i + 1
	if n := len(tag); n > 0 && tag[n-1] == '/' {
		s.closing, tag = true, tag[:n-1]
	}
	n := 0
	for n < len(tag) && !isSpace(tag[n]) {
		n++
	}
	name := tag[:n]
	if n == 0 || !nameStart(name[0]) || (len(s.marks) == 0 && s.began) {
		return tokenEnd, errMarkup
	}
	if len(s.marks) == maxDepth {
		return tokenEnd, errDeep
	}
	s.began = true
	s.marks = append(s.marks, len(s.open))
	s.open = append(s.open, name...)
	s.name, s.attrs = local(name), tag[n:]
	return tokenOpen, nil
}

// tagEnd finds the > that ends the tag at pos; one inside quotes does not.
func (s *scanner) tagEnd() (int, error) {
	from, quote := 1, byte(0)
	for {
		i := bytes.IndexByte(s.buf[s.pos+from:], '>')
		if i < 0 {
			var err error
			if i, err = s.until(">", from); err != nil {
				return 0, err
			}
			i -= from
		}
		i += from
		if quote = quoteOpen(s.buf[s.pos+from:s.pos+i], quote); quote == 0 {
			return i, nil
		}
		from = i + 1
		for len(s.buf)-s.pos <= from {
			if err := s.more(); err != nil {
				return 0, err
			}
		}
	}
}

// quoteOpen gives the quote that is open behind a piece of a tag, 0 for none, when quote was open before it.
func quoteOpen(piece []byte, quote byte) byte {
	for _, c := range piece {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	return quote
}

func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func local(name []byte) []byte {
	if _, after, prefixed := bytes.Cut(name, []byte(":")); prefixed {
		return after
	}
	return name
}

// skip passes over the element just opened and everything in it.
func (s *scanner) skip() error {
	for depth := 1; depth > 0; {
		t, err := s.next()
		switch {
		case err != nil:
			return err
		case t == tokenOpen:
			depth++
		case t == tokenClose:
			depth--
		}
	}
	return nil
}

// attribute is one name="value" of a tag; value still has its escapes.
type attribute struct{ prefix, name, value []byte }

// cutAttribute takes the first attribute off attrs; found is false at the end, err for what is no attribute.
func cutAttribute(attrs []byte) (a attribute, rest []byte, found bool, err error) {
	i := 0
	for i < len(attrs) && isSpace(attrs[i]) {
		i++
	}
	if attrs = attrs[i:]; len(attrs) == 0 {
		return a, nil, false, nil
	}
	equals := bytes.IndexByte(attrs, '=')
	if equals <= 0 {
		return a, nil, false, errMarkup
	}
	name := bytes.TrimRight(attrs[:equals], " \t\r\n")
	rest = attrs[equals+1:]
	for len(rest) > 0 && isSpace(rest[0]) {
		rest = rest[1:]
	}
	if len(rest) < 2 || (rest[0] != '"' && rest[0] != '\'') {
		return a, nil, false, errMarkup
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return a, nil, false, errMarkup
	}
	a = attribute{name: name, value: rest[1 : 1+end]}
	if prefix, after, prefixed := bytes.Cut(name, []byte(":")); prefixed {
		a.prefix, a.name = prefix, after
	}
	return a, rest[end+2:], true, nil
}

// attr gives the text of the tag's attribute of that name; "" when it has none. prefixed asks for one with a namespace prefix,
// whichever it is, as in r:id.
func (s *scanner) attr(name string, prefixed bool) (string, error) {
	for rest := s.attrs; ; {
		a, after, found, err := cutAttribute(rest)
		if err != nil || !found {
			return "", err
		}
		if string(a.name) == name && (len(a.prefix) > 0) == prefixed {
			text, err := unescape(nil, a.value)
			return string(text), err
		}
		rest = after
	}
}

// text appends the characters of the text token to dst, escapes resolved.
func (s *scanner) text(dst []byte) ([]byte, error) {
	if s.literal {
		return appendChecked(dst, s.chars)
	}
	return unescape(dst, s.chars)
}

// unescape resolves the five named escapes and numeric ones, and the line ends that XML normalises.
func unescape(dst, b []byte) ([]byte, error) {
	for {
		i := bytes.IndexByte(b, '&')
		if i < 0 {
			return appendChecked(dst, b)
		}
		var err error
		if dst, err = appendChecked(dst, b[:i]); err != nil {
			return dst, err
		}
		end := bytes.IndexByte(b[i:], ';')
		if end < 0 {
			return dst, errMarkup
		}
		r, ok := escaped(string(b[i+1 : i+end]))
		if !ok {
			return dst, errMarkup
		}
		dst, b = utf8.AppendRune(dst, r), b[i+end+1:]
	}
}

func escaped(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return rune(n), err == nil && n <= utf8.MaxRune && utf8.ValidRune(rune(n)) && isChar(rune(n))
}

// isChar tells the characters that XML 1.0 allows.
func isChar(r rune) bool {
	return r >= ' ' && r != 0xfffe && r != 0xffff || r == '\t' || r == '\n' || r == '\r'
}

// appendChecked appends b, which must be UTF-8 without control characters, turning CR LF and CR into LF.
func appendChecked(dst, b []byte) ([]byte, error) {
	ascii, carriage := true, false
	for _, c := range b {
		if c < ' ' {
			if !isSpace(c) {
				return dst, errMarkup
			}
			carriage = carriage || c == '\r'
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if !ascii && !utf8.Valid(b) {
		return dst, errEncoding
	}
	if carriage {
		b = bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	return append(dst, b...), nil
}
