import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { buildBundlesApi } from '../../src/main/workbench/bundlesApi.ts';
import { DatasetLibrary } from '../../src/main/datasets/library.ts';
import { BundleTransfers } from '../../src/main/workbench/bundleTransfers.ts';
import { finishTask } from '../../src/main/platform/longTask.ts';
import { receiveRuns, sendBundle, usualExport } from '../../src/renderer/stores/bundlePieces.ts';
import { bundlePieceBytes } from '../../src/shared/bundleCalls.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeFolder,
  openTestHistory,
} from '../main/store/fixtures.ts';
import { connector } from './connector.ts';
import type { OpenExchange } from './connector.ts';
import { handlerOf } from './workbenchDouble.ts';

const { signal } = new AbortController();
const nothing = (): undefined => undefined;
const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await blob.arrayBuffer());

/** Bundles that take several pieces, whatever carries them. */
export function describeBundles(name: string, open: OpenExchange): void {
  describe(`bundles over ${name}`, () => {
    const connect = connector(open);

    async function openHistory() {
      const folder = join(makeFolder(), 'crossing');
      const history = openTestHistory();
      const transfers = new BundleTransfers(folder);
      onTestFinished(() => transfers.close());
      const api = buildBundlesApi({
        history,
        library: new DatasetLibrary(join(folder, '..', 'datasets'), history.datasets),
        transfers,
        announce: nothing,
      });
      const connected = await connect(handlerOf({ runs: api }));
      const left = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
      const noneLeft = (): Promise<void> =>
        vi.waitFor(() => {
          expect(left()).toEqual([]);
        });
      return { ...connected, runs: connected.client.runs, history, transfers, left, noneLeft };
    }

    /** A history with a run whose bundle takes three pieces. */
    async function openFull() {
      const opened = await openHistory();
      const runId = insertRunWithEpochs(opened.history, 1);
      opened.history.runs.setStatus(runId, 'paused');
      const checkpoint = randomBytes(2.5 * bundlePieceBytes);
      opened.history.checkpoints.replace(runId, checkpoint);
      return { ...opened, runId, checkpoint };
    }

    async function exportFull() {
      const full = await openFull();
      const bundle = await finishTask(
        receiveRuns(full.runs, usualExport([full.runId]), signal),
        nothing,
      );
      return { ...full, bundle };
    }

    it('go out and come in, in pieces, as they were', async () => {
      const { bundle, runId, checkpoint, history, exchange, noneLeft } = await exportFull();
      const sizes = exchange.arrived
        .filter((message) => typeof message !== 'string')
        .map((message) => (message as ArrayBuffer | Uint8Array).byteLength);
      expect(bundle.size).toBeGreaterThan(2 * bundlePieceBytes);
      expect(sizes).toHaveLength(3);
      expect(Math.max(...sizes)).toBeLessThan(bundlePieceBytes + 1024);
      await noneLeft();

      const there = await openHistory();
      const seen: { step: string; done: number; total: number | null }[] = [];
      const sending = sendBundle(there.runs, new File([bundle], 'a.afterimage'), signal);
      const result = await finishTask(sending, (progress) => seen.push(progress));
      expect(result).toMatchObject({ imported: [runId], skipped: [], inBin: [] });
      expect(seen.slice(0, 3).map(({ done, total }) => [done, total])).toEqual(
        [0, 1, 2].map((piece) => [piece * bundlePieceBytes, bundle.size]),
      );
      expect(checkpoint.equals(there.history.checkpoints.get(runId) ?? Buffer.of())).toBe(true);
      expect(there.history.runs.get(runId)).toEqual(history.runs.get(runId));
      expect(await there.history.verify()).toEqual([]);
      await there.noneLeft();
    });

    it('that were changed or cut short are refused by their name, and nothing stays', async () => {
      const { bundle } = await exportFull();
      const changed = await bytesOf(bundle);
      changed[bundlePieceBytes + 9] = (changed[bundlePieceBytes + 9] ?? 0) ^ 1;
      const there = await openHistory();
      for (const content of [changed, bundle.slice(0, bundle.size - 1), bundle.slice(0, 10), '']) {
        const file = new File([content], 'mine.afterimage');
        const error = await errorOf(() =>
          finishTask(sendBundle(there.runs, file, signal), nothing),
        );
        expect(error).toMatchObject({ code: 'CORRUPT_INPUT' });
        expect(error.message).toMatch(/^mine\.afterimage is not a whole Afterimage bundle/);
      }
      expect(there.history.runs.list()).toEqual([]);
      await there.noneLeft();
    });

    it('cancelled on their way out leave nothing', async () => {
      const { runs, runId, left, noneLeft } = await openFull();
      const cancel = new AbortController();
      const task = receiveRuns(runs, usualExport([runId]), cancel.signal);
      const receiving = finishTask(task, ({ step, done }) => {
        if (step === 'Receiving the file' && done > 0) {
          expect(left()).toHaveLength(1);
          cancel.abort(new Error('changed my mind'));
        }
      });
      await expect(receiving).rejects.toThrow('changed my mind');
      await noneLeft();
    });

    it('cancelled on their way in leave nothing', async () => {
      const { bundle } = await exportFull();
      const there = await openHistory();
      const cancel = new AbortController();
      const sending = sendBundle(there.runs, new File([bundle], 'a'), cancel.signal);
      const outcome = finishTask(sending, ({ done }) => {
        if (done > bundlePieceBytes) {
          expect(there.left()).toHaveLength(1);
          cancel.abort(new Error('changed my mind'));
        }
      });
      await expect(outcome).rejects.toThrow('changed my mind');
      await there.noneLeft();
      expect(there.history.runs.list()).toEqual([]);
    });

    it('whose sender is gone are removed', async () => {
      const { runs, left, noneLeft, exchange } = await openHistory();
      const steps = await runs.importBundle({ name: 'a', bytes: 100 });
      expect((await steps.next()).value).toMatchObject({ type: 'ready', bytes: 100 });
      expect(left()).toHaveLength(1);
      exchange.cut();
      await noneLeft();
    });

    it('that are left where they are do not hold up the end, and are removed', async () => {
      const { runs, left, transfers } = await openHistory();
      const steps = await runs.importBundle({ name: 'a', bytes: 100 });
      await steps.next();
      const ending = expect(steps.next()).rejects.toMatchObject({ code: 'NO_NETWORK' });
      await transfers.close();
      expect(left()).toEqual([]);
      await ending;
    });

    it('are not taken in endless number', async () => {
      const { runs, left, noneLeft } = await openHistory();
      const opened = await Promise.all(
        Array.from({ length: 8 }, () => runs.importBundle({ name: 'a', bytes: 100 })),
      );
      await Promise.all(opened.map((steps) => steps.next()));
      const ninth = await runs.importBundle({ name: 'a', bytes: 100 });
      await expect(ninth.next()).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(left()).toHaveLength(8);
      await Promise.all(opened.map((steps) => steps.return(undefined)));
      await noneLeft();
      const again = await runs.importBundle({ name: 'a', bytes: 100 });
      expect((await again.next()).value).toMatchObject({ type: 'ready' });
      await again.return(undefined);
    });

    it('take no piece that does not fit', async () => {
      const { runs } = await openHistory();
      const steps = await runs.importBundle({ name: 'a', bytes: 100 });
      const { value } = await steps.next();
      const bundleId = 'bundleId' in value ? value.bundleId : '';
      const send = (offset: number, size: number, id = bundleId): Promise<void> =>
        runs.sendBundle({ bundleId: id, offset, piece: new Blob([new Uint8Array(size)]) });
      await send(0, 60);
      const refused = { code: 'INVALID_ARGUMENT' };
      await expect(send(0, 60)).rejects.toMatchObject(refused);
      await expect(send(61, 10)).rejects.toMatchObject(refused);
      await expect(send(60, 41)).rejects.toMatchObject(refused);
      await expect(send(60, 0)).rejects.toMatchObject(refused);
      await expect(send(60, bundlePieceBytes + 1)).rejects.toMatchObject(refused);
      await expect(send(60, 40, 'another')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(runs.readBundle({ bundleId, offset: 0 })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await steps.return(undefined);
    });
  });
}
