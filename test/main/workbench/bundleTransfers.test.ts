import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { BundleTransfers } from '../../../src/main/workbench/bundleTransfers.ts';
import { errorOf, makeFolder } from '../store/fixtures.ts';

it('opening removes what dead processes left, and leaves to living ones what is theirs', async () => {
  const folder = makeFolder();
  const dead = spawnSync(process.execPath, ['--version']).pid;
  for (const pid of [dead, process.ppid]) {
    mkdirSync(join(folder, `${pid}-bundle`));
    writeFileSync(join(folder, `${pid}-bundle`, 'runs.afterimage'), 'half');
  }
  await BundleTransfers.open(folder);
  expect(readdirSync(folder)).toEqual([`${process.ppid}-bundle`]);
});

it('a bundle without room on the disk is refused before a byte of it crosses', async () => {
  const transfers = await BundleTransfers.open(makeFolder());
  let taken = '';
  let announced = false;
  const refused = await errorOf(() =>
    transfers.withFile(new AbortController().signal, (path, signal) => {
      taken = path;
      const announce = (): void => {
        announced = true;
      };
      return transfers.receive({ path, bytes: 2 ** 60 }, announce, signal);
    }),
  );
  expect(refused).toMatchObject({
    code: 'DISK_FULL',
    message: expect.stringMatching(/2305843009\.2 GB.*[\d.]+ GB are free/) as string,
  });
  expect(announced).toBe(false);
  expect(existsSync(taken)).toBe(false);
});
