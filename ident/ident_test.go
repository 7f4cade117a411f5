package ident_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"liandong/day"
	"liandong/ident"
)

// 11010519491231002X is the example number that GB 11643-1999 itself prints.
const standardExample = "11010519491231002X"

func TestTheStandardsOwnExample(t *testing.T) {
	t.Parallel()
	n, err := ident.Parse(" 110105 19491231002x ")
	if err != nil || n.String() != standardExample || n.Born() != day.MustOf(1949, 12, 31) || n.Male() || n.Area() != "110105" {
		t.Errorf("%+v %v", n, err)
	}
	if got := n.Masked(); got != "110105***********X" {
		t.Errorf("masked %q", got)
	}
}

func TestFaultsAreTold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]ident.Fault{
		standardExample:          ident.FaultNone,
		standardExample + "44":   ident.FaultNone,
		standardExample + "44B1": ident.FaultNone,
		"110105491231002":        ident.FaultNone,
		"110105194912310021":     ident.FaultCheckDigit,
		"110105194913310021":     ident.FaultBirthday,
		"11010519491231002":      ident.FaultLength,
		"":                       ident.FaultLength,
		"999999194912310021":     ident.FaultPlaceholder,
		"1101051949123100AX":     ident.FaultCharacter,
		standardExample + "84":   ident.FaultCharacter,
		standardExample + "44C1": ident.FaultCharacter,
		"一一零一零五一九四九一二":           ident.FaultLength,
	} {
		if _, fault := ident.Inspect(s); fault != want {
			t.Errorf("%q: %q, want %q", s, fault, want)
		}
		if text := want.Text(s); want != ident.FaultNone && (text.ZH == "" || text.EN == "" || strings.Contains(text.ZH, standardExample[:12])) {
			t.Errorf("%q: sentence %+v", want, text)
		}
	}
}

func TestCardsOfOnePersonLeadToOnePerson(t *testing.T) {
	t.Parallel()
	for _, s := range []string{standardExample, standardExample + "44", standardExample + "44B2", "110105491231002"} {
		if n, err := ident.Parse(s); err != nil || n.Person() != standardExample {
			t.Errorf("%s: %q, %v", s, n.Person(), err)
		}
	}
}

// A single wrong digit and two neighbouring digits exchanged are the mistakes ISO 7064 MOD 11-2 promises to find.
func TestOneWrongDigitIsAlwaysFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seventeen := "130624" + day.MustOf(1900, 1, 1).AddDays(rapid.IntRange(0, 43000).Draw(t, "born")).String()
		seventeen = strings.ReplaceAll(seventeen, "-", "") + rapid.StringMatching("[0-9]{3}").Draw(t, "sequence")
		whole := []byte(seventeen + string(ident.CheckCharacter(seventeen)))
		if _, fault := ident.Inspect(string(whole)); fault != ident.FaultNone {
			t.Fatalf("%s: %s", whole, fault)
		}
		i := rapid.IntRange(0, 16).Draw(t, "at")
		whole[i] = '0' + (whole[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "off by")))%10
		if _, fault := ident.Inspect(string(whole)); fault == ident.FaultNone {
			t.Fatalf("%s passes", whole)
		}
	})
}

func FuzzInspect(f *testing.F) {
	f.Add(standardExample)
	f.Add("９９９９９９")
	f.Fuzz(func(t *testing.T, s string) {
		if n, fault := ident.Inspect(s); fault == ident.FaultNone {
			if again, fault := ident.Inspect(n.String()); fault != ident.FaultNone || again != n {
				t.Fatalf("%q: %v", s, fault)
			}
		}
	})
}
