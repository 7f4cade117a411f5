// From what was said in public to what was done about it: a claim and its proof, a problem until it is closed, an investor's case until it is
// rated, and a briefing whose numbers are the same on the page and in the file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { openBrowser, People, serveCity } from './city.mjs';

describe('a claim, a case and a briefing', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  const act = async (page, name) => {
    const next = page.getByRole('region', { name: '下一步' });
    const choice = next.getByRole('radio', { name, exact: true });
    if (await choice.count()) await next.getByText(name, { exact: true }).first().click();
    return next;
  };
  const leave = async (page) => {
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  };

  it('lead from a sentence over its proof to a problem that somebody else closes', async () => {
    const page = await people.page('planner', '/claims');
    const said = page.getByRole('article', { name: '已有36家央企集团签约，签订合作协议75项。' });
    await said.getByRole('button', { name: /^签约央企集团36家：查看口径和记录 36 / }).click();
    const proof = page.getByRole('dialog');
    await proof.getByRole('heading', { name: '口径' }).waitFor();
    await proof.locator('.panel-number', { hasText: /^36 / }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await said.getByRole('button', { name: '登记为问题' }).count(), 0, 'what is reached is no problem');

    const open = page.getByRole('article', { name: '出台了精准扶贫实施方案。' });
    await open.getByRole('button', { name: '登记为问题' }).click();
    await open.getByRole('link', { name: /^(已登记为问题|未销号的问题)$/ }).click();
    await page.getByRole('heading', { name: '基本情况' }).waitFor();
    const address = new URL(page.url()).pathname;
    const title = await page.getByRole('heading', { level: 1 }).textContent();
    await page.getByRole('link', { name: '回到台账' }).click();
    await page.getByRole('region', { name: '发现' }).getByRole('link', { name: title }).click();

    let next = await act(page, '查明原因');
    await next.getByLabel('原因是什么').fill('文件已印发，没有录入文号');
    await page.reload();
    await next.getByText('没有保存的内容已为您留着。').waitFor();
    assert.equal(await next.getByLabel('原因是什么').inputValue(), '文件已印发，没有录入文号');
    await next.getByRole('button', { name: '查明原因' }).click();
    await next.getByLabel('牵头单位').fill('市扶贫办');
    await next.getByRole('textbox', { name: '期限' }).fill('2016-01-15');
    await next.getByRole('button', { name: '交办' }).click();
    await next.getByLabel('文件或照片').fill('实施方案');
    await next.getByLabel('文号或存放处').fill('保政发〔2015〕1号（演示）');
    await next.getByLabel('怎样解决的').fill('补录文号');
    await next.getByRole('button', { name: '报解决' }).click();
    await next.getByText('您的身份在这一步没有要办的。').waitFor();
    await leave(page);

    const other = await people.page('city', address);
    await other.getByRole('cell', { name: '实施方案', exact: true }).waitFor();
    next = await act(other, '核实销号');
    await next.getByLabel('怎样防止再发生').fill('印发当日录入');
    await next.getByRole('button', { name: '核实销号' }).click();
    await next.getByText(/^已销号，没有下一步。/).waitFor();
    await other.getByText('印发当日录入').waitFor();
    await leave(other);
  });

  it('show an investor his own cases and no others, and let him rate what was done', async () => {
    const page = await people.page('investor', '/cases');
    await page.getByRole('link', { name: '演示：新材料厂开工审批' }).waitFor();
    assert.deepEqual(await page.getByRole('navigation').getByRole('link').allTextContents(), ['投资服务']);

    // what an earlier draft was for does not outlast the button that is pressed
    await page.getByText('水电气接入', { exact: true }).last().click();
    await page.getByRole('button', { name: '申请办理: 水电气接入' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('要办什么').fill('二期备案');
    await form.getByRole('button', { name: '关闭' }).click();
    await page.getByRole('region', { name: '事项目录' }).getByText('企业投资项目备案', { exact: true }).click();
    await page.getByRole('button', { name: '申请办理: 企业投资项目备案' }).click();
    assert.equal(await form.getByLabel('事项').locator('option:checked').textContent(), '企业投资项目备案');
    assert.equal(await form.getByLabel('要办什么').inputValue(), '二期备案');
    await form.getByRole('heading', { name: '已交过、自动带上' }).waitFor();
    await form.getByRole('button', { name: '提交' }).click();
    await page.getByRole('heading', { level: 1, name: '二期备案' }).waitFor();
    await page.getByText('材料齐全。').waitFor();
    const address = new URL(page.url()).pathname;

    // a case of somebody else
    const office = await people.page('city', '/cases');
    await office.getByRole('button', { name: '申请办理' }).click();
    await office.getByRole('dialog').getByLabel('要办什么').fill('别家的备案');
    await office.getByRole('dialog').getByRole('button', { name: '提交' }).click();
    await office.getByRole('heading', { level: 1, name: '别家的备案' }).waitFor();
    const others = new URL(office.url()).pathname;
    await office.goto(address);
    for (const name of ['受理', '办完这一步', '办完这一步']) {
      const next = await act(office, name);
      const written = office.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url().includes('/api/cases/'));
      await next.getByRole('button', { name, exact: true }).click();
      assert.ok((await written).ok(), name);
      await office.waitForLoadState('networkidle');
    }
    await office.getByText('办件已结束。').waitFor();
    await leave(office);

    await page.goto(others);
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByText('别家的备案').count(), 0);
    await page.goto('/cases');
    await page.getByRole('link', { name: '二期备案' }).waitFor();
    assert.equal(await page.getByText('别家的备案').count(), 0);
    await page.getByRole('link', { name: '二期备案' }).click();
    const next = page.getByRole('region', { name: '下一步' });
    await next.getByLabel('办得怎么样').selectOption('4 分：满意');
    await next.getByRole('button', { name: '评价' }).click();
    await page.getByText('4 分（满分 5 分）').waitFor();
    await leave(page);
  });

  it('answer a question by a text with footnotes whose numbers are those of the file', async () => {
    const page = await people.page('planner', '/briefings');
    await page.getByLabel('问什么').selectOption({ index: 0 });
    await page.getByRole('button', { name: '起草' }).click();
    const investment = page.getByRole('button', { name: /^3,838\.74：查看脚注 \d+$/ });
    await investment.click();
    await page.getByRole('dialog').locator('.panel-number', { hasText: '3,838.74' }).waitFor();
    await page.keyboard.press('Escape');
    const quoted = (await page.locator('.briefing-said .quoted').evaluateAll((all) => all.map((one) => one.firstChild.textContent)));
    assert.ok(quoted.length > 10, 'the text quotes numbers');
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 DOCX' }).click()]);
    const xml = entryOf(readFileSync(await saved.path()), 'word/document.xml').replaceAll(/<[^>]+>/g, '');
    for (const number of quoted) assert.ok(xml.includes(number), `${number} stands in the file`);
    await leave(page);
  });
});

/** One file of a ZIP archive as text, found by its central directory. */
function entryOf(archive, name) {
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size, named, extra, comment, local] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32), archive.readUInt32LE(at + 42)];
    if (archive.toString('utf8', at + 46, at + 46 + named) === name) {
      const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const bytes = archive.subarray(from, from + size);
      return (method === 0 ? bytes : inflateRawSync(bytes)).toString('utf8');
    }
    at += 46 + named + extra + comment;
  }
  throw new Error(`${name} is not in the archive`);
}
