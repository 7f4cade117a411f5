//go:build anchors

package portfolio_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"liandong/internal/portfolio"
)

// codes reads the codes of one of the standard's published lists.
func codes(t *testing.T, list string) map[string]bool {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "oc4ids", list+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, row := range rows[1:] {
		all[row[0]] = true
	}
	return all
}

func TestAnchorEveryCodeOfTheExportStandsInThePublishedLists(t *testing.T) {
	statuses, sectors, roles := codes(t, "projectStatus"), codes(t, "projectSector"), codes(t, "partyRole")
	kinds, milestones := codes(t, "milestoneType"), codes(t, "milestoneStatus")
	each(t, func(b *bench) {
		var out bytes.Buffer
		if err := b.exchange().WriteOC4IDS(&out); err != nil {
			b.Fatal(err)
		}
		var p struct {
			Projects []struct {
				Status     string
				Sector     []string
				Parties    []struct{ Roles []string }
				Milestones []struct{ Type, Status string }
			}
		}
		if err := json.Unmarshal(out.Bytes(), &p); err != nil {
			b.Fatal(err)
		}
		want := func(list map[string]bool, code string) {
			if code != "" && !list[code] {
				b.Errorf("the published lists have no %q", code)
			}
		}
		for _, one := range p.Projects {
			want(statuses, one.Status)
			for _, s := range one.Sector {
				want(sectors, s)
			}
			for _, party := range one.Parties {
				for _, r := range party.Roles {
					want(roles, r)
				}
			}
			for _, m := range one.Milestones {
				want(kinds, m.Type)
				want(milestones, m.Status)
			}
		}
		for _, c := range portfolio.Sectors() {
			for _, s := range portfolio.OC4IDSSectors(c.Code) {
				want(sectors, s)
			}
		}
	})
}
