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

  it('has a project whose whole record is changed with its reason, beside somebody else who changes it too', async () => {
    const page = await people.page('coordinator', '/projects?view=table&stage=progressing');
    page.setDefaultTimeout(60_000);
    const list = await (await page.request.get('/api/projects?as_of=2015-12-31&stage=progressing&limit=200')).json();
    const id = list.rows.find((row) => row.number).id;
    const record = async () => (await (await page.request.get(`/api/projects/${id}?as_of=2015-12-31`)).json()).document;
    const before = await record();
    await page.goto(`/projects/${id}`);
    await page.getByRole('button', { name: '修改登记' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('来源企业').fill('北京岚桥食品有限公司');
    await form.getByLabel('转移岗位数').fill('一百');
    await form.getByText('请填写不小于 0 的整数。').waitFor();
    await form.getByLabel('转移岗位数').fill('120');
    await form.getByRole('button', { name: '增加：分期' }).click();
    await form.getByLabel('分期 1 名称').fill('一期');
    await form.getByLabel('分期 1 计划竣工').fill('2016-06-30');
    await form.getByRole('button', { name: '增加：单位' }).click();
    const party = `单位 ${(before.parties ?? []).length + 1}`;
    await form.getByLabel(`${party} 单位名称`).click();
    await page.locator('.ant-select-item-option').first().click();
    await form.getByLabel(`${party} 角色`).selectOption({ label: '督查单位' });
    await form.getByLabel('分年计划 1 金额').fill('2.5');
    await form.getByLabel('名称', { exact: true }).fill('云麓乳品加工（扩建）项目');
    await form.getByLabel('依据').fill('调度会纪要');
    const save = form.getByRole('button', { name: '保存 5 项改动' });
    assert.ok(await save.isDisabled(), 'a change needs its reason');
    await form.getByLabel('原因', { exact: true }).fill('按备案内容核对');
    // a reload loses nothing
    await page.reload();
    await page.getByRole('button', { name: '修改登记' }).click();
    await form.getByText('这是没有保存的内容，可以接着改。').waitFor();
    assert.equal(await form.getByLabel('来源企业').inputValue(), '北京岚桥食品有限公司');
    // somebody else gives it another name and another sector meanwhile
    const version = (await (await page.request.get(`/api/projects/${id}?as_of=2015-12-31`)).json()).version;
    const theirs = await page.request.put(`/api/projects/${id}`, { headers: { 'If-Match': `"${version}"` }, data: { valid: '2015-12-31', source: '督查', reason: '更名', document: { ...before, name: '云麓乳业项目', sector: 'logistics' } } });
    assert.equal(theirs.status(), 200, await theirs.text());
    await save.click();
    await form.getByRole('heading', { name: '您修改期间，别人已改动这份登记' }).waitFor();
    await form.getByRole('alert').getByText('现代物流').waitFor();
    await form.getByRole('radio', { name: /^现在登记的： 云麓乳业项目/ }).check();
    await form.getByRole('button', { name: '在最新登记上继续' }).click();
    await form.getByRole('button', { name: '保存 4 项改动' }).click();
    await page.getByText('已保存。').waitFor();
    const after = await record();
    assert.deepEqual([after.name, after.sector, after.origin.enterprise, after.origin.jobs_moved, after.phases[0].name, after.parties.at(-1).role, after.plan[0].amount_fen], ['云麓乳业项目', 'logistics', '北京岚桥食品有限公司', 120, '一期', 'inspector', 25_000_000_000]);
    await page.getByRole('heading', { level: 1, name: '云麓乳业项目' }).waitFor();
    // an event is corrected with its reason; what it was stays to be seen
    await page.getByRole('button', { name: /^更正: 签约/ }).first().click();
    await form.getByLabel('金额（亿元）').fill('9.99');
    await form.getByLabel('原因').fill('原件核对');
    await form.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存。').waitFor();
    await page.getByRole('region', { name: '事项' }).getByText(/9\.99/).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('has organisations and agreements that are entered and changed', async () => {
    const page = await people.page('coordinator', '/organisations');
    await page.getByRole('button', { name: '登记单位' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('名称', { exact: true }).fill('岚桥实业有限公司');
    await form.getByLabel('种类').selectOption({ label: '企业' });
    await form.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '岚桥实业有限公司' }).waitFor();
    await page.getByRole('button', { name: '修改登记' }).click();
    await form.getByLabel('统一社会信用代码').fill('91130600000000000');
    await form.getByLabel('原因', { exact: true }).fill('补录');
    await form.getByRole('button', { name: '保存 1 项改动' }).click();
    await form.getByRole('alert').waitFor(); // 17 characters are no code
    await form.getByRole('button', { name: '放弃' }).click();
    await page.goto('/agreements');
    await page.getByRole('button', { name: '登记协议' }).click();
    await form.getByLabel('名称', { exact: true }).fill('岚桥物流合作协议');
    await form.getByLabel('签订日期').fill('2015-12-20');
    await form.getByLabel('金额（亿元）').fill('3.2');
    await form.getByRole('button', { name: '增加：单位' }).click();
    await form.getByLabel('单位 1 单位名称').fill('岚桥实业');
    await page.locator('.ant-select-item-option', { hasText: '岚桥实业有限公司' }).click();
    await form.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '岚桥物流合作协议' }).waitFor();
    await page.getByRole('link', { name: '岚桥实业有限公司' }).waitFor();
    await page.getByRole('button', { name: '修改登记' }).click();
    await form.getByLabel('终止日期').fill('2015-12-31');
    await form.getByText('终止协议须写明原因。').waitFor();
    await form.getByLabel('终止原因').fill('双方协商');
    await form.getByLabel('原因', { exact: true }).fill('来函');
    await form.getByRole('button', { name: '保存 2 项改动' }).click();
    await page.getByText(/双方协商/).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('enters a value of an indicator with its evidence, by right, and draws no forecast below what there can be', async () => {
    const page = await people.page('planner', '/strategy');
    const row = page.getByRole('row').filter({ hasText: 'PM2.5 年均浓度' });
    for (const [what, fields] of [['某一年的数', { 年份: '2013' }], ['对比城市的数', { 城市: '石家庄', 日期: '2015-12-30' }]]) {
      await row.getByRole('button', { name: '录入: PM2.5 年均浓度' }).click();
      const form = page.getByRole('dialog');
      await form.getByLabel('录入什么').selectOption({ label: what });
      for (const [label, value] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(value);
      await form.getByLabel('数（微克/立方米）').fill('-1');
      await form.getByText('不小于 0').waitFor();
      await form.getByLabel('数（微克/立方米）').fill('135');
      assert.ok(await form.getByRole('button', { name: '保存' }).isDisabled(), 'a value needs its evidence');
      await form.getByLabel('出处', { exact: true }).fill('环境状况公报第 3 页');
      await form.getByRole('button', { name: '保存' }).click();
      await page.getByText('已录入：PM2.5 年均浓度。').waitFor();
    }
    await page.getByLabel('石家庄').check();
    await row.getByText('石家庄').waitFor();
    await row.getByRole('button', { name: '录入: PM2.5 年均浓度' }).click();
    await page.getByRole('dialog').getByRole('row', { name: /2013年12月31日 135 环境状况公报第 3 页/ }).waitFor();
    const tree = await (await page.request.get('/api/strategy?as_of=2015-12-31')).json();
    const drawn = tree.strategies.flatMap((one) => one.aims.flatMap((aim) => aim.indicators)).filter((one) => one.forecast !== null && one.forecast !== undefined);
    assert.ok(drawn.length > 0 && drawn.every((one) => one.forecast.low >= 0 && one.forecast.value >= 0));
    assert.deepEqual(page.wrong, []);
    await page.context().close();
    const leader = await people.page('leader', '/strategy');
    await leader.getByRole('button', { name: '各年的数和出处: PM2.5 年均浓度' }).click();
    await leader.getByRole('dialog').getByText('环境状况公报第 3 页').first().waitFor();
    assert.equal(await leader.getByRole('dialog').getByLabel('录入什么').count(), 0);
    await leader.context().close();
  });

  it('leads from what is overdue to the right lists, and from a red project to the problem that was made of it', async () => {
    const page = await people.page('city', '/');
    const waits = page.getByRole('region', { name: '今天要办的' });
    await waits.getByRole('link').first().waitFor();
    for (const [what, path, board] of [[/件问题已超过期限/, 'problems', 'problems'], [/件督办事项已超过期限/, 'problems', 'decisions'], [/件投资方办件已超过法定期限/, 'cases', 'cases']]) {
      const link = waits.getByRole('link', { name: what });
      const count = Number((await link.textContent()).match(/\d+/)[0]);
      await link.click();
      const address = new URL(page.url());
      assert.equal(address.pathname, `/${path}`);
      await page.getByLabel('只看超期').waitFor();
      assert.ok(await page.getByLabel('只看超期').isChecked(), String(what));
      const listed = await (await page.request.get(`/api/${board}?as_of=2015-12-31&overdue=true&limit=200`)).json();
      assert.deepEqual([listed.total, listed.overdue], [count, count], String(what));
      await page.goBack();
      await waits.getByRole('link').first().waitFor();
    }
    await page.goto('/projects?view=table&light=red');
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '登记问题' }).click();
    await page.getByRole('link', { name: '打开这个问题' }).click();
    await page.getByRole('heading', { level: 1, name: /^红灯项目：/ }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: /^红灯项目：/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: '登记问题' }).count(), 0, 'an open problem is gone on with');
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
