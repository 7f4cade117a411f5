package registry

import "testing"

func TestNamesAreReadAsSurnamesAre(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]reading{
		"曾国藩":  {"zengguofan", "zgf"},
		"单建国":  {"shanjianguo", "sjg"},
		"仇敏":   {"qiumin", "qm"},
		"解单":   {"xiedan", "xd"}, // the given name keeps its common reading
		"尉迟恭":  {"yuchigong", "ycg"},
		"万俟卨":  {"moqixie", "mqx"},
		"张 三":  {"zhangsan", "zs"},
		"杨㼆":   {"yangying", "yy"},
		"":     {"", ""},
		"Li明A": {"liminga", "lima"},
	} {
		if got := readName(name); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func BenchmarkReadName(b *testing.B) {
	for b.Loop() {
		readName("曾国藩")
	}
}
