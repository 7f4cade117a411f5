// A change of the lab becomes a rule: kept as a draft with a note, compared in words, tested by its own examples, put in force by those who may.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity } from './city.mjs';

describe('a version of a rule', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity(), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  it('goes from the lab to a draft, is tested, and is put in force by the approver alone', async () => {
    const office = await people.page('city', '/lab?as_of=2015-12-31&criteria=four-looks@2015.1&moves=p:cut=55;b:village_cadre=off;w:labour=0.9');
    await office.locator('[data-total=proposed]').waitFor();
    await office.getByRole('button', { name: '存为草稿' }).click();
    const saving = office.getByRole('dialog');
    await saving.getByText('将存为 four-looks@2015.2。').waitFor();
    await saving.getByText('参数「得分线」由 60 改为 55。').waitFor();
    await saving.getByText(/^负面清单去掉「有村党支部书记或村委会主任」/).waitFor();
    // points that are worth less change what the examples give: people look at each and agree
    const boxes = saving.getByRole('checkbox', { name: '核对过，今后应得这个结果' });
    const failing = await boxes.count();
    assert.ok(failing > 0, 'the weight changes no example');
    for (let i = 0; i < failing; i++) await boxes.nth(i).check();
    assert.ok(await saving.getByRole('button', { name: '保存草稿' }).isDisabled(), 'a draft without a note');
    await saving.getByLabel('说明').fill('县里试用五十五分');
    await saving.getByRole('button', { name: '保存草稿' }).click();
    const list = office.getByRole('dialog', { name: '版本' });
    await list.getByRole('cell', { name: /县里试用五十五分/ }).waitFor();
    await list.getByRole('button', { name: '2015.2' }).waitFor();
    // in words against the version in force
    await list.getByLabel('原来的版本').selectOption('four-looks@2015.1');
    await list.getByLabel('后来的版本').selectOption('four-looks@2015.2');
    await list.getByText('参数「得分线」由 60 改为 55。').waitFor();
    await list.getByRole('button', { name: '用例子测试' }).click();
    await list.getByRole('cell', { name: '已测试' }).waitFor();
    await list.getByText('已测试，等审批人定下执行日期。').waitFor();
    assert.equal(await list.getByRole('button', { name: '执行', exact: true }).count(), 0, 'who wrote it cannot put it in force');
    assert.deepEqual(office.wrong, []);
    await office.context().close();

    const approver = await people.page('city-approver', '/lab?as_of=2015-12-31&criteria=four-looks@2015.2');
    await approver.locator('[data-total=proposed]').waitFor();
    await approver.getByRole('button', { name: '版本' }).click();
    const versions = approver.getByRole('dialog', { name: '版本' });
    await versions.getByLabel('从哪天起执行').fill('2016-01-01');
    await versions.getByLabel('决定的依据').fill('市委常委会议');
    await versions.getByRole('button', { name: '执行', exact: true }).click();
    await versions.getByRole('cell', { name: '2016年1月1日起' }).waitFor();
    await versions.getByRole('cell', { name: '2015年1月1日至2015年12月31日' }).waitFor();
    assert.deepEqual(approver.wrong, []);
    await approver.context().close();
  });

  it('lists households by number and masked name, and colours the map while the rule moves', async () => {
    const page = await people.page('city', '/lab?as_of=2015-12-31');
    await page.locator('[data-total=proposed]').waitFor();
    const map = page.getByRole('application', { name: /试算结果图/ });
    await map.focus();
    await page.keyboard.press('ArrowRight');
    const said = page.locator('.map-at');
    await said.getByText(/原 .*现 /).waitFor();
    const persons = async () => Number(/（(\d+) 人中/.exec(await said.textContent())?.[1] ?? 0); // none where nobody is registered
    for (let press = 0; press < 40 && (await persons()) < 40; press++) await page.keyboard.press(press % 3 === 2 ? 'ArrowUp' : 'ArrowLeft');
    const before = await said.textContent();
    await page.getByRole('slider', { name: '贫困标准' }).focus();
    await page.keyboard.press('End');
    await page.getByText(/^如果贫困标准是 6000 元/).waitFor();
    assert.notEqual(await said.textContent(), before, 'the map stays as it was');
    await page.getByRole('button', { name: /^新进入：/ }).click();
    const list = page.getByRole('dialog');
    await list.getByRole('link', { name: '理由' }).first().waitFor();
    const names = await list.locator('tbody td:nth-child(2)').allTextContents();
    assert.ok(names.length > 0);
    for (const name of names) assert.match(name, /^.\*/, 'a list names nobody');
    for (const number of await list.locator('tbody td:nth-child(1)').allTextContents()) assert.match(number, /^\d{5,}$/);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('prints the letter about a stored run, with its reason in the log', async () => {
    const page = await people.page('county', '/lab?as_of=2015-12-31');
    await page.getByRole('button', { name: '保存识别结果' }).click();
    await page.getByText(/识别并保存。结论都是建议/).waitFor();
    await page.getByRole('button', { name: /^拟纳入：查看这些户/ }).click();
    await page.getByRole('dialog').getByRole('link', { name: '理由' }).first().click();
    await page.getByRole('link', { name: '给农户的说明' }).click();
    await page.getByLabel('为什么打印').fill('农户来问');
    await page.getByRole('button', { name: '生成' }).click();
    await page.getByRole('heading', { name: '关于您家识别评定情况的说明' }).waitFor();
    await page.getByText(/^根据 .* 保存的识别结果/).waitFor();
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    assert.ok([...paper.matchAll(/\/Type\s*\/Page\b/g)].length <= 2, 'the letter takes two pages at most');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
});
