package deprivation

import (
	"math"

	"liandong/poverty"
)

// bounds are the least and the greatest value that the missing answers allow. Every measure but A rises with each deprivation, so its ends are the
// readings "none is a deprivation" and "all are". A can fall when somebody with few deprivations becomes poor; its ends are found by choosing for each
// record the answers that are best for the ratio (Dinkelbach, Management Science 13 (1967), 492).
func (w *work) bounds(want wanted, in []float64) (least, greatest poverty.Inference) {
	if want.kind == Intensity {
		return w.intensityBound(in, false), w.intensityBound(in, true)
	}
	return w.ratio(want, in, &w.least), w.ratio(want, in, &w.greatest)
}

// intensityBound finds the least or the greatest A.
func (w *work) intensityBound(in []float64, greatest bool) poverty.Inference {
	n := len(in)
	lowest := make([]float64, n) // the score of each record as poor that serves the bound; NaN where it cannot be poor
	for i := range lowest {
		lowest[i] = w.poorScore(i, greatest)
	}
	score, poor := make([]float64, n), make([]float64, n)
	ratio := math.NaN()
	for {
		trial, chosen := make([]float64, n), make([]float64, n)
		for i, c := range lowest {
			better := c > ratio
			if !greatest {
				better = c < ratio
			}
			if !math.IsNaN(c) && (math.IsNaN(ratio) || w.least.poor[i] == 1 || better) {
				trial[i], chosen[i] = c*in[i], in[i]
			}
		}
		under := w.infer.Sum(chosen)
		next := w.infer.Sum(trial) / under
		moved := next > ratio+tieWidth
		if !greatest {
			moved = next < ratio-tieWidth
		}
		if under == 0 || (!math.IsNaN(ratio) && !moved) {
			break
		}
		ratio, score, poor = next, trial, chosen
	}
	return w.infer.Ratio(score, poor, true, nobodyPoor())
}

// poorScore is the greatest score that record i can have, or the least at which it is poor; NaN where it cannot be poor.
func (w *work) poorScore(i int, greatest bool) float64 {
	high := w.greatest.score[i]
	switch {
	case !w.poor(high):
		return math.NaN()
	case greatest || w.least.score[i] == high:
		return high
	case w.least.poor[i] == 1:
		return w.least.score[i]
	}
	return w.leastPoor(i, 0, w.least.score[i], high)
}

// leastPoor is the least score of at least k that some of the missing answers from dimension j on can make of a score.
func (w *work) leastPoor(i, j int, score, best float64) float64 {
	if w.poor(score) {
		return min(score, best)
	}
	for ; j < len(w.share); j++ {
		if math.IsNaN(w.sample.Dimensions[j].Achievement[i]) && score+w.share[j] < best+tieWidth {
			best = w.leastPoor(i, j+1, score+w.share[j], best)
		}
	}
	return best
}
