// Writes the public conformance cases of the Common Expression Language, from the pinned npm package, as one JSON list for the tests of package formula.
import { mkdirSync, writeFileSync } from "node:fs";
import { tests } from "@bufbuild/cel-spec/testdata/conformance.js";

// JSON has no word for these numbers; protobuf's JSON form writes them as strings.
const plain = (_, v) => (typeof v === "number" && (!Number.isFinite(v) || Object.is(v, -0)) ? (Object.is(v, -0) ? "-0" : String(v)) : v);

const cases = [];
const walk = (suite, path) => {
  for (const test of suite.tests ?? []) cases.push({ suite: path, ...test.original });
  for (const inner of suite.suites ?? []) walk(inner, path ? `${path}/${inner.name}` : inner.name);
};
walk(tests, "");

const out = new URL("../testdata/cel-spec.json", import.meta.url);
mkdirSync(new URL(".", out), { recursive: true });
writeFileSync(out, `[\n${cases.map((c) => JSON.stringify(c, plain)).join(",\n")}\n]\n`);
