import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plannedRuns } from '../../../src/core/studies/plan.ts';
import { studyDetailSchema, type StudyDetail } from '../../../src/core/studies/progress.ts';
import { importDigits, readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, removeFolder } from '../../support/digits.ts';
import { expectRefusal } from '../../support/refusal.ts';
import { newRun, openTestHistory } from '../store/fixtures.ts';

const dataDir = makeTemporaryFolder();
const study = (...words: string[]) => runHere(dataDir, 'study', ...words);
const read = async (...words: string[]): Promise<StudyDetail> =>
  studyDetailSchema.parse(await readHere(dataDir, 'study', ...words));
const small = [
  '--set',
  'dataset=digits',
  '--train-examples',
  '40',
  '--test-examples',
  '20',
  '--epochs',
  '1',
];
const labels = ({ cells }: StudyDetail): string[] => cells.map(({ label }) => label);

beforeAll(() => importDigits(dataDir, 60, 20));
afterAll(() => {
  removeFolder(dataDir);
});

describe('study create', () => {
  it('plans every combination and trains nothing', async () => {
    const question = join(dataDir, 'question.md');
    writeFileSync(question, 'Is **R** surer?\n');
    const made = await read(
      ...['create', 'weights', '--preset', 'mnist-c,mnist-r', '--set', 'camWeight=0.1,1'],
      ...['--seeds', '0..1', '--question', `@${question}`],
    );
    expect(made).toMatchObject({ name: 'weights', question: 'Is **R** surer?', state: 'planned' });
    expect(labels(made)).toEqual([
      ...['mnist-c seed 0', 'mnist-c seed 1'],
      ...['mnist-r contrastive.weight 0.1 seed 0', 'mnist-r contrastive.weight 0.1 seed 1'],
      ...['mnist-r contrastive.weight 1 seed 0', 'mnist-r contrastive.weight 1 seed 1'],
    ]);
    expect(await readHere(dataDir, 'runs', 'list')).toEqual({ runs: [] });
  });

  it('varies settings together, and takes a plan from a file', async () => {
    const rows = 'camWeight,epochs=0.1,2; 1,3';
    const made = await read('create', 'rows', '--preset', 'mnist-r', '--together', rows);
    expect(labels(made)).toEqual([
      'contrastive.weight 0.1 epochs 2',
      'contrastive.weight 1 epochs 3',
    ]);
    const file = join(dataDir, 'plan.json');
    writeFileSync(file, JSON.stringify(made.study));
    const copy = await read('create', 'rows again', '--file', file, '--question', 'Why?');
    expect(copy.study).toEqual({ ...made.study, name: 'rows again', question: 'Why?' });
    expect(copy.cells.map(({ key }) => key)).toEqual(made.cells.map(({ key }) => key));
  });

  it.each([
    ['no free factor', ['x', '--preset', 'mnist-c'], 2, ['no free factor', 'several']],
    [
      'a factor that is no field',
      ['x', '--preset', 'mnist-r', '--set', 'camWieght=1,2'],
      2,
      ['no setting camWieght', 'camWeight'],
    ],
    [
      'a field that no base has',
      ['x', '--preset', 'mnist-c', '--set', 'camWeight=1,2'],
      2,
      ['no term contrastive'],
    ],
    [
      'a name that is taken',
      ['rows', '--preset', 'mnist-c', '--seeds', '1,2'],
      1,
      ['There is a study rows already'],
    ],
    ['no seeds', ['x', '--preset', 'mnist-c', '--seeds', ''], 2, ['--seeds']],
    [
      'more than a study may have',
      ['x', '--preset', 'mnist-c', '--set', 'epochs=1,2', '--seeds', '1-900'],
      2,
      ['more than 1000 runs'],
    ],
    ['nothing to begin from', ['x', '--seeds', '1,2'], 2, ['--preset']],
    [
      'rows of another length',
      ['x', '--preset', 'mnist-r', '--together', 'camWeight,epochs=1;2'],
      2,
      ['camWeight and epochs'],
    ],
    [
      'a question that is no file',
      ['x', '--preset', 'mnist-c', '--seeds', '1,2', '--question', '@none.md'],
      1,
      ['none.md cannot be read'],
    ],
  ] as const)('refuses %s in one line', async (_, words, exit, parts) => {
    expectRefusal(await study('create', ...words), exit, [...parts]);
  });
});

describe('a study that is trained', () => {
  it('is made by train with several seeds, whose runs are called as ever', async () => {
    const words = ['train', '--preset', 'mnist-c', ...small, '--seeds', '1,2', '--engine', 'wasm'];
    const { code, stderr } = await runHere(dataDir, ...words, '--name', 'seeds');
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Study seeds: 2 runs.') as string,
    });
    const made = await read('show', 'seeds');
    expect(made).toMatchObject({ state: 'done', counts: { done: 2 }, others: [] });
    expect(made.cells.map(({ name, run }) => [name, run?.status])).toEqual([
      ['seeds seed 1', 'completed'],
      ['seeds seed 2', 'completed'],
    ]);
  });

  it('trains what is missing, tells how far it is, and leaves its runs when it is deleted', async () => {
    const made = await read('create', 'more', '--runs', 'seeds seed 1,seeds seed 2');
    expect(made.state).toBe('done');
    const planned = await read('create', 'two', '--like', 'seeds seed 1', '--seeds', '3,4');
    expect(planned.counts.planned).toBe(2);
    const { code, stdout } = await study('run', 'two', '--engine', 'wasm');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('two seed 4') as string,
    });
    const again = await study('run', 'two');
    expect(again.stdout).toContain('Study two has no run that is planned or waiting or paused.');
    expect((await study('retry', 'two')).stdout).toContain('no run that is failed');
    expect((await study('status', 'two')).stdout).toMatch(
      /two, done: 2 done of 2\nNothing is left/,
    );
    expect((await study('list')).stdout).toMatch(/two +done +2 +2 done/);
    expect((await study('show', 'two')).stdout).toMatch(/seeds: 3–4[^]*seed 3 +done/);
    expect((await study('delete', 'two')).stdout).toContain('Its 2 runs stay');
    expect((await study('delete', 'more', '--runs')).stdout).toContain(
      'Its 2 runs now lie in the bin',
    );
    const { runs } = (await readHere(dataDir, 'runs', 'list')) as { runs: { name: string }[] };
    expect(runs.map(({ name }) => name)).toEqual(['two seed 4', 'two seed 3']);
    expectRefusal(await study('show', 'two'), 1, ['There is no study two.']);
  });

  it('trains what an ended process left waiting', async () => {
    const planned = await read('create', 'left', '--like', 'seeds seed 1', '--seeds', '5-7');
    const history = openTestHistory(dataDir);
    const runs = plannedRuns(planned.study)
      .slice(1)
      .map(({ key, name, config, seed }) => ({
        key,
        runId: history.runs.insert(newRun({ name, config, seed })).id,
      }));
    history.studies.addRuns(planned.id, runs);
    history.close();
    expect((await read('show', 'left')).counts).toMatchObject({ waiting: 2, planned: 1 });
    const { code, stderr } = await study('run', 'left', '--engine', 'wasm', '--jobs', '1');
    expect(code).toBe(0);
    expect((await read('show', 'left')).counts).toMatchObject({ waiting: 0, done: 3 });
    // One at a time: each begins when the one before has ended.
    expect(stderr.match(/running|completed/g)).toEqual(
      [1, 2, 3].flatMap(() => ['running', 'completed']),
    );
    await study('delete', 'left', '--runs');
  });

  it('leaves alone what waits in another process', async () => {
    const planned = await read('create', 'theirs', '--like', 'seeds seed 1', '--seeds', '7,8');
    const history = openTestHistory(dataDir);
    const runs = plannedRuns(planned.study).map(({ key, name, config, seed }) => ({
      key,
      runId: history.runs.insert(newRun({ name, config, seed })).id,
    }));
    history.studies.addRuns(planned.id, runs);
    for (const { runId } of runs) history.owners.claim(runId);
    expect((await study('run', 'theirs')).stdout).toContain('has no run that is planned');
    expect((await read('show', 'theirs')).counts).toMatchObject({ waiting: 2 });
    history.close();
    await study('delete', 'theirs', '--runs');
  });

  it('is called and asks otherwise', async () => {
    expect((await study('rename', 'rows', 'pairs')).stdout).toBe('pairs\n');
    expect((await study('question', 'pairs', 'Both?')).stdout).toBe('pairs: Both?\n');
    expectRefusal(await study('rename', 'pairs', 'weights'), 1, [
      'There is a study weights already',
    ]);
  });
});
