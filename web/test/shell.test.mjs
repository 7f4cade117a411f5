// The way in and the frame around every page, as people meet them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity, watch } from './city.mjs';

describe('the frame', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  it('lets the holder of a one-time link set a password and come back with it', async () => {
    const context = await browser.newContext({ baseURL: city.address, locale: 'zh-CN' });
    const page = await context.newPage();
    const wrong = watch(page, city.address);
    await page.goto(city.link('planner'));
    await page.getByLabel('新密码').fill('太行山下');
    await page.getByText('还差 6 个字。').waitFor();
    await page.getByLabel('新密码').fill('太行山下有我的家乡');
    await page.getByLabel('新密码').fill('太行山下有我的家乡吗');
    await page.getByLabel('再输入一次').fill('太行山下有我的家乡吗');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('button', { name: '以后再说' }).click();
    await page.getByRole('heading', { name: '总览' }).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token stays in the address');
    await page.getByRole('button', { name: /本人/ }).click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByLabel('账号').fill('planner');
    await page.getByLabel('密码').fill('太行山下有我的家乡吗');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '总览' }).waitFor();
    assert.deepEqual(wrong, []);
    await context.close();
  });

  it('shows everybody the sections of their role and no others', async () => {
    for (const [role, want] of [['leader', ['总览', '户册']], ['coordinator', ['总览']], ['system', ['底图']]]) {
      const page = await people.page(role, '/');
      await page.getByRole('heading', { level: 1 }).waitFor();
      const sections = await page.getByRole('navigation').getByRole('link').allTextContents();
      for (const section of want) assert.ok(sections.includes(section), `${role} lacks ${section}`);
      if (role === 'system') assert.deepEqual(sections, ['底图']);
      if (role === 'coordinator') assert.ok(!sections.includes('户册'));
      assert.deepEqual(page.wrong, []);
      await page.context().close();
    }
  });

  it('keeps the day and the place in the address', async () => {
    const page = await people.page('leader', '/');
    await page.getByLabel('截至').fill('2014-12-31');
    await page.getByRole('button', { name: /^地区/ }).click();
    await page.getByRole('button', { name: '阜平县' }).click();
    await page.getByRole('button', { name: '阜平县全部' }).click();
    await page.getByText('阜平县截至 2014年12月31日').waitFor();
    await page.getByRole('link', { name: '户册' }).click();
    await page.getByRole('heading', { name: '户册' }).waitFor();
    const url = new URL(page.url());
    assert.equal(url.searchParams.get('as_of'), '2014-12-31');
    assert.match(url.searchParams.get('division'), /^130624/);
    await page.context().close();
  });

  it('opens the proof of a number with the keyboard and closes it with Esc', async () => {
    const page = await people.page('county', '/');
    const number = page.getByRole('button', { name: /^建档立卡贫困人口：查看口径和记录/ });
    await number.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '口径' }).waitFor();
    assert.ok((await page.getByRole('dialog').getByRole('row').count()) > 10, 'the proof has rows');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('keeps to a strict policy and sends files once', async () => {
    const page = await people.page('leader', '/');
    await page.getByRole('heading', { name: '总览' }).waitFor();
    const answer = await page.request.get('/');
    const policy = answer.headers()['content-security-policy'];
    assert.ok(!policy.includes('unsafe'), policy);
    assert.match(policy, /script-src 'self';/);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await answer.text())[1];
    const file = await page.request.get(script);
    assert.match(file.headers()['cache-control'], /immutable/);
    assert.equal(file.headers()['content-encoding'], 'gzip');
    const again = await page.request.get('/mark.svg', { headers: { 'If-None-Match': (await page.request.get('/mark.svg')).headers()['etag'] } });
    assert.equal(again.status(), 304);
    await page.context().close();
  });
});
