package identify

import (
	"crypto/sha256"
	"slices"
	"sync"

	"liandong/column"
	"liandong/criteria"
	"liandong/day"
	"liandong/form"
	"liandong/internal/registry"
	"liandong/place"
)

// heldFrames is how many counties' frames stay in memory: twice a city's, for two days that are compared, at about 30 bytes a household.
const heldFrames = 64

// frames keeps what segments say whatever document looks at them, so that a second question over the same households asks no digest again.
// It is safe for concurrent use.
type frames struct {
	mu   sync.Mutex
	held []heldFrame // the latest used last
}

type heldFrame struct {
	segment  *column.Segment
	from, to int
	frame    *frame
}

// of gives the frame of rows [from, to) of a segment.
func (f *frames) of(s *column.Segment, from, to int) *frame {
	f.mu.Lock()
	for i, h := range f.held {
		if h.segment == s && h.from == from && h.to == to {
			f.held = append(slices.Delete(f.held, i, i+1), h)
			f.mu.Unlock()
			return h.frame
		}
	}
	f.mu.Unlock()
	made := newFrame(s, from, to)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.held) >= heldFrames {
		f.held = slices.Delete(f.held, 0, 1)
	}
	f.held = append(f.held, heldFrame{s, from, to, made})
	return made
}

// newFrame copies what the register says of rows [from, to) of a segment.
func newFrame(s *column.Segment, from, to int) *frame {
	n := to - from
	f := &frame{
		County: s.County, Head: s.Head, Segment: s.Table.Digest(), ID: make([]registry.ID, n), Village: make([]place.ID, n),
		Size: make([]uint16, n), Status: make([]registry.Status, n), vote: make([]uint8, n),
	}
	keys, members, status := s.Table.Keys(), s.Table.Lookup("members").Offsets(), s.Table.Lookup("register.status")
	votes := s.Table.Lookup("vote.result")
	agreed := form.Household().Codes["vote_result"].Number("agreed")
	for i := range n {
		row := from + i
		code, _ := status.Value(row)
		f.ID[i], f.Village[i] = keys.ID(row), place.ID(keys.Division[row])
		f.Size[i], f.Status[i] = uint16(members[row+1]-members[row]), registry.Status(code)
		switch result, known := votes.Value(row); {
		case !known:
			f.vote[i] = 1
		case result == agreed:
			f.vote[i] = 2
		}
	}
	return f
}

// heldBases is how many evaluations of unchanged documents stay in memory for what-ifs, at about 15 bytes a household.
const heldBases = 4

// warm keeps what unchanged documents said of the households that people ask what-ifs about: of the same segments, the same document says the
// same. It is safe for concurrent use.
type warm struct {
	mu   sync.Mutex
	held []heldBase // the latest used last
}

type heldBase struct {
	document [32]byte
	asOf     day.Date
	division place.ID
	segments []*column.Segment
	base     *Evaluation
}

func baseOf(q *Request, segments []*column.Segment) heldBase {
	return heldBase{document: sha256.Sum256(q.Document.Text), asOf: q.At.AsOf, division: q.Division, segments: segments}
}

// find gives the evaluation kept for a question, nil where there is none.
func (w *warm) find(of heldBase) *Evaluation {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, h := range w.held {
		if h.document == of.document && h.asOf == of.asOf && h.division == of.division && slices.Equal(h.segments, of.segments) {
			w.held = append(slices.Delete(w.held, i, i+1), h)
			return h.base
		}
	}
	return nil
}

func (w *warm) keep(of heldBase, e *Evaluation) {
	of.base = e
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.held) >= heldBases {
		w.held = slices.Delete(w.held, 0, 1)
	}
	w.held = append(w.held, of)
}

// heldDocuments is how many documents that were read stay in memory: every version that a city has, and the tries of a day, at some 100 kB each.
const heldDocuments = 64

// documents keeps what was read from a text: reading one takes milliseconds, and a slider asks for the same text a dozen times a second. A
// document is never changed once it is read, so that all who ask share it. It is safe for concurrent use.
type documents struct {
	mu   sync.Mutex
	held map[[32]byte]*criteria.Document
}

// read gives the document of a text, as [Read] does.
func (d *documents) read(text []byte) (Document, error) {
	digest := sha256.Sum256(text)
	d.mu.Lock()
	known := d.held[digest]
	d.mu.Unlock()
	if known != nil {
		return Document{Document: known, Text: text}, nil
	}
	made, err := Read(text)
	if err != nil {
		return made, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held == nil || len(d.held) >= heldDocuments {
		d.held = map[[32]byte]*criteria.Document{}
	}
	d.held[digest] = made.Document
	return made, nil
}
