package criteria

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// slowTau counts every pair of records, as the definition does.
func slowTau(pairs [][2]float64) float64 {
	var s, x, y float64
	sign := func(v float64) float64 {
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	for i := range pairs {
		for k := range i {
			a, b := sign(pairs[i][0]-pairs[k][0]), sign(pairs[i][1]-pairs[k][1])
			s, x, y = s+a*b, x+a*a, y+b*b
		}
	}
	return s / math.Sqrt(x) / math.Sqrt(y)
}

func TestTheTauOfAnOrderWithItselfIsOne(t *testing.T) {
	t.Parallel()
	for n := 2; n < 400; n++ {
		ranks := Ranks{pairs: map[[2]float64]int64{}}
		for i := range n {
			ranks.pairs[[2]float64{float64(i % 37), float64(i % 37)}]++
		}
		if tau, _ := ranks.Tau(); tau != 1 {
			t.Fatalf("%d records: %v", n, tau)
		}
	}
}

func TestTauCountsPairsAsItsDefinitionDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		score := rapid.IntRange(0, 6)
		pairs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]float64 {
			return [2]float64{float64(score.Draw(t, "x")), float64(score.Draw(t, "y"))}
		}), 0, 40).Draw(t, "pairs")
		ranks := Ranks{pairs: map[[2]float64]int64{}}
		for _, p := range pairs {
			ranks.pairs[p]++
		}
		got, n := ranks.Tau()
		want := slowTau(pairs)
		if int(n) != len(pairs) || (math.IsNaN(want) != math.IsNaN(got)) || math.Abs(got-want) > 1e-12 {
			t.Fatalf("tau of %v is %v over %d, %v is wanted", pairs, got, n, want)
		}
	})
}
