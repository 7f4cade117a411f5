package server_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"liandong/internal/access"
)

// TestAnUnmetClaimBecomesAProblemInOneCall sends the claim's name alone; the title, the kind and the place come from the claim.
func TestAnUnmetClaimBecomesAProblemInOneCall(t *testing.T) {
	each(t, func(d *desk) {
		office := d.enter(access.CityOffice, baoding)
		open := func(subject string) map[string]any {
			return map[string]any{"entry": uuid.NewString(), "act": "found", "on": "2015-12-31", "subject": subject}
		}
		id := uuid.NewString()
		var p struct {
			Title, Kind, State string
			Version            int64
		}
		header := office.get(&p, "POST", "/problems/"+id, open("claim:baoding-2015-12/half-hour"), "If-None-Match", "*")
		if p.Kind != "claim" || !strings.HasPrefix(p.Title, "资料不足待核实：初步实现") || p.State != "found" || header.Get("ETag") != `"1"` {
			t.Errorf("%+v", p)
		}
		again := office.refused(409, "POST", "/problems/"+uuid.NewString(), open("claim:baoding-2015-12/half-hour"), "If-None-Match", "*")
		if again.Where != id {
			t.Errorf("the open one is not named: %+v", again)
		}
		office.refused(409, "POST", "/problems/"+uuid.NewString(), open("claim:baoding-2015-12/harvest-month"), "If-None-Match", "*")
		office.refused(404, "POST", "/problems/"+uuid.NewString(), open("project:"+uuid.NewString()), "If-None-Match", "*")
		office.refused(409, "POST", "/problems/"+id, map[string]any{"entry": uuid.NewString(), "act": "closed", "on": "2015-12-31", "prevention": "x"}, "If-Match", `"1"`)
	})
}
