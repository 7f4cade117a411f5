// What holds for every page: no serious finding of axe, no error, no other host, in both languages and at three text sizes. PICTURES=1 keeps
// a picture of each page in docs/pictures.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';

import { ledgerId, openBrowser, People, pictures, serveCity, watch } from './city.mjs';
import { routes } from './routes.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const keep = process.env.PICTURES === '1';

describe('every page', () => {
  let city, browser, people;
  const contexts = new Map();
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
    const planner = await people.context('planner'); // the one page of which the demonstration has no record
    const drafted = await planner.request.post('/api/briefings', { data: { id: ledgerId(), question: 'overall' } });
    assert.equal(drafted.status(), 201, await drafted.text());
    await planner.close();
    if (keep) mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  // one context of a role in a language: its pages load the program from the cache. Its other tab shows a small file alone.
  const contextOf = async (role, language) => {
    const key = `${role} ${language}`;
    if (!contexts.has(key)) {
      const context = await people.context(role, { language, bypassCSP: true });
      const other = await context.newPage();
      await other.goto('/mark.svg');
      contexts.set(key, { context, other });
    }
    return contexts.get(key);
  };

  for (const route of routes) {
    it(`${route.name} is whole in both languages and at three sizes`, async () => {
      for (const language of ['zh', 'en']) {
        // axe is a tool of the test and not of the page: the policy is put aside for it alone, and held by the tests that use pages
        const { context, other } = await contextOf(route.role, language);
        const page = await context.newPage();
        page.wrong = watch(page, city.address);
        await sized(other, 'normal');
        await page.goto(await addressOf(route, people));
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('networkidle');
        for (const text of ['normal', 'large', 'larger']) {
          await sized(other, text);
          await page.waitForFunction((size) => document.documentElement.dataset.text === size && !document.querySelector('.waiting'), text);
          await page.evaluate(drawn);
          if (keep && text === 'normal') await page.screenshot({ path: `${pictures}/${route.name}-${language}.png` });
          if (text === 'normal') await page.evaluate(axe);
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

/** sized chooses a text size in another tab, which every page follows. */
function sized(other, text) {
  return other.evaluate((size) => localStorage.setItem('liandong.text', size), text);
}

/** drawn ends when what was laid out anew stands: a chart is drawn in the frame after its place has its size. */
function drawn() {
  return new Promise((resolve) => {
    let frames = 4;
    const next = () => (frames-- > 0 ? window.requestAnimationFrame(next) : resolve());
    next();
  });
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
