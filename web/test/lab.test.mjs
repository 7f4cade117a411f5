// The lab and what comes of it: move a line and see the city identified anew, open a reason, print a letter and a notice, read the log.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity } from './city.mjs';

const numberIn = async (locator) => Number((await locator.textContent()).replaceAll(/[^\d-]/g, ''));

describe('the lab', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  it('identifies the city anew while the line moves, and says what that does', async () => {
    const page = await people.page('city', '/lab');
    const proposed = page.locator('[data-total=proposed]');
    await proposed.waitFor();
    const before = await numberIn(proposed);
    const line = page.getByRole('slider', { name: '贫困标准' });
    const box = await line.boundingBox();
    const drawn = new Set();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    for (let step = 30; step <= 60; step += 3) {
      await page.mouse.move(box.x + (box.width * step) / 100, box.y + box.height / 2);
      await page.waitForTimeout(60);
      drawn.add(await numberIn(proposed));
    }
    assert.ok(drawn.size >= 3, `only ${drawn.size} totals were drawn while the slider moved`);
    await page.mouse.up();
    await page.getByRole('status').getByText(/^如果贫困标准是 \d+ 元：多 \d+ 人（.*主要在|^如果贫困标准是 \d+ 元：多 \d+ 人（.*分散/).waitFor();
    assert.ok((await numberIn(proposed)) > before, 'a higher line takes more people in');
    assert.match(new URL(page.url()).searchParams.get('moves'), /^p:income_line=\d+$/);
    // a reload loses nothing
    const kept = await numberIn(proposed);
    await page.reload();
    await proposed.waitFor();
    assert.equal(await numberIn(proposed), kept);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('is worked by the keyboard alone, down to the reason of a household', async () => {
    const page = await people.page('county', '/lab');
    await page.locator('[data-total=proposed]').waitFor();
    await page.getByRole('slider', { name: '得分线' }).focus();
    for (let press = 0; press < 8; press++) await page.keyboard.press('ArrowRight');
    await page.getByText(/^如果得分线是 68 分/).waitFor();
    await page.getByRole('combobox', { name: /轿车/ }).focus();
    await page.keyboard.press('ArrowDown'); // veto → review
    await page.getByText(/改为从严审核/).first().waitFor();
    await page.getByRole('button', { name: /^新进入：/ }).focus();
    await page.keyboard.press('Enter');
    const list = page.getByRole('dialog');
    await list.getByRole('link', { name: '理由' }).first().waitFor();
    for (let press = 0; press < 3 && !(await list.getByRole('link', { name: '理由' }).first().evaluate((link) => link === document.activeElement)); press++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^理由 · 户编号/ }).waitFor();
    await page.getByRole('heading', { name: '什么会改变结论' }).waitFor();
    assert.ok((await page.getByRole('rowheader').count()) >= 4 || (await page.locator('.why-block').count()) === 4, 'four looks');
    assert.match(new URL(page.url()).searchParams.get('moves'), /p:cut=68;b:vehicle=review/);
    // one page of A4
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    assert.equal([...paper.matchAll(/\/Type\s*\/Page\b/g)].length, 1, 'the reasons take one page of paper');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('writes the letter to a household, and the log says who did', async () => {
    const page = await people.page('county', '/lab');
    await page.getByRole('button', { name: /^拟纳入：查看这些户/ }).click();
    await page.getByRole('dialog').getByRole('link', { name: '理由' }).first().click();
    await page.getByRole('link', { name: '给农户的说明' }).click();
    await page.getByRole('button', { name: '生成' }).click();
    await page.getByRole('heading', { name: '关于您家识别评定情况的说明' }).waitFor();
    await page.getByText('由谁决定，怎样提意见').waitFor();
    await page.getByRole('link', { name: '日志' }).click();
    await page.getByRole('heading', { name: '日志' }).waitFor();
    await page.getByLabel('做了什么').selectOption({ label: '导出与打印' });
    await page.getByRole('cell', { name: '打印公示或说明' }).first().waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('makes a village notice that says no more than it may', async () => {
    const page = await people.page('village', '/notice');
    await page.getByLabel('张贴第一天').fill('2016-01-04');
    await page.getByRole('button', { name: '生成' }).focus();
    await page.keyboard.press('Enter');
    const poster = page.getByRole('article');
    await poster.getByText('公示时间：2016年1月4日至2016年1月10日，共 7 天。').waitFor();
    const text = await poster.textContent();
    assert.doesNotMatch(text, /\d{15}|因病|因残|低保|健康|患病|户编号/, 'a notice holds no number, cause or attribute');
    for (const cell of await poster.locator('tbody td:nth-child(2)').allTextContents()) assert.match(cell, /\*|未成年/, 'a name is masked');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('keeps the filters of the log in the address, verifies it and gives a checkpoint away', async () => {
    const page = await people.page('auditor', '/log');
    await page.getByRole('cell').first().waitFor();
    await page.getByLabel('到', { exact: true }).fill('2015-12-31');
    await page.getByLabel('做了什么').selectOption({ label: '项目' });
    await page.getByRole('cell', { name: '保存项目' }).first().waitFor();
    assert.equal(new URL(page.url()).searchParams.get('kind'), 'projects');
    await page.getByLabel('到', { exact: true }).fill('1990-01-01');
    await page.getByText('这些条件下没有记录').waitFor();
    await page.getByRole('button', { name: '清除筛选' }).first().click();
    await page.getByRole('cell').first().waitFor();
    await page.getByRole('button', { name: '核对日志' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(/^核对完毕，没有发现问题/).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载核查点' }).click()]);
    assert.match(file.suggestedFilename(), /^checkpoint-/);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
});
