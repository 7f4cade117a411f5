package errs

import (
	"slices"
	"strings"
)

// Near is the sentence that names what somebody may have meant by a word that is none of the names; empty when none is near.
func Near(word string, names []string) Text {
	near := nearest(word, names)
	if len(near) == 0 {
		return Text{}
	}
	return Text{ZH: "相近的有：" + strings.Join(near, "、") + "。", EN: " Near names: " + strings.Join(near, ", ") + "."}
}

// nearest gives up to three of the names that differ least from a word that is none of them, for the sentence that says so: by edit distance,
// nearest first and then in their own order; none that differs in more than half of its letters.
func nearest(word string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, name := range names {
		if d := Distance([]rune(word), []rune(name)); 2*d <= max(len([]rune(word)), len([]rune(name))) {
			near = append(near, candidate{name, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	var out []string
	for _, c := range near[:min(3, len(near))] {
		out = append(out, c.name)
	}
	return out
}

// Distance is the number of letters to insert, delete or replace (Levenshtein, 1966).
func Distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ca := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, cb := range b {
			cost := diagonal
			if ca != cb {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
