// What holds for every page: no serious finding of axe, no error, no other host, in both languages and at three text sizes. PICTURES=1 keeps
// a picture of each page in docs/pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, pictures, serveCity, watch } from './city.mjs';
import { routes } from './routes.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const keep = process.env.PICTURES === '1';


describe('every page', () => {
  let city, browser, people;
  const contexts = new Map();
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
    if (keep) mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  // one context of a role in a language: its pages load the program from the cache
  const contextOf = async (role, language) => {
    const key = `${role} ${language}`;
    if (!contexts.has(key)) contexts.set(key, await people.context(role, { language, bypassCSP: true }));
    return contexts.get(key);
  };

  for (const route of routes) {
    it(`${route.name} is whole in both languages and at three sizes`, async () => {
      for (const language of ['zh', 'en']) {
        // axe is a tool of the test and not of the page: the policy is put aside for it alone, and held by the tests that use pages
        const page = await (await contextOf(route.role, language)).newPage();
        page.wrong = watch(page, city.address);
        const address = await addressOf(route, people);
        for (const text of ['normal', 'large', 'larger']) {
          await sized(page, text, address);
          await page.getByRole('heading', { level: 1 }).first().waitFor();
          await page.waitForLoadState('networkidle');
          await page.waitForFunction(() => !document.querySelector('.waiting'));
          if (keep && text === 'normal') await page.screenshot({ path: `${pictures}/${route.name}-${language}.png` });
          await page.evaluate(axe);
          const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
          const serious = found.violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical');
          assert.deepEqual(serious.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join(' | ')}`), [], `${route.name} ${language} ${text}`);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.ok(wide <= 0, `${route.name} ${language} ${text} is ${wide} px wider than the window`);
        }
        if (language === 'en') assert.doesNotMatch(await chrome(page), /[\u4e00-\u9fff]/, `${route.name} has Chinese words in English`);
        assert.deepEqual(page.wrong, [], route.name);
        await page.close();
      }
    });
  }
});

/** sized loads the address at a text size, which is kept beside a small file of the same origin so that the page itself loads once. */
async function sized(page, text, address) {
  await page.goto('/mark.svg');
  await page.evaluate((size) => localStorage.setItem('liandong.text', size), text);
  await page.goto(address);
}

/** addressOf is the route's address; one that names a record asks the API for the first. */
async function addressOf(route, people) {
  const kind = /\$(\w+)/.exec(route.path)?.[1];
  if (kind === undefined) return route.path;
  const context = await people.context(route.role);
  const list = await (await context.request.get(`/api/${kind}s`)).json();
  await context.close();
  return route.path.replace(`$${kind}`, (list.rows ?? list[`${kind}s`])[0].id);
}

/** chrome is the words of the page that are its own: headings, labels and buttons, without the city's data. */
function chrome(page) {
  return page.evaluate(() => [...document.querySelectorAll('label, th, legend, nav, h2')].filter((element) => !element.closest('[data-of-the-city]')).map((element) => element.textContent).join('\n'));
}
