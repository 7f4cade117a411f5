package poverty

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// population draws clusters of households from lognormal incomes: households of a cluster share a part of their fortune, as villages do.
type population struct{ random *rand.Rand }

const (
	fortune = 0.3 // standard deviation of the logarithm that a cluster shares
	own     = 0.5 // and that of its members
)

func (p *population) sample(clusters, size int) *Sample {
	n := clusters * size
	s := &Sample{Income: make([]float64, n)}
	s.Design.Unit = Factor{Code: make([]int32, n), Level: make([]string, clusters)}
	for c := range clusters {
		shared := fortune * p.random.NormFloat64()
		for k := range size {
			s.Income[c*size+k] = math.Exp(8 + shared + own*p.random.NormFloat64())
			s.Design.Unit.Code[c*size+k] = int32(c)
		}
	}
	return s
}

// truth is what the measures are over the population itself: closed forms of the lognormal distribution with variance s² of the logarithm.
func truth() map[string]float64 {
	variance := fortune*fortune + own*own
	deviation := math.Sqrt(variance)
	normal := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
	return map[string]float64{
		"mean":      math.Exp(8 + variance/2),
		"median":    math.Exp(8),
		"headcount": normal((math.Log(2000) - 8) / deviation),
		"gini":      2*normal(deviation/math.Sqrt2) - 1,
		"theil":     variance / 2,
		"mld":       variance / 2,
		"arpr":      normal(math.Log(0.6) / deviation),
	}
}

// covered is the share of samples whose interval holds the truth.
func covered(t *testing.T, seed uint64, samples, clusters, size int, e Errors) map[string]float64 {
	t.Helper()
	want := truth()
	names := "mean,median,headcount,gini,theil,mld,arpr"
	q := Query{Measures: measuresOf(t, names), Line: lineOf(t, "2000"), Errors: e}
	share := map[string]float64{}
	for i := range samples {
		p := population{rand.New(rand.NewPCG(seed, uint64(i)))}
		s := p.sample(clusters, size)
		for _, r := range estimated(t, s, q).Results {
			if r.Low <= want[r.Measure.String()] && want[r.Measure.String()] <= r.High {
				share[r.Measure.String()] += 1 / float64(samples)
			}
		}
	}
	return share
}

// TestIntervalsCoverTheTruth draws samples from a known population and counts how many 95 % intervals hold the true value. Over 10,000 samples at night the share is
// known to ±0.4 points, and must lie between 94 and 96 %. In CI the samples are few and always the same, and the band is what so few allow.
//
// Theory promises the level for large samples of measures that are smooth in the distribution. It does not for few clusters, for measures that hang on a heavy tail (the
// mean logarithmic deviation and entropies of order 2 and above, of incomes like Pareto's), for the jackknife of a quantile, and for a headcount of nearly nothing; the
// comments of those say so.
func TestIntervalsCoverTheTruth(t *testing.T) {
	t.Parallel()
	samples, low, high := 400, 0.92, 0.98
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		samples, low, high = 10_000, 0.94, 0.96
	}
	for measure, share := range covered(t, 2015, samples, 250, 8, Errors{Method: Linear}) {
		if share < low || share > high {
			t.Errorf("linearised intervals of %s hold the truth in %.2f %% of %d samples", measure, 100*share, samples)
		}
	}
}

func TestReplicatedIntervalsCoverTheTruth(t *testing.T) {
	t.Parallel()
	samples, replications, low, high := 200, 120, 0.90, 0.99
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		samples, replications, low, high = 10_000, 400, 0.94, 0.96
	}
	for measure, share := range covered(t, 12, samples, 150, 4, Errors{Method: Bootstrap, Seed: 1, Replications: replications}) {
		if share < low || share > high {
			t.Errorf("bootstrap intervals of %s hold the truth in %.2f %% of %d samples", measure, 100*share, samples)
		}
	}
	for measure, share := range covered(t, 13, samples, 150, 4, Errors{Method: Jackknife}) {
		if measure != "median" && measure != "arpr" && (share < low || share > high) { // the jackknife is not consistent for quantiles
			t.Errorf("jackknife intervals of %s hold the truth in %.2f %% of %d samples", measure, 100*share, samples)
		}
	}
}

// TestPersonsTakenForUnitsCoverTooLittle is why the sampling unit has to be named: the intervals of persons of clustered samples are too narrow.
func TestPersonsTakenForUnitsCoverTooLittle(t *testing.T) {
	t.Parallel()
	want := truth()["mean"]
	held := 0
	const samples = 200
	for i := range samples {
		p := population{rand.New(rand.NewPCG(7, uint64(i)))}
		s := p.sample(100, 8)
		s.Design = Design{}
		r := estimated(t, s, Query{Measures: measuresOf(t, "mean"), Errors: Errors{Method: Linear}}).Results[0]
		if r.Low <= want && want <= r.High {
			held++
		}
	}
	if held > samples*85/100 {
		t.Errorf("%d of %d intervals hold the truth though clusters were ignored", held, samples)
	}
}
