package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// server is a PostgreSQL server of this test process.
type server struct {
	socket string // the directory of its unix socket
	count  atomic.Int64
}

// running starts the server at the first call and gives the same one afterwards.
var running = sync.OnceValues(start)

// keeper is the shell text that runs the server: it waits for its standard input to end, which happens when the test process ends in
// whatever way, then stops the server and removes its files. Tests need no durability, so nothing is synced.
const keeper = `
bin=$1 dir=$2
"$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log"; exit 1; }
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c max_connections=300 -c shared_buffers=64MB -c max_wal_size=2GB -c autovacuum=off >"$dir/server.log" 2>&1 &
pid=$!
while read -r _; do :; done
kill -QUIT $pid 2>/dev/null
wait $pid 2>/dev/null
rm -rf "$dir"
`

func start() (*server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	parent := "" // the system's choice, except for root, whose own directory the server's user may not enter
	if os.Geteuid() == 0 {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "liandong-pg-")
	if err != nil {
		return nil, err
	}
	command := exec.Command("/bin/sh", "-c", keeper, "sh", bin, dir)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		if err := lowerRights(command, dir); err != nil {
			return nil, err
		}
	}
	// Our end of the pipe is never closed by us: the system closes it when the process ends, killed or not.
	if _, err := command.StdinPipe(); err != nil {
		return nil, err
	}
	out := &strings.Builder{}
	command.Stdout, command.Stderr, command.Dir = out, out, dir
	if err := command.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	s := &server{socket: dir}
	if err := s.await(ended); err != nil {
		return nil, fmt.Errorf("the PostgreSQL test server did not start: %w\n%s\n%s", err, out, content(filepath.Join(dir, "server.log")))
	}
	return s, nil
}

// programs finds the newest server installed.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	best, version := "", 0
	for _, path := range found {
		dir := filepath.Dir(path)
		if n, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir))); n > version {
			best, version = dir, n
		}
	}
	if best != "" {
		return best, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New("PostgreSQL is not installed; install the package postgresql (apt-get install postgresql), or run make test, which does it")
}

// lowerRights runs the server as another user, because it refuses to run as root.
func lowerRights(command *exec.Cmd, dir string) error {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			return err
		}
		command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return nil
	}
	return errors.New("the tests run as root and there is no user postgres or nobody to run PostgreSQL as")
}

func content(path string) string {
	b, _ := os.ReadFile(path)
	return string(b)
}

// await tries until the server answers, or has ended, or a minute is over.
func (s *server) await(ended <-chan struct{}) error {
	last := errors.New("it ended")
	for range 600 {
		if last = s.run("SELECT 1"); last == nil {
			return nil
		}
		select {
		case <-ended:
			return last
		case <-time.After(100 * time.Millisecond):
		}
	}
	return last
}

func (s *server) run(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, "postgres://postgres@/postgres?host="+s.socket)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

func (s *server) create() (string, error) {
	name := fmt.Sprintf("city_%d", s.count.Add(1))
	return name, s.run("CREATE DATABASE " + name)
}

func (s *server) drop(name string) error { return s.run("DROP DATABASE " + name + " WITH (FORCE)") }
