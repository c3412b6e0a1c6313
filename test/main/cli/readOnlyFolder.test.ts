import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { finishTask } from '../../../src/main/platform/longTask.ts';
import { openWorkbench } from '../../../src/main/workbench.ts';
import type { LongTaskProgress } from '../../../src/shared/longTask.ts';
import { receiveRuns, sendBundle, usualExport } from '../../../src/renderer/stores/bundlePieces.ts';
import { runHere } from '../../support/cliHere.ts';
import { makeFolder } from '../../support/digits.ts';
import { FigureFolder } from '../../support/figureHistory.ts';
import { protect } from '../../support/protect.ts';
import { connectDirectly } from '../../support/rendererApp.ts';
import { readRuns } from '../../support/storedRun.ts';
import { errorOf } from '../store/fixtures.ts';

/**
 * A data folder of two runs that cannot be written, as a process left it that closed it or was killed
 * while its last epochs were in the log alone.
 */
async function openReadOnly(end: 'closed' | 'killed', context: Pick<TestContext, 'skip'>) {
  const [source, dataDir] = [makeFolder(), makeFolder()];
  const folder = new FigureFolder(source);
  const digits = await folder.importDigits('digits');
  const runId = folder.addRun(digits, { name: 'R', paradigm: 'R', lastEpoch: 1 });
  folder.addRun(digits, { name: 'C', paradigm: 'C', lastEpoch: 1 });
  if (end === 'closed') folder.close();
  cpSync(source, dataDir, { recursive: true });
  if (end === 'killed') folder.close();
  await protect(dataDir, context);
  return { dataDir, runId, out: makeFolder() };
}

const listNames = (dataDir: string): string[] =>
  readRuns(dataDir).map(({ name, epochs }) => `${name} ${epochs.length}`);

describe.each(['closed', 'killed'] as const)('a read-only folder that was %s', (end) => {
  it('is read by every command that only reads', { timeout: 60_000 }, async (context) => {
    const { dataDir, out } = await openReadOnly(end, context);
    const before = readdirSync(dataDir, { recursive: true });
    const at = (name: string): string => join(out, name);
    const specification = { template: 'cam-pair', run: 'R', example: 3, style: { dpi: 72 } };
    writeFileSync(at('spec.json'), JSON.stringify(specification));
    const commands = [
      ['runs', 'show', 'R', '--format', 'csv'],
      ['examples', '--run', 'R', '--limit', '2'],
      ['cam', '--run', 'R', '--example', '3'],
      ['compare', '--runs', 'R,C'],
      ['table', '--which', '1', '--runs', 'R,C'],
      ['weights', '--run', 'R', '--out', at('weights.safetensors')],
      ['runs', 'export', 'R', '--format', 'npz', '--epoch', 'all', '--out', at('R.npz')],
      ['runs', 'export', 'R', 'C', '--format', 'parquet', '--out', at('tables')],
      ['runs', 'export', 'R', 'C', '--format', 'tensorboard', '--out', at('events')],
      ['figure', at('spec.json'), '--out', at('figure.svg')],
      ['figure', 'verify', at('figure.svg')],
      ['datasets', 'list'],
      ['backup', at('backup/history.sqlite')],
      ['runs', 'export', 'R', '--out', at('runs.afterimage')],
      ['runs', 'export', 'R', 'C', '--with-data', '--out', at('data.afterimage')],
      ['verify'],
    ];
    mkdirSync(at('backup'));
    for (const words of commands) {
      const { code, written } = await runHere(...words, '--data-dir', dataDir);
      expect([words, code, code === 0 ? '' : written]).toEqual([words, 0, '']);
    }
    expect(readdirSync(dataDir, { recursive: true })).toEqual(before);
    expect(listNames(at('backup'))).toEqual(['C 2', 'R 2']);
    const imported = makeFolder();
    for (const name of ['runs.afterimage', 'data.afterimage']) {
      expect(await runHere('runs', 'import', at(name), '--data-dir', imported)).toMatchObject({
        code: 0,
      });
    }
    expect(listNames(imported).toSorted()).toEqual(['C 2', 'R 2']);
    const verified = await runHere('verify', '--data-dir', imported);
    expect(verified.written).toContain('All is well');
  });
});

it('a log that cannot be read where it lies is said to be one', async (context) => {
  const [source, dataDir] = [makeFolder(), makeFolder()];
  const folder = new FigureFolder(source);
  folder.addRun(await folder.importDigits('digits'), { name: 'R', paradigm: 'R', lastEpoch: 1 });
  cpSync(source, dataDir, { recursive: true });
  folder.close();
  rmSync(join(dataDir, 'history.sqlite-shm'));
  await protect(dataDir, context);
  const { code, written } = await runHere('runs', 'list', '--data-dir', dataDir);
  expect(code).toBe(1);
  expect(written).toContain('has a log that was never put into it');
  expect(written).toContain('Copy the whole folder to a place of your own');
});

it('calls that write say why they cannot, before they do any work', async (context) => {
  const { dataDir, runId } = await openReadOnly('closed', context);
  const workbench = await openWorkbench({ dataDir });
  onTestFinished(() => workbench.close());
  workbench.training.submitWaiting();
  const { runs, history, filters, figures, audits } = connectDirectly(workbench.api).client;
  const { readOnly } = await history.access({});
  expect(readOnly).toMatchObject({ code: 'READ_ONLY' });
  expect(readOnly?.message).toContain(dataDir);
  const finish = async <T>(stream: Promise<AsyncIterator<LongTaskProgress, T>>): Promise<T> =>
    finishTask(await stream, () => undefined);
  const order = { runId, epochs: [1], examples: 2, methods: ['gradcam' as const], seed: 1 };
  const specification = { template: 'cam-pair', run: runId, example: 3 };
  const calls: Record<string, () => Promise<unknown>> = {
    rename: () => runs.rename({ runId, name: 'x' }),
    note: () => runs.note({ runId, note: 'x' }),
    tag: () => runs.tag({ runId, add: ['x'] }),
    delete: () => runs.delete({ runIds: [runId] }),
    restore: () => runs.restore({ runIds: [runId] }),
    thin: () => finish(runs.thin({ runIds: [runId], weights: true, checkpoints: true })),
    compact: () => finish(history.compact({})),
    keep: () => history.keepCheckpoints({ keep: true }),
    filter: () => filters.save({ name: 'x', query: 'y' }),
    figure: () => figures.save({ id: null, name: 'x', specification }),
    audit: () => finish(audits.start(order)),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = await errorOf(call);
    expect([name, error]).toEqual([name, expect.objectContaining({ code: 'READ_ONLY' })]);
  }
});

it('runs leave a read-only folder through the window, and none come in', async (context) => {
  const { dataDir, runId, out } = await openReadOnly('closed', context);
  const workbench = await openWorkbench({ dataDir });
  onTestFinished(() => workbench.close());
  const { runs } = connectDirectly(workbench.api).client;
  const { signal } = new AbortController();
  const nothing = (): undefined => undefined;
  const bundle = await finishTask(receiveRuns(runs, usualExport([runId]), signal), nothing);
  const path = join(out, 'runs.afterimage');
  expect((await runHere('runs', 'export', 'R', '--out', path, '--data-dir', dataDir)).code).toBe(0);
  expect(new Uint8Array(await bundle.arrayBuffer())).toEqual(Uint8Array.from(readFileSync(path)));
  const file = new File([bundle], 'runs.afterimage');
  const refused = await errorOf(() =>
    finishTask(sendBundle(runs, file, signal), () => {
      throw new Error('a piece of the file crossed');
    }),
  );
  expect(refused).toMatchObject({ code: 'READ_ONLY' });
});
