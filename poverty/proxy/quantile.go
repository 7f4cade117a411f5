package proxy

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// loss is Σ w ρ(y - fitted) with ρ(r) = r (τ - 1[r < 0]).
func (m *matrix) loss(fitted []float64, tau float64) float64 {
	sum := 0.0
	for r, w := range m.w {
		d := m.y[r] - fitted[r]
		if d < 0 {
			sum += w * d * (tau - 1)
		} else {
			sum += w * d * tau
		}
	}
	return sum
}

// weightedQuantile is inf{x: F(x) >= τ}.
func weightedQuantile(y, w []float64, tau float64) float64 {
	order, whole := make([]int, len(y)), 0.0
	for i := range order {
		order[i] = i
		whole += w[i]
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case y[a] < y[b]:
			return -1
		case y[a] > y[b]:
			return 1
		}
		return 0
	})
	below := 0.0
	for _, i := range order {
		if below += w[i]; below >= tau*whole*(1-1e-12) {
			return y[i]
		}
	}
	return y[order[len(order)-1]]
}

// The interior point takes this share of the way to the wall, and stops when primal and dual differ by so little of the loss; it needs some twenty steps
// for any number of records.
const (
	quantileStep  = 0.99995
	quantileGap   = 1e-10
	quantileSteps = 100
)

// quantileRegression minimises Σ w ρ(y - xb), a linear programme, in its dual form
//
//	max y'a, X'a = (1 - τ) X'w, 0 <= a <= w
//
// by Frisch and Newton's interior point with Mehrotra's predictor and corrector (Portnoy and Koenker, Statistical Science 12 (1997), 279; Koenker, Quantile
// Regression (2005), 199-202). The columns are brought to one scale first. The loss found is above the least one by the last gap between primal and dual,
// relative to the loss 1e-10; where several fits have the least loss it tends to one in their middle. Where rounding stops the steps before that gap is
// reached, the fit through the records that lie nearest, a vertex of the programme, is taken if its loss is less.
func (m *matrix) quantileRegression(tau float64) ([]float64, error) {
	if _, _, err := m.leastSquares(); err != nil { // says which column follows from others
		return nil, err
	}
	p := newInterior(m, tau)
	for range quantileSteps {
		if p.closed() || !p.step() {
			break
		}
	}
	if !p.closed() {
		p.vertex()
	}
	b := p.best
	for j := range b {
		b[j] /= p.scale[j]
	}
	return b, nil
}

// interior is the state of the interior point: a with its slack to the wall s, the multipliers z and w of both, and the coefficients y.
type interior struct {
	n, p    int
	x       [][]float64 // scaled columns
	scale   []float64
	c       []float64 // -y of the regression
	u       []float64 // upper walls: the weights
	a, s    []float64
	z, w    []float64
	y       []float64 // negative coefficients
	right   []float64
	best    []float64 // coefficients of the least loss so far
	loss    float64
	problem *matrix
	tau     float64
}

func newInterior(m *matrix, tau float64) *interior {
	n, p := len(m.row), len(m.x)
	t := &interior{n: n, p: p, problem: m, tau: tau, u: m.w, loss: math.Inf(1), scale: make([]float64, p), c: make([]float64, n), right: make([]float64, p)}
	for j, x := range m.x {
		for _, v := range x {
			t.scale[j] = max(t.scale[j], math.Abs(v))
		}
		column := make([]float64, n)
		for r := range column {
			column[r] = x[r] / t.scale[j]
			t.right[j] += (1 - tau) * m.w[r] * column[r]
		}
		t.x = append(t.x, column)
	}
	t.a, t.s, t.z, t.w = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for r := range n {
		t.c[r] = -m.y[r]
		t.a[r], t.s[r] = (1-tau)*m.w[r], tau*m.w[r]
	}
	t.y = t.solve(slices.Clone(t.u), t.c)
	for r, v := range t.residuals() {
		t.z[r], t.w[r] = max(v, 0), max(-v, 0)
		if t.z[r] == 0 { // inside, away from both walls
			t.z[r] = 1e-3
			t.w[r] += 1e-3
		} else if t.w[r] == 0 {
			t.w[r] = 1e-3
			t.z[r] += 1e-3
		}
	}
	t.keep()
	return t
}

// residuals are c - x y.
func (t *interior) residuals() []float64 {
	r := slices.Clone(t.c)
	for j, x := range t.x {
		for i := range r {
			r[i] -= t.y[j] * x[i]
		}
	}
	return r
}

// solve gives the weighted least-squares coefficients of v; nil where the columns no longer determine them.
func (t *interior) solve(weight, v []float64) []float64 {
	gram, right := mat.NewSymDense(t.p, nil), mat.NewVecDense(t.p, nil)
	scaled := make([]float64, t.n)
	for j, x := range t.x {
		for i := range scaled {
			scaled[i] = weight[i] * x[i]
		}
		right.SetVec(j, dot(scaled, v))
		for k := j; k < t.p; k++ {
			gram.SetSym(j, k, dot(scaled, t.x[k]))
		}
	}
	var cholesky mat.Cholesky
	var solution mat.VecDense
	if !cholesky.Factorize(gram) || cholesky.SolveVecTo(&solution, right) != nil {
		return nil
	}
	return solution.RawVector().Data
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func (t *interior) gap() float64 { return dot(t.c, t.a) - dot(t.y, t.right) + dot(t.w, t.u) }

// closed reports whether primal and dual have met. A gap below zero is one of rounding, and no nearer to it than one above.
func (t *interior) closed() bool { return math.Abs(t.gap()) <= quantileGap*(1+t.loss) }

// keep remembers the coefficients if their loss is the least so far.
func (t *interior) keep() {
	fitted := make([]float64, t.n)
	for j, x := range t.x {
		for i := range fitted {
			fitted[i] -= t.y[j] * x[i]
		}
	}
	if loss := t.problem.loss(fitted, t.tau); loss < t.loss {
		t.loss, t.best = loss, make([]float64, t.p)
		for j, y := range t.y {
			t.best[j] = -y
		}
	}
}

// vertex goes through as many records as there are coefficients: those nearest to the best fit whose columns determine them. It is kept if its loss is less.
func (t *interior) vertex() {
	for j, b := range t.best {
		t.y[j] = -b
	}
	near := make([]int, t.n)
	for i := range near {
		near[i] = i
	}
	far := t.residuals()
	slices.SortStableFunc(near, func(a, b int) int { return cmp.Compare(math.Abs(far[a]), math.Abs(far[b])) })
	through := mat.NewDense(t.p, t.p, nil)
	right := mat.NewVecDense(t.p, nil)
	taken := 0
	var basis [][]float64 // orthonormal, of the rows taken
	for _, i := range near {
		row := make([]float64, t.p)
		for j, x := range t.x {
			row[j] = x[i]
		}
		rest, ok := outside(row, basis)
		if !ok {
			continue
		}
		basis = append(basis, rest)
		through.SetRow(taken, row)
		right.SetVec(taken, t.c[i])
		if taken++; taken == t.p {
			break
		}
	}
	var solution mat.VecDense
	if taken < t.p || solution.SolveVec(through, right) != nil {
		return
	}
	copy(t.y, solution.RawVector().Data)
	t.keep()
}

// outside is the direction of a row that is in none of an orthonormal basis; ok is false where next to nothing is left of it.
func outside(row []float64, basis [][]float64) (rest []float64, ok bool) {
	const least = 1e-8
	rest = slices.Clone(row)
	for _, b := range basis {
		along := dot(rest, b)
		for j := range rest {
			rest[j] -= along * b[j]
		}
	}
	length := math.Sqrt(dot(rest, rest))
	if !(length > least*math.Sqrt(dot(row, row))) {
		return nil, false
	}
	for j := range rest {
		rest[j] /= length
	}
	return rest, true
}

// direction is one Newton direction.
type direction struct{ y, a, z, w []float64 }

// step moves once and reports whether it could.
func (t *interior) step() bool {
	q, r := make([]float64, t.n), make([]float64, t.n)
	for i := range q {
		q[i] = 1 / (t.z[i]/t.a[i] + t.w[i]/t.s[i])
		r[i] = t.z[i] - t.w[i]
	}
	zero := make([]float64, t.n)
	d := t.direction(q, r, zero, zero, zero)
	if d == nil {
		return false
	}
	primal, dual := t.reach(d)
	if min(primal, dual) < 1 {
		// The corrector aims at the centre, by the cube of how far the predictor would have come.
		mu, after := dot(t.z, t.a)+dot(t.w, t.s), 0.0
		dadz, dsdw, xi := make([]float64, t.n), make([]float64, t.n), make([]float64, t.n)
		for i := range q {
			after += (t.z[i]+dual*d.z[i])*(t.a[i]+primal*d.a[i]) + (t.w[i]+dual*d.w[i])*(t.s[i]-primal*d.a[i])
		}
		left := after / mu
		mu *= left * left * left / float64(2*t.n)
		for i := range q {
			dadz[i], dsdw[i] = d.a[i]*d.z[i]/t.a[i], -d.a[i]*d.w[i]/t.s[i]
			xi[i] = mu * (1/t.a[i] - 1/t.s[i])
		}
		if d = t.direction(q, r, dadz, dsdw, xi); d == nil {
			return false
		}
		for i := range q {
			d.z[i] += mu/t.a[i] - dadz[i]
			d.w[i] += mu/t.s[i] - dsdw[i]
		}
		primal, dual = t.reach(d)
	}
	if min(primal, dual) < 1e-10 {
		return false
	}
	for i := range q {
		t.a[i] += primal * d.a[i]
		t.s[i] -= primal * d.a[i]
		t.z[i] += dual * d.z[i]
		t.w[i] += dual * d.w[i]
	}
	for j := range t.y {
		t.y[j] += dual * d.y[j]
	}
	t.keep()
	return true
}

// direction solves the Newton equations; the last three are the corrector's, zero for the predictor.
func (t *interior) direction(q, r, dadz, dsdw, xi []float64) *direction {
	v := make([]float64, t.n)
	for i := range v {
		v[i] = r[i] + dadz[i] - dsdw[i] - xi[i]
	}
	d := &direction{y: t.solve(q, v), a: make([]float64, t.n), z: make([]float64, t.n), w: make([]float64, t.n)}
	if d.y == nil {
		return nil
	}
	for j, x := range t.x {
		for i := range d.a {
			d.a[i] += d.y[j] * x[i]
		}
	}
	for i := range d.a {
		d.a[i] = q[i] * (d.a[i] - v[i])
		d.z[i] = -t.z[i] - t.z[i]/t.a[i]*d.a[i]
		d.w[i] = -t.w[i] + t.w[i]/t.s[i]*d.a[i]
		if math.IsNaN(d.a[i]) || math.IsInf(d.a[i], 0) {
			return nil
		}
	}
	return d
}

// reach is how far the direction may go before a wall, at most 1.
func (t *interior) reach(d *direction) (primal, dual float64) {
	primal, dual = math.Inf(1), math.Inf(1)
	for i := range d.a {
		if d.a[i] < 0 {
			primal = min(primal, -t.a[i]/d.a[i])
		} else if d.a[i] > 0 {
			primal = min(primal, t.s[i]/d.a[i])
		}
		if d.z[i] < 0 {
			dual = min(dual, -t.z[i]/d.z[i])
		}
		if d.w[i] < 0 {
			dual = min(dual, -t.w[i]/d.w[i])
		}
	}
	return min(1, quantileStep*primal), min(1, quantileStep*dual)
}
