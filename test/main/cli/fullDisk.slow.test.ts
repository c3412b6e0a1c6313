import { statfsSync, truncateSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readHere, runHere } from '../../support/commands.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { fillDisk, mountSmallDisk } from '../../support/smallDisk.ts';
import { withHistory } from '../../support/storedRun.ts';
import { insertRunWithEpochs } from '../store/fixtures.ts';

const freeIn = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

it.for([0, 32, 512, 2048])(
  'a disk with %i KB left is looked at, and left by deleting and purging',
  { timeout: 60_000 },
  async (kilobytes, context) => {
    const disk = mountSmallDisk(24, context);
    const [dataDir, filler] = [join(disk, 'data'), join(disk, 'filler')];
    withHistory(dataDir, (history) => {
      for (const name of ['kept', 'gone']) {
        insertRunWithEpochs(history, 3, { name, count: 5000, mapSize: 7 });
      }
      history.keepReserve();
    });
    fillDisk(filler);
    truncateSync(filler, statSync(filler).size - kilobytes * 1024);
    for (const words of [['runs', 'list'], ['runs', 'show', 'kept'], ['verify']]) {
      expect(await runHere(dataDir, ...words)).toMatchObject({ code: 0, stderr: '' });
    }
    if (kilobytes === 0) {
      const refused = await runHere(dataDir, 'train', '--preset', 'mnist-c');
      expectRefusal(refused, 1, [disk, 'runs purge']);
    }
    expect((await runHere(dataDir, 'runs', 'delete', 'gone')).code).toBe(0);
    expect(await runHere(dataDir, 'runs', 'purge', 'gone')).toMatchObject({ code: 0, stderr: '' });
    expect(freeIn(disk)).toBeGreaterThan(1e6);
    expect(await readHere(dataDir, 'runs', 'list')).toMatchObject({ runs: [{ name: 'kept' }] });
    expect((await runHere(dataDir, 'verify')).stdout).toContain('All is well');
  },
);
