package ledger_test

import (
	"context"
	"fmt"
	"testing"

	"liandong/internal/db"
	"liandong/internal/db/dbtest"
	"liandong/internal/ledger"
)

// BenchmarkBulk appends what the making of a city appends, 1.2 million leaves over 25 trees, in acts of 20,000, and verifies it.
func BenchmarkBulk(b *testing.B) {
	const leaves, trees, act = 1200000, 25, 20000
	d := dbtest.SQLite(b, ledger.Migrations(), db.Options{})
	entries := make([]ledger.Entry, act)
	for i := range entries {
		entries[i] = ledger.Entry{Kind: "revision", Subject: identifier(i), Digest: [32]byte{byte(i), byte(i >> 8)}}
	}
	b.Run("append", func(b *testing.B) {
		for i := range leaves / act {
			must(b, d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := ledger.Append(tx, county+int64(i%trees)*1000000, ledger.Act{Actor: "demo", Operation: "import"}, entries)
				return err
			}))
		}
		b.ReportMetric(leaves/b.Elapsed().Seconds(), "leaves/s")
	})
	b.Run("verify", func(b *testing.B) {
		report, err := ledger.Verify(context.Background(), d, ledger.Options{})
		must(b, err)
		if !report.OK() || report.Leaves != leaves {
			b.Errorf("%+v", report)
		}
		b.ReportMetric(leaves/b.Elapsed().Seconds(), "leaves/s")
	})
}

// BenchmarkOne appends single readings, from one writer and from many at once.
func BenchmarkOne(b *testing.B) {
	for _, writers := range []int{1, 32} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			d := dbtest.SQLite(b, ledger.Migrations(), db.Options{})
			b.SetParallelism(writers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					must(b, d.Write(context.Background(), func(tx *db.Tx) error {
						_, err := ledger.Append(tx, county, ledger.Act{Actor: "li", Operation: ledger.Show, Reason: "核对"}, []ledger.Entry{{Kind: "person", Subject: identifier(b.N)}})
						return err
					}))
				}
			})
		})
	}
}
