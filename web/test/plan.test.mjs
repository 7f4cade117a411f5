// The plan at the keyboard, by visible words: tables of projects in and out.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity } from './city.mjs';
import { workbook } from './workbook.mjs';

describe('the plan', () => {
  let city, browser, people, folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liandong-plan-'));
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const saved = async (page, press) => {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  };

  it('takes in an office\'s messy table of projects: what is wrong is marked, the rest is written once and can be taken back', async () => {
    const page = await people.page('coordinator', '/projects?view=table');
    const known = (await (await page.request.get('/api/projects?as_of=2015-12-31&limit=200')).json()).rows.find((row) => row.number && row.sector && row.division.id.length > 0);
    const title = (rows, list, code) => rows.lists[list].find((one) => one.code === code).title.zh;
    const rules = await (await page.request.get('/api/projects/rules')).json();
    const other = rules.lists.sectors.find((one) => one.code !== known.sector).title.zh;
    await page.getByRole('link', { name: '项目导入导出' }).click();
    await page.getByRole('heading', { level: 1, name: '项目导入导出' }).waitFor();
    assert.match(await saved(page, () => page.getByRole('button', { name: '下载空白模板' }).click()), /项目表\.xlsx$/);
    // a title over the table, a line of remarks, other names and another order of the columns, a column of the office's own, a total below
    const table = workbook('2015年12月', [
      ['保定市协同项目调度表（2015年12月）'],
      ['填报单位：发展改革委', '', '', '', '', '单位：亿元'],
      ['序号', '名称', '编号', '所在县区', '产业', '签约时间', '总投资（亿元）', '进展阶段', '到达阶段日期', '备注'],
      [1, '岚桥物流园', 'BD-9001', '易县', '', '2015年5月4日', 3.5, '', '', '新报'],
      [2, '', known.number, '', other, '', '', '', '', ''],
      [3, '云岭新材料', 'BD-9002', '没有这个县', '', '2015.6.1', 2, '', '', ''],
      [4, '石臼医药园', 'BD-9003', '安国市', '炼金术', '2015-06-01', '约两亿', '', '', ''],
      [5, '北沟冷链', 'BD-9004', '易县', '', '2015/7/1', 1.2, '投产运营', '2015-08-01', ''],
      ['合计', '', '', '', '', '', 6.7],
    ], ['A1:J1']);
    await page.getByLabel('选择文件').setInputFiles({ name: '调度表.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: table });
    await page.getByRole('heading', { name: '预览变化' }).waitFor();
    await page.getByText('识别为「项目表」，标题在第 3 行。 10 列中读入 8 列').waitFor();
    for (const [word, count] of [['新增', 1], ['有变化', 1], ['没有变化', 0], ['暂不导入', 3]]) {
      await page.locator('.counts > div', { has: page.getByText(word, { exact: true }) }).getByText(`${count} 个项目`).waitFor();
    }
    const held = page.getByRole('region', { name: '暂不导入的行和原因' });
    for (const [what, row] of [[/没有这个县/, '第 6 行'], [/炼金术/, '第 7 行'], [/约两亿/, '第 7 行'], [/不能到|早于/, '第 8 行']]) {
      assert.ok((await held.getByRole('row').filter({ hasText: what }).first().textContent()).includes(row), String(what));
    }
    const changes = page.getByRole('region', { name: '会改动的项目' });
    const change = changes.getByRole('row').filter({ hasText: known.number });
    assert.deepEqual((await change.getByRole('cell').allTextContents()).slice(1), ['行业', title(rules, 'sectors', known.sector), other]);
    assert.match(await saved(page, () => page.getByRole('button', { name: '下载标注了问题的表' }).click()), /问题-调度表\.xlsx$/);
    await page.reload();
    await page.getByText('这是刷新前还没有写入的导入，可以接着做。').waitFor();
    await page.getByRole('button', { name: '写入 2 个项目' }).click();
    await page.getByText('已写入：新增 1 个项目，改动 1 个。').waitFor();
    await page.getByRole('link', { name: '到项目看板查看' }).click();
    await page.getByLabel('名称或编号').fill('BD-9001');
    await page.getByRole('gridcell', { name: '岚桥物流园' }).or(page.getByRole('link', { name: '岚桥物流园' })).first().waitFor();
    await page.getByRole('link', { name: '项目导入导出' }).click();
    const row = page.getByRole('row').filter({ hasText: '调度表.xlsx' });
    await row.getByRole('button', { name: '撤销这次导入' }).click();
    await row.getByText('已撤销').waitFor();
    const after = await (await page.request.get(`/api/projects?as_of=2015-12-31&q=${known.number}`)).json();
    assert.equal(after.rows[0].sector, known.sector);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('gives out exactly the projects that the board shows, in four forms, each marked as a demonstration', async () => {
    const page = await people.page('planner', '/projects?view=table&stage=signed&light=red');
    const shown = Number((await page.getByRole('grid').getAttribute('aria-rowcount')));
    const whole = (await (await page.request.get('/api/projects?as_of=2015-12-31&limit=1')).json()).total;
    assert.ok(shown > 0 && shown < whole, `${shown} of ${whole} are shown`);
    await page.getByRole('button', { name: '导出', exact: true }).click();
    const panel = page.getByRole('dialog');
    await panel.getByText(`${shown} 个项目`).waitFor();
    const files = {};
    for (const [kind, label] of [['xlsx', '工作簿 xlsx'], ['csv', 'CSV（UTF-8）'], ['oc4ids', 'OC4IDS（JSON）'], ['iati', 'IATI 2.03（XML）']]) {
      await panel.getByLabel('格式').selectOption({ label });
      files[kind] = readFileSync(await saved(page, () => panel.getByRole('button', { name: '导出', exact: true }).click()));
    }
    assert.equal(files.xlsx.subarray(0, 2).toString(), 'PK');
    assert.equal(JSON.parse(files.oc4ids.toString()).projects.length, shown);
    assert.equal(files.iati.toString().match(/<iati-activity[ >]/g).length, shown);
    assert.equal(files.csv.toString().split('\r\n').filter((line) => line.includes(',签约,')).length, shown);
    for (const kind of ['csv', 'oc4ids', 'iati']) assert.match(files[kind].toString(), /演示数据/, kind);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
    const auditor = await people.page('auditor', '/log');
    await auditor.getByText(/stage.*signed/).first().waitFor();
    await auditor.context().close();
  });
});
