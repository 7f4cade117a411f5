// The ten main tasks of the desk, each from its beginning to its end twice: with the mouse, and with the keyboard alone. What they do is one table; the ways
// stand in ways.mjs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity, watch } from './city.mjs';
import { keyboard, mouse } from './ways.mjs';

describe('the ten main tasks', () => {
  let city, browser, people, folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'liandong-tasks-'));
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A registered household of the county for each way, so that neither meets what the other left. */
  const household = async (page, way, skip) => (await (await page.request.get('/api/households?limit=20&status=not_out')).json()).rows[skip * 2 + (way === mouse ? 0 : 1)];
  const button = (page, name) => page.getByRole('button', { name, exact: true });
  const done = (page) => page.getByText('已保存。', { exact: true }).waitFor();
  const edit = async (way, page, id, area) => {
    await page.goto(`/register/${id}`);
    await way.press(button(page, '修改'));
    await way.write(page.getByLabel(/^住房面积/), area);
    await way.write(page.getByLabel('依据', { exact: true }), '入户走访');
  };

  const tasks = [
    ['comes in by the one-time link', null, '/', async (way, page) => {
      await page.goto(city.link(way === mouse ? 'approver' : 'neighbour'));
      await page.getByLabel('新密码').waitFor();
      await way.write(page.getByLabel('新密码'), '太行山下有我的家乡吗');
      await way.write(page.getByLabel('再输入一次'), '太行山下有我的家乡吗');
      await way.press(button(page, '保存'));
      await way.press(button(page, '以后再说'));
      await page.getByRole('heading', { name: '总览' }).waitFor();
      assert.equal(new URL(page.url()).hash, '', 'the token stays in the address');
    }],
    ['searches for a household', 'county', '/', async (way, page) => {
      const { number } = await household(page, way, 0);
      await page.getByRole('heading', { name: '总览' }).waitFor();
      await way.find(page, number);
      await page.getByText(new RegExp(` · ${number} · `)).waitFor();
    }],
    ['opens it and reads why', 'county', '/register', async (way, page) => {
      const { id, number } = await household(page, way, 0);
      await page.goto(`/register/${id}`);
      await way.press(page.getByRole('link', { name: '看理由' }));
      await page.getByRole('heading', { name: `理由 · 户编号 ${number}` }).waitFor();
      await page.getByRole('heading', { name: '什么会改变结论' }).waitFor();
      await page.getByRole('heading', { name: '与上次识别相比' }).waitFor();
    }],
    ['corrects an answer and saves it', 'county', '/register', async (way, page) => {
      const { id } = await household(page, way, 1);
      await edit(way, page, id, '93');
      await way.press(button(page, '保存 1 处改动'));
      await done(page);
      assert.equal((await (await page.request.get(`/api/households/${id}`)).json()).record.housing.area, 93);
    }],
    ['meets a colleague’s change and settles it', 'county', '/register', async (way, page) => {
      const { id } = await household(page, way, 2);
      await edit(way, page, id, '91');
      const now = await (await page.request.get(`/api/households/${id}`)).json();
      const theirs = await page.request.patch(`/api/households/${id}`, { headers: { 'If-Match': `"${now.version}"` }, data: { valid: '2015-12-31', event: 'visited', source: '村委会证明', record: { housing: { area: 82, year_built: 1991 } } } });
      assert.ok(theirs.ok(), await theirs.text());
      await way.press(button(page, '保存 1 处改动'));
      await page.getByRole('heading', { name: '您修改期间，这一户已由别人改动' }).waitFor();
      await way.check(page.getByRole('radio', { name: /^住房面积 现在登记为 82/ }));
      await way.check(page.getByRole('radio', { name: /^住房面积 您改为 91/ }));
      await way.press(button(page, '保留我的改动，在最新登记上继续'));
      await way.press(button(page, '保存 1 处改动'));
      await done(page);
      const { housing } = (await (await page.request.get(`/api/households/${id}`)).json()).record;
      assert.deepEqual([housing.area, housing.year_built], [91, 1991]);
    }],
    ['imports a table, writes it and takes it back', 'county', '/imports', async (way, page) => {
      const table = join(folder, `${way === mouse ? '甲' : '乙'}.csv`);
      writeFileSync(table, `\ufeff省,市,县,乡(镇),行政村,户编号,姓名,与户主关系,证件号码,工资性收入\r\n河北省,保定市,阜平县,阜平镇,城厢村,13062499${way === mouse ? '0001' : '0002'},王二,户主,,100\r\n`);
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), way.press(button(page, '选择文件'))]);
      await chooser.setFiles(table);
      await way.press(button(page, '写入 1 户'));
      await page.getByText('已写入：新增 1 户，改动 0 户。').waitFor();
      await way.press(button(page, '撤销这次导入').first());
      await page.getByText('已撤销。', { exact: true }).first().waitFor();
    }],
    ['moves a line of the lab and keeps it as a draft', 'city', '/lab?as_of=2015-12-31&criteria=four-looks@2015.1', async (way, page) => {
      const proposed = page.locator('[data-drawn=""]');
      await proposed.waitFor();
      await way.slide(page.getByRole('slider', { name: '得分线' }));
      await page.getByText(/^如果得分线是 \d+ 分/).waitFor();
      assert.match(new URL(page.url()).searchParams.get('moves'), /^p:cut=\d+$/);
      await way.press(button(page, '存为草稿'));
      const saving = page.getByRole('dialog');
      await saving.getByText(/^将存为 four-looks@2015\.\d+。/).waitFor();
      const boxes = saving.getByRole('checkbox', { name: '核对过，今后应得这个结果' });
      for (let left = await boxes.count(); left > 0; left--) await way.check(boxes.nth(left - 1));
      await way.write(saving.getByLabel('说明'), `试用（${way.name}）`);
      await way.press(saving.getByRole('button', { name: '保存草稿' }));
      await page.getByRole('dialog', { name: '版本' }).getByRole('cell', { name: `试用（${way.name}）` }).waitFor();
      await way.leave(page);
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }],
    ['prints the notice of a village', 'village', '/notice?as_of=2015-12-31', async (way, page) => {
      await page.evaluate(() => { window.print = () => { document.body.dataset.printed = 'yes'; }; });
      await way.press(button(page, '生成'));
      const poster = page.getByRole('article');
      await poster.getByText('公示时间：2015年12月31日至2016年1月6日，共 7 天。').waitFor();
      assert.doesNotMatch(await poster.textContent(), /\d{15}|因病|因残|低保|健康|患病|户编号/, 'a notice holds no number, cause or attribute');
      for (const cell of await poster.locator('tbody td:nth-child(2)').allTextContents()) assert.match(cell, /\*|未成年/, 'a name is masked');
      await way.press(button(page, '打印'));
      await page.locator('body[data-printed=yes]').waitFor();
    }],
    ['goes from one post to another', 'two-posts', '/', async (way, page) => {
      const sections = () => page.getByRole('navigation').getByRole('link');
      await sections().filter({ hasText: '户册' }).waitFor();
      await way.press(page.getByRole('button', { name: /^本人/ }));
      await way.check(page.getByRole('radio', { name: '保定市 项目协调员' }));
      await sections().filter({ hasText: '户册' }).waitFor({ state: 'detached' });
      await way.check(page.getByRole('radio', { name: '阜平县 县扶贫办' }));
      await sections().filter({ hasText: '户册' }).waitFor();
      await way.check(page.getByRole('radio', { name: /^全部/ }));
    }],
    ['reads the log and verifies it', 'auditor', '/log', async (way, page) => {
      await page.getByRole('cell').first().waitFor();
      await way.choose(page.getByLabel('做了什么'), '项目');
      await page.getByRole('cell', { name: '保存项目' }).first().waitFor();
      assert.equal(new URL(page.url()).searchParams.get('kind'), 'projects');
      await way.press(button(page, '核对日志'));
      await page.getByText(/^核对完毕，没有发现问题/).waitFor();
    }],
  ];

  for (const [name, role, path, work] of tasks) {
    for (const way of [mouse, keyboard]) {
      it(`${name}, ${way.name}`, async () => {
        const context = await people.context(role);
        const page = await context.newPage();
        page.setDefaultTimeout(30_000);
        const wrong = watch(page, city.address);
        if (role !== null) await page.goto(path);
        await work(way, page);
        assert.deepEqual(wrong, []);
        await context.close();
      });
    }
  }
});
