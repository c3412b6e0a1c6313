import { MessageChannel } from 'node:worker_threads';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { createApi, dialPort } from '../../../src/renderer/api.ts';
import { AfterimageError } from '../../../src/core/errors.ts';
import { gather } from '../../support/pieces.ts';
import { ContentsDouble, preventable } from './electronDouble.ts';
import { ShellUnderTest, started } from './shellUnderTest.ts';

describe('starting', () => {
  it('declares the scheme, the sandbox and the lock before Electron is ready', async () => {
    const { double, dataDir } = await started();
    expect(double.calls.slice(0, 4)).toEqual([
      'registerSchemes',
      'enableSandbox',
      `requestSingleInstanceLock in ${join(dataDir, 'shell')}`,
      'whenReady',
    ]);
    expect(double.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it('leaves a data folder to the shell that has it, which then shows its window', async () => {
    const second = await started(({ double }) => (double.lockIsFree = false));
    expect(second.double.windows).toHaveLength(0);
    expect(second.double.calls.at(-1)).toBe('ended');
    const first = await started();
    first.window.minimized = true;
    first.double.app.emit('second-instance');
    expect(first.double.windows).toHaveLength(1);
    expect(first.window).toMatchObject({ minimized: false, focused: 1 });
  });

  it('says why it cannot start', async () => {
    const shell = new ShellUnderTest();
    vi.spyOn(console, 'error').mockImplementationOnce(() => undefined);
    await shell.start({
      open: () =>
        Promise.reject(
          new AfterimageError('NEWER_VERSION', 'The history is newer.', 'Update Afterimage.'),
        ),
    });
    expect(shell.double.calls.slice(-2)).toEqual([
      'error: Afterimage cannot start: The history is newer.\n\nUpdate Afterimage.',
      'exit 1',
    ]);
  });
});

describe('the window', () => {
  it('is sandboxed, isolated and without Node', async () => {
    const { window } = await started();
    expect(window.options.webPreferences).toEqual({
      preload: '/app/preload/index.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
    expect(window.webContents.visited).toEqual(['app://workbench/']);
  });

  it('shows itself when it has something to show', async () => {
    const { window } = await started();
    expect(window.options.show).toBe(false);
    window.emit('ready-to-show');
    expect(window.shown).toBe(true);
  });

  it('comes back where it was', async () => {
    const first = await started();
    expect(first.window.options).toMatchObject({ width: 1280, height: 800 });
    first.window.bounds = { x: 300, y: 40, width: 1500, height: 900 };
    first.window.maximized = true;
    first.window.close();
    first.double.app.emit('activate');
    expect(first.window.options).toMatchObject({ x: 300, y: 40, width: 1500, height: 900 });
    expect(first.window.maximized).toBe(true);
  });

  it.each([
    ['{"x":5000,"y":40,"width":1500,"height":900,"maximized":false}', 'on a screen that is gone'],
    ['{"x":100,"y":-300,"width":1500,"height":900,"maximized":false}', 'with its title above'],
    ['{"x":100,"y":40,"width":"wide"', 'damaged'],
    ['{"x":100,"y":40,"width":0,"height":0,"maximized":false}', 'without a size'],
  ])('has its first size where its place is unusable: %s (%s)', async (state) => {
    const { window } = await started(({ dataDir }) => {
      mkdirSync(join(dataDir, 'shell'));
      writeFileSync(join(dataDir, 'shell', 'window.json'), state);
    });
    expect(window.options).toMatchObject({ width: 1280, height: 800 });
    expect(window.options.x).toBeUndefined();
  });

  it('loads again when its process crashes, and not when that ends in order', async () => {
    const { window } = await started();
    window.webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(window.webContents.visited).toHaveLength(1);
    window.webContents.emit('render-process-gone', {}, { reason: 'oom' });
    expect(window.webContents.visited.at(-1)).toBe('reload');
  });
});

describe('pages', () => {
  it('come with the same policy as on loopback, and only from the renderer', async () => {
    const { double, dataDir } = await started();
    writeFileSync(join(dataDir, 'secret.html'), 'secret');
    const get = (url: string, method = 'GET'): Response => {
      const response = double.serve?.(new Request(url, { method }));
      if (response === undefined) throw new Error('Nothing serves the scheme.');
      return response;
    };
    const page = get('app://workbench/runs/r1?epoch=2');
    expect(await page.text()).toContain('<title>Afterimage</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const refused = [
      get('app://workbench/assets/none.js'),
      get('app://workbench/../secret.html'),
      get('app://workbench/%2e%2e/secret.html'),
      get('app://evil/index.html'),
      get('app://workbench/', 'POST'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404, 405]);
    for (const { headers } of [page, ...refused]) {
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; /,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('cannot be led elsewhere, nor can frames in them', async () => {
    const { webContents } = (await started()).window;
    const navigate = (url: string, isMainFrame: boolean): boolean => {
      const event = preventable({ url, isMainFrame });
      webContents.emit('will-frame-navigate', event);
      return !event.defaultPrevented;
    };
    expect(navigate('app://workbench/runs/r1', true)).toBe(true);
    expect(navigate('app://workbench/runs/r1', false)).toBe(false);
    for (const url of [
      'https://evil.example/',
      'app://workbench.evil.example/',
      'app://workbenches/',
      'file:///etc/passwd',
      'data:text/html,x',
      'javascript:alert(1)',
    ]) {
      expect(navigate(url, true)).toBe(false);
      const redirect = preventable({ url });
      webContents.emit('will-redirect', redirect);
      expect(redirect.defaultPrevented).toBe(true);
    }
  });

  it('open no window and embed no page; links to the web open in the browser', async () => {
    const { double, window } = await started();
    const open = (url: string): unknown => window.webContents.openHandler?.({ url });
    const urls = [
      'https://arxiv.org/',
      'http://a.example/',
      'file:///bin/sh',
      'app://workbench/',
      '?',
    ];
    for (const url of urls) expect(open(url)).toEqual({ action: 'deny' });
    expect(double.external).toEqual(['https://arxiv.org/']);
    const embed = preventable();
    window.webContents.emit('will-attach-webview', embed);
    expect(embed.defaultPrevented).toBe(true);
  });

  it('are guarded in any contents that come to be, not only in the window', async () => {
    const { double } = await started();
    const contents = new ContentsDouble();
    double.app.emit('web-contents-created', {}, contents);
    const event = preventable({ url: 'https://evil.example/', isMainFrame: true });
    contents.emit('will-frame-navigate', event);
    expect(event.defaultPrevented).toBe(true);
  });

  it('have no permission but to copy what the user chose, and no network', async () => {
    const { defaultSession } = (await started()).double;
    const request = (permission: string, requestingUrl: string): boolean => {
      const done = vi.fn<(granted: boolean) => void>();
      defaultSession.requestHandler?.(null, permission, done, { requestingUrl });
      return done.mock.calls[0]?.[0] ?? true;
    };
    for (const permission of ['media', 'geolocation', 'notifications', 'hid', 'openExternal']) {
      expect(request(permission, 'app://workbench/')).toBe(false);
      expect(defaultSession.checkHandler?.(null, permission, 'app://workbench/')).toBe(false);
    }
    expect(request('clipboard-sanitized-write', 'app://workbench/runs/r1')).toBe(true);
    expect(request('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    expect(request('clipboard-read', 'app://workbench/')).toBe(false);
    expect(defaultSession.deviceHandler?.()).toBe(false);
    expect(defaultSession.cancelled).toEqual(
      expect.arrayContaining(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*']),
    );
  });

  it('save what they made through the system’s dialog, and download nothing else', async () => {
    const { defaultSession } = (await started()).double;
    const download = (url: string): { options: object | null; refused: boolean } => {
      const event = preventable();
      let options: object | null = null;
      defaultSession.emit('will-download', event, {
        getURL: () => url,
        getFilename: () => 'curves.svg',
        setSaveDialogOptions: (given: object) => (options = given),
      });
      return { options, refused: event.defaultPrevented };
    };
    expect(download('blob:app://workbench/6a5f')).toEqual({
      options: {
        title: 'Save curves.svg',
        defaultPath: '/home/ada/downloads/curves.svg',
        filters: [
          { name: 'SVG image', extensions: ['svg'] },
          { name: 'All files', extensions: ['*'] },
        ],
      },
      refused: false,
    });
    for (const url of ['https://evil.example/x.exe', 'blob:https://evil.example/6a5f', 'data:,x']) {
      expect(download(url)).toEqual({ options: null, refused: true });
    }
  });
});

describe('ports', () => {
  /** Sends a port as a preload would; answers to calls through it arrive at the returned end. */
  function sendPort(
    { double }: ShellUnderTest,
    sender: ContentsDouble,
    senderFrame: object | null,
  ): { dial: () => Promise<ReturnType<typeof dialPort>>; closed: () => boolean } {
    const { port1, port2 } = new MessageChannel();
    let closed = false;
    const main = {
      postMessage: (message: unknown) => {
        port1.postMessage(message);
      },
      on: (event: string, listener: (event: { data: unknown }) => void) =>
        port1.on(event, (data: unknown) => {
          listener({ data });
        }),
      start: () => {
        port1.start();
      },
      close: () => {
        closed = true;
        port1.close();
      },
    };
    double.ipcMain.emit('afterimage:port', { sender, senderFrame, ports: [main] });
    return {
      dial: () => Promise.resolve(dialPort(port2 as unknown as MessagePort)),
      closed: () => closed,
    };
  }

  it('of the window’s own page are answered', async () => {
    const shell = await started();
    const { webContents } = shell.window;
    const port = sendPort(shell, webContents, webContents.mainFrame);
    expect(await gather(createApi(port.dial).client.runs.list({}))).toEqual([]);
  });

  it('may ask for a path by the system’s own dialog, over the window', async () => {
    const shell = await started();
    const { double, window } = shell;
    const port = sendPort(shell, window.webContents, window.webContents.mainFrame);
    const { datasets } = createApi(port.dial).client;
    expect(await datasets.choose({ kind: 'folder' })).toEqual({ path: null });
    double.chosen = { canceled: false, filePaths: ['/data/set.npz'] };
    expect(await datasets.choose({ kind: 'file' })).toEqual({ path: '/data/set.npz' });
    expect(double.openings).toMatchObject([
      [window, { properties: ['openDirectory'] }],
      [window, { properties: ['openFile'] }],
    ]);
    const other = datasets.choose({ kind: 'saved' as 'file' });
    await expect(other).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('from anywhere else are closed, and that is logged', async () => {
    const shell = await started();
    const { webContents } = shell.window;
    const stranger = new ContentsDouble();
    const strays: [ContentsDouble, object | null, string][] = [
      [stranger, stranger.mainFrame, 'no window'],
      [webContents, { origin: 'app://workbench' }, 'frame inside'],
      [webContents, null, 'gone'],
    ];
    for (const [sender, frame, reason] of strays) {
      const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
      expect(sendPort(shell, sender, frame).closed()).toBe(true);
      expect(log.mock.calls[0]?.[0]).toContain(reason);
      log.mockRestore();
    }
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    webContents.mainFrame.origin = 'https://evil.example';
    expect(sendPort(shell, webContents, webContents.mainFrame).closed()).toBe(true);
    expect(log.mock.calls[0]?.[0]).toContain('https://evil.example');
    log.mockRestore();
  });
});

describe('the menu', () => {
  const items = (menu: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    menu.flatMap((item) => [item, ...items((item.submenu ?? []) as MenuItemConstructorOptions[])]);
  const click = (shell: ShellUnderTest, label: string): void => {
    const item = items(shell.double.menu).find((candidate) => candidate.label === label);
    (item?.click as (() => void) | undefined)?.();
  };

  it('leads to the views by native shortcuts, opening a window where there is none', async () => {
    const shell = await started();
    const shortcuts = items(shell.double.menu).flatMap(({ label, accelerator }) =>
      accelerator === undefined ? [] : [`${label ?? ''} ${accelerator}`],
    );
    expect(shortcuts).toEqual([
      'New Run CmdOrCtrl+N',
      'Runs CmdOrCtrl+1',
      'Compare CmdOrCtrl+2',
      'Data CmdOrCtrl+3',
      'Settings CmdOrCtrl+,',
      'Back Alt+Left',
      'Forward Alt+Right',
    ]);
    click(shell, 'New Run');
    click(shell, 'Back');
    expect(shell.window.webContents.visited.slice(1)).toEqual(['app://workbench/new', 'back']);
    shell.window.close();
    click(shell, 'Data');
    expect(shell.window.webContents.visited.at(-1)).toBe('app://workbench/data');
  });

  it('is the platform’s own on macOS, and offers developer tools only unpackaged', async () => {
    const mac = new ShellUnderTest();
    mac.double.app.isPackaged = false;
    await mac.start({ platform: 'darwin' });
    const roles = items(mac.double.menu).map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['appMenu', 'close', 'toggleDevTools']));
    const packaged = items((await started()).double.menu).map(({ role }) => role);
    expect(packaged).toEqual(expect.arrayContaining(['quit', 'editMenu', 'windowMenu']));
    expect(packaged).not.toContain('toggleDevTools');
  });
});
