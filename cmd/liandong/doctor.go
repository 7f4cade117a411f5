package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"

	"liandong/errs"
	"liandong/internal/db"
	"liandong/internal/ledger"
	"liandong/internal/registry"
	"liandong/internal/secret"
	"liandong/place"
)

type doctorCommand struct {
	cityFlags
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"打算监听的地址。 Address that will be listened on."`
}

// health is how one thing of an installation is.
type health string

const (
	well    health = "ok"
	worry   health = "warning" // works, and somebody should look
	illness health = "fault"   // does not work
)

// diagnosis is one thing that was looked at.
type diagnosis struct {
	Name   string    `json:"name"`
	Health health    `json:"health"`
	Text   errs.Text `json:"text"`
}

// doctorResult is the --json shape of the command.
type doctorResult struct {
	OK      bool        `json:"ok"` // no fault
	Looked  []diagnosis `json:"looked"`
	Program string      `json:"program"`
}

// Run looks at the installation and changes nothing. A city that is being served can be looked at.
func (c *doctorCommand) Run(ctx context.Context, p *program) error {
	r := doctorResult{OK: true, Program: versionWords()}
	look := func(name string, text errs.Text, err error) bool {
		d := diagnosis{Name: name, Health: well, Text: text}
		if err != nil {
			d.Health, d.Text = illness, errs.Sentence(err)
			if errs.Is(err, errs.Precondition) {
				d.Health = worry
			}
		}
		r.OK = r.OK && d.Health != illness
		r.Looked = append(r.Looked, d)
		return err == nil
	}
	text, err := divisionsBuiltIn()
	look("divisions", text, err)
	folder, err := c.folder()
	if err != nil {
		return err
	}
	text, err = lookAtFolder(folder)
	if look("folder", text, err) {
		for _, key := range []string{secret.MasterFile, ledgerKeyFile} {
			text, err = lookAtKey(filepath.Join(folder, key))
			look(key, text, err)
		}
		text, err = lookAtSpace(folder)
		look("space", text, err)
	}
	c.lookAtStore(ctx, look)
	text, err = lookAtAddress(ctx, c.Addr)
	look("address", text, err)
	return p.answer(r, func(w io.Writer) error { return p.printDoctor(w, &r) })
}

func (p *program) printDoctor(w io.Writer, r *doctorResult) error {
	signs := map[health]string{well: "✓", worry: "!", illness: "✗"}
	for _, d := range r.Looked {
		fmt.Fprintf(w, "%s %-12s %s\n", signs[d.Health], d.Name, p.say(d.Text))
	}
	verdict := errs.Text{ZH: "没有发现妨碍运行的问题。", EN: "Nothing was found that keeps it from working."}
	if !r.OK {
		verdict = errs.Text{ZH: "有问题要先解决，见上面打 ✗ 的各行。", EN: "Something must be mended first: see the lines marked ✗."}
	}
	_, err := fmt.Fprintln(w, p.say(verdict))
	return err
}

func divisionsBuiltIn() (errs.Text, error) {
	places, err := place.Open()
	if err != nil {
		return errs.Text{}, err
	}
	n := len(places.Children(place.Country))
	return errs.Text{ZH: fmt.Sprintf("内置 %d 个省级区划，直到村。", n), EN: fmt.Sprintf("%d provinces are built in, down to their villages.", n)}, nil
}

func lookAtFolder(folder string) (errs.Text, error) {
	info, err := os.Stat(folder)
	switch {
	case err != nil || !info.IsDir():
		return errs.Text{}, errs.New(errs.NotFound, "main.doctor", "没有文件夹「"+folder+"」。请先运行 liandong init 或 liandong demo。", "There is no folder "+folder+". Run liandong init or liandong demo first.")
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return errs.Text{}, errs.New(errs.Precondition, "main.doctor", "文件夹「"+folder+"」别的用户也能打开。请运行 chmod 700 "+folder+"。", "Other users can open the folder "+folder+". Run chmod 700 "+folder+".")
	}
	return errs.Text{ZH: "文件夹只有本用户能打开。", EN: "The folder opens for its owner alone."}, nil
}

// lookAtKey never makes a key that is missing: a new one would open nothing.
func lookAtKey(path string) (errs.Text, error) {
	if _, err := os.Stat(path); err != nil {
		return errs.Text{}, errs.New(errs.NotFound, "main.doctor", "缺少密钥文件「"+path+"」。请从另行保管的备份中找回，不要新建。", "The key file "+path+" is missing. Bring it back from where its copy is kept; do not make a new one.")
	}
	var err error
	if filepath.Base(path) == ledgerKeyFile {
		_, err = ledger.OpenKey(path, "liandong", rand.Reader)
	} else {
		_, err = secret.OpenMaster(path, rand.Reader)
	}
	return errs.Text{ZH: "密钥可用。", EN: "The key can be used."}, err
}

// lookAtStore opens the database beside whoever serves it, and examines it.
func (c *doctorCommand) lookAtStore(ctx context.Context, look func(string, errs.Text, error) bool) {
	if c.Dir != "" {
		if _, err := os.Stat(filepath.Join(c.Dir, db.FileName)); err != nil {
			look("database", errs.Text{}, errs.New(errs.NotFound, "main.doctor", "文件夹「"+c.Dir+"」里没有城市数据。", "The folder "+c.Dir+" holds no city."))
			return
		}
	}
	store, err := db.Open(ctx, c.url(), db.Options{ReadOnly: true})
	if err == nil {
		defer store.Close()
		err = store.Check(ctx)
	}
	if !look("database", errs.Text{ZH: "数据库完好。", EN: "The database is sound."}, err) {
		return
	}
	places, err := place.Open()
	if err != nil {
		return // said above
	}
	r, err := registry.New(registry.Options{DB: store, Places: places})
	if err != nil {
		look("register", errs.Text{}, err)
		return
	}
	id, err := r.City(ctx)
	if !look("register", errs.Text{ZH: "这是" + places.FullName(id) + "的登记册。", EN: "It is the register of " + places.FullName(id) + "."}, err) {
		return
	}
	stale, err := r.FindingsStale(ctx)
	if err == nil && stale {
		err = errs.New(errs.Precondition, "main.doctor", "数据质量问题是按旧规则查的。下一次打开这座城市时会重新检查。", "The quality findings were made by older rules. They are made anew when the city is opened next.")
	}
	look("findings", errs.Text{ZH: "数据质量问题是按现行规则查的。", EN: "The quality findings follow the rules in force."}, err)
}

func lookAtAddress(ctx context.Context, address string) (errs.Text, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return errs.Text{}, errs.New(errs.Precondition, "main.doctor", address+" 已被占用，可能程序正在运行；也可以用 --addr 换一个。", address+" is taken; perhaps the program is running. Another can be chosen with --addr.")
	}
	return errs.Text{ZH: address + " 可以监听。", EN: address + " can be listened on."}, l.Close()
}
