// Command liandong keeps a city's poor households, its development projects and the claims made about both in one ledger.
//
// It is the top floor of the house and holds wiring only: every rule and every statement of SQL lives below it. A command is one
// small file of this folder, as commands.go explains.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := newProgram(os.Stdin, os.Stdout, os.Stderr)
	code := p.Run(ctx, os.Args[1:])
	if err := p.Close(); err != nil && code == exitDone {
		code = p.fail(err)
	}
	stop()
	os.Exit(code)
}
