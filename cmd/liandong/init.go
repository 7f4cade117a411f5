package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"liandong/day"
	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/place"
)

type initCommand struct {
	cityFlags
	City string `required:"" placeholder:"130600" help:"城市的区划编码。 Code of the city."`
}

// enteredAccount is an account that was made, with the only way in it has: its one-time link.
type enteredAccount struct {
	Login     string `json:"login"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	Territory string `json:"territory"`
	Link      string `json:"link"`
	role      access.Role
	territory place.ID
	also      []access.Grant // posts beside the first
	id        string         // a new one where it is empty
}

// initResult is the --json shape of the command.
type initResult struct {
	City     string           `json:"city"`
	Name     string           `json:"name"`
	Verifier string           `json:"verifier"` // the key that checkpoints are checked with; keep it elsewhere
	Accounts []enteredAccount `json:"accounts"`
}

// Run makes an empty city with the three administrators, who share no power.
func (c *initCommand) Run(ctx context.Context, p *program) error {
	id, err := cityOf(c.City)
	if err != nil {
		return err
	}
	made, err := p.makeCity(ctx, &c.cityFlags, id, nil)
	if err != nil {
		return err
	}
	accounts := []enteredAccount{
		{Login: "system", role: access.SystemAdmin, territory: id}, {Login: "security", role: access.SecurityAdmin, territory: id}, {Login: "audit", role: access.AuditAdmin, territory: id},
	}
	if err := made.enter(ctx, accounts); err != nil {
		return err
	}
	r := initResult{City: c.City, Name: made.places.FullName(id), Verifier: made.signer.Verifier(), Accounts: accounts}
	return p.answer(r, func(w io.Writer) error {
		fmt.Fprintln(w, p.say(errs.Text{ZH: r.Name + "的登记册已建立。校验日志用的公钥（请另行保存）：", EN: "The register of " + r.Name + " is made. The key that checks the log (keep a copy elsewhere):"}))
		fmt.Fprintln(w, r.Verifier)
		return p.printLinks(w, "", accounts)
	})
}

// cityOf finds a city by its code of today.
func cityOf(text string) (place.ID, error) {
	places, err := place.Open()
	if err != nil {
		return 0, err
	}
	code, err := place.ParseCode(text)
	if err != nil {
		return 0, err
	}
	id, err := places.ByCode(code, day.InTime(time.Now()))
	if err == nil && id.Level() != place.City {
		err = errs.New(errs.Invalid, "main.init", "「"+text+"」不是地级市的编码。请写六位、以 00 结尾的编码，如 130600。", text+" is not the code of a prefecture. Write six digits that end with 00, such as 130600.")
	}
	return id, err
}

// enter makes accounts and fills in their names and one-time links.
func (c *city) enter(ctx context.Context, accounts []enteredAccount) error {
	store := access.NewAccounts(c.db, nil, nil)
	return c.db.Write(ctx, func(tx *db.Tx) error {
		for i := range accounts {
			if err := c.create(tx, store, &accounts[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// create makes one account and fills in its name and link.
func (c *city) create(tx *db.Tx, store *access.Accounts, a *enteredAccount) error {
	d, _ := c.places.Division(a.territory)
	a.Role, a.Territory, a.Name = string(a.role), d.Name, d.Name+a.role.Title().ZH
	for _, g := range a.also {
		at, _ := c.places.Division(g.Territory)
		a.Name += "兼" + at.Name + g.Role.Title().ZH
	}
	account := access.Account{ID: a.id, Login: a.Login, Name: a.Name, Grants: append([]access.Grant{{Role: a.role, Territory: a.territory}}, a.also...)}
	if account.ID == "" {
		account.ID = uuid.Must(uuid.NewV7()).String()
	}
	link, err := store.Create(tx, account)
	a.Link = "/enter#" + link
	return err
}

// relink fills in new one-time links of accounts that are there, and makes those that the city's maker did not know yet.
func (c *city) relink(ctx context.Context, accounts []enteredAccount) error {
	store := access.NewAccounts(c.db, nil, nil)
	return c.db.Write(ctx, func(tx *db.Tx) error {
		for i := range accounts {
			a := &accounts[i]
			account, err := access.ByLogin(tx, a.Login)
			if errs.Is(err, errs.NotFound) {
				err = c.create(tx, store, a)
				if err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return err
			}
			link, err := store.Link(tx, account.ID)
			if err != nil {
				return err
			}
			d, _ := c.places.Division(a.territory)
			a.Role, a.Territory, a.Name, a.Link = string(a.role), d.Name, account.Name, "/enter#"+link
		}
		return nil
	})
}

// printLinks lists one-time links, each opening once.
func (p *program) printLinks(w io.Writer, address string, accounts []enteredAccount) error {
	fmt.Fprintln(w, p.say(errs.Text{ZH: "一次性登录链接（每个只能用一次，72 小时内有效）：", EN: "One-time links (each opens once, within 72 hours):"}))
	for _, a := range accounts {
		if _, err := fmt.Fprintf(w, "  %-24s %s%s\n", a.Name, address, a.Link); err != nil {
			return err
		}
	}
	return nil
}
