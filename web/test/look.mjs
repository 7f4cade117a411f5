// Draws pages into a folder for the eye: node test/look.mjs ADDRESS TOKEN FOLDER PATH… ; not a test.
import { openBrowser, watch } from './city.mjs';

const [address, token, folder, ...paths] = process.argv.slice(2);
const browser = await openBrowser();
const context = await browser.newContext({ baseURL: address, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
const entered = await context.request.post('/api/session/link', { data: { token } });
if (!entered.ok()) console.log(await entered.text());
const page = await context.newPage();
const wrong = watch(page, address);
for (const [index, path] of paths.entries()) {
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.waiting'));
  await page.screenshot({ path: `${folder}/${index}.png` });
}
console.log(wrong);
await browser.close();
