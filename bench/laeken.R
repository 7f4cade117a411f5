# The four measures of laeken over the binary columns that `liandong bench measure` wrote into a folder: incomes and weights as doubles, regions as 32-bit
# integers, each little-endian. Prints one JSON document: the values, the seconds that the four calls took together, and the greatest memory of the process.
suppressPackageStartupMessages(library(laeken))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
n <- as.integer(arguments[2])
column <- function(name, what, size) readBin(file.path(folder, name), what, n, size = size, endian = "little")
income <- column("income", "double", 8)
weight <- column("weight", "double", 8)
region <- column("region", "integer", 4)
started <- proc.time()[["elapsed"]]
measured <- list(
  gini = gini(income, weights = weight, breakdown = region),
  arpr = arpr(income, weights = weight, breakdown = region),
  qsr  = qsr(income, weights = weight, breakdown = region),
  rmpg = rmpg(income, weights = weight, breakdown = region)
)
seconds <- proc.time()[["elapsed"]] - started
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))) * 1024
number <- function(x) formatC(x, digits = 17, format = "g")
parts <- character(0)
for (name in names(measured)) {
  m <- measured[[name]]
  scale <- if (name == "qsr") 1 else 100
  by <- m$valueByStratum
  parts <- c(parts, sprintf('{"group":"","measure":"%s","value":%s}', name, number(m$value / scale)),
             sprintf('{"group":"%s","measure":"%s","value":%s}', by$stratum, name, number(by$value / scale)))
}
cat(sprintf('{"laeken":"%s","r":"%s","seconds":%s,"peak_bytes":%s,"results":[%s]}\n', packageVersion("laeken"), paste(R.version$major, R.version$minor, sep = "."),
            number(seconds), number(peak), paste(parts, collapse = ",")))
