// How far the projects have come: from a number said aloud to the project that is late, its report, and the line of time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity } from './city.mjs';

const numberIn = (text) => Number(text.replaceAll(/[^\d.-]/g, ''));

describe('the projects', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  it('go from a headline over its records to a red project, its report and its timeline', async () => {
    const page = await people.page('coordinator', '/projects');
    const said = page.getByRole('region', { name: '总数' });
    for (const [title, value] of [['签约央企集团', '36'], ['合作协议', '75'], ['京津保协同项目', '198'], ['协同项目总投资', '3,838.74']]) {
      await said.getByRole('button', { name: `${title}：查看口径和记录 ${value} `, exact: false }).waitFor();
    }
    await said.getByText('这句话也可以读作').waitFor();
    await said.getByRole('button', { name: /^协同项目总投资：/ }).click();
    const proof = page.getByRole('dialog');
    await proof.getByRole('button', { name: /^显示全部/ }).click();
    const sum = proof.getByRole('row', { name: /^合计/ });
    await sum.waitFor();
    assert.equal(numberIn(await sum.getByRole('cell').last().textContent()), 3838.74);
    const rows = (await proof.locator('tbody tr td:last-child').allTextContents()).map(numberIn);
    assert.ok(Math.abs(rows.reduce((all, one) => all + one, 0) - 3838.74) < 0.005, 'the rows add up to the headline');
    await page.keyboard.press('Escape');

    // the lanes by alert; all red ones as a table, which is a link
    await page.getByText('按预警', { exact: true }).click();
    const lane = page.getByRole('region', { name: '红灯' });
    const red = numberIn(await lane.locator('.lane-count').textContent());
    await lane.getByRole('button', { name: `全部 ${red} 个` }).click();
    await page.getByRole('button', { name: '去掉条件：红灯' }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('light'), 'red');
    const grid = page.getByRole('grid');
    await grid.waitFor();
    assert.equal(await grid.getAttribute('aria-rowcount'), String(red));
    await page.reload();
    await page.getByRole('button', { name: '去掉条件：红灯' }).waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    // the project: a problem in one press, a report, and both in sight
    await page.getByRole('heading', { name: '经过' }).waitFor();
    await page.getByRole('button', { name: '登记问题' }).click();
    await page.getByText('问题已登记。').waitFor();
    await page.getByText(/^红灯项目：/).waitFor();
    await page.getByRole('button', { name: '填报月报' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('形象进度').fill('120');
    await form.getByText('百分比应在 0 至 100 之间。').waitFor();
    assert.ok(await form.getByRole('button', { name: '保存' }).isDisabled());
    await form.getByLabel('形象进度').fill('41.5');
    await form.getByLabel('计划进度').fill('60');
    await form.getByLabel('企业自筹 累计到位（亿元）').fill('0.25');
    await form.getByLabel('依据').fill('现场调度会');
    await form.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存。').waitFor();
    await page.getByText('2015-12月报 · 形象进度 41.5% · 计划进度 60.0%').waitFor();
    await page.getByText(/现场调度会/).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('meet the change of somebody else without losing what was typed', async () => {
    const page = await people.page('coordinator', '/projects?view=table&stage=signed&light=green');
    await page.getByRole('grid').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '新增节点' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('节点名称').fill('设备进场');
    await form.getByLabel('到期日').fill('2016-03-31');
    const id = new URL(page.url()).pathname.split('/').pop();
    const answer = await page.request.put(`/api/projects/${id}/events/01890000-0000-7000-8000-000000000001`, { data: { fact: { kind: 'upgrade', on: '2015-12-20', reason: '列入市重点' } } });
    assert.equal(answer.status(), 200, await answer.text());
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('别人刚刚改过这个项目').waitFor();
    await form.getByText(/项目升级.*列入市重点/).waitFor();
    await form.getByRole('button', { name: '在最新内容上继续保存' }).click();
    await page.getByText('已保存。').waitFor();
    await page.getByRole('cell', { name: '设备进场', exact: true }).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('stand on a line of time that the keyboard works, the table tells and paper holds', async () => {
    const page = await people.page('leader', '/gantt');
    const chart = page.getByRole('treegrid');
    await chart.waitFor();
    await page.locator('.gantt-actual').first().waitFor();
    await chart.focus();
    const opened = () => page.locator('.gantt-row[aria-selected=true]');
    assert.equal(await opened().getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await opened().getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    const name = (await opened().getByRole('button').textContent()).trim();
    const narrow = await page.locator('.gantt-axis').first().getAttribute('width');
    await page.keyboard.press('+');
    await page.waitForFunction((before) => document.querySelector('.gantt-axis').getAttribute('width') !== before, narrow);
    assert.equal(new URL(page.url()).searchParams.get('scale'), 'quarter');
    await page.getByText('表格', { exact: true }).click();
    await page.getByRole('columnheader', { name: '计划开工' }).waitFor();
    await page.getByRole('link', { name, exact: true }).waitFor();
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    assert.match(paper, /\/MediaBox \[\s*0 0 84[12](\.\d+)? 59[45](\.\d+)?\]/, 'the chart is printed on A4 laid across');
    await page.getByText('图', { exact: true }).click();
    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('tell of every group what the API counts, in the order of names', async () => {
    const page = await people.page('leader', '/organisations');
    const rows = page.locator('tbody tr');
    await rows.first().waitFor();
    assert.equal(await rows.count(), 36);
    const all = (await (await page.request.get('/api/organisations?as_of=2015-12-31&kind=central_group')).json()).rows;
    const name = await rows.nth(4).getByRole('link').textContent();
    const group = all.find((row) => row.organisation.name === name);
    const cells = await rows.nth(4).getByRole('cell').allTextContents();
    assert.deepEqual(cells.slice(1, 3).map(numberIn), [group.rates.agreements, group.rates.projects]);
    await rows.nth(4).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    const rate = page.getByRole('button', { name: `${name} 履约率：查看口径和记录` });
    assert.equal(numberIn(await rate.textContent()), Number(group.rates.fulfilment_rate.toFixed(1)));
    await rate.click();
    const panel = page.getByRole('dialog');
    await panel.getByText('本地口径').waitFor();
    await panel.getByRole('row').first().waitFor();
    assert.equal(await panel.getByRole('row').count(), group.rates.agreements, 'one record for every agreement');
    assert.equal((await panel.locator('tr td:last-child').allTextContents()).map(numberIn).reduce((sum, one) => sum + one, 0), group.rates.fulfilled);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
});
