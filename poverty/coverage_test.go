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
// known to ±0.4 points, and must lie between 94 and 96 %, for 2,000 clusters of four. In CI the samples are few, small and always the same, and the band is what that
// allows.
//
// Theory promises the level for large samples of measures that are smooth in the distribution. How large shows TestSmallSamplesCoverLess; what else it does not promise
// stands at Errors.
func TestIntervalsCoverTheTruth(t *testing.T) {
	t.Parallel()
	samples, clusters, low, high := 400, 250, 0.92, 0.98
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		samples, clusters, low, high = 10_000, 2_000, 0.94, 0.96
	}
	for measure, share := range covered(t, 2015, samples, clusters, 4, Errors{Method: Linear}) {
		t.Logf("linear %s %.4f", measure, share)
		if share < low || share > high {
			t.Errorf("linearised intervals of %s hold the truth in %.2f %% of %d samples", measure, 100*share, samples)
		}
	}
}

func TestReplicatedIntervalsCoverTheTruth(t *testing.T) {
	t.Parallel()
	samples, clusters, replications, low, high := 200, 150, 120, 0.90, 0.99
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		samples, clusters, replications, low, high = 10_000, 2_000, 200, 0.94, 0.96
	}
	for measure, share := range covered(t, 12, samples, clusters, 4, Errors{Method: Bootstrap, Seed: 1, Replications: replications}) {
		t.Logf("bootstrap %s %.4f", measure, share)
		if share < low || share > high {
			t.Errorf("bootstrap intervals of %s hold the truth in %.2f %% of %d samples", measure, 100*share, samples)
		}
	}
	for measure, share := range covered(t, 13, samples, clusters, 4, Errors{Method: Jackknife}) {
		t.Logf("jackknife %s %.4f", measure, share)
		if measure != "median" && measure != "arpr" && (share < low || share > high) { // the jackknife is not consistent for quantiles
			t.Errorf("jackknife intervals of %s hold the truth in %.2f %% of %d samples", measure, 100*share, samples)
		}
	}
}

// TestSmallSamplesCoverLess holds what Errors says of small samples: with 150 clusters of four the intervals of the measures of inequality hold the truth in too few
// samples, Theil's T in the fewest, while means and shares keep their level. The shares are those of 10,000 samples, and both errors are of estimates by
// themselves: a better interval would fail here, and the comment would have to say so.
func TestSmallSamplesCoverLess(t *testing.T) {
	t.Parallel()
	samples, width := 400, 0.03
	if os.Getenv("LIANDONG_NIGHTLY") != "" {
		samples, width = 10_000, 0.007
	}
	got := covered(t, 13, samples, 150, 4, Errors{Method: Linear})
	for measure, want := range map[string]float64{"mean": 0.949, "headcount": 0.948, "gini": 0.937, "mld": 0.938, "theil": 0.921} {
		if math.Abs(got[measure]-want) > width {
			t.Errorf("small samples: intervals of %s hold the truth in %.2f %%, the comment says %.1f", measure, 100*got[measure], 100*want)
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
