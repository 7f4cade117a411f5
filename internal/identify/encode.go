package identify

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/klauspost/compress/zstd"

	"liandong/criteria"
	"liandong/errs"
	"liandong/internal/registry"
	"liandong/place"
)

// layout is the first byte of every body. A body of another layout would be read by its own function.
const layout = 1

// encode writes the verdicts of n households as one body: the layout, then, compressed, n and one column behind the other: ids of 16 bytes,
// steps from village to village, sizes, statuses, outcomes, the scores' lower ends, and the bits in which the upper ends differ from them.
// The ends are kept bit for bit: an explanation that is made again must give the same.
func (r *Results) encode() []byte {
	n := len(r.ID)
	b := binary.AppendUvarint(make([]byte, 0, 40*n+16), uint64(n))
	for i := range r.ID {
		b = append(b, r.ID[i][:]...)
	}
	last := place.ID(0)
	for _, v := range r.Village {
		b = binary.AppendUvarint(b, uint64(v-last))
		last = v
	}
	for _, s := range r.Size {
		b = binary.AppendUvarint(b, uint64(s))
	}
	for _, s := range r.Status {
		b = append(b, byte(s))
	}
	for _, o := range r.Outcome {
		b = append(b, byte(o))
	}
	for i := range r.Outcome {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(r.Verdict(i).Low))
	}
	for i := range r.Outcome {
		v := r.Verdict(i)
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v.High)^math.Float64bits(v.Low))
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err) // the options are constants
	}
	return encoder.EncodeAll(b, []byte{layout})
}

// reader takes a body apart. Once it has run out of bytes it gives zeros, and says so at the end.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.short = true
		return make([]byte, max(0, min(n, 1<<20)))
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.short = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// decode reads a stored county's results. A body that was damaged is refused: audit verify names it.
func decode(row *resultRow) (*Results, error) {
	bad := errs.New(errs.Internal, "identify.decode", "", "the stored verdicts of a run cannot be read")
	if len(row.verdict) == 0 || row.verdict[0] != layout {
		return nil, bad
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, bad.Because(err)
	}
	defer decoder.Close()
	body, err := decoder.DecodeAll(row.verdict[1:], nil)
	if err != nil {
		return nil, bad.Because(err)
	}
	in := &reader{rest: body}
	n := int(in.uvarint())
	if n > len(body)/16 {
		return nil, bad
	}
	r := &Results{frame: &frame{County: row.county, Head: row.head, ID: make([]registry.ID, n), Village: make([]place.ID, n), Size: make([]uint16, n)}}
	copy(r.Segment[:], row.segment)
	for i := range r.ID {
		copy(r.ID[i][:], in.take(16))
	}
	last := place.ID(0)
	for i := range r.Village {
		last += place.ID(in.uvarint())
		r.Village[i] = last
	}
	for i := range r.Size {
		r.Size[i] = uint16(in.uvarint())
	}
	r.Status, r.Outcome = bytesAs[registry.Status](in.take(n)), bytesAs[criteria.Outcome](in.take(n))
	if slices.ContainsFunc(r.Outcome, func(o criteria.Outcome) bool { return int(o) >= criteria.Outcomes }) {
		return nil, bad
	}
	r.low, r.high = make([]float64, n), make([]float64, n)
	for i := range r.low {
		r.low[i] = math.Float64frombits(binary.LittleEndian.Uint64(in.take(8)))
	}
	for i := range r.high {
		r.high[i] = math.Float64frombits(binary.LittleEndian.Uint64(in.take(8)) ^ math.Float64bits(r.low[i]))
	}
	if in.short || len(in.rest) > 0 {
		return nil, bad
	}
	return r, nil
}

func bytesAs[T ~uint8](b []byte) []T {
	out := make([]T, len(b))
	for i, v := range b {
		out[i] = T(v)
	}
	return out
}
