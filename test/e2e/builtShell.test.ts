import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureShell } from '../../scripts/builds.ts';
import { runShell } from './electronStandIn/runShell.ts';

it('its pages load from any address, also after a reload in the middle', async () => {
  await ensureShell();
  const page = readFileSync(join(import.meta.dirname, '../../out/renderer/index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, file]) => file);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !file?.startsWith('/assets/'))).toEqual([]);
});

it('the built shell opens its window, trains through its port and quits, with Electron stood in for', async () => {
  await ensureShell();
  const dataDir = mkdtempSync(join(tmpdir(), 'afterimage-built-'));
  const shell = join(import.meta.dirname, '../../out/main/index.js');
  const { stdout, stderr, status } = runShell(shell, dataDir);
  rmSync(dataDir, { recursive: true });
  expect(stderr).toBe('');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim());
  expect(lines.filter((line) => line.startsWith('epoch'))).toEqual(['epoch 0', 'epoch 1']);
  expect(lines.slice(-2)).toEqual(['completed', 'maps of every class: whole']);
  expect(status).toBe(0);
});
