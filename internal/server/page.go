package server

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"liandong/errs"
	"liandong/web"
)

// nonceMark stands in the page where the nonce of an answer belongs: styles that the page makes itself carry it, and no others apply.
const nonceMark = "{{nonce}}"

// page is one file of the desk as it is sent.
type page struct {
	content    []byte // as stored: compressed where packed
	packed     bool
	kind, etag string
	forever    bool // its name changes with its content
}

// pages puts the desk into the mux: its files, and one page for every other address, because the desk has its own routes.
func (s *Server) pages(mux *http.ServeMux) {
	files, built := web.Desk()
	all, index, err := deskFiles(files, built)
	if err != nil {
		panic(err) // the files are built in
	}
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if p, ok := all[name]; ok {
			p.serve(w, r)
			return
		}
		if strings.HasPrefix(name, "api/") || path.Ext(name) != "" {
			s.writeProblem(w, r, errs.New(errs.NotFound, "server.page", "没有这个地址。请回到首页。", "There is no such address. Go back to the first page."))
			return
		}
		writeIndex(w, index)
	})
}

// writeIndex sends the page with a nonce of its own. It is never kept, so that it always names the scripts of the program that runs.
func writeIndex(w http.ResponseWriter, index []byte) {
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Security-Policy", policy(" 'nonce-"+nonce+"'"))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(bytes.ReplaceAll(index, []byte(nonceMark), []byte(nonce))) // the reader has gone where it cannot be written
}

// policy is the Content-Security-Policy: nothing from elsewhere, no script or style in the page but styles with the nonce.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'" + nonce + "; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// deskFiles reads the files of the desk once. Those of the folder assets have the digest of their content in their name.
// Where the desk was not built there is the one page that says so.
func deskFiles(files fs.FS, built bool) (all map[string]*page, index []byte, err error) {
	all = map[string]*page{}
	if index, err = fs.ReadFile(files, "index.html"); err != nil || !built {
		return all, index, err
	}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "index.html" || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		plain, packed := strings.CutSuffix(name, ".gz")
		sum := sha256.Sum256(content)
		all[plain] = &page{
			content: content, packed: packed, kind: kindOf(plain), etag: `"` + hex.EncodeToString(sum[:12]) + `"`, forever: strings.HasPrefix(plain, "assets/"),
		}
		return nil
	})
	return all, index, err
}

// kindOf is the media type of a file, the same on every machine.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".pbf":
		return "application/x-protobuf"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func (p *page) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("ETag", p.etag)
	h.Set("Cache-Control", "no-cache")
	if p.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if p.packed {
		h.Add("Vary", "Accept-Encoding")
	}
	if r.Header.Get("If-None-Match") == p.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := p.content
	switch {
	case p.packed && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip"):
		h.Set("Content-Encoding", "gzip")
	case p.packed:
		body = unpack(body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the reader has gone where it cannot be written
}

// unpack opens what the build has compressed, for a reader that knows no gzip.
func unpack(packed []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // the file is built in
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	return plain
}
