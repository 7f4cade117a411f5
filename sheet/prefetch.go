package sheet

import "io"

// ahead inflates a part in the background while its markup is scanned, so that two cores read a sheet.
type ahead struct {
	full  chan block
	empty chan []byte
	stop  chan struct{}
	rest  []byte
	taken []byte
	err   error
}

type block struct {
	bytes []byte
	err   error
}

const (
	aheadBlocks = 4
	aheadBytes  = 128 << 10
)

// prefetch starts reading source; Close ends the reading and closes source.
func prefetch(source io.ReadCloser) *ahead {
	a := &ahead{full: make(chan block, aheadBlocks), empty: make(chan []byte, aheadBlocks), stop: make(chan struct{})}
	for range aheadBlocks {
		a.empty <- make([]byte, aheadBytes)
	}
	go a.run(source)
	return a
}

func (a *ahead) run(source io.ReadCloser) {
	defer source.Close()
	for {
		var b []byte
		select {
		case b = <-a.empty:
		case <-a.stop:
			return
		}
		n, err := io.ReadFull(source, b)
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		select {
		case a.full <- block{bytes: b[:n], err: err}:
		case <-a.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read implements io.Reader.
func (a *ahead) Read(b []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		if a.taken != nil {
			a.empty <- a.taken[:aheadBytes]
			a.taken = nil
		}
		next := <-a.full
		a.rest, a.taken, a.err = next.bytes, next.bytes, next.err
	}
	n := copy(b, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close ends the reading in the background.
func (a *ahead) Close() error {
	close(a.stop)
	return nil
}
