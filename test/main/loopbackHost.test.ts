import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

/** A host that has said its address, and how to end it. */
async function host(port: number | undefined): Promise<{ url: URL; end: () => Promise<void> }> {
  const ending = new AbortController();
  const ready = Promise.withResolvers<string>();
  const ended = runLoopbackHost({
    dataDir: join(directory, 'data'),
    port,
    rendererDir: join(directory, 'renderer'),
    ready: ready.resolve,
    signal: ending.signal,
  });
  ended.catch(ready.reject);
  const url = new URL(await ready.promise);
  return {
    url,
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
    await end();
    await expect(fetch(url)).rejects.toThrow();
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
