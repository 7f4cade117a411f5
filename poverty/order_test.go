package poverty

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// BenchmarkOrder is what finding the order of incomes costs: by the radix sort that is used, and by comparisons.
func BenchmarkOrder(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	income := make([]float64, 1_000_000)
	for i := range income {
		income[i] = math.Round(math.Exp(8+0.6*random.NormFloat64())*100) / 100
	}
	b.Run("radix", func(b *testing.B) {
		for b.Loop() {
			order(income, 1)
		}
	})
	b.Run("comparisons", func(b *testing.B) {
		for b.Loop() {
			slices.Sort(slices.Clone(income))
		}
	})
	b.Run("distinct", func(b *testing.B) { // the least that a histogram of exact values needs: to find each value's place
		for b.Loop() {
			count := make(map[float64]float64, len(income)/4)
			for _, y := range income {
				count[y]++
			}
		}
	})
}
