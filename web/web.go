// Package web is the apps as they are served: the folder dist that npm builds, inside the program. It knows nothing of the city; it stands
// below the server, which gives the files out.
//
// A program built before the apps were holds one page instead, which says how to build them.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist*
var built embed.FS

// Desk is the files of the desk, compressed ones with .gz after their name. ok is false where the program was built without them; then
// the only file is index.html, which says so.
func Desk() (files fs.FS, ok bool) {
	if files, err := fs.Sub(built, "dist"); err == nil {
		if _, err := fs.Stat(files, "index.html"); err == nil {
			return files, true
		}
	}
	return unbuilt{built}, false
}

// unbuilt gives the page dist.html for index.html.
type unbuilt struct{ fs.FS }

// Open implements fs.FS.
func (u unbuilt) Open(name string) (fs.File, error) {
	if name != "index.html" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return u.FS.Open("dist.html")
}
