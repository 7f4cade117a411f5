package population

import (
	"math"
	"testing"

	"liandong/column"
	"liandong/form"
)

func TestAPopulationIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	digest := func(n int, seed uint64) [32]byte {
		tables, err := Make(n, seed)
		if err != nil {
			t.Fatal(err)
		}
		return tables[0].Digest()
	}
	first := digest(1000, 1)
	if again := digest(1000, 1); first != again {
		t.Error("the same seed made two populations")
	}
	if first == digest(1000, 2) {
		t.Error("two seeds made the same population")
	}
}

func TestAPopulationIsLikeTheRegister(t *testing.T) {
	t.Parallel()
	const n = 50_000
	tables, err := Make(n, 7)
	if err != nil {
		t.Fatal(err)
	}
	table := tables[0]
	members := table.Lookup("members").Items()
	if mean := float64(members.Len()) / n; math.Abs(mean-3.1) > 0.03 {
		t.Errorf("a household has %.2f members on average, 3.1 is wanted", mean)
	}
	for _, path := range []string{"housing.area", "electricity", "vehicles", "members.labour", "income.wage"} {
		c := table.Lookup(path)
		unanswered := 0
		for i := range c.Len() {
			if !c.Answered(i) {
				unanswered++
				if c.Kind() == column.Int32 && c.Int32s()[i] != 0 {
					t.Fatalf("%s: row %d has no answer and a value", path, i)
				}
			}
		}
		if share := float64(unanswered) / float64(c.Len()); math.Abs(share-0.02) > 0.003 {
			t.Errorf("%s: %.1f %% are missing, 2 %% are wanted", path, 100*share)
		}
	}
	if _, err := column.Of(form.Household().Root.Schema(), n, map[string]*column.Column{"electricity": table.Lookup("housing.area")}); err == nil {
		t.Error("a column of numbers was taken for one of yes and no")
	}
}
