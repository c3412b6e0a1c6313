import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findRendererFile, loadRendererFiles } from '../../../src/main/transports/rendererFiles.ts';
import { errorOf, makeFolder } from '../store/fixtures.ts';

const types = {
  'index.html': 'text/html; charset=utf-8',
  'icon.svg': 'image/svg+xml',
  'icon.ico': 'image/x-icon',
  'icon.png': 'image/png',
  'about.txt': 'text/plain; charset=utf-8',
  'assets/a.css': 'text/css; charset=utf-8',
  'assets/a.js': 'text/javascript; charset=utf-8',
  'assets/a.json': 'application/json',
  'assets/fonts/a.ttf': 'font/ttf',
  'assets/fonts/a.woff2': 'font/woff2',
  'assets/a.wasm': 'application/wasm',
  'assets/a.bin': 'application/octet-stream',
};

function build(names: readonly string[]): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'assets', 'fonts'), { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), `content of ${name}`);
  return folder;
}

it('knows each file by its path, with its type, its content’s tag and how long it may be kept', async () => {
  const files = await loadRendererFiles(build(Object.keys(types)));
  expect([...files.keys()].sort()).toEqual(
    Object.keys(types)
      .map((name) => `/${name}`)
      .sort(),
  );
  for (const [name, type] of Object.entries(types)) {
    const { bytes, headers } = findRendererFile(files, `/${name}`) ?? {};
    expect(Buffer.from(bytes ?? []).toString()).toBe(`content of ${name}`);
    expect(headers).toEqual({
      'content-type': type,
      'cache-control': name.startsWith('assets/')
        ? 'private, max-age=31536000, immutable'
        : 'no-cache',
      etag: `"${createHash('sha256').update(`content of ${name}`).digest('base64url')}"`,
    });
  }
});

it('takes a path without an extension for a view, and any other for a file that is not there', async () => {
  const files = await loadRendererFiles(build(['index.html', 'icon.svg']));
  const page = files.get('/index.html');
  for (const view of ['/', '/runs', '/runs/a-run/maps']) {
    expect(findRendererFile(files, view)).toBe(page);
  }
  for (const none of ['/icon.png', '/assets/gone.js', '/../secret.txt', '/index.htm']) {
    expect(findRendererFile(files, none)).toBeNull();
  }
});

it('says what to do where nothing was built', async () => {
  for (const folder of [build(['icon.svg']), join(makeFolder(), 'none')]) {
    expect(await errorOf(() => loadRendererFiles(folder))).toMatchObject({
      code: 'NOT_FOUND',
      message: `The workbench's pages are not built: ${folder} has no index.html.`,
      remedy: 'Run `npm run build:renderer`.',
    });
  }
});
