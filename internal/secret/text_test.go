package secret

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
)

func TestATextOpensForItsPurposeAloneAndAfterTheMasterKeyChanged(t *testing.T) {
	t.Parallel()
	for _, suite := range []Suite{AES256GCM, SM4GCM} {
		master, err := NewMaster(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		next, err := master.Successor(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		before, err := New(master, suite, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		after, err := New(next, suite, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := before.SealText("totp 1", []byte("secret"))
		if err != nil || bytes.Contains(sealed, []byte("secret")) {
			t.Fatalf("sealed %q, %v", sealed, err)
		}
		if plain, err := after.OpenText("totp 1", sealed); err != nil || string(plain) != "secret" {
			t.Errorf("opened %q, %v", plain, err)
		}
		if _, err := before.OpenText("totp 2", sealed); !errors.Is(err, ErrForged) {
			t.Errorf("opened for another account: %v", err)
		}
		for i := range sealed {
			damaged := bytes.Clone(sealed)
			damaged[i] ^= 1
			if _, err := before.OpenText("totp 1", damaged); err == nil {
				t.Errorf("opened with byte %d changed", i)
			}
		}
	}
}
