// Compresses the built files that gain by it: the program holds, and sends, name.gz in their place. index.html stays: the server writes in it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !/\.(js|mjs|css|svg|json)$/.test(entry.name)) continue;
  writeFileSync(file + '.gz', gzipSync(readFileSync(file), { level: 9 }));
  rmSync(file);
}
