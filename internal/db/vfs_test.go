//go:build linux && !mattn

package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// disk is a SQLite VFS that does what the system's does and remembers every change to a file, so that a test can make the files as they
// would be after the power failed at any moment; and that can be told to fail.
type disk struct {
	name string

	mu      sync.Mutex
	changes []change
	files   map[uintptr]*openFile // by SQLite's file

	failSync  atomic.Int32 // fails the sync that brings it from 1 to 0
	failWrite atomic.Int32 // fails the writes from the one that brings it to 0 on, as a disk without space
	failRead  atomic.Int32 // fails the read that brings it from 1 to 0

	vfs  *sqlite3.Tsqlite3_vfs
	keep []any // what SQLite holds by address only
}

// openFile is a file that SQLite has open, with the system's own methods.
type openFile struct {
	path    string
	methods *sqlite3.Tsqlite3_io_methods
}

// change is one step that changed what is on the disk, or made it last.
type change struct {
	kind changeKind
	path string
	at   int64
	data []byte
	note int // of a mark: what was acknowledged
}

type changeKind uint8

const (
	written changeKind = iota
	truncated
	synced
	deleted
	marked
)

type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	deleteFunc   = func(tls *libc.TLS, vfs, name uintptr, sync int32) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
	transferFunc = func(tls *libc.TLS, file, buffer uintptr, amount int32, at int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// newDisk registers a disk of its own for the test.
func newDisk(t *testing.T) *disk {
	t.Helper()
	tls := libc.NewTLS()
	t.Cleanup(tls.Close)
	original := (*sqlite3.Tsqlite3_vfs)(at(sqlite3.Xsqlite3_vfs_find(tls, 0)))
	d := &disk{name: fmt.Sprintf("disk%p", t), files: map[uintptr]*openFile{}}
	// SQLite keeps the structure's address, so it lies where the garbage collector never looks.
	block := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(*original)))
	d.vfs = (*sqlite3.Tsqlite3_vfs)(at(block))
	*d.vfs = *original
	name, err := libc.CString(d.name)
	must(t, err)
	d.vfs.FzName = name
	open, remove := d.open(original), d.remove(original)
	d.keep = append(d.keep, open, remove)
	d.vfs.FxOpen, d.vfs.FxDelete = address(&open), address(&remove)
	if rc := sqlite3.Xsqlite3_vfs_register(tls, block, 0); rc != sqlite3.SQLITE_OK {
		t.Fatalf("register: %d", rc)
	}
	t.Cleanup(func() { sqlite3.Xsqlite3_vfs_unregister(tls, block) })
	return d
}

// url is the address of a directory's database on this disk.
func (d *disk) url(dir string) string {
	return "sqlite:" + filepath.Join(dir, "city.db") + "?vfs=" + d.name
}

// at is memory that belongs to SQLite.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// address is a function as SQLite's tables hold it; the caller keeps the function.
func address[F any](f *F) uintptr { return *(*uintptr)(unsafe.Pointer(f)) }

// function is what an entry of SQLite's tables calls.
func function[F any](p *uintptr) F { return *(*F)(unsafe.Pointer(p)) }

func (d *disk) open(original *sqlite3.Tsqlite3_vfs) openFunc {
	return func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
		rc := function[openFunc](&original.FxOpen)(tls, vfs, name, file, flags, out)
		if rc == sqlite3.SQLITE_OK && name != 0 {
			d.wrap(tls, file, libc.GoString(name))
		}
		return rc
	}
}

func (d *disk) remove(original *sqlite3.Tsqlite3_vfs) deleteFunc {
	return func(tls *libc.TLS, vfs, name uintptr, sync int32) int32 {
		rc := function[deleteFunc](&original.FxDelete)(tls, vfs, name, sync)
		d.add(change{kind: deleted, path: libc.GoString(name)})
		return rc
	}
}

// wrap gives a file methods that tell d.
func (d *disk) wrap(tls *libc.TLS, file uintptr, path string) {
	handle := (*sqlite3.Tsqlite3_file)(at(file))
	original := (*sqlite3.Tsqlite3_io_methods)(at(handle.FpMethods))
	block := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(*original)))
	methods := (*sqlite3.Tsqlite3_io_methods)(at(block))
	*methods = *original
	write, read, truncate, sync, shut := d.write, d.read, d.truncate, d.sync, d.close
	methods.FxWrite, methods.FxRead, methods.FxTruncate, methods.FxSync, methods.FxClose = address(&write), address(&read), address(&truncate), address(&sync), address(&shut)
	handle.FpMethods = block
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keep = append(d.keep, write, read, truncate, sync, shut)
	d.files[file] = &openFile{path, original}
}

func (d *disk) file(p uintptr) *openFile {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[p]
}

func (d *disk) add(c change) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changes = append(d.changes, c)
}

// mark notes that something was acknowledged after the changes so far.
func (d *disk) mark(note int) { d.add(change{kind: marked, note: note}) }

func (d *disk) write(tls *libc.TLS, file, buffer uintptr, amount int32, offset int64) int32 {
	f := d.file(file)
	if n := d.failWrite.Load(); n > 0 {
		if n == 1 || d.failWrite.Add(-1) == 1 {
			return sqlite3.SQLITE_FULL
		}
	}
	rc := function[transferFunc](&f.methods.FxWrite)(tls, file, buffer, amount, offset)
	if rc == sqlite3.SQLITE_OK {
		data := append([]byte(nil), unsafe.Slice((*byte)(at(buffer)), amount)...)
		d.add(change{kind: written, path: f.path, at: offset, data: data})
	}
	return rc
}

func (d *disk) read(tls *libc.TLS, file, buffer uintptr, amount int32, offset int64) int32 {
	f := d.file(file)
	if d.failRead.Load() > 0 && d.failRead.Add(-1) == 0 {
		return sqlite3.SQLITE_IOERR_READ
	}
	return function[transferFunc](&f.methods.FxRead)(tls, file, buffer, amount, offset)
}

func (d *disk) truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	f := d.file(file)
	rc := function[truncateFunc](&f.methods.FxTruncate)(tls, file, size)
	if rc == sqlite3.SQLITE_OK {
		d.add(change{kind: truncated, path: f.path, at: size})
	}
	return rc
}

func (d *disk) sync(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := d.file(file)
	if d.failSync.Load() > 0 && d.failSync.Add(-1) == 0 {
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	rc := function[syncFunc](&f.methods.FxSync)(tls, file, flags)
	if rc == sqlite3.SQLITE_OK {
		d.add(change{kind: synced, path: f.path})
	}
	return rc
}

func (d *disk) close(tls *libc.TLS, file uintptr) int32 {
	f := d.file(file)
	block := (*sqlite3.Tsqlite3_file)(at(file)).FpMethods
	rc := function[closeFunc](&f.methods.FxClose)(tls, file)
	libc.Xfree(tls, block)
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.files, file)
	return rc
}

// sector is how much of a write reaches a disk whole.
const sector = 512

// afterCut writes into dir the files as they may be when the power fails after the first n changes: what was synced is there; of the rest any
// sector may be there or not, as survives decides.
func (d *disk) afterCut(t *testing.T, n int, dir string, survives func() bool) (acknowledged []int) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	lastSync := map[string]int{}
	for i, c := range d.changes[:n] {
		if c.kind == synced || c.kind == deleted {
			lastSync[c.path] = i
		}
	}
	files := map[string][]byte{}
	for i, c := range d.changes[:n] {
		safe := i < lastSync[c.path]
		switch c.kind {
		case marked:
			acknowledged = append(acknowledged, c.note)
		case deleted:
			delete(files, c.path)
		case truncated:
			if safe || survives() {
				files[c.path] = sized(files[c.path], c.at)
			}
		case written:
			files[c.path] = overwrite(files[c.path], c, safe, survives)
		}
	}
	for path, content := range files {
		must(t, os.WriteFile(filepath.Join(dir, filepath.Base(path)), content, 0o600))
	}
	return acknowledged
}

func sized(b []byte, size int64) []byte {
	if int64(len(b)) >= size {
		return b[:size]
	}
	return append(b, make([]byte, size-int64(len(b)))...)
}

// overwrite puts a write's sectors into a file, all of them when it was synced later.
func overwrite(b []byte, c change, safe bool, survives func() bool) []byte {
	for begin := 0; begin < len(c.data); begin += sector {
		end := min(begin+sector, len(c.data))
		if !safe && !survives() {
			continue
		}
		b = sized(b, max(int64(len(b)), c.at+int64(end)))
		copy(b[c.at+int64(begin):], c.data[begin:end])
	}
	return b
}
