package ledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"liandong/errs"
	"liandong/internal/ledger"
)

func TestSigningKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), ledger.KeyFile)
	first, err := ledger.OpenKey(path, "liandong-130600", bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	must(t, err)
	again, err := ledger.OpenKey(path, "liandong-130600", strings.NewReader(""))
	must(t, err)
	public, err := os.ReadFile(path + ".pub")
	must(t, err)
	if first.Verifier() != again.Verifier() || strings.TrimSpace(string(public)) != first.Verifier() {
		t.Errorf("verifiers %q, %q and %q", first.Verifier(), again.Verifier(), public)
	}
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	must(t, os.Chmod(path, 0o604))
	if _, err := ledger.OpenKey(path, "x", nil); !errs.Is(err, errs.Forbidden) || !strings.Contains(errs.Sentence(err).ZH, "chmod 600") {
		t.Errorf("a key that others can read gave %v", err)
	}
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, []byte("PRIVATE+KEY+x"), 0o600))
	if _, err := ledger.OpenKey(path, "x", nil); !errs.Is(err, errs.Invalid) {
		t.Errorf("a damaged key gave %v", err)
	}
	if _, err := ledger.OpenKey(filepath.Join(t.TempDir(), "k"), "two words", bytes.NewReader(make([]byte, 32))); err == nil {
		t.Error("a name with a space was taken")
	}
}

func FuzzReadCheckpoint(f *testing.F) {
	f.Add("liandong city checkpoint v1\n130600\n2015-12-31T00:00:00Z\n0 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "x+00000000+AAAA")
	f.Fuzz(func(t *testing.T, text, verifier string) {
		if c, err := ledger.ReadCheckpoint([]byte(text), verifier); (c == nil) == (err == nil) {
			t.Errorf("checkpoint %v with error %v", c, err)
		}
	})
}
