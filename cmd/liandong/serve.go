package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/demo"
	"liandong/internal/server"
)

type serveCommand struct {
	cityFlags
	serveFlags
}

// serveFlags say where a city is served. A command that serves embeds them.
type serveFlags struct {
	Addr   string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"监听地址。 Address to listen on."`
	Secure bool   `help:"浏览器经 HTTPS 访问（前面有网关）时打开，登录凭据只经加密连接发送。 Browsers come by HTTPS, through a gateway: cookies are sent over it alone."`
}

// Run serves the city until it is asked to stop.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	opened, err := p.openCity(ctx, &c.cityFlags)
	if err != nil {
		return err
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stderr, p.say(errs.Text{ZH: "已在 " + addressOf(listener) + " 提供服务，按 Ctrl+C 停止。", EN: "Serving on " + addressOf(listener) + "; Ctrl+C stops."}))
	return opened.serve(ctx, p, listener, c.Secure)
}

func (f *serveFlags) listen(ctx context.Context) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", f.Addr)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "main.listen",
			"不能监听 "+f.Addr+"，可能已被占用。请用 --addr 换一个，如 127.0.0.1:8081。", "Cannot listen on "+f.Addr+"; it may be taken. Choose another with --addr, such as 127.0.0.1:8081.").Because(err)
	}
	return listener, nil
}

func addressOf(l net.Listener) string { return "http://" + l.Addr().String() }

// How long a slow client may take, and how long requests may still run when the server is asked to stop.
const (
	headerTime = 10 * time.Second
	idleTime   = 2 * time.Minute
	stopTime   = 15 * time.Second
)

// serve answers until the context ends or the process is asked to stop; requests under way are finished.
func (c *city) serve(ctx context.Context, p *program, listener net.Listener, secure bool) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	handler, err := c.server(ctx, slog.New(slog.NewTextHandler(p.stderr, nil)), secure)
	if err != nil {
		return err
	}
	defer handler.Close()
	web := &http.Server{Handler: handler, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(listener) }()
	select {
	case err := <-ended:
		return errs.Wrap("main.serve", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := web.Shutdown(last); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return errs.Wrap("main.serve", err)
	}
	return nil
}

// server wires the city to HTTP.
func (c *city) server(ctx context.Context, log *slog.Logger, secure bool) (*server.Server, error) {
	id, err := c.registry.City(ctx)
	if err != nil {
		return nil, err
	}
	var shown day.Date
	if c.demonstration() {
		shown = demo.LastDay()
	}
	return server.New(server.Options{
		City: id, DB: c.db, Places: c.places, Accounts: access.NewAccounts(c.db, c.vault, nil), Sessions: access.NewSessions(c.db), Registry: c.registry, Identify: c.identify, Portfolio: c.portfolio,
		Figures: c.figures, Works: c.works(), Signer: c.signer, Records: c.records(), Demo: c.demonstration(), Shown: shown, Secure: secure, Log: log,
		Profile: c.profile,
	}), nil
}
