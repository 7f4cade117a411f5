package proxy

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"liandong/errs"
	"liandong/poverty"
)

// Fit fits a test to a survey. Records with a missing answer are refused or left out by name; columns that follow from others (a category of everybody,
// the same variable twice) are refused by name, except by the lasso, which chooses. Records of weight zero take no part.
func Fit(s *Survey, o Options) (*Model, error) {
	m, err := prepared(s, &o)
	if err != nil {
		return nil, err
	}
	return m.fit()
}

func prepared(s *Survey, o *Options) (*matrix, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	if err := s.check(o); err != nil {
		return nil, err
	}
	// Whatever the method, weights and design are those that errors could rest on.
	if _, err := poverty.NewInferrer(len(s.Welfare), s.Weight, &s.Design, poverty.Conventions{}, poverty.Errors{}); err != nil {
		return nil, err
	}
	return newMatrix(s, o)
}

func (m *matrix) fit() (*Model, error) {
	b, se, lambda, err := m.coefficients()
	if err != nil {
		return nil, err
	}
	model := m.model(b, se)
	model.Lambda = lambda
	m.judge(model, m.fitted(b))
	return model, nil
}

// coefficients fits by the method of the options.
func (m *matrix) coefficients() (b, se []float64, lambda float64, err error) {
	switch m.options.Method {
	case Quantile:
		b, err = m.quantileRegression(m.options.Quantile)
	case Lasso:
		b, lambda, err = m.lasso()
	default:
		b, se, err = m.leastSquares()
	}
	return b, se, lambda, err
}

// judge writes R² = 1 - Σ w r²/Σ w (y - mean)² and the root of Σ w r²/Σ w; for quantile regression R² is the R1 of Koenker and Machado, JASA 94 (1999), 1296:
// one less the loss over that of the quantile alone.
func (m *matrix) judge(model *Model, fitted []float64) {
	weight, mean := 0.0, 0.0
	for r, w := range m.w {
		weight += w
		mean += w * m.y[r]
	}
	mean /= weight
	left, whole := 0.0, 0.0
	for r, w := range m.w {
		left += w * (m.y[r] - fitted[r]) * (m.y[r] - fitted[r])
		whole += w * (m.y[r] - mean) * (m.y[r] - mean)
	}
	model.RMSE = math.Sqrt(left / weight)
	model.R2 = 1 - left/whole
	if m.options.Method == Quantile {
		tau := m.options.Quantile
		alone := make([]float64, len(m.y))
		at := weightedQuantile(m.y, m.w, tau)
		for r := range alone {
			alone[r] = at
		}
		model.R2 = 1 - m.loss(fitted, tau)/m.loss(alone, tau)
	}
	if whole == 0 {
		model.R2 = math.NaN()
		model.Notes = append(model.Notes, errs.Text{ZH: "福利变量没有差别，拟合优度没有定义。", EN: "The welfare does not vary, so the goodness of fit is not defined."})
	}
}

// leastSquares minimises Σ w (y - xb)² by Householder's reflections (gonum, LAPACK's dgeqrf). The errors of coefficients are linearised by the design, with
// the influence (X'WX)⁻¹ x (y - xb): Binder, International Statistical Review 51 (1983), 279.
func (m *matrix) leastSquares() (b, se []float64, err error) {
	n, p := len(m.row), len(m.x)
	a, y := mat.NewDense(n, p, nil), mat.NewVecDense(n, nil)
	for r, w := range m.w {
		root := math.Sqrt(w)
		y.SetVec(r, root*m.y[r])
		for j := range m.x {
			a.Set(r, j, root*m.x[j][r])
		}
	}
	var qr mat.QR
	qr.Factorize(a)
	var r mat.Dense
	qr.RTo(&r)
	if err := m.collinear(a, &r); err != nil {
		return nil, nil, err
	}
	var solution mat.VecDense
	if err := qr.SolveVecTo(&solution, false, y); err != nil {
		return nil, nil, errs.New(errs.Invalid, op, "这些变量几乎共线，系数无法确定。请去掉一些变量。", "The variables are nearly collinear, so the coefficients are not determined. Leave some out.").Because(err)
	}
	b = solution.RawVector().Data
	se, err = m.errorsOfCoefficients(b, r.Slice(0, p, 0, p))
	return b, se, err
}

// leastPivot is how small what is left of a column may be, against the column, before it counts as following from those before it.
const leastPivot = 1e-9

func (m *matrix) collinear(a, r *mat.Dense) error {
	for j := range m.x {
		if math.Abs(r.At(j, j)) <= leastPivot*mat.Norm(a.ColView(j), 2) {
			return invalid(fmt.Sprintf("「%s」可以由其他变量推出（或人人相同），系数无法确定。请去掉它。", m.label(j)), fmt.Sprintf("%q follows from other variables, or is the same for all, so its coefficient is not determined. Leave it out.", m.label(j)))
		}
	}
	return nil
}

func (m *matrix) errorsOfCoefficients(b []float64, r mat.Matrix) ([]float64, error) {
	f, err := m.inferrer()
	if err != nil {
		return nil, err
	}
	p := len(b)
	upper := mat.NewTriDense(p, mat.Upper, nil)
	for i := range p {
		for j := i; j < p; j++ {
			upper.SetTri(i, j, r.At(i, j))
		}
	}
	var inverse mat.TriDense
	if err := inverse.InverseTri(upper); err != nil {
		return nil, errs.New(errs.Invalid, op, "这些变量几乎共线，系数无法确定。请去掉一些变量。", "The variables are nearly collinear, so the coefficients are not determined. Leave some out.").Because(err)
	}
	var gram mat.Dense
	gram.Mul(&inverse, inverse.T())
	fitted := m.fitted(b)
	se := make([]float64, p)
	u := make([]float64, len(m.row))
	for j := range se {
		for row := range u {
			u[row] = 0
			for k := range p {
				u[row] += gram.At(j, k) * m.x[k][row]
			}
			u[row] *= m.y[row] - fitted[row]
		}
		se[j] = f.Influence(b[j], u, false).SE
	}
	return se, nil
}

// permutation is the places 0…n-1 in an order that the seed decides.
func permutation(n int, seed uint64) []int {
	return rand.New(rand.NewPCG(seed, 0x70726f7879)).Perm(n)
}
