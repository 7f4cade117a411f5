// Command gen packs the Song font of printed documents from the pinned npm package into data/song.ttf.zst, which the program holds.
package main

import (
	"log"
	"os"

	"github.com/klauspost/compress/zstd"
)

func main() {
	font, err := os.ReadFile("official/gen/node_modules/@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf")
	if err != nil {
		log.Fatalf("read the font; npm ci brings it: %v", err)
	}
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("official/data/song.ttf.zst", encoder.EncodeAll(font, nil), 0o644); err != nil {
		log.Fatal(err)
	}
}
