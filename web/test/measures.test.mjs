// The measures page as an office uses it: choose a county, read the headcount and its sentence, look at the curves, take the table away, and open a number.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { openBrowser, People, serveCity } from './city.mjs';

describe('the measures', () => {
  let city, browser, people;
  before(async () => {
    [city, browser] = await Promise.all([serveCity({ scale: 0.02 }), openBrowser()]);
    people = new People(city, browser);
  });
  after(async () => {
    await browser?.close();
    await city?.close();
  });

  /** What the API says of Fuping on a day. */
  const asked = async (page, query) => (await page.request.get(`/api/measure?${new globalThis.URLSearchParams({ division: '130624', as_of: '2015-12-31', ...query })}`)).json();

  const saved = async (page, button) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
  };

  it('says how poor a county is, shows the curve, and gives the table away with the numbers of the server', async () => {
    const page = await people.page('leader', '/');
    await page.getByRole('link', { name: '测算' }).click();
    await page.getByRole('heading', { name: '贫困测算' }).waitFor();
    await page.getByRole('button', { name: /^地区/ }).click();
    await page.getByRole('dialog', { name: '选择地区' }).getByRole('button', { name: '阜平县', exact: true }).click();
    await page.getByRole('button', { name: '阜平县全部' }).click();
    await page.getByLabel('截至').fill('2015-12-31');

    const whole = await asked(page, { measures: 'headcount' });
    const headcount = whole.results[0].value;
    await page.getByText(/^截至 2015-12-31，阜平县登记在册且收入已知的农户/).waitFor();
    await page.getByRole('button', { name: `按收入计的贫困发生率：查看口径和记录 ${(100 * headcount).toFixed(1)} %` }).waitFor();

    await page.getByLabel('曲线', { exact: true }).selectOption({ label: '贫困发生率曲线' });
    await page.getByRole('img', { name: /^阜平县贫困发生率曲线图/ }).locator('svg').waitFor();
    await page.getByText('贫困线 2,855 元', { exact: true }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('curve'), 'incidence');

    const divisions = page.locator('section', { has: page.getByRole('heading', { name: '分地区和年份' }) });
    await divisions.getByRole('img').locator('svg').waitFor();
    const file = await saved(page, divisions.getByRole('button', { name: '下载表格（CSV）' }));
    assert.match(file.name, /^阜平县-分地区和年份.*2015-12-31\.csv$/);
    const rows = file.text.replace(/^\ufeff/, '').trim().split('\r\n').map((line) => line.split(','));
    const by = Object.fromEntries(rows[0].map((head, column) => [head, column]));
    const answer = await asked(page, { by: 'division', measures: 'headcount' });
    const written = rows.slice(1).filter((row) => row[by['日期']] === '2015-12-31');
    assert.equal(written.length, answer.results.length);
    answer.results.forEach((result, index) => {
      assert.equal(written[index][by['数值']], result.value === null ? '' : String(result.value));
      if (result.value === null && answer.groups.find((group) => group.group === result.group)?.held) assert.equal(written[index][by['说明']], '不公布');
    });
    assert.equal(Number(written.find((row) => row[by['地区']] === '阜平县')[by['数值']]), headcount);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('gives pictures away that stand alone', async () => {
    const page = await people.page('leader', '/measures?as_of=2015-12-31');
    const curves = page.locator('section', { has: page.getByRole('heading', { name: '收入的分布' }) });
    await curves.getByRole('img').locator('svg').waitFor();
    const drawing = await saved(page, curves.getByRole('button', { name: '下载图（SVG）' }));
    assert.match(drawing.text, /^<svg/);
    assert.match(drawing.text, /保定市 洛伦兹曲线/);
    assert.match(drawing.text, /没有抽样误差/);
    assert.match(drawing.text, /演示数据/);
    const [picture] = await Promise.all([page.waitForEvent('download'), curves.getByRole('button', { name: '下载图（PNG）' }).click()]);
    const bytes = readFileSync(await picture.path());
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.readUInt32BE(16) >= 1600, 'the picture is too small for paper');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });

  it('follows who left poverty and who fell back, and says why a number is not there', async () => {
    const page = await people.page('county', '/measures?as_of=2015-12-31&against=2014-12-31');
    const moves = page.locator('section', { has: page.getByRole('heading', { name: '谁脱贫，谁返贫' }) });
    await moves.getByRole('status').getByText(/^阜平县，2014-12-31 至 2015-12-31：人均收入低于当年贫困线/).waitFor();
    await moves.getByLabel('按什么算贫困').selectOption({ label: '登记册的建档状态' });
    await moves.getByRole('status').getByText(/建档贫困人口由 [\d,]+ 人变为/).waitFor();
    await moves.getByLabel('分组').selectOption({ label: '主要致贫原因' });
    const answer = await (await page.request.get('/api/measure/transition?division=130624&against=2014-12-31&as_of=2015-12-31&basis=status&by=cause')).json();
    const whole = moves.getByRole('table').nth(1).getByRole('row', { name: /^全部/ });
    await moves.getByRole('row', { name: /^因病/ }).waitFor();
    const shown = await whole.getByRole('cell').allTextContents();
    const said = (count) => (count.persons === null ? '不公布' : count.persons.toLocaleString('zh-CN'));
    assert.deepEqual(shown.slice(0, 7), ['poor_before', 'left', 'stayed', 'gone', 'fell_back', 'entered', 'poor_after'].map((flow) => said(answer.whole[flow])));
    assert.ok(answer.groups.some((group) => group.held), 'the small city has a cause of few households');
    await moves.getByText('这些词的意思').click();
    await moves.getByText(/^标“不公布”的：不足 10 户或 20 人/).waitFor();

    // a number without records of its own opens what it means; one held back opens why
    const groups = page.locator('section', { has: page.getByRole('heading', { name: '分组', exact: true }) });
    await page.getByLabel('指标').selectOption({ label: '泰尔指数' });
    await groups.getByRole('button', { name: /^泰尔指数：查看口径 不公布/ }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('heading', { name: '为什么没有数' }).waitFor();
    await page.getByRole('dialog').getByText(/不足 10 户或 20 人的分组不公布/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await page.getByLabel('比较的日期').fill('2015-12-31');
    await page.getByText('比较的日期应早于上方“截至”的日期。').waitFor();
    await page.getByLabel('比较的日期').fill('2001-12-31');
    await page.getByText(/没有 2001 年的贫困标准/).first().waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
});
