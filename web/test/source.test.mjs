// What holds for the sources and the built files: words in catalogues, and a first screen of bounded weight.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

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
  const size = (name) => statSync(join(web, 'dist', name.replace(/^\//, '') + '.gz')).size;

  it('have a first screen of at most 400 kB', () => {
    const index = readFileSync(join(web, 'dist/index.html'), 'utf8');
    const first = [...index.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
    assert.ok(first.length > 1, 'the page names its files');
    // with the pages that open first: the overview and the way in
    const pages = files('dist/assets', /^(overview|entry|login|page)-.*\.(js|css)\.gz$/).map((name) => name.replace(/^dist|\.gz$/g, ''));
    const total = [...new Set([...first, ...pages])].reduce((sum, name) => sum + size(name), 0);
    console.log(`# first screen: ${(total / kB).toFixed(0)} kB compressed`);
    assert.ok(total <= 400 * kB, `${total} bytes`);
  });
});
