import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { insertRunWithEpochs, newRun } from '../store/fixtures.ts';
import { runHere } from '../../support/commands.ts';
import { makeFolder, makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { withHistory } from '../../support/storedRun.ts';

const dataDir = makeTemporaryFolder();
/** A beginning that the ids of two runs share, and these. */
let shared = '';
let candidates: string[] = [];

beforeAll(() => {
  withHistory(dataDir, (history) => {
    insertRunWithEpochs(history, 1, { name: 'first' });
    insertRunWithEpochs(history, 1, { name: 'twin' });
    insertRunWithEpochs(history, 1, { name: 'twin' });
    // More ids than there are first characters.
    const ids = Array.from({ length: 60 }, () => history.runs.insert(newRun()).id);
    shared = ids.map(([first = '']) => first).find((first, i, all) => all.indexOf(first) < i) ?? '';
    candidates = ids.filter((id) => id.startsWith(shared));
  });
});
afterAll(() => {
  removeFolder(dataDir);
});

describe('a run that cannot be found', () => {
  it.each([
    ['runs', 'show', 'frist'],
    ['examples', '--run', 'frist'],
    ['cam', '--run', 'frist', '--example', '3'],
    ['weights', '--run', 'frist', '--out', 'w.safetensors'],
    ['table', '--which', '1', '--runs', 'twin,frist'],
    ['resume', 'frist'],
    ['runs', 'delete', 'frist'],
  ])('%s %s is refused with what is near', async (...words) => {
    const refused = words.includes('twin,frist') ? ['twin'] : ['frist', 'first'];
    expectRefusal(await runHere(dataDir, ...words), 1, refused);
  });

  it('is refused with all candidates where a beginning or a name fits several', async () => {
    expect(candidates.length).toBeGreaterThan(1);
    const byId = await runHere(dataDir, 'runs', 'show', shared);
    expectRefusal(byId, 1, [...candidates, 'more of its characters']);
    const byName = await runHere(dataDir, 'runs', 'delete', 'first', 'twin');
    expectRefusal(byName, 1, ['twin', 'may be any of']);
    const runs = withHistory(dataDir, (history) => history.runs.list({ deleted: true }));
    expect(runs).toEqual([]);
  });
});

describe('what a run does not have', () => {
  it.each([
    { words: ['examples', '--run', 'first', '--epoch', '2'], names: ['epoch 2', '0 to 1'] },
    { words: ['weights', '--run', 'first', '--epoch', '9', '--out', 'w'], names: ['epoch 9'] },
    { words: ['cam', '--run', 'first', '--example', '4'], names: ['test image 4', '300 test'] },
  ])('$words', async ({ words, names }) => {
    expectRefusal(await runHere(dataDir, ...words), 1, names);
  });

  it('is not trained again once it is complete, nor out of the bin', async () => {
    const [complete, binned] = withHistory(dataDir, (history) => {
      const ids = ['complete', 'binned'].map((name) => insertRunWithEpochs(history, 1, { name }));
      history.runs.setStatus(ids[0] ?? '', 'completed');
      history.runs.setStatus(ids[1] ?? '', 'paused');
      history.runs.delete(ids.slice(1));
      return ids;
    });
    expectRefusal(await runHere(dataDir, 'resume', complete ?? ''), 1, ['completed', 'new run']);
    expectRefusal(await runHere(dataDir, 'resume', binned ?? ''), 1, ['bin', 'Restore']);
  });
});

describe('a bundle that is not whole', () => {
  let exported = Buffer.alloc(0);
  beforeAll(async () => {
    const path = join(dataDir, 'runs.afterimage');
    expect((await runHere(dataDir, 'runs', 'export', 'first', '--out', path)).code).toBe(0);
    exported = await readFile(path);
  });

  it.each([
    { what: 'cut short', change: (bytes: Buffer) => bytes.subarray(0, bytes.length - 100) },
    { what: 'cut inside its header', change: (bytes: Buffer) => bytes.subarray(0, 30) },
    {
      what: 'changed in one byte',
      change: (bytes: Buffer) => {
        const changed = Buffer.from(bytes);
        const middle = bytes.length >> 1;
        changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
        return changed;
      },
    },
    { what: 'something else', change: () => Buffer.from('PK and so on') },
  ])('$what is refused, and nothing of it is imported', async ({ change }) => {
    const other = makeFolder();
    const bundle = join(other, 'runs.afterimage');
    await writeFile(bundle, change(exported));
    const refused = await runHere(other, 'runs', 'import', bundle);
    expectRefusal(refused, 1, [bundle, 'Nothing was imported', 'again']);
    expect((await runHere(other, 'runs', 'list', '--json')).stdout).toBe('{"runs":[]}\n');
  });
});
