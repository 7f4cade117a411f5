package server

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed static
var static embed.FS

// pages puts the pages into the mux: one page for whatever way in, and its script and style beside it.
func (s *Server) pages(mux *http.ServeMux) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the folder is built in
	}
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(files)))
	index := func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "index.html")
	}
	mux.HandleFunc("GET /{$}", index)
	mux.HandleFunc("GET /enter", index)
}
