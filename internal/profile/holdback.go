package profile

// holdMoves marks the counts of a table of moves that are too few to be published, and beside them those by which they could be found. The table is the whole and
// its groups, each a matrix with sums: three directions in which counts add up. In each line of it (a row, a column, one cell over the groups) a single count held
// back would follow from the sum and the others, and several that are together too few would be known to be so; then the smallest of the others is held
// back too, until no line is left that tells. A count of nothing is shown: it is about nobody.
func (s *Suppression) holdMoves(whole *Moves, groups []Moves) {
	tables := []*Moves{whole}
	for i := range groups {
		tables = append(tables, &groups[i])
	}
	for _, m := range tables {
		for _, c := range m.all() {
			c.Held = c.Persons > 0 && s.tooFew(c.Households, c.Persons)
		}
	}
	for again := true; again; {
		again = false
		for _, m := range tables {
			m.close()
		}
		for _, line := range linesOf(tables) {
			again = s.holdLine(line) || again
		}
	}
}

// close holds back all of a group whose number is: its parts would tell it.
func (m *Moves) close() {
	m.Held = m.Cells[StateTotal][StateTotal].Held
	for _, c := range m.all() {
		c.Held = c.Held || m.Held
	}
}

// all are the counts of the matrix with its sums.
func (m *Moves) all() []*Count {
	all := make([]*Count, 0, (States+1)*(States+1))
	for i := range m.Cells {
		for j := range m.Cells[i] {
			all = append(all, &m.Cells[i][j])
		}
	}
	return all
}

// linesOf are the counts that add up to the last of their line.
func linesOf(tables []*Moves) (lines [][]*Count) {
	for _, m := range tables {
		for i := range m.Cells {
			row, column := make([]*Count, 0, States+1), make([]*Count, 0, States+1)
			for j := range m.Cells {
				row, column = append(row, &m.Cells[i][j]), append(column, &m.Cells[j][i])
			}
			lines = append(lines, row, column)
		}
	}
	if len(tables) == 1 {
		return lines
	}
	for i := range States + 1 {
		for j := range States + 1 {
			var line []*Count
			for _, m := range tables[1:] {
				line = append(line, &m.Cells[i][j])
			}
			lines = append(lines, append(line, &tables[0].Cells[i][j]))
		}
	}
	return lines
}

// holdLine holds back one more count of a line where those held back could be found, and reports whether it did.
func (s *Suppression) holdLine(line []*Count) bool {
	parts, total := line[:len(line)-1], line[len(line)-1]
	var together Count
	held := 0
	for _, c := range parts {
		if c.Held && c.Persons > 0 {
			held++
			together.add(*c)
		}
	}
	switch {
	case held == 0 && !total.Held, held >= 2 && !s.tooFew(together.Households, together.Persons), held >= 2 && total.Held, held == 1 && total.Held:
		return false
	}
	var smallest *Count
	for _, c := range parts {
		if !c.Held && c.Persons > 0 && (smallest == nil || c.Persons < smallest.Persons) {
			smallest = c
		}
	}
	if smallest == nil && !total.Held && total.Persons > 0 {
		smallest = total // nothing else is left to stand beside it
	}
	if smallest == nil {
		return false
	}
	smallest.Held = true
	return true
}
