package form

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	"liandong/errs"
)

// A body is a record as it is stored and hashed: one byte of format, then the section; a section is its answered fields in order of
// number, each as the difference of its number to the one before (uvarint, never zero) and its answer, closed by a zero. Numbers, money,
// dates and divisions are zigzag varints, yes-or-no and one code a single byte, several codes a uvarint of bits, texts and sealed bytes a
// uvarint length and the bytes, a list a uvarint count and that many sections. Equal records have equal bodies.

// bodyFormat is the first byte of every body.
const bodyFormat = 1

// AppendBody adds the record's body to b.
func (r *Record) AppendBody(b []byte) []byte { return r.appendSection(append(b, bodyFormat)) }

func (r *Record) appendSection(b []byte) []byte {
	last := 0
	for number, i := range r.section.byNumber {
		if i < 0 || !r.Has(i) {
			continue
		}
		b = binary.AppendUvarint(b, uint64(number-last))
		last = number
		b = r.appendAnswer(b, i)
	}
	return append(b, 0)
}

func (r *Record) appendAnswer(b []byte, i int) []byte {
	switch r.section.Fields[i].Type {
	case Bool, Code:
		return append(b, byte(r.numbers[i]))
	case Codes:
		return binary.AppendUvarint(b, uint64(r.numbers[i]))
	case Text, Key, Secret:
		b = binary.AppendUvarint(b, uint64(len(r.texts[i])))
		return append(b, r.texts[i]...)
	case List:
		items, _ := r.Items(i)
		b = binary.AppendUvarint(b, uint64(len(items)))
		for _, item := range items {
			b = item.appendSection(b)
		}
		return b
	default:
		return binary.AppendVarint(b, r.numbers[i])
	}
}

// Decode reads a body into a new record of the form.
func (f *Form) Decode(body []byte) (*Record, error) {
	r := f.Root.New()
	return r, f.DecodeInto(r, body)
}

// DecodeInto reads a body into r, whose former answers are forgotten and whose memory is used again. The record's texts are views of
// the body: the caller leaves the body unchanged as long as the record is used.
func (f *Form) DecodeInto(r *Record, body []byte) error {
	r.Reset()
	if len(body) == 0 || body[0] != bodyFormat {
		return damaged(0)
	}
	d := decoder{body: body, at: 1}
	d.section(r)
	if d.failed || d.at != len(body) {
		return damaged(d.at)
	}
	return nil
}

func damaged(at int) error {
	return errs.New(errs.Internal, "form.Decode", "", fmt.Sprintf("stored body is damaged at byte %d", at))
}

// decoder walks a body; failed stays set after the first byte that makes no sense.
type decoder struct {
	body   []byte
	at     int
	failed bool
}

// maxItems bounds a list's count before memory is taken for it: no household has as many members, machines or flats.
const maxItems = 10_000

func (d *decoder) section(r *Record) {
	number := 0
	for {
		step := int(d.uvarint())
		if step == 0 || d.failed {
			return
		}
		number += step
		if number >= len(r.section.byNumber) || number < 0 || r.section.byNumber[number] < 0 {
			d.failed = true
			return
		}
		d.answer(r, r.section.byNumber[number])
	}
}

func (d *decoder) answer(r *Record, i int) {
	switch r.section.Fields[i].Type {
	case Bool, Code:
		r.SetValue(i, int64(d.byte()))
	case Codes:
		r.SetValue(i, int64(d.uvarint()))
	case Text, Key, Secret:
		r.SetText(i, d.text())
	case List:
		n := d.uvarint()
		if n > maxItems {
			d.failed = true
			return
		}
		if r.lists == nil {
			r.lists = make([][]*Record, len(r.section.Fields))
		}
		r.mark(i)
		for range n {
			item := r.extend(i)
			item.Reset()
			if d.section(item); d.failed {
				return
			}
		}
	default:
		r.SetValue(i, d.varint())
	}
}

func (d *decoder) byte() byte {
	if d.at >= len(d.body) {
		d.failed = true
		return 0
	}
	d.at++
	return d.body[d.at-1]
}

func (d *decoder) uvarint() uint64 {
	if d.at < len(d.body) && d.body[d.at] < 0x80 { // the common case without a call
		d.at++
		return uint64(d.body[d.at-1])
	}
	v, n := binary.Uvarint(d.body[min(d.at, len(d.body)):])
	if n <= 0 {
		d.failed = true
		return 0
	}
	d.at += n
	return v
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) text() string {
	n := d.uvarint()
	if n > uint64(len(d.body)-min(d.at, len(d.body))) {
		d.failed = true
		return ""
	}
	s := d.body[d.at : d.at+int(n)]
	d.at += int(n)
	return unsafe.String(unsafe.SliceData(s), len(s))
}
