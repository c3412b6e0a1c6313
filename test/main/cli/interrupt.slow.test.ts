import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { historyFileName } from '../../../src/main/store/history.ts';
import { runDocumentSchema } from '../../../src/main/export/runDocument.ts';
import { childrenOf, errorsAsJson, runCli, startCli, until } from '../../support/cli.ts';
import { importDigits, readHere } from '../../support/commands.ts';
import { makeFolder, shortRun } from '../../support/digits.ts';

const runsSchema = z.strictObject({ runs: z.array(runDocumentSchema) });

async function makeDataDir(): Promise<string> {
  const dataDir = makeFolder();
  await importDigits(dataDir);
  return dataDir;
}

it('pauses at an interrupt, says so with its exit code, goes on when asked, and says what is new', async () => {
  const dataDir = await makeDataDir();
  const training = startCli(dataDir, [...shortRun('halted', 3), '--json']);
  await until(() => training.stderr().includes('epoch 0'));
  training.process.kill('SIGINT');
  const { code, stdout, stderr } = await training.result;

  expect(code).toBe(130);
  const [run] = runsSchema.parse(JSON.parse(stdout)).runs;
  expect(run?.status).toBe('paused');
  expect(stderr).toContain(`resume ${run?.id ?? ''}`);
  expect(stderr).not.toContain('error');

  // As if earlier code had begun it.
  const history = new Database(join(dataDir, historyFileName));
  history.exec('UPDATE epochs SET numerics_version = 1');
  history.close();
  const resumed = await runCli(dataDir, 'resume', 'halted', '--json');
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(
    /halted was computed by version 1 .* up to epoch \d; later epochs are computed by version 3/,
  );
  const [whole] = runsSchema.parse(JSON.parse(resumed.stdout)).runs;
  expect(whole?.status).toBe('completed');
  expect(whole?.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
  expect(whole?.epochs[0]?.numericsVersion).toBe(1);
  expect(whole?.epochs[3]?.numericsVersion).toBe(3);
});

it('leaves what waits in the queue where an interrupt comes, and gives it its turn when all go on', async () => {
  const dataDir = await makeDataDir();
  const options = ['--seeds', '1,2', '--jobs', '1', '--json'];
  const training = startCli(dataDir, [...shortRun('two', 3), ...options]);
  await until(() => training.stderr().includes('epoch 0'));
  // As a batch system does: the whole group hears it, trainers too.
  for (const child of childrenOf(training.process.pid ?? 0)) process.kill(child, 'SIGTERM');
  training.process.kill('SIGTERM');
  const { code, stdout, stderr } = await training.result;
  expect(code).toBe(130);
  const { runs } = runsSchema.parse(JSON.parse(stdout));
  expect(runs.map(({ status }) => status)).toEqual(['paused', 'queued']);
  for (const { id } of runs) expect(stderr).toContain(`resume ${id}`);

  const all = await runCli(dataDir, 'resume', ...runs.map(({ id }) => id), '--jobs', '1');
  expect(all.code).toBe(0);
  const states = [...all.stderr.matchAll(/seed (\d) +(running|completed)/g)];
  expect(states.map(([, seed, state]) => `${seed ?? ''} ${state ?? ''}`)).toEqual([
    ...['1 running', '1 completed'],
    ...['2 running', '2 completed'],
  ]);
});

// Children are found in /proc.
it.runIf(process.platform === 'linux')(
  'fails the run whose trainer is killed, and lets the other go on',
  async () => {
    const dataDir = await makeDataDir();
    const options = ['--preset', 'mnist-c,mnist-r', '--jobs', '2', '--json'];
    const training = startCli(dataDir, [...shortRun('pair', 2), ...options]);
    const pid = training.process.pid ?? 0;
    await until(() => (training.stderr().match(/epoch 0/g) ?? []).length === 2);
    process.kill(childrenOf(pid)[0] ?? 0, 'SIGKILL');
    const { code, stdout, stderr } = await training.result;

    expect(code).toBe(1);
    const { runs } = runsSchema.parse(JSON.parse(stdout));
    expect(runs.map(({ status }) => status).toSorted()).toEqual(['completed', 'failed']);
    const dead = runs.find(({ status }) => status === 'failed');
    expect(dead?.error).toMatchObject({
      code: 'TRAINER_DIED',
      message: expect.stringMatching(/in epoch \d.*signal SIGKILL/) as string,
      remedy: expect.stringContaining('Resume') as string,
    });
    expect(dead?.error?.log.join('\n')).toContain('epoch 0: validation loss');
    const errors = errorsAsJson(stderr).map(({ message }) => message);
    expect(errors).toEqual([expect.stringContaining(dead?.name ?? '') as string]);

    const resumed = await runCli(dataDir, 'resume', dead?.id ?? '');
    expect(resumed.code).toBe(0);
    const shown = runDocumentSchema.parse(await readHere(dataDir, 'runs', 'show', dead?.id ?? ''));
    expect(shown).toMatchObject({ status: 'completed', error: null });
  },
);
