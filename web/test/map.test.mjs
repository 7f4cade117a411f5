// Maps: that they are painted at all, and that the boundaries which a city brings along stand on them with their approval number.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity } from './city.mjs';

/** The colours of a ramp, light to dark, that a picture of the page holds, each with its share of the picture in thousandths. A map that drew nothing has none. */
async function painted(page) {
  const canvas = page.locator('.map canvas');
  await canvas.waitFor();
  const picture = (await canvas.screenshot()).toString('base64');
  return page.evaluate(async (text) => {
    const bytes = Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0));
    const image = await window.createImageBitmap(new window.Blob([bytes], { type: 'image/png' }));
    const paper = new window.OffscreenCanvas(image.width, image.height).getContext('2d');
    paper.drawImage(image, 0, 0);
    const { data } = paper.getImageData(0, 0, image.width, image.height);
    const counts = new Map();
    for (let i = 0; i < data.length; i += 4) if (data[i + 2] - data[i] > 12) counts.set((data[i] << 16) | (data[i + 1] << 8) | data[i + 2], (counts.get((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]) ?? 0) + 1);
    return [...counts.values()].map((n) => (4000 * n) / data.length).filter((share) => share >= 3).sort((a, b) => b - a);
  }, picture);
}

/** Waits until a map is painted in several steps of its colour, over a good part of the picture. */
async function paints(page, what) {
  let shares = [];
  for (let i = 0; i < 40; i++) {
    shares = await painted(page);
    if (shares.length >= 3 && shares.reduce((all, one) => all + one, 0) > 100) return;
    await page.waitForTimeout(250);
  }
  assert.fail(`${what} is blank, or of one colour: ${shares.map((share) => share.toFixed(0)).join(', ') || 'nothing'}`);
}

describe('maps', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  it('are painted: on the overview, over the projects, in the lab', async () => {
    for (const [role, path] of [['leader', '/'], ['leader', '/projects?view=map'], ['city', '/lab']]) {
      const page = await people.page(role, path);
      await paints(page, path);
      await page.getByText('示意图，不作为划界依据').waitFor();
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    }
  });

  it('show the boundaries that an administrator brings, with their number, until they are withdrawn', async () => {
    const leader = await people.page('leader', '/');
    const file = await (await leader.request.get('/api/map?division=130600&as_of=2015-12-31')).json();
    assert.ok(file.features.length > 20);
    const broken = JSON.parse(JSON.stringify(file));
    broken.features[2].geometry.coordinates[0][0].pop();
    const named = (name, content) => ({ name, mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(content)) });

    const page = await people.page('system', '/boundaries');
    await page.getByText('还没有导入底图，地图画的是示意图。').waitFor();
    await page.getByLabel('边界文件').setInputFiles(named('坏的.geojson', broken));
    await page.getByLabel('审图号', { exact: true }).fill('GS（2019）1822号');
    await page.getByRole('button', { name: '检查文件' }).click();
    await page.getByText(/请写明坐标系：cgcs2000/).waitFor();
    await page.getByLabel('坐标系').selectOption({ label: '2000 国家大地坐标系' });
    await page.getByRole('button', { name: '检查文件' }).click();
    await page.getByText(/^第 3 个要素（.+）边界线没有闭合/).waitFor();
    assert.equal(await page.getByRole('button', { name: '采用' }).count(), 0, 'a broken file cannot be used');
    await page.getByLabel('边界文件').setInputFiles(named('保定市.geojson', file));
    await page.getByRole('button', { name: '检查文件' }).click();
    await page.getByText(/^文件没有问题：区县 \d+ 个/).waitFor();
    await page.getByRole('button', { name: '采用' }).click();
    await page.getByText('已采用审图号为 GS(2019)1822号 的底图。').waitFor();
    await page.getByRole('cell', { name: '保定市.geojson' }).waitFor();

    for (const path of ['/', '/?screen=1', '/projects?view=map']) {
      await leader.goto(path);
      await leader.getByText('审图号： GS(2019)1822号').waitFor();
      assert.equal(await leader.getByText('示意图').count(), 0, `${path} calls official boundaries schematic`);
      await paints(leader, path);
    }

    await page.getByRole('button', { name: '停用' }).click();
    await page.getByLabel('为什么停用').fill('换新版');
    await page.getByRole('button', { name: '停用' }).click();
    await page.getByText(/停用：换新版$/).waitFor();
    await leader.goto('/');
    await leader.getByText('示意图，不作为划界依据').waitFor();
    assert.deepEqual([...page.wrong, ...leader.wrong], []);
    await page.context().close();
    await leader.context().close();
  });
});
