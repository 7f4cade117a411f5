package population

import (
	"liandong/column"
	"liandong/form"
	"liandong/formula"
)

// household draws what is asked about the household itself. The shares are those of a mountain county with some better-off villages: about a
// quarter of the households lie below both the line and the cut of the four looks.
func household(d *draw, sizes []uint8) map[string]*column.Column {
	n := len(sizes)
	return map[string]*column.Column{
		"housing.area":      amounts(d, sizes, 4, 70, 80, true), // tenths of a square metre a head
		"housing.structure": coded(d, n, []share{{1, 90}, {2, 310}, {3, 470}, {4, 90}, {5, 40}}),
		"housing.dangerous": truths(d, n, 120), "housing.path_paved": truths(d, n, 550), "electricity": truths(d, n, 985), "water.safe": truths(d, n, 760),
		"land.arable":     amounts(d, sizes, 60, 15, 60, true), // hundredths of a mu a head
		"land.woodland":   amounts(d, sizes, 700, 20, 200, false),
		"grain.output":    amounts(d, sizes, 120, 60, 150, true),         // kilograms a head
		"income.wage":     amounts(d, sizes, 380, 20_000, 200_000, true), // fen a head, as all money
		"income.business": amounts(d, sizes, 150, 10_000, 70_000, true), "income.property": amounts(d, sizes, 880, 2_000, 20_000, false),
		"income.transfer": amounts(d, sizes, 90, 4_000, 25_000, true), "income.cost": amounts(d, sizes, 170, 1_000, 22_000, true),
	}
}

// members draws the people.
func members(d *draw, n int) (*column.Table, error) {
	return column.Of(listOf("members"), n, map[string]*column.Column{
		"labour":     coded(d, n, []share{{1, 430}, {2, 60}, {3, 170}, {4, 45}, {5, 295}}),
		"at_school":  coded(d, n, []share{{1, 25}, {2, 90}, {3, 14}, {4, 14}, {5, 14}, {6, 10}, {7, 10}, {8, 10}, {9, 5}, {12, 4}, {15, 8}, {21, 796}}),
		"health":     coded(d, n, []share{{1 << 1, 780}, {1 << 2, 135}, {1 << 3, 32}, {1 << 4, 41}, {1<<2 | 1<<4, 12}}),
		"employment": coded(d, n, []share{{1, 390}, {2, 345}, {3, 220}, {4, 8}, {5, 22}, {6, 2}, {7, 2}, {8, 11}}),
	})
}

func vehicles(d *draw, n int) (*column.Table, error) {
	return column.Of(listOf("vehicles"), n, map[string]*column.Column{
		"kind": coded(d, n, []share{{1, 210}, {2, 120}, {3, 50}, {4, 12}, {5, 28}, {6, 230}, {7, 350}}),
	})
}

func properties(d *draw, n int) (*column.Table, error) {
	return column.Of(listOf("properties"), n, map[string]*column.Column{
		"kind": coded(d, n, []share{{1, 820}, {2, 110}, {3, 70}}), "in_town": truths(d, n, 640), "resettlement": truths(d, n, 210),
	})
}

func companies(d *draw, n int) (*column.Table, error) {
	return column.Of(listOf("companies"), n, map[string]*column.Column{
		"role": coded(d, n, []share{{1, 700}, {2, 300}}), "annual_returns": truths(d, n, 450),
	})
}

func listOf(path string) *formula.Schema {
	root := form.Household().Root
	return root.Fields[root.Must(path)].List.Schema()
}
