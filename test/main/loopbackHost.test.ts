import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runLoopbackHost } from '../../src/main/loopbackHost.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'afterimage-host-'));
  mkdirSync(join(directory, 'renderer'));
  writeFileSync(join(directory, 'renderer', 'index.html'), '<!doctype html><title>t</title>');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

type Host = { url: URL; urls: string[]; end: () => Promise<void> };

/** A host that has said its address, and how to end it. */
async function host(port: number | undefined, show?: (path: string) => void): Promise<Host> {
  const urls: string[] = [];
  const ending = new AbortController();
  const ready = Promise.withResolvers<string>();
  const ended = runLoopbackHost({
    dataDir: join(directory, 'data'),
    port,
    rendererDir: join(directory, 'renderer'),
    ready: (address) => {
      urls.push(address);
      ready.resolve(address);
    },
    ...(show && { show }),
    signal: ending.signal,
  });
  ended.catch(ready.reject);
  const url = new URL(await ready.promise);
  return {
    url,
    urls,
    end: () => {
      ending.abort();
      return ended;
    },
  };
}

describe('runLoopbackHost', () => {
  it('opens the workbench, serves it, and ends when it is told to', async () => {
    const { url, end } = await host(0);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(403);
    await end();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('says another address when one has been used', async () => {
    const { urls, end } = await host(0);
    for (let used = 1; used <= 3; used += 1) {
      const newest = urls.at(-1) ?? '';
      expect((await fetch(newest, { redirect: 'manual' })).status).toBe(303);
      expect(urls).toHaveLength(used + 1);
      expect((await fetch(newest, { redirect: 'manual' })).status).toBe(403);
    }
    expect(new Set(urls).size).toBe(4);
    await end();
  });

  it('opens itself by a file that only its owner can read, and that is gone afterwards', async () => {
    const shown = Promise.withResolvers<string>();
    const { urls, end } = await host(0, shown.resolve);
    const path = await shown.promise;
    expect(path).not.toMatch(/token/);
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
    const [, address = ''] = /content="0; url=([^"]+)"/.exec(readFileSync(path, 'utf8')) ?? [];
    // As browsers go on from a file.
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    const answer = await fetch(address, { headers, redirect: 'manual' });
    expect([answer.status, answer.headers.get('refresh')]).toEqual([200, '0; url=/']);
    await vi.waitUntil(() => !existsSync(dirname(path)));
    // The address that was printed is another, and still good.
    expect((await fetch(urls[0] ?? '', { redirect: 'manual' })).status).toBe(303);
    await end();
  });

  it('takes the file with it when nobody has used it', async () => {
    const shown = Promise.withResolvers<string>();
    const { end } = await host(0, shown.resolve);
    const path = await shown.promise;
    await end();
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('takes its usual port, and another where that is taken', async () => {
    const taken = createServer();
    // Where something else has the port already, it is as good.
    await new Promise<void>((resolve) => {
      taken.once('error', () => {
        resolve();
      });
      taken.listen(4610, '127.0.0.1', resolve);
    });
    const { url, end } = await host(undefined);
    expect(url.port).not.toBe('4610');
    await end();
    taken.close();
  });

  it('does not take another port than the one that was asked for', async () => {
    const first = await host(0);
    await expect(host(Number(first.url.port))).rejects.toMatchObject({ code: 'CONFLICT' });
    await first.end();
  });
});
