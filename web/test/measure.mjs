// Measures on the full city, in Chromium, from an input to what it asked for drawn: the slider of the lab, and the filters, orders and pages of the
// register. npm run measure after make build; or node test/measure.mjs ADDRESS TOKEN for a city that is served already, with the one-time link's
// token of the city office.
import { cpus, loadavg } from 'node:os';

import { openBrowser, serveCity } from './city.mjs';

const [given, token] = process.argv.slice(2);
const city = given ? { address: given, token: () => token, close: () => Promise.resolve() } : await serveCity({ scale: 1, patience: 900_000 });
const browser = await openBrowser();
const context = await browser.newContext({ baseURL: city.address, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
const entered = await context.request.post('/api/session/link', { data: { token: city.token('city') } });
if (!entered.ok()) throw new Error(`the link: ${entered.status()}`);
// timed runs in the page, by its own clock: from an act to the frame in which what it asked for stands.
await context.addInitScript(() => {
  window.timed = async (act, stands) => {
    const began = performance.now();
    act();
    do await new Promise((resolve) => window.requestAnimationFrame(resolve)); while (!stands() && performance.now() - began < 30_000);
    if (!stands()) throw new Error('what was asked for was not drawn within 30 s');
    return performance.now() - began;
  };
  window.drawn = () => window.document.querySelector('[data-drawn]')?.getAttribute('data-drawn') ?? '';
});

function tell(what, times) {
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(0);
  console.log(`${what}, ${times.length} times: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores)`);
}

/** The slider is set as a hand does; what was asked for are the totals of its value. */
async function lab(moves) {
  const page = await context.newPage();
  await page.goto('/lab');
  await page.locator('[data-drawn=""]').waitFor({ timeout: 120_000 });
  const times = await page.evaluate(async (count) => {
    const range = window.document.querySelector('input[type=range]');
    const set = Object.getOwnPropertyDescriptor(window.HTMLInputElement.prototype, 'value').set;
    const taken = [];
    for (let i = 0; i < count; i++) {
      const value = 2900 + 10 * ((i * 7) % 60);
      taken.push(await window.timed(() => {
        set.call(range, String(value));
        range.dispatchEvent(new window.Event('input', { bubbles: true }));
      }, () => window.drawn() === `p:income_line=${value}`));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return taken;
  }, moves);
  await page.close();
  tell('lab, slider to drawn totals', times);
}

/** A clerk of the city filters, sorts and goes on: every choice is pressed, and what was asked for are the rows of the new question. */
async function register() {
  const page = await context.newPage();
  await page.goto('/register');
  await page.waitForFunction(() => window.drawn() !== '', undefined, { timeout: 120_000 });
  const taken = { filters: [], orders: [], pages: [] };
  const press = async (element, into) => {
    await element.waitFor();
    into.push(await element.evaluate((pressed) => {
      const before = window.drawn();
      return window.timed(() => pressed.click(), () => window.drawn() !== '' && window.drawn() !== before);
    }));
    await page.waitForTimeout(100);
  };
  const order = (title) => press(page.locator('.grid-head').getByRole('button', { name: title }), taken.orders);
  const choose = async (field, option) => {
    await page.getByRole('combobox', { name: field }).click();
    await press(page.locator('.ant-select-item-option').filter({ hasText: option }).locator('visible=true').first(), taken.filters);
    await page.keyboard.press('Escape');
  };
  // The next page stands when the sheet has grown by its rows.
  const further = async (times) => {
    for (let i = 0; i < times; i++) {
      taken.pages.push(await page.evaluate(() => {
        const grid = window.document.querySelector('.grid');
        const before = grid.scrollHeight;
        return window.timed(() => { grid.scrollTop = before; }, () => grid.scrollHeight > before);
      }));
      await page.waitForTimeout(100);
    }
  };
  const clear = async () => {
    const chips = page.getByRole('button', { name: /^去掉条件/ });
    while ((await chips.count()) > 0) await press(chips.first(), taken.filters);
  };
  for (const column of ['村', '户编号', '人口', '状态', '何时起', '登记日期']) for (let twice = 0; twice < 2; twice++) await order(column);
  await further(4);
  for (const status of ['未脱贫', '已脱贫（享受政策）', '未建档']) {
    await choose('状态', status);
    await order('人口');
    await order('待核问题');
  }
  await further(3);
  await clear();
  for (const attribute of ['一般贫困户', '低保贫困户', '五保户']) {
    await choose('户类型', attribute);
    await order('村');
    await order('户主');
    await further(1);
  }
  await clear();
  await press(page.getByRole('checkbox', { name: '只看有待核问题的' }), taken.filters);
  await order('待核问题');
  await order('户编号');
  await further(3);
  await page.close();
  for (const [what, times] of Object.entries(taken)) tell(`register, ${what}`, times);
  tell('register, filters and orders', [...taken.filters, ...taken.orders]);
}

await lab(40);
await register();
await browser.close();
await city.close();
