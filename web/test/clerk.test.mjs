// The morning of a clerk who has never seen the program, by visible words alone; and what two people, a reload or a move must not lose.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity, watch } from './city.mjs';

describe('a clerk', () => {
  let city, browser, people, folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liandong-clerk-'));
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const firstHousehold = async (page, query = 'limit=1') => (await (await page.request.get(`/api/households?${query}`)).json()).rows[0];
  const saved = async (download) => {
    const path = join(folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  };

  it('comes in by the link, imports a workbook with faults, sees them marked, writes the rest, finds a household and reads why', async () => {
    const context = await browser.newContext({ baseURL: city.address, locale: 'zh-CN', viewport: { width: 1280, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const wrong = watch(page, city.address);
    await page.goto(city.link('township'));
    await page.getByLabel('新密码').fill('太行山下有我的家乡吗');
    await page.getByLabel('再输入一次').fill('太行山下有我的家乡吗');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('button', { name: '以后再说' }).click();
    await page.getByRole('link', { name: '导入导出' }).click();
    const [template] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载空白模板' }).click()]);
    assert.match(template.suggestedFilename(), /\.xlsx$/);
    // what the office has on record, as a table of the national layout
    await page.getByLabel('格式').selectOption({ label: 'CSV（UTF-8）' });
    const [exported] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出', exact: true }).click()]);
    const lines = readFileSync(await saved(exported), 'utf8').split('\r\n');
    const head = lines.findIndex((line) => line.includes('户编号'));
    const columns = lines[head].replace(/^\ufeff/, '').split(',');
    const at = (part) => columns.findIndex((column) => column.includes(part));
    const rows = lines.slice(head + 1).filter((line) => line.split(',').length === columns.length).map((line) => line.split(','));
    const first = rows[0][at('户编号')];
    const other = rows.find((row) => row[at('户编号')] !== first)[at('户编号')];
    // typical faults of a hand-made table: a word where a number belongs in one household, a change in another
    for (const row of rows) if (row[at('户编号')] === first) row[at('住房面积')] = '大概八十';
    for (const row of rows) if (row[at('户编号')] === other) row[at('住房面积')] = '61';
    const table = join(folder, '第一季度.csv');
    writeFileSync(table, `\ufeff${[lines[head].replace(/^\ufeff/, ''), ...rows.map((row) => row.join(','))].join('\r\n')}\r\n`);
    await page.getByLabel('选择文件').setInputFiles(table);
    await page.getByRole('heading', { name: '预览变化' }).waitFor();
    await page.getByRole('heading', { name: '暂不导入的行和原因' }).waitFor();
    await page.getByRole('cell', { name: /大概八十/ }).first().waitFor();
    const [marked] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载标注了问题的表' }).click()]);
    assert.match(marked.suggestedFilename(), /^问题-/);
    // a reload loses nothing
    await page.reload();
    await page.getByText('这是刷新前还没有写入的导入，可以接着做。').waitFor();
    await page.getByRole('button', { name: '写入 1 户' }).click();
    await page.getByText(/^已写入：新增 0 户，改动 1 户。/).waitFor();
    await page.getByRole('link', { name: '到户册查看' }).click();
    await page.getByRole('combobox', { name: '搜索' }).fill(other);
    await page.getByRole('option').first().click();
    await page.getByText('61', { exact: false }).first().waitFor();
    await page.getByRole('link', { name: '看理由' }).click();
    await page.getByRole('heading', { name: '什么会改变结论' }).waitFor();
    assert.deepEqual(wrong, []);
    await context.close();
  });

  it('sees how far a large table is read, reloads the page meanwhile, cancels it, and is told of one that broke off', async () => {
    const page = await people.page('county', '/imports');
    page.setDefaultTimeout(60_000);
    const heading = '省,市,县,乡(镇),行政村,户编号,姓名,与户主关系,性别,工资性收入';
    const lines = Array.from({ length: 200_000 }, (_, index) => `河北省,保定市,阜平县,阜平镇,城厢村,19${String(index).padStart(7, '0')},王${index},户主,男,${index}`);
    const table = join(folder, '大表.csv');
    writeFileSync(table, `\ufeff${[heading, ...lines].join('\r\n')}\r\n`);
    await page.getByLabel('选择文件').setInputFiles(table);
    const rows = page.getByText(/^正在读取「大表\.csv」：第 [\d,]+ 行，约 [\d,]+ 行$/);
    const compared = page.getByText(/^正在与登记核对「大表\.csv」：已核对 [\d,]+，共 200,000$/);
    await rows.or(compared).waitFor();
    await page.reload();
    await rows.or(compared).waitFor();
    const progress = page.getByRole('progressbar', { name: '读取进度' });
    const told = await progress.getAttribute('aria-valuetext');
    await page.waitForFunction((before) => ![null, undefined, before].includes(document.querySelector('progress')?.getAttribute('aria-valuetext')), told);
    await page.getByRole('button', { name: '取消读取' }).click();
    await progress.waitFor({ state: 'detached' });
    assert.deepEqual((await (await page.request.get('/api/import-readings')).json()).readings, []);
    // a page that is reloaded while the file is sent says that nothing came of it
    await page.route('**/api/import-readings/*', () => undefined);
    await page.getByLabel('选择文件').setInputFiles(table);
    await page.getByText(/^正在上传「大表\.csv」/).waitFor();
    await page.reload();
    await page.getByRole('alert').getByText('「大表.csv」的读取中断了。').waitFor();
    await page.unroute('**/api/import-readings/*');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('and a colleague change the same household: both see both, and nothing is lost', async () => {
    const mine = await people.page('county', '/register');
    mine.setDefaultTimeout(60_000);
    const household = await firstHousehold(mine, 'limit=1&status=not_out');
    await mine.goto(`/register/${household.id}`);
    await mine.getByRole('button', { name: '修改', exact: true }).click();
    await mine.getByLabel(/^住房面积/).fill('91');
    await mine.getByLabel(/^负债金额/).fill('1200');
    await mine.getByLabel('依据').fill('入户走访');
    // typed and not saved: a reload brings it back
    await mine.reload();
    assert.equal(await mine.getByLabel(/^住房面积/).inputValue(), '91');
    const theirs = await mine.context().newPage();
    theirs.setDefaultTimeout(60_000);
    await theirs.goto(`/register/${household.id}`);
    await theirs.getByRole('button', { name: '修改', exact: true }).click();
    await theirs.getByLabel(/^住房面积/).fill('82');
    await theirs.getByLabel(/^建房年份/).fill('1991');
    await theirs.getByLabel('依据').fill('村委会证明');
    await theirs.getByRole('button', { name: '保存 2 处改动' }).click();
    await theirs.getByText('已保存。', { exact: true }).waitFor();
    await mine.getByRole('button', { name: '保存 2 处改动' }).click();
    await mine.getByRole('heading', { name: '您修改期间，这一户已由别人改动' }).waitFor();
    await mine.getByRole('radio', { name: /^住房面积 现在登记为 82/ }).check();
    await mine.getByRole('rowheader', { name: '建房年份' }).waitFor();
    await mine.getByRole('button', { name: '保留我的改动，在最新登记上继续' }).click();
    await mine.getByRole('button', { name: '保存 1 处改动' }).click();
    await mine.getByText('已保存。', { exact: true }).waitFor();
    const record = (await (await mine.request.get(`/api/households/${household.id}`)).json()).record;
    assert.deepEqual([record.housing.area, record.housing.year_built, record.debt], [82, 1991, 1200]);
    assert.deepEqual(mine.wrong, []);
    await mine.context().close();
  });

  it('enters a child that was born, one who died with the reason, and a tricycle, in entries of their own', async () => {
    const page = await people.page('county', '/register');
    page.setDefaultTimeout(60_000);
    const list = await (await page.request.get('/api/households?limit=20&sort=-size')).json();
    const household = list.rows[1];
    await page.goto(`/register/${household.id}`);
    await page.getByRole('button', { name: '修改', exact: true }).click();
    await page.getByRole('button', { name: '增加成员' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    const child = page.locator('details.member').last();
    await child.getByLabel(/^姓名/).fill('小满');
    await child.getByLabel(/^证件号码/).fill('110101199003070012');
    await child.getByText('证件号码的校验位不对，请核对。').waitFor();
    await child.getByLabel(/^证件号码/).fill('');
    const relation = child.getByLabel(/^与户主关系/);
    await relation.click();
    await page.keyboard.type('孙子');
    await page.keyboard.press('Enter');
    // one entry has one reason: a death waits for the next
    await page.getByRole('button', { name: /不再是成员…$/ }).last().click();
    await page.getByRole('dialog').getByText(/^一次登记只能有一个缘由/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: '车辆和大型机械' }).getByRole('button', { name: '增加一项车辆和大型机械' }).click();
    await page.getByRole('group', { name: '车辆和大型机械' }).getByLabel('种类').last().click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('依据').fill('出生证明');
    await page.getByRole('button', { name: /^保存 \d 处改动/ }).click();
    await page.getByText(/^已保存。/).waitFor();
    let now = await (await page.request.get(`/api/households/${household.id}`)).json();
    assert.equal(now.record.members.length, household.size + 1);
    assert.equal(now.event, 'born');
    const before = now.record.members;
    await page.getByRole('button', { name: '修改', exact: true }).click();
    await page.getByRole('button', { name: '小满不再是成员…' }).click();
    await page.getByRole('dialog').getByLabel('登记缘由').selectOption({ label: '更正' });
    await page.getByRole('dialog').getByLabel('原因').fill('登记错了户');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByLabel('依据').fill('核对');
    await page.getByRole('button', { name: '保存 1 处改动' }).click();
    await page.getByText(/^已保存。/).waitFor();
    now = await (await page.request.get(`/api/households/${household.id}`)).json();
    assert.deepEqual(now.record.members, before.slice(0, -1), 'the others are as they were');
    await page.getByText('登记错了户').first().waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('copies a part of the register for a sheet, pastes numbers, exports what is shown and comes back to the same filter', async () => {
    const page = await people.page('county', '/register', { permissions: ['clipboard-read', 'clipboard-write'] });
    page.setDefaultTimeout(60_000);
    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Control+c');
    await page.getByText('已复制 2 行，可粘贴到 Excel 或 WPS').waitFor();
    const copied = (await page.evaluate(() => window.navigator.clipboard.readText())).split('\n').map((line) => line.split('\t'));
    assert.deepEqual(copied.map((line) => line.length), [3, 3]);
    await page.evaluate((text) => window.navigator.clipboard.writeText(text), copied.map((line) => line[2]).join('\n'));
    await page.keyboard.press('Control+v');
    await page.getByText(/：2 户符合条件/).waitFor();
    await page.getByRole('button', { name: '导出所见' }).click();
    await page.getByRole('dialog').getByText(/现在筛选出的阜平县 2 户/).waitFor();
    await page.getByRole('dialog').getByLabel('格式').selectOption({ label: 'CSV（UTF-8）' });
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('dialog').getByRole('button', { name: '导出', exact: true }).click()]);
    const text = readFileSync(await saved(file), 'utf8');
    const numbers = new Set([...text.matchAll(/,(130624\d{6}),/g)].map((match) => match[1]));
    assert.deepEqual([...numbers].sort(), copied.map((line) => line[2]).sort());
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: '总览' }).click();
    await page.getByRole('link', { name: '户册' }).click();
    await page.getByText(/：2 户符合条件/).waitFor();
    await page.getByRole('button', { name: /^去掉条件：2 个指定编号/ }).click();
    await page.getByRole('combobox', { name: '搜索' }).fill('fuping');
    await page.getByRole('option', { name: /地区.*阜平镇/ }).first().click();
    await page.getByText(/^阜平镇：/).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
});
