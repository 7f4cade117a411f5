package errs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"liandong/errs"
)

func TestEveryKindHasItsOwnStatusBothWays(t *testing.T) {
	t.Parallel()
	for k := errs.Internal; k <= errs.Usage; k++ {
		if got := errs.KindOfStatus(k.Status()); got != k {
			t.Errorf("status %d of %v leads back to %v", k.Status(), k, got)
		}
	}
	if errs.Usage.Exit() != 2 || errs.Invalid.Exit() != 1 {
		t.Errorf("exit codes: usage %d, invalid %d", errs.Usage.Exit(), errs.Invalid.Exit())
	}
}

func TestSentenceNamesThePlaceAndHidesCauses(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk secret /var/x")
	err := fmt.Errorf("outer: %w", errs.New(errs.Invalid, "form.Check", "面积不能为负。", "The area cannot be negative.").At("第 3 行").Because(cause))
	got := errs.Sentence(err)
	if got.ZH != "第 3 行：面积不能为负。" || got.EN != "第 3 行: The area cannot be negative." {
		t.Errorf("sentence %+v", got)
	}
	if strings.Contains(errs.Sentence(cause).EN, "secret") {
		t.Error("a foreign error leaked its details")
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost to the log")
	}
}

func TestWrapKeepsKindAndSentence(t *testing.T) {
	t.Parallel()
	inner := errs.New(errs.Conflict, "registry.Save", "已被他人修改。", "Somebody else changed it.")
	err := errs.Wrap("server.Patch", inner)
	if !errs.Is(err, errs.Conflict) {
		t.Errorf("kind %v", errs.KindOf(err))
	}
	if errs.Sentence(err).ZH != "已被他人修改。" {
		t.Errorf("sentence %q", errs.Sentence(err).ZH)
	}
	if errs.Wrap("x", nil) != nil {
		t.Error("nil was wrapped into an error")
	}
}

func TestTextFallsBackToTheOtherLanguage(t *testing.T) {
	t.Parallel()
	if got := (errs.Text{ZH: "户"}).In("en"); got != "户" {
		t.Errorf("In(en) = %q", got)
	}
	if got := (errs.Text{ZH: "户", EN: "household"}).In("en-GB"); got != "household" {
		t.Errorf("In(en-GB) = %q", got)
	}
}

func TestNearNamesAreThoseOfWhichHalfTheLettersAreRight(t *testing.T) {
	t.Parallel()
	names := []string{"housing.area", "housing.distance", "income.wage", "收入"}
	if got := errs.Near("housing.aera", names); got.ZH != "相近的有：housing.area、housing.distance。" || got.EN != " Near names: housing.area, housing.distance." {
		t.Errorf("%+v", got)
	}
	if got := errs.Near("收人", names); got.ZH != "相近的有：收入。" {
		t.Errorf("letters, not bytes: %+v", got)
	}
	if got := errs.Near("xyz", names); got != (errs.Text{}) {
		t.Errorf("%+v", got)
	}
}
