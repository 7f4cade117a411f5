package access_test

import (
	"context"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"liandong/errs"
	"liandong/internal/access"
	"liandong/internal/db"
	"liandong/internal/db/dbtest"
)

// plainly keeps texts as they are: what the tests look at is who may enter.
type plainly struct{}

func (plainly) SealText(_ string, plain []byte) ([]byte, error)  { return plain, nil }
func (plainly) OpenText(_ string, sealed []byte) ([]byte, error) { return sealed, nil }

const password = "山里的核桃熟了"

func enter(t *testing.T, d *db.DB) (*access.Accounts, string) {
	t.Helper()
	accounts := access.NewAccounts(d, plainly{}, nil)
	var link string
	err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
		link, err = accounts.Create(tx, access.Account{ID: "u1", Login: "fuping", Name: "阜平县扶贫办", Grants: []access.Grant{{Role: access.CountyOffice, Territory: fuping}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return accounts, link
}

func TestAOneTimeLinkOpensOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, access.Migrations(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		accounts, link := enter(t, d)
		a, err := accounts.Redeem(ctx, link)
		if err != nil || a.ID != "u1" || len(a.Grants) != 1 || a.Grants[0].Territory != fuping {
			t.Fatalf("%+v %v", a, err)
		}
		if _, err := accounts.Redeem(ctx, link); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a used link: %v", err)
		}
		if _, err := accounts.Redeem(ctx, "x"); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("an invented link: %v", err)
		}
	})
}

func TestEnteringNeedsPasswordAndSecondFactor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, access.Migrations(), func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		accounts, _ := enter(t, d)
		if _, err := accounts.LogIn(ctx, "fuping", "", ""); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("an account without a password lets in: %v", err)
		}
		if err := accounts.SetPassword(ctx, "u1", "短"); !errs.Is(err, errs.Invalid) {
			t.Errorf("a short password: %v", err)
		}
		if err := accounts.SetPassword(ctx, "u1", password+password); err != nil {
			t.Fatal(err)
		}
		if a, err := accounts.LogIn(ctx, " fuping ", password+password, ""); err != nil || a.ID != "u1" {
			t.Fatalf("%+v %v", a, err)
		}
		secret, _, err := accounts.NewTOTP("保定市", "fuping")
		if err != nil {
			t.Fatal(err)
		}
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := accounts.ConfirmTOTP(ctx, "u1", secret, code); err != nil {
			t.Fatal(err)
		}
		if _, err := accounts.LogIn(ctx, "fuping", password+password, ""); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("without the second factor: %v", err)
		}
		if _, err := accounts.LogIn(ctx, "fuping", password+password, code); err != nil {
			t.Errorf("with it: %v", err)
		}
	})
}

func TestGuessingIsStopped(t *testing.T) {
	t.Parallel()
	dbtest.EachWith(t, access.Migrations(), db.Options{Clock: dbtest.Ticking()}, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		accounts, _ := enter(t, d)
		if err := accounts.SetPassword(ctx, "u1", password+password); err != nil {
			t.Fatal(err)
		}
		var last error
		for range 9 {
			_, last = accounts.LogIn(ctx, "fuping", "wrong", "")
		}
		if !errs.Is(last, errs.Unavailable) {
			t.Errorf("the ninth guess: %v", last)
		}
		if _, err := accounts.LogIn(ctx, "fuping", password+password, ""); !errs.Is(err, errs.Unavailable) {
			t.Errorf("the right password after it: %v", err)
		}
	})
}

func TestSessionsEndWhenTheyExpire(t *testing.T) {
	t.Parallel()
	dbtest.EachWith(t, access.Migrations(), db.Options{Clock: dbtest.Start}, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := access.NewSessions(d)
		later := dbtest.Start().Add(time.Hour)
		for _, c := range []struct {
			token  string
			expiry time.Time
			found  bool
		}{{"a", later, true}, {"b", dbtest.Start().Add(-time.Second), false}} {
			if err := s.CommitCtx(ctx, c.token, []byte("data "+c.token), c.expiry); err != nil {
				t.Fatal(err)
			}
			data, found, err := s.FindCtx(ctx, c.token)
			if err != nil || found != c.found || (found && string(data) != "data "+c.token) {
				t.Errorf("%s: %q %v %v", c.token, data, found, err)
			}
		}
		if err := s.DeleteCtx(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := s.FindCtx(ctx, "a"); found {
			t.Error("an ended session is found")
		}
	})
}
