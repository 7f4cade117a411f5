package main

import (
	"fmt"
	"io"
	"runtime"
)

// version is set by the linker (see the Makefile); a plain "go build" leaves it.
var version = "dev"

type versionCommand struct{}

// versionResult is the --json shape of the command.
type versionResult struct {
	Program  string `json:"program"`
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// versionWords is the program's version in one line.
func versionWords() string {
	return fmt.Sprintf("liandong %s (%s, %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// Run prints the version.
func (versionCommand) Run(p *program) error {
	r := versionResult{Program: "liandong", Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	return p.answer(r, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, versionWords())
		return err
	})
}
