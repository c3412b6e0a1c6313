import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetRecordSchema, namedExampleSchema } from '../../../src/core/records.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { FigureFolder } from '../../support/figureHistory.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { withSettings } from '../../support/settings.ts';

const dataDir = makeTemporaryFolder();
let id = '';

/** Digits 0 to 9 under names that are numbers as well, but other ones. */
const names = ['1', '2', '3', '10', '11', 'five', 'six', 'sept', 'eight', 'nine'];

beforeAll(async () => {
  const folder = new FigureFolder(dataDir);
  const digits = await folder.importDigits('digits');
  await folder.importDigits('unused', 1);
  folder.addRun(digits, { name: 'trained', paradigm: 'C', lastEpoch: 1 });
  folder.history.runs.insert({
    name: 'waiting',
    experiment: 'figures',
    config: withSettings(folder.source.getRun(folder.source.resolveRun('trained')).config, {
      dataset: 'unused',
    }),
    seed: 1,
  });
  folder.close();
  id = digits.id;
});
afterAll(() => {
  removeFolder(dataDir);
});

const change = async (...words: string[]) =>
  datasetRecordSchema.parse(await readHere(dataDir, 'datasets', ...words));

describe('classes', () => {
  it('are called otherwise, and the set keeps its identity', async () => {
    const record = await change('rename-classes', 'digits', names.join(','));
    expect(record).toMatchObject({ id, classNames: names });
    const file = join(dataDir, 'names.txt');
    writeFileSync(file, `${names.join('\n')}\n`);
    expect(await change('rename-classes', 'digits', file)).toEqual(record);
    const { datasets } = (await readHere(dataDir, 'datasets', 'list')) as { datasets: unknown[] };
    expect(datasets).toContainEqual(record);
    expect((await runHere(dataDir, 'verify')).code).toBe(0);
  });

  it('are called otherwise one by one, or exchange their names', async () => {
    const swap = (a = '', b = '') => ['--change', `${a}=${b}`, '--change', `${b}=${a}`];
    const words = swap(names[0], names[1]);
    const [first = '', second = '', ...others] = names;
    const record = await change('rename-classes', 'digits', ...words);
    expect(record).toMatchObject({ id, classNames: [second, first, ...others] });
    expect(await change('rename-classes', 'digits', ...words)).toMatchObject({ classNames: names });
  });

  it('take one name each', async () => {
    const renaming = ['datasets', 'rename-classes', 'digits'];
    expectRefusal(await runHere(dataDir, ...renaming), 2, ['not said', '--change']);
    expectRefusal(await runHere(dataDir, ...renaming, 'a,b'), 2, ['2 names', '10 classes']);
    const doubled = [...names.slice(1), 'six'].join(',');
    expectRefusal(await runHere(dataDir, ...renaming, doubled), 2, ['"six"']);
  });

  it('are asked for by their names, numbers among them', async () => {
    const list = async (name: string) =>
      z
        .strictObject({ examples: z.array(namedExampleSchema) })
        .parse(await readHere(dataDir, 'examples', '--run', 'trained', '--class', name)).examples;
    // "1" is the digit 0, "10" the digit 3; test image k shows the digit k % 10.
    for (const [name, digit] of [
      ['1', 0],
      ['10', 3],
      ['sept', 7],
    ] as const) {
      const examples = await list(name);
      expect(examples.map(({ exampleId }) => exampleId)).toEqual([digit, digit + 10, digit + 20]);
      for (const example of examples) {
        expect(example).toMatchObject({ label: digit, labelName: name });
        expect(example.predictedName).toBe(names[example.predictedClass]);
      }
    }
    const { stdout } = await runHere(dataDir, 'examples', '--run', 'trained', '--class', '10');
    expect(stdout).toMatch(/^ +3 +1 +10 +10 /m);
  });

  it('that are not there are refused with the nearest', async () => {
    for (const command of [['examples'], ['cam', '--example', '3']]) {
      const result = await runHere(dataDir, ...command, '--run', 'trained', '--class', 'eigth');
      expectRefusal(result, 2, ['digits has no class called "eigth"', 'the nearest is "eight"']);
    }
  });

  it('are named beside the map of an image', async () => {
    const { frames } = (await readHere(dataDir, 'cam', '--run', 'trained', '--example', '3')) as {
      frames: { label: number; labelName: string; targetClass: number; targetName: string }[];
    };
    expect(frames[0]).toMatchObject({ label: 3, labelName: '10' });
    expect(frames[0]?.targetName).toBe(names[frames[0]?.targetClass ?? 0]);
    const { stdout } = await runHere(dataDir, 'cam', '--run', 'trained', '--example', '3');
    expect(stdout).toContain('label 10, predicted 10');
  });
});

describe('a data set', () => {
  it('is called otherwise, and runs keep it', async () => {
    expect(await change('rename', 'digits', 'numbers')).toMatchObject({ id, name: 'numbers' });
    const { stdout } = await runHere(dataDir, 'runs', 'show', 'trained');
    expect(stdout).toContain(id);
    expect((await runHere(dataDir, 'examples', '--run', 'trained', '--map-metrics')).code).toBe(0);
    expectRefusal(await runHere(dataDir, 'datasets', 'rename', 'numbers', 'mnist'), 2, ['mnist']);
    expectRefusal(await runHere(dataDir, 'datasets', 'rename', 'numbers', 'unused'), 1, ['unused']);
    expectRefusal(await runHere(dataDir, 'datasets', 'rename', 'unused', 'else'), 1, ['waiting']);
  });

  it('goes where no run needs it, else only when told', async () => {
    const remove = (...words: string[]) => runHere(dataDir, 'datasets', 'remove', ...words);
    expectRefusal(await remove('unused', '--even-if-used'), 1, ['waiting', 'not begun']);
    expectRefusal(await remove('numbers'), 1, ['numbers', '--even-if-used']);
    const { code, stdout } = await remove('numbers', '--even-if-used');
    expect(code).toBe(0);
    expect(stdout).toContain('The run trained on it keeps its numbers');
    expect((await runHere(dataDir, 'examples', '--run', 'trained')).code).toBe(0);
    const asking = await runHere(dataDir, 'examples', '--run', 'trained', '--map-metrics');
    expectRefusal(asking, 1, ['images of data set numbers', 'are not here']);
    expect((await runHere(dataDir, 'verify')).code).toBe(0);
    const files = join(dataDir, 'digits-files');
    const again = await change('import', files, '--format', 'idx', '--name', 'digits');
    expect(again.id).toBe(id);
    expect((await runHere(dataDir, 'examples', '--run', 'trained', '--map-metrics')).code).toBe(0);
  });
});

describe('an image', () => {
  const list = async (...words: string[]) =>
    z
      .strictObject({ examples: z.array(namedExampleSchema) })
      .parse(await readHere(dataDir, 'examples', '--run', 'trained', ...words)).examples;

  it('has tags and a note, by which lists choose and which tables hold', async () => {
    const mark = ['mark', '--run', 'trained', '--example'];
    const odd = await readHere(dataDir, ...mark, '7', '--tags', 'odd, four or nine');
    expect(odd).toEqual({ exampleId: 7, tags: ['four or nine', 'odd'], note: '' });
    await readHere(dataDir, ...mark, '3', '--tags', 'odd', '--note', 'look again');
    expect((await list('--tag', 'odd')).map(({ exampleId }) => exampleId)).toEqual([3, 7]);
    expect((await list('--tag', 'odd', '--limit', '1'))[0]).toMatchObject({
      ...{ exampleId: 3, tags: ['odd'], note: 'look again' },
    });
    expect(await list('--tag', 'even')).toEqual([]);
    const { stdout } = await runHere(
      dataDir,
      ...['examples', '--run', 'trained', '--tag', 'odd', '--format', 'csv'],
    );
    const [head = '', first = ''] = stdout.split('\n');
    expect(head).toMatch(/tags,note\s*$/);
    expect(first).toMatch(/odd,look again\s*$/);
    // What is not said stays; of an image of which nothing is said no word is kept.
    const kept = await readHere(dataDir, ...mark, '3', '--tags', '');
    expect(kept).toEqual({ exampleId: 3, tags: [], note: 'look again' });
    await readHere(dataDir, ...mark, '3', '--note', '');
    expect((await list('--limit', '4'))[3]).not.toHaveProperty('tags');
    expectRefusal(await runHere(dataDir, ...mark, '999999', '--tags', 'x'), 1, ['999999']);
    for (const said of [
      ['--tags', `odd,${'x'.repeat(51)}`],
      ['--note', 'x'.repeat(100_001)],
    ]) {
      expectRefusal(await runHere(dataDir, ...mark, '3', ...said), 2, ['It takes 1 to']);
    }
  });
});
