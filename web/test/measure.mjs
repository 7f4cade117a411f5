// Measures the lab on the full city: from the input of a slider to the totals of that input drawn, in Chromium. npm run measure after make build;
// or node test/measure.mjs ADDRESS TOKEN for a city that is served already, with the one-time link's token of the city office.
import { openBrowser, serveCity } from './city.mjs';

const moves = 40;
const [given, token] = process.argv.slice(2);
const city = given ? { address: given, token: () => token, close: () => Promise.resolve() } : await serveCity({ scale: 1 });
const browser = await openBrowser();
const context = await browser.newContext({ baseURL: city.address, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
const entered = await context.request.post('/api/session/link', { data: { token: city.token('city') } });
if (!entered.ok()) throw new Error(`the link: ${entered.status()}`);
const page = await context.newPage();
await page.goto('/lab');
await page.locator('[data-drawn=""]').waitFor({ timeout: 120_000 });
// In the page, by its own clock: set the slider as a hand does, and wait until the frame in which the totals of that value stand.
const times = await page.evaluate(async (count) => {
  const slider = window.document.querySelector('input[type=range]');
  const set = Object.getOwnPropertyDescriptor(window.HTMLInputElement.prototype, 'value').set;
  const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
  const taken = [];
  for (let i = 0; i < count; i++) {
    const value = 2900 + 10 * ((i * 7) % 60);
    const began = performance.now();
    set.call(slider, String(value));
    slider.dispatchEvent(new window.Event('input', { bubbles: true }));
    do await frame(); while (window.document.querySelector('[data-drawn]')?.getAttribute('data-drawn') !== `p:income_line=${value}` && performance.now() - began < 10_000);
    taken.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return taken;
}, moves);
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(0);
console.log(`slider to drawn totals, ${times.length} moves: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`);
await browser.close();
await city.close();
