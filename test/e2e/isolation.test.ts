import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { host, openWorkbenchPage } from '../support/workbenchPage.ts';
import type { WorkbenchPage } from '../support/workbenchPage.ts';

let workbench: WorkbenchPage;

beforeAll(async () => {
  workbench = await openWorkbenchPage();
});
afterAll(async () => {
  await workbench.close();
});

/** What a page's script comes to: its value, or what it failed with. */
const attempt = (page: Page, script: string): Promise<unknown> =>
  page.evaluate(`(async () => { ${script} })().catch((error) => 'failed: ' + error)`);

/** A script that says whether a WebSocket to the workbench opens. */
const openSocket = (address: string): string =>
  `const socket = new WebSocket('ws://${address}/');
   return new Promise((resolve) => {
     socket.onopen = () => resolve('open');
     socket.onclose = ({ code }) => resolve('closed ' + code);
   });`;

/** A script that says whether an image of the workbench loads. */
const loadImage = (url: string): string =>
  `const image = new Image();
   image.src = '${url}';
   return new Promise((resolve) => {
     image.onload = () => resolve('loaded');
     image.onerror = () => resolve('refused');
   });`;

describe('the page', () => {
  it('shows itself from an address without the token', () => {
    const { pathname, search } = new URL(workbench.page.url());
    expect(`${pathname}${search}`).toBe('/');
  });

  it('knows neither Node nor Electron', async () => {
    const known = await workbench.page.evaluate(() =>
      ['process', 'require', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(known).toEqual([]);
  });

  it('runs no inline script, no inline handler and no inline style, and loads nothing from elsewhere', async () => {
    const { page } = workbench;
    const outcome = await page.evaluate(async () => {
      const blocked: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        blocked.push(effectiveDirective);
      });
      const add = (name: string, attributes: Record<string, string>, text = ''): void => {
        const element = document.createElement(name);
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
        element.textContent = text;
        document.body.append(element);
      };
      add('script', {}, 'window.intruder = 1');
      add('p', { onclick: 'window.intruder = 2' });
      add('style', {}, 'body { display: none }');
      add('img', { src: 'http://127.0.0.1:9/x.png' });
      add('iframe', { src: 'http://127.0.0.1:9/' });
      add('script', { src: 'http://127.0.0.1:9/x.js' });
      await fetch('http://127.0.0.1:9/').catch(() => undefined);
      document.querySelector<HTMLElement>('p[onclick]')?.click();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { blocked, intruder: 'intruder' in window };
    });
    expect(outcome.intruder).toBe(false);
    expect(new Set(outcome.blocked)).toEqual(
      new Set([
        'script-src-elem',
        'script-src-attr',
        'style-src-elem',
        'img-src',
        'frame-src',
        'connect-src',
      ]),
    );
  });
});

describe.runIf(host === 'serve')('another site in the same browser', () => {
  let foreign: Server;
  let stranger: Page;
  let target: string;
  let icon: string;

  beforeAll(async () => {
    foreign = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>stranger');
    });
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    target = new URL(workbench.page.url()).host;
    icon = await workbench.page.evaluate(
      () => document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '',
    );
    stranger = await workbench.page.context().newPage();
  });
  afterAll(() => {
    foreign.close();
  });

  it('is refused what the own page may do', async () => {
    expect(await attempt(workbench.page, openSocket(target))).toBe('open');
    expect(await attempt(workbench.page, loadImage(icon))).toBe('loaded');
  });

  // Another port is another origin but the same site; another name is another site.
  it.each(['127.0.0.1', 'localhost'])('cannot reach the workbench: %s', async (name) => {
    await stranger.goto(`http://${name}:${(foreign.address() as AddressInfo).port}/`);
    expect(await attempt(stranger, openSocket(target))).toBe('closed 1006');
    const read = `return (await (await fetch('http://${target}/', { credentials: 'include' })).text())`;
    expect(await attempt(stranger, read)).toMatch(/^failed: TypeError/);
    const write = `return (await fetch('http://${target}/', { method: 'POST', mode: 'no-cors', credentials: 'include' })).type`;
    expect(await attempt(stranger, write)).toMatch(/^failed: TypeError|^opaque$/);
    expect(await attempt(stranger, loadImage(icon))).toBe('refused');
    const frame = await attempt(
      stranger,
      `const frame = document.createElement('iframe');
       frame.src = 'http://${target}/';
       document.body.append(frame);
       await new Promise((resolve) => { frame.onload = resolve; });
       try { return frame.contentDocument.title; } catch { return 'unreadable'; }`,
    );
    expect(frame).not.toBe('Afterimage');
  });

  it('may link to the first address', async () => {
    await stranger.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`);
    const address = (await workbench.server?.nextAddress()) ?? '';
    await stranger.evaluate((href) => {
      const link = document.createElement('a');
      link.href = href;
      link.textContent = 'open';
      document.body.append(link);
    }, address);
    await workbench.page.context().clearCookies();
    await stranger.click('a');
    await stranger.waitForURL(new URL('/', address).href);
    await stranger.waitForFunction(() => document.title.includes('Afterimage'));
    await expect.poll(() => stranger.locator('#app').count()).toBe(1);
  });
});
