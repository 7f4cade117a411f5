//go:build anchors

package network_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"liandong/internal/network"
)

type folder string

// Open implements network.Source.
func (f folder) Open(name string) (io.ReadCloser, bool, error) {
	file, err := os.Open(filepath.Join(string(f), name))
	if os.IsNotExist(err) {
		return nil, false, nil
	}
	return file, err == nil, err
}

// On the real timetable of March 2016 the half hour to Beijing held for 涿州东 and most trains of 高碑店东, not yet for 保定东.
func TestTheRealTimetableSaysWhatItSaid(t *testing.T) {
	t.Parallel()
	stations, err := network.ShippedStations()
	if err != nil {
		t.Fatal(err)
	}
	got, err := network.Read(folder("../../../shared/data/rail"), stations, on)
	if err != nil {
		t.Fatal(err)
	}
	within, all := map[string]int{}, map[string]int{}
	for i := range got.Rides {
		r := &got.Rides[i]
		if r.Towards != "beijing" {
			continue
		}
		all[r.From]++
		if r.Minutes <= network.HalfHour {
			within[r.From]++
		}
	}
	t.Logf("%v of %v", within, all)
	if all["涿州东"] == 0 || within["涿州东"] != all["涿州东"] {
		t.Errorf("涿州东: %d of %d", within["涿州东"], all["涿州东"])
	}
	if 2*within["高碑店东"] <= all["高碑店东"] {
		t.Errorf("高碑店东: %d of %d", within["高碑店东"], all["高碑店东"])
	}
	if all["保定东"] == 0 || within["保定东"] != 0 {
		t.Errorf("保定东: %d of %d", within["保定东"], all["保定东"])
	}
}
