import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BundleTransfers } from '../../../src/main/workbench/bundleTransfers.ts';
import { errorOf, makeFolder } from '../store/fixtures.ts';

it('a bundle without room on the disk is refused before a byte of it crosses', async () => {
  const transfers = new BundleTransfers(makeFolder());
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
