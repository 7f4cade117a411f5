// A demonstration city of its own for a run of the tests, served by the real program on a free port, and the browser that looks at it.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const root = new URL('../../', import.meta.url).pathname;
export const pictures = join(root, 'docs/pictures');

// How the demonstration ends the name of each account it makes a link for.
const titles = {
  'two-posts': '兼保定市项目协调员', neighbour: '易县县扶贫办',
  village: '村信息员', team: '驻村工作队员', township: '乡镇扶贫专干', county: '县扶贫办', city: '市扶贫办', approver: '县审批人', auditor: '审计人员', planner: '规划人员',
  coordinator: '项目协调员', investor: '投资方', leader: '领导（只读）', system: '系统管理员', security: '安全管理员', audit: '审计管理员', 'city-approver': '市审批人',
};

/** The city: its address and the one-time link of every role. patience is how long it may take to be made, in milliseconds. */
export async function serveCity({ scale = 0.01, patience = 120_000 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'liandong-desk-'));
  const program = join(root, 'bin/liandong');
  if (!existsSync(program)) throw new Error('bin/liandong is not there: run make build first');
  const child = spawn(program, ['demo', '--dir', join(folder, 'city'), '--scale', String(scale), '--serve', '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const address = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the city was not served in time:\n${said}`)), patience);
    const listen = (part) => {
      said += part;
      const found = /提供服务|Serving on/.exec(said) && /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (!found) return;
      clearTimeout(late);
      resolve(found[0]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => reject(new Error(`the program ended with ${code}:\n${said}`)));
  });
  const tokens = new Map([...said.matchAll(/^\s*(\S+)\s+\S+\/enter#(\S+)/gm)].map(([, name, token]) => {
    const role = Object.keys(titles).find((each) => name.endsWith(titles[each]));
    if (role === undefined) throw new Error(`the tests know no role for ${name}`);
    return [role, token];
  }));
  const token = (role) => {
    if (!tokens.has(role)) throw new Error(`the city named no link for ${role}:\n${said}`);
    return tokens.get(role);
  };
  return {
    address,
    link: (role) => `${address}/enter#${token(role)}`,
    token,
    close: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.on('exit', () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}

export async function openBrowser() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  if (!executablePath) throw new Error('there is no Chromium: run make install');
  return chromium.launch({ executablePath, args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--font-render-hinting=none'] });
}

/** What a page must never do, gathered while it is used: write an error, break the policy, ask another host. */
export function watch(page, address) {
  const wrong = [];
  page.on('console', (message) => {
    const expected = message.type() === 'error' && /status of (401|404|409|412|422)/.test(message.text());
    if ((message.type() === 'error' || message.type() === 'warning') && !expected && !/GL Driver Message|GPU stall/.test(message.text())) wrong.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith('data:') && !url.startsWith('blob:')) wrong.push(`another host: ${url}`);
  });
  return wrong;
}

/** ledgerId is a new UUIDv7, as the desk makes one for what it writes. */
export function ledgerId() {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** A browser context of somebody who has entered by their link; language and text size as asked for. */
export class People {
  constructor(city, browser) {
    this.city = city;
    this.browser = browser;
    this.entered = new Map();
  }

  async context(role, { language = 'zh', text = 'normal', viewport = { width: 1440, height: 900 }, ...more } = {}) {
    if (role !== null && !this.entered.has(role)) {
      const first = await this.browser.newContext({ baseURL: this.city.address });
      const answer = await first.request.post('/api/session/link', { data: { token: this.city.token(role) } });
      if (!answer.ok()) throw new Error(`the link of ${role}: ${answer.status()}`);
      this.entered.set(role, await first.storageState());
      await first.close();
    }
    const context = await this.browser.newContext({
      baseURL: this.city.address, viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', ...(role === null ? {} : { storageState: this.entered.get(role) }), ...more,
    });
    await context.addInitScript(([chosen, size]) => {
      if (!localStorage.getItem('liandong.language')) localStorage.setItem('liandong.language', chosen);
      if (!localStorage.getItem('liandong.text')) localStorage.setItem('liandong.text', size);
    }, [language, text]);
    return context;
  }

  /** page opens an address as a role, watched. */
  async page(role, path, options) {
    const context = await this.context(role, options);
    const page = await context.newPage();
    page.wrong = watch(page, this.city.address);
    await page.goto(path);
    return page;
  }
}
