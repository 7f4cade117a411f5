package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/demo"
	"liandong/internal/registry"
	"liandong/place"
	"liandong/sheet"
)

// served opens the demonstration behind a real listener and logs in as its county office.
func (c *benchCommand) served(ctx context.Context, p *program) (opened *city, ask func(path, body string) error, err error) {
	if opened, err = p.openCity(ctx, &cityFlags{Dir: c.Dir}); err != nil {
		return nil, nil, err
	}
	ask, err = c.servedTo(ctx, p, opened, access.CountyOffice)
	return opened, ask, err
}

// servedTo puts an open city behind a real listener and logs in as one of the demonstration's people, who is made where the city has none.
func (c *benchCommand) servedTo(ctx context.Context, p *program, opened *city, role access.Role) (ask func(path, body string) error, err error) {
	accounts := slices.DeleteFunc(demoAccounts(), func(a enteredAccount) bool { return a.role != role })
	if err := opened.relink(ctx, accounts); err != nil {
		return nil, err
	}
	handler, err := opened.server(ctx, nil, false)
	if err != nil {
		return nil, err
	}
	listener, err := (&serveFlags{Addr: "127.0.0.1:0"}).listen(ctx)
	if err != nil {
		return nil, err
	}
	web := &http.Server{Handler: handler, ReadHeaderTimeout: headerTime}
	go web.Serve(listener) //nolint:errcheck // ends with Close below
	p.later(web.Close)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: c.Clients}}
	var cookie string
	ask = func(path, body string) error {
		method := http.MethodGet
		if body != "" {
			method = http.MethodPost
		}
		request, err := http.NewRequestWithContext(ctx, method, addressOf(listener)+"/api"+path, strings.NewReader(body))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Cookie", cookie)
		answer, err := client.Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if set := answer.Header.Get("Set-Cookie"); set != "" {
			cookie, _, _ = strings.Cut(set, ";")
		}
		text, err := io.ReadAll(answer.Body)
		if err == nil && answer.StatusCode >= 300 {
			err = fmt.Errorf("%s: %d %s", path, answer.StatusCode, text)
		}
		return err
	}
	return ask, ask("/session/link", `{"token":"`+strings.TrimPrefix(accounts[0].Link, "/enter#")+`"}`)
}

// questions asks all of them from several clients at once and keeps how long each took.
func (c *benchCommand) questions(what string, n int, question func(i int) error) (benchRun, error) {
	took := make([]float64, n)
	failed := make(chan error, c.Clients)
	watch := startWatch()
	var group sync.WaitGroup
	for client := range c.Clients {
		group.Go(func() {
			for i := client; i < n; i += c.Clients {
				began := time.Now()
				if err := question(i); err != nil {
					failed <- err
					return
				}
				took[i] = float64(time.Since(began).Microseconds()) / 1000
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return benchRun{}, errs.Wrap("main.bench", err)
	default:
	}
	run := benchRun{What: what, N: n}
	watch.into(&run)
	slices.Sort(took)
	run.P50, run.P95, run.Max = took[n/2], took[n*95/100], took[n-1]
	return run, nil
}

func (c *benchCommand) search(ctx context.Context, p *program, r *benchResult) error {
	opened, ask, err := c.served(ctx, p)
	if err != nil {
		return err
	}
	people, err := opened.samplePeople(ctx, 500)
	if err != nil {
		return err
	}
	for _, kind := range []struct {
		what string
		of   func(s *samplePerson) (path, body string)
	}{
		{"name prefix", func(s *samplePerson) (string, string) { return "/search?q=" + s.name, "" }},
		{"pinyin", func(s *samplePerson) (string, string) { return "/search?q=" + s.pinyin, "" }},
		{"initials", func(s *samplePerson) (string, string) { return "/search?q=" + s.initials, "" }},
		{"exact ID, logged first", func(s *samplePerson) (string, string) {
			return "/search/identity", `{"number":"` + s.number + `","reason":"bench"}`
		}},
	} {
		run, err := c.questions(fmt.Sprintf("search by %s in a county, %d clients", kind.what, c.Clients), c.count(questions)/4, func(i int) error {
			return ask(kind.of(&people[i%len(people)]))
		})
		if err != nil {
			return err
		}
		r.Runs = append(r.Runs, run)
	}
	return nil
}

func (c *benchCommand) list(ctx context.Context, p *program, r *benchResult) error {
	_, ask, err := c.served(ctx, p)
	if err != nil {
		return err
	}
	for _, path := range []string{"/households?limit=50", "/households?limit=50&status=not_out", "/households?limit=50&findings=true"} {
		run, err := c.questions(fmt.Sprintf("county list of 50 by pinyin with its total, %s, %d clients", path, c.Clients), c.count(questions)/10, func(int) error { return ask(path, "") })
		if err != nil {
			return err
		}
		r.Runs = append(r.Runs, run)
	}
	return nil
}

// samplePerson is somebody made up whom searches look for.
type samplePerson struct{ name, pinyin, initials, number string }

// samplePeople draws members of the county that the demonstration looks at first. Their ID numbers are made up like themselves.
func (c *city) samplePeople(ctx context.Context, n int) ([]samplePerson, error) {
	table := &memoryTable{}
	e := registry.Export{Division: demo.Focus.At(place.County), At: registry.Moment{AsOf: demo.LastDay()}, Layout: registry.NationalLayout(), Secrets: true, Reason: "bench"}
	if _, err := c.registry.Export(ctx, console(), e, func(t sheet.Table) (sheet.Writer, error) {
		table.Table = t
		return table, nil
	}); err != nil {
		return nil, err
	}
	name, number := table.column("姓名"), table.column("证件号码")
	random := rand.New(rand.NewPCG(1, 2))
	people := make([]samplePerson, 0, n)
	for len(people) < n {
		row := table.rows[random.IntN(len(table.rows))]
		s := samplePerson{name: row[name].Text, number: row[number].Text}
		if s.number == "" {
			continue
		}
		s.pinyin, s.initials = registry.Reading(s.name)
		people = append(people, s)
	}
	return people, nil
}
