package formula

// Apply computes the operation of operands that are given: what every evaluator means by it. It is for operations on values, from OpNot to
// OpCodesSize and OpYears; a set of codes is given as its mask, which must lie below 2^53.
func (n *Node) Apply(operands []Value) Value {
	var e Evaluation
	return e.apply(n, func(i int) Value { return operands[i] })
}

// TakesItem reports whether a list operation reads a field of its items: a sum, a least or a greatest.
func (n *Node) TakesItem() bool { return n.takesItem() }

// Scale is the number of decimals of what a sum, a least or a greatest is made of.
func (n *Node) Scale() int {
	if !n.takesItem() {
		return 0
	}
	return n.Field().List.Fields[n.Item].Scale
}

// Pow10 is exact for the scales that forms have, 0 to 9.
func Pow10(scale int) float64 { return pow10(scale) }
