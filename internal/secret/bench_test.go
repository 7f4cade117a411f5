package secret_test

import (
	"sync"
	"testing"

	"liandong/internal/secret"
)

// BenchmarkCity seals what a whole city holds, on two goroutines: 430,000 household keys, 2.2 million values, 1.35 million blind indexes.
func BenchmarkCity(b *testing.B) {
	const households, values, indexes = 430000, 2200000, 1350000
	for _, suite := range []secret.Suite{secret.AES256GCM, secret.SM4GCM} {
		b.Run(suite.String(), func(b *testing.B) {
			for b.Loop() {
				var wg sync.WaitGroup
				for worker := range 2 {
					v := newVault(b, suite)
					wg.Go(func() {
						id := []byte("130699198001010010")
						var sealed []byte
						for h := worker; h < households; h += 2 {
							k, err := v.NewKey(county, identifier(byte(h)))
							must(b, err)
							for range values / households {
								sealed, err = k.Seal(sealed, nil, identifier(byte(h)), "citizen_id", id)
								must(b, err)
							}
							for range indexes / households {
								v.Index("citizen_id", "130699198001010010")
							}
						}
					})
				}
				wg.Wait()
			}
		})
	}
}
