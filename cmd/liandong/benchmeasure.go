package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"liandong/errs"
	"liandong/poverty"
)

// The sizes of the measurement: persons of a large survey, persons and households of EU-SILC's.
const (
	benchPersons    = 5_000_000
	benchRegions    = 9
	surveyPersons   = 15_000
	surveyUnits     = 6_000
	benchBootstraps = 1_000
)

// benchMeasures are the ones compared, under the conventions of laeken.
const benchMeasures = "gini,arpr,qsr,rmpg"

// measures times the poverty measures: five million persons from a file, beside laeken where its script is given, and the errors of a survey.
func (c *benchCommand) measures(ctx context.Context, _ *program, r *benchResult) error {
	dir, err := os.MkdirTemp("", "liandong-bench-")
	if err != nil {
		return errs.Wrap("main.bench", err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "persons.parquet")
	if err := writePersons(dir, file); err != nil {
		return errs.Wrap("main.bench", err)
	}
	ours, values, err := c.measureFile(ctx, file)
	if err != nil {
		return err
	}
	r.Runs = append(r.Runs, ours)
	if c.Laeken != "" {
		if err := c.laeken(ctx, dir, &ours, values, r); err != nil {
			return err
		}
	}
	return benchErrors(r)
}

// madeUpPersons is a sample with incomes that are lognormal, whole cents and now and then tied, weights as of a survey, and households of two or three.
func madeUpPersons(random *rand.Rand, n, units int) *poverty.Sample {
	s := &poverty.Sample{Income: make([]float64, n), Weight: make([]float64, n)}
	s.Group = poverty.Factor{Code: make([]int32, n)}
	s.Design.Unit = poverty.Factor{Code: make([]int32, n), Level: make([]string, units)}
	for g := range benchRegions {
		s.Group.Level = append(s.Group.Level, strconv.Itoa(g+1))
	}
	for i := range n {
		s.Income[i] = math.Round(100*math.Exp(9.7+0.55*random.NormFloat64())) / 100
		s.Weight[i] = 100 + float64(random.IntN(90_000))/100
		s.Group.Code[i] = int32(random.IntN(benchRegions))
		s.Design.Unit.Code[i] = int32(i * units / n)
	}
	return s
}

func newRandom() *rand.Rand { return rand.New(rand.NewPCG(2015, 12)) }

// writePersons writes the persons into a Parquet file and, for R, into one binary file a column, part by part: a child's peak of memory counts what its parent held
// when it was started.
func writePersons(dir, file string) (err error) {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "income", Type: arrow.PrimitiveTypes.Float64}, {Name: "weight", Type: arrow.PrimitiveTypes.Float64}, {Name: "region", Type: arrow.PrimitiveTypes.Int32},
	}, nil)
	const parts = 20
	w, err := pqarrow.NewFileWriter(schema, f, parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy)), pqarrow.DefaultWriterProps())
	if err != nil {
		return err
	}
	random := newRandom()
	for range parts {
		s := madeUpPersons(random, benchPersons/parts, 1)
		for i := range s.Group.Code {
			s.Group.Code[i]++
		}
		if err := w.Write(record(schema, s)); err != nil {
			return err
		}
		for name, column := range map[string]any{"income": s.Income, "weight": s.Weight, "region": s.Group.Code} {
			if err := appendBinary(filepath.Join(dir, name), column); err != nil {
				return err
			}
		}
	}
	return w.Close() // and the file
}

func record(schema *arrow.Schema, s *poverty.Sample) arrow.RecordBatch {
	numbers := func(values []float64) arrow.Array {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		b.AppendValues(values, nil)
		return b.NewArray()
	}
	regions := array.NewInt32Builder(memory.DefaultAllocator)
	regions.AppendValues(s.Group.Code, nil)
	return array.NewRecordBatch(schema, []arrow.Array{numbers(s.Income), numbers(s.Weight), regions.NewArray()}, int64(len(s.Income)))
}

func appendBinary(path string, column any) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := binary.Write(f, binary.LittleEndian, column); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// benchValue is one number of a measurement.
type benchValue struct {
	Group   string  `json:"group"`
	Measure string  `json:"measure"`
	Value   float64 `json:"value"`
}

// measureFile runs this program over the file, as a person would, and times it from outside: starting, reading, measuring, printing.
func (c *benchCommand) measureFile(ctx context.Context, file string) (run benchRun, values []benchValue, err error) {
	self, err := os.Executable()
	if err != nil {
		return run, nil, errs.Wrap("main.bench", err)
	}
	command := exec.CommandContext(ctx, self, "measure", "--json", "--data", file, "--income", "income", "--weight", "weight", "--by", "region", //nolint:gosec // the program itself
		"--line", "60%median", "--measures", benchMeasures, "--conventions", "laeken")
	command.Stderr = os.Stderr
	started := time.Now()
	out, err := command.Output()
	if err != nil {
		return run, nil, errs.New(errs.Internal, "main.bench", "", "measuring a file").Because(err)
	}
	run = benchRun{What: "Gini, at-risk rate, S80/S20 and median gap by nine regions, from a Parquet file (persons)", N: benchPersons, Seconds: time.Since(started).Seconds(), CPU: cpuOf(command.ProcessState), PeakBytes: peakOf(command.ProcessState)}
	run.NsPerItem = run.Seconds * 1e9 / benchPersons
	var printed struct {
		Results []benchValue `json:"results"`
	}
	err = json.Unmarshal(out, &printed)
	return run, printed.Results, errs.Wrap("main.bench", err)
}

// laeken runs R's package over the same columns in the same run and compares every number. Its time is that of the four calls alone, without starting R
// and reading; ours is that of the whole program.
func (c *benchCommand) laeken(ctx context.Context, dir string, ours *benchRun, values []benchValue, r *benchResult) error {
	command := exec.CommandContext(ctx, "Rscript", "--vanilla", c.Laeken, dir, strconv.Itoa(benchPersons)) //nolint:gosec // the script that was named
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return errs.New(errs.Unavailable, "main.bench", "R 没有运行成功。请先运行 scripts/install-laeken。", "R did not run. Run scripts/install-laeken first.").Because(err)
	}
	var theirs struct {
		Laeken  string       `json:"laeken"`
		R       string       `json:"r"`
		Seconds float64      `json:"seconds"`
		Peak    float64      `json:"peak_bytes"`
		Results []benchValue `json:"results"`
	}
	if err := json.Unmarshal(out, &theirs); err != nil {
		return errs.Wrap("main.bench", err)
	}
	run := benchRun{What: "the same by laeken " + theirs.Laeken + " in R " + theirs.R + ", the four calls alone", N: benchPersons, Seconds: theirs.Seconds, PeakBytes: int64(theirs.Peak)}
	run.NsPerItem = run.Seconds * 1e9 / benchPersons
	r.Runs = append(r.Runs, run)
	worst, err := apart(values, theirs.Results)
	if err != nil {
		return err
	}
	r.Notes = append(r.Notes, fmt.Sprintf("%d numbers, apart by at most %.1e of their size. Ours took 1/%.1f of the time and %.2f of the memory.",
		len(values), worst, theirs.Seconds/ours.Seconds, float64(ours.PeakBytes)/theirs.Peak))
	return nil
}

// apart is the greatest relative difference of two measurements of the same; they must have the same numbers, and agree in nine digits.
func apart(ours, theirs []benchValue) (worst float64, err error) {
	const enough = 1e-9
	other := map[[2]string]float64{}
	for _, v := range theirs {
		other[[2]string{v.Group, v.Measure}] = v.Value
	}
	for _, v := range ours {
		want, there := other[[2]string{v.Group, v.Measure}]
		if !there {
			return 0, errs.New(errs.Internal, "main.bench", "", "laeken has no "+v.Measure+" of group "+v.Group)
		}
		worst = max(worst, math.Abs(v.Value/want-1))
	}
	if len(ours) != len(theirs) || !(worst < enough) {
		return worst, errs.New(errs.Internal, "main.bench", "", fmt.Sprintf("the measurements differ: %d and %d numbers, apart by %g", len(ours), len(theirs), worst))
	}
	return worst, nil
}

// benchErrors times the errors of a survey of the size of EU-SILC's.
func benchErrors(r *benchResult) error {
	for _, one := range []struct {
		what, measures, by string
		n, items           int
		errors             poverty.Errors
	}{
		{"bootstrap of the four over 15,000 persons in 6,000 households, the whole (replications)", benchMeasures, "", surveyPersons, benchBootstraps, poverty.Errors{Method: poverty.Bootstrap, Seed: 1, Replications: benchBootstraps}},
		{"bootstrap of the four over the same, whole and nine regions (replications)", benchMeasures, "region", surveyPersons, benchBootstraps, poverty.Errors{Method: poverty.Bootstrap, Seed: 1, Replications: benchBootstraps}},
		{"jackknife of the Gini coefficient by household (households)", "gini", "", surveyPersons, surveyUnits, poverty.Errors{Method: poverty.Jackknife}},
		{"linearised errors of the four, whole and nine regions (persons)", benchMeasures, "region", surveyPersons, surveyPersons, poverty.Errors{Method: poverty.Linear}},
	} {
		s := madeUpPersons(newRandom(), one.n, surveyUnits)
		if one.by == "" {
			s.Group = poverty.Factor{}
		}
		q := poverty.Query{Line: poverty.Line{Share: 0.6, Quantile: 0.5}, Errors: one.errors}
		var err error
		if q.Measures, err = poverty.ParseMeasures(one.measures); err != nil {
			return err
		}
		started := time.Now()
		if _, err := s.Estimate(q); err != nil {
			return err
		}
		run := benchRun{What: one.what, N: one.items, Seconds: time.Since(started).Seconds()}
		run.NsPerItem = run.Seconds * 1e9 / float64(one.items)
		r.Runs = append(r.Runs, run)
	}
	return nil
}
