// Package network keeps what the city's roads and rails carry. So far it is the timetables: from a GTFS feed, or from tables of stations, trains and
// stops, it takes how long every train of a day is under way from a station of the city to Beijing and to Tianjin, in the vehicle and from station to
// station, and publishes how many of them take no more than half an hour.
//
// It is a room: it stands on db, ledger, access, figure and dossier, and on sheet, which opens archives safely.
package network

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"liandong/day"
	"liandong/errs"
	"liandong/place"
)

//go:embed stations@2015.yaml
var stations2015 []byte

// Stations is a document: which stations lie where. It is immutable.
type Stations struct {
	ID      string
	of      map[string]string   // division codes
	towards map[string][]string // by city: beijing, tianjin
}

type stationsDocument struct {
	Stations string `yaml:"stations"`
	Version  string `yaml:"version"`
	Basis    struct {
		Text   string `yaml:"text"`
		Status string `yaml:"status"`
	} `yaml:"basis"`
	OfTheCity []struct {
		Name     string `yaml:"name"`
		Division string `yaml:"division"`
	} `yaml:"of_the_city"`
	Towards map[string][]string `yaml:"towards"`
}

// ShippedStations is the document that comes with the program.
func ShippedStations() (*Stations, error) { return ParseStations(stations2015) }

// ParseStations reads a document of stations.
func ParseStations(text []byte) (*Stations, error) {
	var doc stationsDocument
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, errs.New(errs.Invalid, "network.ParseStations", "车站对照表读不懂："+err.Error()+"。", "The table of stations cannot be read: "+err.Error()+".").Because(err)
	}
	s := &Stations{ID: doc.Stations + "@" + doc.Version, of: map[string]string{}, towards: doc.Towards}
	for _, one := range doc.OfTheCity {
		if _, err := place.ParseCode(one.Division); err != nil {
			return nil, err
		}
		s.of[one.Name] = one.Division
	}
	return s, nil
}

// names are the stations of the city, for sentences.
func (s *Stations) names() string {
	all := make([]string, 0, len(s.of))
	for name := range s.of {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, "、")
}

// city is the city that a station stands for; empty where it is none of those asked about.
func (s *Stations) city(name string) string {
	for city, all := range s.towards {
		if slices.Contains(all, name) {
			return city
		}
	}
	return ""
}

// Ride is one train from a station of the city to Beijing or Tianjin.
type Ride struct {
	Train     string `json:"train"`
	From      string `json:"from"`
	Code      string `json:"division"` // of the station's county
	To        string `json:"to"`
	Towards   string `json:"towards"`
	Departure string `json:"departure"` // HH:MM, past 24:00 on the day after
	Minutes   int    `json:"minutes"`   // in the vehicle, station to station
}

// HalfHour is what the claim about the half hour means, in minutes.
const HalfHour = 30

// Timetable is what one import took of a timetable.
type Timetable struct {
	Name     string   `json:"name"`   // of the file
	On       day.Date `json:"on"`     // the day whose trains are counted
	Digest   string   `json:"digest"` // SHA-256 of the file, hexadecimal
	Stations string   `json:"stations"`
	Trains   int      `json:"trains"` // that run on the day and stop in the city
	Rides    []Ride   `json:"rides"`
}

// call is one stop of a train, in minutes since midnight of its first day; -1 where the timetable is silent.
type call struct {
	sequence           int
	station            string
	arrives, departing int
}

// train is a trip with its calls at stations that matter.
type train struct {
	name  string
	calls []call
}

// rides are the train's ways from the city's stations to the first station of each of the cities asked about.
func (s *Stations) rides(t *train) (all []Ride) {
	slices.SortStableFunc(t.calls, func(a, b call) int { return a.sequence - b.sequence })
	for i, from := range t.calls {
		code, ours := s.of[from.station]
		if !ours || from.departing < 0 {
			continue
		}
		reached := map[string]bool{}
		for _, to := range t.calls[i+1:] {
			city := s.city(to.station)
			if city == "" || reached[city] || to.arrives < from.departing {
				continue
			}
			reached[city] = true
			all = append(all, Ride{t.name, from.station, code, to.station, city, clock(from.departing), to.arrives - from.departing})
		}
	}
	return all
}
