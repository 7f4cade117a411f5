package ledger_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"liandong/internal/ledger"
)

// Base64 of these seeds is full of plus signs, which also divide the parts of a key file.
func TestKeysOfEverySeedOpenAgain(t *testing.T) {
	t.Parallel()
	for b := range 256 {
		path := filepath.Join(t.TempDir(), "ledger.key")
		seed := bytes.Repeat([]byte{byte(b), 0xef, 0xbe}, 11)
		made, err := ledger.OpenKey(path, "liandong", bytes.NewReader(seed))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ledger.OpenKey(path, "liandong", nil); err != nil || again.Verifier() != made.Verifier() {
			t.Fatalf("seed of %x: %v", b, err)
		}
	}
}
