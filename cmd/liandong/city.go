package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"time"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/dossier"
	"liandong/internal/figure"
	"liandong/internal/identify"
	"liandong/internal/ledger"
	"liandong/internal/portfolio"
	"liandong/internal/profile"
	"liandong/internal/registry"
	"liandong/internal/secret"
	"liandong/place"
)

// cityFlags say which city a command opens: a folder with the embedded store, or a PostgreSQL server. A command embeds them.
type cityFlags struct {
	Dir      string `xor:"city" required:"" type:"path" placeholder:"D" help:"城市数据所在的文件夹。 Folder of the city's data."`
	Database string `xor:"city" required:"" placeholder:"URL" help:"PostgreSQL 数据库地址（postgres://…）。 Address of a PostgreSQL database."`
	Keys     string `type:"path" placeholder:"D" help:"密钥和分段文件夹，默认与 --dir 相同；用 --database 时必填。 Folder of keys and segments; that of --dir by default, required with --database."`
}

// The files of a city beside its database.
const (
	ledgerKeyFile  = "ledger.key"
	segmentsFolder = "segments"
)

// city is an open city: its store and the rooms over it, wired.
type city struct {
	folder    string // of keys and segments
	db        *db.DB
	vault     *secret.Vault
	places    *place.Gazetteer
	registry  *registry.Registry
	identify  *identify.Room
	portfolio *portfolio.Room
	profile   *profile.Room
	figures   *figure.Book
	matters
	quotes
	signer *ledger.Key
}

// migrations are those of every room, lower rooms first.
func migrations() []db.Migration {
	return slices.Concat(ledger.Migrations(), secret.Migrations(), access.Migrations(), registry.Migrations(), identify.Migrations(), portfolio.Migrations(), dossier.Migrations())
}

// folder is where keys and segments lie.
func (f *cityFlags) folder() (string, error) {
	if f.Keys != "" {
		return f.Keys, nil
	}
	if f.Dir == "" {
		return "", errs.New(errs.Usage, "main.city", "用 --database 时请用 --keys 指明密钥文件夹。", "With --database name the folder of keys with --keys.")
	}
	return f.Dir, nil
}

func (f *cityFlags) url() string {
	if f.Database != "" {
		return f.Database
	}
	return db.URL(f.Dir)
}

// openCity opens a city that init or demo made.
func (p *program) openCity(ctx context.Context, f *cityFlags) (*city, error) {
	if f.Dir != "" {
		if _, err := os.Stat(filepath.Join(f.Dir, db.FileName)); os.IsNotExist(err) {
			return nil, errs.New(errs.NotFound, "main.openCity",
				"文件夹「"+f.Dir+"」里没有城市数据。请先运行 liandong init 或 liandong demo。", "The folder "+f.Dir+" holds no city. Run liandong init or liandong demo first.")
		}
	}
	c, err := p.wire(ctx, f, 0, nil)
	if err != nil {
		return nil, err
	}
	id, err := c.registry.City(ctx)
	if err != nil {
		return nil, err
	}
	if c, err = p.rewire(c, id, nil); err != nil {
		return nil, err
	}
	if err := p.refreshFindings(ctx, c); err != nil {
		return nil, err
	}
	return c, c.portfolio.Renew(ctx)
}

// refreshFindings makes the quality findings anew where another program, with other rules, made those that are kept.
func (p *program) refreshFindings(ctx context.Context, c *city) error {
	stale, err := c.registry.FindingsStale(ctx)
	if err != nil || !stale {
		return err
	}
	fmt.Fprintln(p.stderr, p.say(errs.Text{ZH: "校验规则已更新，正在按新规则重新检查全部农户……", EN: "The quality rules changed; looking at every household again by the new ones…"}))
	return c.registry.RefreshFindings(ctx, func(done, of int) { fmt.Fprintf(p.stderr, "%d/%d\n", done, of) })
}

// makeCity makes the store and keys of a new city and opens it. clock is nil but for a demonstration, whose records are dated.
func (p *program) makeCity(ctx context.Context, f *cityFlags, id place.ID, clock func() time.Time) (*city, error) {
	folder, err := f.folder()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, errs.New(errs.Unavailable, "main.makeCity", "不能建立文件夹「"+folder+"」。请检查权限。", "The folder "+folder+" cannot be made. Check the rights.").Because(err)
	}
	if f.Dir != "" {
		if _, err := os.Stat(filepath.Join(f.Dir, db.FileName)); !os.IsNotExist(err) {
			return nil, errs.New(errs.Conflict, "main.makeCity",
				"文件夹「"+f.Dir+"」里已有城市数据。请换一个文件夹，或先把它移走。", "The folder "+f.Dir+" holds a city already. Choose another, or move that one away.")
		}
	}
	c, err := p.wire(ctx, f, id, clock)
	if err != nil {
		return nil, err
	}
	return c, c.registry.SetCity(ctx, id)
}

// wire opens the store, brings its tables up to date and puts the rooms together.
func (p *program) wire(ctx context.Context, f *cityFlags, id place.ID, clock func() time.Time) (*city, error) {
	folder, err := f.folder()
	if err != nil {
		return nil, err
	}
	store, err := db.Open(ctx, f.url(), db.Options{Clock: clock})
	if err != nil {
		return nil, err
	}
	p.later(store.Close)
	if err := store.Migrate(ctx, migrations()); err != nil {
		return nil, err
	}
	c := &city{folder: folder, db: store}
	if c.places, err = place.Open(); err != nil {
		return nil, err
	}
	master, err := secret.OpenMaster(filepath.Join(folder, secret.MasterFile), rand.Reader)
	if err != nil {
		return nil, err
	}
	if c.vault, err = secret.New(master, secret.AES256GCM, rand.Reader); err != nil {
		return nil, err
	}
	if c.signer, err = ledger.OpenKey(filepath.Join(folder, ledgerKeyFile), "liandong", rand.Reader); err != nil {
		return nil, err
	}
	return p.rewire(c, id, clock)
}

// rewire puts the rooms over the open store for the city of the id.
func (p *program) rewire(c *city, id place.ID, clock func() time.Time) (*city, error) {
	var err error
	c.registry, err = registry.New(registry.Options{
		DB: c.db, Keys: c.vault, Places: c.places, City: id, Now: clock, Segments: filepath.Join(c.folder, segmentsFolder),
	})
	if err != nil {
		return nil, err
	}
	c.identify = identify.New(identify.Options{DB: c.db, Registry: c.registry, Places: c.places})
	c.portfolio, err = portfolio.New(portfolio.Options{DB: c.db, Places: c.places, City: id, Now: clock})
	if err != nil {
		return nil, err
	}
	if err := c.wireMatters(id); err != nil {
		return nil, err
	}
	if c.profile, err = profile.New(c.registry, c.places); err != nil {
		return nil, err
	}
	if c.figures, err = figure.NewBook(c.registry.Figures(), c.profile.Figures(), c.portfolio.Figures(), c.matterFigures()); err != nil {
		return nil, err
	}
	return c, c.wireQuoting(id)
}

// records are what every room stores, for the verification of the log.
func (c *city) records() []ledger.RecordSource {
	return slices.Concat(c.registry.LedgerRecords(), c.identify.LedgerRecords(), c.portfolio.LedgerRecords(), c.matters.LedgerRecords(), c.quotes.LedgerRecords())
}

// division reads a division's code of the day; the city itself where there is none.
func (c *city) division(ctx context.Context, code string, on day.Date) (place.ID, error) {
	if code == "" {
		return c.registry.City(ctx)
	}
	parsed, err := place.ParseCode(code)
	if err != nil {
		return 0, err
	}
	return c.places.ByCode(parsed, on)
}

// divisions reads several; the city where there are none.
func (c *city) divisions(ctx context.Context, codes []string, on day.Date) ([]place.ID, error) {
	if len(codes) == 0 {
		codes = []string{""}
	}
	ids := make([]place.ID, len(codes))
	for i, code := range codes {
		var err error
		if ids[i], err = c.division(ctx, code, on); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// named is a division's code and name on a day; those of today for one that was made later.
func (c *city) named(id place.ID, on day.Date) (code, name string) {
	if dated, ok := c.places.CodeOn(id, on); ok {
		return dated.String(), c.places.NameOn(id, on)
	}
	d, _ := c.places.Division(id)
	return id.String(), d.Name
}

// console is the actor of a command: the user of the operating system.
func console() access.Actor {
	if u, err := user.Current(); err == nil {
		return access.Console(u.Username)
	}
	return access.Console("unknown")
}
