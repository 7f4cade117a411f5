package db_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"liandong/internal/db"
	"liandong/internal/db/dbtest"
)

// benchTables are a narrow table, as member_current is, and bodies.
func benchTables() []db.Migration {
	return []db.Migration{{Room: "bench", Number: 1, SQL: `
		CREATE TABLE narrow (county INTEGER NOT NULL, id BLOB NOT NULL, village INTEGER NOT NULL, name TEXT NOT NULL, pinyin TEXT NOT NULL, born INTEGER, sex INTEGER, status INTEGER, PRIMARY KEY (county, id)) WITHOUT ROWID;
		@later CREATE INDEX narrow_by_name ON narrow (county, pinyin);
		CREATE TABLE body (county INTEGER NOT NULL, id BLOB NOT NULL, valid INTEGER NOT NULL, recorded INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (county, id, valid, recorded)) WITHOUT ROWID;
		CREATE TABLE keyed (county INTEGER NOT NULL, id BLOB NOT NULL, valid INTEGER NOT NULL, recorded INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (county, id, valid, recorded));
		CREATE TABLE heap (leaf IDENTITY, county INTEGER NOT NULL, id BLOB NOT NULL, valid INTEGER NOT NULL, body BLOB NOT NULL);
	`}}
}

// batch is how many rows one transaction of a bulk load carries.
const batch = 20000

func bulk(b *testing.B, d *db.DB, table string, columns []string, total int, row func(i int, values []any)) {
	b.Helper()
	for begin := 0; begin < total; begin += batch {
		must(b, d.Write(context.Background(), func(tx *db.Tx) error {
			values := make([]any, len(columns))
			_, err := tx.Bulk(table, columns, func(yield func([]any) bool) {
				for i := begin; i < min(begin+batch, total); i++ {
					row(i, values)
					if !yield(values) {
						return
					}
				}
			})
			return err
		}))
	}
	b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "rows/s")
}

func id16(i int) []byte {
	id := make([]byte, 16)
	for k := range 8 {
		id[7-k] = byte(i >> (8 * k))
	}
	id[12] = byte(i * 7)
	return id
}

func engines(b *testing.B, run func(b *testing.B, d *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { run(b, dbtest.SQLite(b, benchTables(), db.Options{})) })
	b.Run("postgres", func(b *testing.B) {
		d, err := db.Open(context.Background(), dbtest.Postgres(b), db.Options{})
		must(b, err)
		b.Cleanup(func() { d.Close() })
		must(b, d.Migrate(context.Background(), benchTables()))
		run(b, d)
	})
}

func BenchmarkBulkNarrow(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		bulk(b, d, "narrow", []string{"county", "id", "village", "name", "pinyin", "born", "sex", "status"}, 500000, func(i int, v []any) {
			v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7] = 130624000000, id16(i), 130624101200+i%200, "张小明", "zhangxiaoming", i%20000, 1, 2
		})
	})
}

func BenchmarkBulkBodies(b *testing.B) {
	for _, size := range []int{350, 2000} {
		for _, table := range []string{"body", "keyed", "heap"} {
			b.Run(fmt.Sprintf("%s/%d", table, size), func(b *testing.B) {
				engines(b, func(b *testing.B, d *db.DB) {
					noise := make([]byte, 1<<20)
					random := rand.New(rand.NewPCG(1, 1))
					for i := range noise {
						noise[i] = byte(random.Uint32())
					}
					columns := []string{"county", "id", "valid", "recorded", "body"}
					if table == "heap" {
						columns = []string{"county", "id", "valid", "leaf", "body"}
					}
					bulk(b, d, table, columns, 400000000/(size+600), func(i int, v []any) {
						v[0], v[1], v[2], v[3] = 130624000000, id16(i), 16000, i+1
						v[4] = noise[i%(len(noise)-size):][:size]
					})
				})
			})
		}
	}
}

// BenchmarkRead reads single rows by their key, and lists of fifty, as pages do.
func BenchmarkRead(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB) {
		const rows = 100000
		bulk(b, d, "narrow", []string{"county", "id", "village", "name", "pinyin", "born", "sex", "status"}, rows, func(i int, v []any) {
			v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7] = 130624000000, id16(i), 130624101200+i%200, "张小明", fmt.Sprint("zhang", i), i%20000, 1, 2
		})
		b.Run("one", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					must(b, d.Read(b.Context(), func(tx *db.Tx) error {
						var name, pinyin string
						return tx.QueryRow(`SELECT name, pinyin FROM narrow WHERE county = ? AND id = ?`, 130624000000, id16(i%rows)).Scan(&name, &pinyin)
					}))
				}
			})
		})
		b.Run("fifty", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					must(b, d.Read(b.Context(), func(tx *db.Tx) error {
						return tx.Each(func(rows *db.Rows) error {
							var id []byte
							var name, pinyin string
							var village, born int64
							return rows.Scan(&id, &name, &pinyin, &village, &born)
						}, `SELECT id, name, pinyin, village, born FROM narrow WHERE county = ? AND id >= ? ORDER BY county, id LIMIT 50`, 130624000000, id16(i%rows))
					}))
				}
			})
		})
		b.Run("write", func(b *testing.B) {
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					must(b, d.Write(b.Context(), func(tx *db.Tx) error {
						_, err := tx.Exec(`UPDATE narrow SET status = ? WHERE county = ? AND id = ?`, i, 130624000000, id16(i%rows))
						return err
					}))
				}
			})
		})
	})
}
