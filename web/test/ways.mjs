// The two ways in which people work a page: with the mouse, and with the keyboard alone. Both have the same acts, so that one task is written once.
import assert from 'node:assert/strict';

/** More than any page of the desk has things to stop at before the one that a task looks for. */
const stops = 700;

/** With the mouse: everything is pointed at; keys write text alone. */
export const mouse = {
  name: 'by mouse',
  press: (locator) => locator.click(),
  check: (locator) => locator.click(),
  write: async (locator, text) => {
    await locator.click({ clickCount: 3 });
    await locator.fill(text);
  },
  choose: (locator, label) => locator.selectOption({ label }), // the list of a select belongs to the system, which a page cannot point into
  find: async (page, text) => {
    await page.getByRole('combobox', { name: '搜索' }).click();
    await page.keyboard.type(text);
    await page.getByRole('option').first().click();
  },
  /** slide moves the handle to a share of the way. */
  slide: async (locator) => {
    await locator.scrollIntoViewIfNeeded();
    const box = await locator.boundingBox();
    const page = locator.page();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.63, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
  },
  leave: (page) => page.getByRole('dialog').getByRole('button', { name: '关闭' }).first().click(),
};

/** reach goes on with Tab until the thing has the focus: what cannot be reached so fails. */
async function reach(locator) {
  await locator.waitFor();
  const page = locator.page();
  const here = () => locator.evaluate((element) => element === document.activeElement);
  for (let stop = 0; stop < stops; stop++) {
    if (await here()) return page.keyboard;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${locator}`);
}

/** With the keyboard alone: Tab, Enter, Space, arrows, Escape and the page's own keys; no pointing, no focus by script. */
export const keyboard = {
  name: 'by keyboard',
  press: async (locator) => (await reach(locator)).press('Enter'),
  /** check marks a box or one of several radios: Tab comes to the one that is marked, arrows to the others. */
  check: async (locator) => {
    if ((await locator.getAttribute('type')) !== 'radio') return (await reach(locator)).press('Space');
    const group = locator.page().locator(`input[name="${await locator.getAttribute('name')}"]`);
    const at = await group.evaluateAll((all, wanted) => all.findIndex((one) => one.checked) - all.findIndex((one) => one === wanted), await locator.elementHandle());
    const marked = group.and(locator.page().locator(':checked'));
    const keys = await reach((await marked.count()) > 0 ? marked : locator);
    for (let step = 0; step < Math.abs(at); step++) await keys.press(at > 0 ? 'ArrowUp' : 'ArrowDown');
  },
  write: async (locator, text) => {
    const keys = await reach(locator);
    await keys.press('Control+a');
    await keys.type(text);
  },
  choose: async (locator, label) => {
    const keys = await reach(locator);
    const [from, to] = await locator.evaluate((select, wanted) => [select.selectedIndex, [...select.options].findIndex((option) => option.label === wanted)], label);
    for (let step = 0; step < Math.abs(to - from); step++) await keys.press(to > from ? 'ArrowDown' : 'ArrowUp');
  },
  find: async (page, text) => {
    await page.keyboard.press('/');
    await page.keyboard.type(text);
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
  },
  slide: async (locator) => {
    const keys = await reach(locator);
    for (let step = 0; step < 4; step++) await keys.press('ArrowRight');
  },
  leave: (page) => page.keyboard.press('Escape'),
};
