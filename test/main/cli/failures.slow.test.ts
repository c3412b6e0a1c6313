import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDocumentSchema } from '../../../src/main/export/runDocument.ts';
import { errorsAsJson, readJson, runCli, startCli, until } from '../../support/cli.ts';
import { importDigits, readHere, runHere } from '../../support/commands.ts';
import { makeFolder, shortRun } from '../../support/digits.ts';
import { lendEngine, testedEngines } from '../../support/installedEngine.ts';
import { fillDisk, mountSmallDisk } from '../../support/smallDisk.ts';
import { readRuns } from '../../support/storedRun.ts';

/** Two steps an epoch. */
const tiny = { train: 100, test: 20 };

const errorsIn = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('error'));

it.each(testedEngines)(
  'ends a run on %s whose loss is no number with step, last values and advice',
  async (engine) => {
    const dataDir = makeFolder();
    lendEngine(dataDir);
    await importDigits(dataDir, tiny.train, tiny.test);
    const wild = ['--set', 'optimizer=sgd', '--set', 'learningRate=10'];
    const { code, stdout, stderr } = await runCli(
      dataDir,
      ...shortRun('wild', 30, engine),
      ...wild,
      '--json',
    );

    expect(code).toBe(1);
    const { runs } = JSON.parse(stdout) as { runs: unknown[] };
    const run = runDocumentSchema.parse(runs[0]);
    expect(run).toMatchObject({
      status: 'failed',
      error: {
        code: 'NOT_FINITE',
        message: expect.stringMatching(
          /loss became (NaN|-?Infinity).*epoch \d+, step \d+: .*finite.*last finite one was \d.*contrastive/,
        ) as string,
        remedy: expect.stringMatching(
          /Lower learningRate \(10\) or contrastive\.weight \(1\)/,
        ) as string,
      },
    });
    const failedAt = Number(/epoch (\d+)/.exec(run.error?.message ?? '')?.[1]);
    expect(run.epochs.map(({ epoch }) => epoch)).toEqual(
      Array.from({ length: failedAt }, (_, i) => i),
    );
    const [{ message } = { message: '' }, ...others] = errorsAsJson(stderr);
    expect(message).toContain(run.error?.message ?? '?');
    expect(others).toEqual([]);
    // What came before it is whole.
    const last = await readJson(
      dataDir,
      'examples',
      '--run',
      'wild',
      '--epoch',
      String(failedAt - 1),
    );
    expect((last as { examples: unknown[] }).examples).toHaveLength(tiny.test);
  },
);

it.for(testedEngines)(
  'fails a run on %s when the disk is full, keeps its epochs, and goes on when there is room',
  async (engine, context) => {
    const disk = mountSmallDisk(40, context);
    const [dataDir, filler] = [join(disk, 'data'), join(disk, 'filler')];
    await importDigits(dataDir, tiny.train, tiny.test);
    lendEngine(dataDir);
    const training = startCli(dataDir, shortRun('cramped', 12, engine));
    await until(() => training.stderr().includes('epoch 1'));
    fillDisk(filler);
    const { code, stderr } = await training.result;

    expect(code).toBe(1);
    expect(errorsIn(stderr)).toEqual([expect.stringMatching(/disk.*full.*resume/) as string]);
    const [failed] = readRuns(dataDir);
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } });
    const stored = failed?.epochs.length ?? 0;
    expect(stored).toBeGreaterThanOrEqual(2);
    for (const epoch of ['0', String(stored - 1)]) {
      const listed = await readHere(dataDir, 'examples', '--run', 'cramped', '--epoch', epoch);
      expect((listed as { examples: unknown[] }).examples).toHaveLength(tiny.test);
    }

    rmSync(filler);
    expect((await runCli(dataDir, 'resume', 'cramped')).code).toBe(0);
    const [completed] = readRuns(dataDir);
    expect(completed?.status).toBe('completed');
    expect(completed?.epochs.slice(0, stored)).toEqual(failed?.epochs);
    expect((await runHere(dataDir, 'verify')).stdout).toContain('All is well');
  },
);
