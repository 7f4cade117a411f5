package place

import (
	_ "embed"
	"strconv"
)

//go:embed seats.csv
var seatsTable []byte

// Seat is where a county's seat lies, in degrees WGS 84, to about a hundredth: for schematic pictures only.
type Seat struct {
	County              ID
	Longitude, Latitude float64
}

// Seats lists the seats that are known, in the order of their counties.
func (g *Gazetteer) Seats() ([]Seat, error) {
	rows, err := table(seatsTable)
	if err != nil {
		return nil, err
	}
	seats := make([]Seat, 0, len(rows))
	for _, r := range rows {
		county, _ := strconv.ParseInt(r[0], 10, 64)
		longitude, _ := strconv.ParseFloat(r[1], 64)
		latitude, _ := strconv.ParseFloat(r[2], 64)
		seats = append(seats, Seat{ID(county) * spans[County], longitude, latitude})
	}
	return seats, nil
}
