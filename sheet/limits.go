package sheet

// Limits, each with the reason for its number. They bound memory and work before any of it is spent; a file over a limit is
// refused with a sentence that says which and what to do.
const (
	// MaxFileBytes bounds a file. 100,000 rows of 44 columns take about 20 MB as a workbook and 60 MB as CSV.
	MaxFileBytes = 256 << 20

	// maxEntries bounds the parts of a workbook. A register workbook has about ten; one with 200 sheets and their notes about 1,000.
	maxEntries = 2_000

	// maxInflated bounds all parts together, inflated. A row of 44 texts takes 1.7 kB of sheet XML, so this is half a million rows.
	maxInflated = 1 << 30

	// maxStringsInflated bounds the table of shared texts, the one part that is kept in memory while rows are read.
	maxStringsInflated = 384 << 20

	// maxSmallPart bounds a part that is read into memory before rows are: the list of sheets, relations, styles. Large ones are
	// about 1 MB (64,000 cell styles, the most Excel allows, take 8 MB).
	maxSmallPart = 32 << 20

	// maxRatio bounds how much larger a part gets by inflating. Deflate ends at 1,032; a sheet in which every row is the same
	// reaches 40 and one of empty styled cells 60, measured; bombs live near the end.
	maxRatio = 250

	// ratioFrom is the inflated size from which maxRatio counts: below it a part can do no harm whatever its ratio.
	ratioFrom = 4 << 20

	// maxName bounds the name of a part: Windows cannot unpack longer paths.
	maxName = 260

	// maxToken bounds one piece of XML markup or text between two tags. A cell holds at most 32,767 characters, each at most
	// 7 bytes as an escape.
	maxToken = 512 << 10

	// maxCellBytes bounds the text of one cell, comments and runs joined: 32,767 characters of at most 4 bytes, with room for the
	// texts of other programs.
	maxCellBytes = 256 << 10

	// maxRowBytes bounds the texts that a row holds itself. A row of 44 texts has about a thousand bytes.
	maxRowBytes = 16 << 20

	// maxZeros bounds a number format that is all zeros: no identifier of digits is longer.
	maxZeros = 32

	// maxDepth bounds the nesting of elements. Sheets and styles use about ten levels.
	maxDepth = 64

	// MaxRows and MaxColumns are the edges of a sheet in the file format.
	MaxRows    = 1_048_576
	MaxColumns = 16_384

	// maxField bounds one field of separated text, in bytes. A quote that is never closed would swallow the rest of the file;
	// this ends it with the row where it was opened.
	maxField = 256 << 10

	// MaxMarkedRows is the number of sheet rows up to which a workbook is given back marked. Marking needs the whole workbook in
	// memory, about 0.1 MB for ten rows of 44 cells; above, only the held rows are written.
	MaxMarkedRows = 10_000

	// maxMarkedCells bounds the grid that marking spreads out in memory: the library fills each row up to its last cell, so that
	// one cell at the far right of every row would cost 1.6 MB a row.
	maxMarkedCells = 2_000_000

	// maxMarkedInflated bounds the whole workbook that is marked, which the library holds in memory with all its sheets. 10,000 rows
	// of 44 cells with their texts take about 25 MB.
	maxMarkedInflated = 128 << 20

	// maxMarkedMerges bounds the merged ranges of a sheet that is marked: the library compares each with each.
	maxMarkedMerges = 5_000

	// headingRows is how many rows from the top may come before the heading ends: title, unit, date, filler, two heading rows.
	headingRows = 20
)
