//go:build unix

package main

import (
	"fmt"

	"golang.org/x/sys/unix"

	"liandong/errs"
)

// leastSpace is what a city needs to go on for some time: twice the demonstration, whose files take about a gigabyte.
const leastSpace = 2 << 30

// lookAtSpace says how much room the disk has for the folder.
func lookAtSpace(folder string) (errs.Text, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return errs.Text{}, errs.Wrap("main.doctor", err)
	}
	free := disk.Bavail * uint64(disk.Bsize)
	gigabytes := fmt.Sprintf("%.1f GB", float64(free)/(1<<30))
	if free < leastSpace {
		return errs.Text{}, errs.New(errs.Precondition, "main.doctor", "磁盘只剩 "+gigabytes+"，请清理或扩容。", "The disk has only "+gigabytes+" left. Make room.")
	}
	return errs.Text{ZH: "磁盘剩余 " + gigabytes + "。", EN: gigabytes + " of the disk are free."}, nil
}
