// What holds for the sources and the built files: words in catalogues, and a first screen of bounded weight.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';

const web = new URL('../', import.meta.url).pathname;
const kB = 1000;

function files(folder, pattern) {
  return readdirSync(join(web, folder), { recursive: true }).filter((name) => pattern.test(name)).map((name) => join(folder, name));
}

describe('the sources', () => {
  it('have no Chinese word outside the catalogues', () => {
    for (const name of files('src', /\.(ts|tsx|css)$/)) {
      if (/words\/[^/]+\.zh\.ts$/.test(name) || name.endsWith('schema.d.ts')) continue;
      readFileSync(join(web, name), 'utf8').split('\n').forEach((line, index) => assert.doesNotMatch(line, /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/, `${name}:${index + 1}`));
    }
  });

  it('ask the API by the typed client alone', () => {
    for (const name of files('src', /(?<!\.d)\.(ts|tsx)$/)) {
      if (name.endsWith('api/transfer.ts')) continue; // progress of an upload is XMLHttpRequest's alone
      assert.ok(!/\bfetch\(|XMLHttpRequest|https?:\/\/(?!www\.w3\.org)/.test(readFileSync(join(web, name), 'utf8')), name);
    }
  });
});

describe('the built files', () => {
  const assets = files('dist/assets', /\.(js|css)\.gz$/).map((name) => name.replace(/^dist\/assets\/|\.gz$/g, ''));
  const weight = (names) => [...names].reduce((sum, name) => sum + statSync(join(web, 'dist/assets', `${name}.gz`)).size, 0);

  /** The files of these names and all that they import at once, not what they would load later. */
  const withImports = (names, seen = new Set()) => {
    for (const name of names) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (!name.endsWith('.js')) continue;
      const text = gunzipSync(readFileSync(join(web, 'dist/assets', `${name}.gz`))).toString();
      withImports([...text.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)].map((found) => found[1]), seen);
    }
    return seen;
  };

  // with the pages that open first: the overview and the way in
  const first = () => {
    const index = readFileSync(join(web, 'dist/index.html'), 'utf8');
    const named = [...index.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map((match) => match[1]);
    assert.ok(named.length > 1, 'the page names its files');
    return withImports([...named, ...assets.filter((name) => /^(overview|entry|login|page)-/.test(name))]);
  };

  it('have a first screen of at most 400 kB', () => {
    const total = weight(first());
    console.log(`# first screen: ${(total / kB).toFixed(0)} kB compressed`);
    assert.ok(total > 150 * kB && total <= 400 * kB, `${total} bytes`);
  });

  for (const [what, pattern, most] of [['charts', /^chart-canvas-/, 230], ['the map', /^(map-canvas|maplibre-gl-worker)-/, 460]]) {
    it(`load ${what} when needed, at most ${most} kB`, () => {
      const there = first();
      const brought = [...withImports(assets.filter((name) => pattern.test(name)))].filter((name) => !there.has(name));
      const total = weight(brought);
      console.log(`# ${what}: ${(total / kB).toFixed(0)} kB compressed`);
      assert.ok(total > 50 * kB && total <= most * kB, `${total} bytes: ${brought.join(', ')}`);
    });
  }
});
