package form_test

import (
	"strings"
	"testing"

	"liandong/form"
)

func TestLinesAreRecordsAndFaultsHaveAPlace(t *testing.T) {
	t.Parallel()
	text := "\ufeff" + `{"id":"a","housing":{"area":40.5}}
{"id":7,"electricity":true}

{"electricity":false}
{"housing":{"aera":3}}
{"members":[{"labour":"lazy"}]}
{"electricity":tru}
{"electricity":true
[1]
{"electricity":true} {}
{"id":"z"}
`
	var got []string
	var faults []string
	err := form.Household().Root.ReadLines(strings.NewReader(text), func(id string, r *form.Record) error {
		got = append(got, id+" "+string(r.AppendJSON(nil, nil)))
		return nil
	}, func(f *form.LineFault) { faults = append(faults, f.Error()) })
	if err != nil {
		t.Fatal(err)
	}
	if want := `a {"housing":{"area":40.5}}|7 {"electricity":true}|4 {"electricity":false}|z {}`; strings.Join(got, "|") != want {
		t.Errorf("%s", strings.Join(got, "|"))
	}
	for i, want := range []string{"line 5, column 13: housing.aera: The form", "line 6, column 14: members[0].labour:", "line 7, column 19: This is no JSON", "line 8,", "line 9, column 1:", "line 10, column 22: A line holds one"} {
		if i >= len(faults) || !strings.HasPrefix(faults[i], want) {
			t.Errorf("fault %d: %v, want %s", i, faults, want)
		}
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add([]byte(`{"id":"a","housing":{"area":40.5},"members":[{"labour":"ordinary","born":"1960-02-29"}]}`))
	f.Add([]byte("{\"electricity\":tru}\n[]\n\"\"\nnull\n{\"income\":{\"wage\":1e9}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		err := form.Household().Root.ReadLines(strings.NewReader(string(text)), func(string, *form.Record) error { return nil }, func(l *form.LineFault) {
			if l.Line < 1 || l.Column < 1 || l.Text.ZH == "" || l.Text.EN == "" {
				t.Fatalf("%+v", l)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
