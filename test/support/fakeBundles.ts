import { setTimeout as wait } from 'node:timers/promises';
import type { WorkbenchApi } from '../../src/main/router.ts';
import type { BundleStep } from '../../src/shared/bundleCalls.ts';
import { bundlePieceBytes } from '../../src/shared/bundleCalls.ts';

type FakeBundles = Pick<
  WorkbenchApi['runs'],
  | 'exportBundle'
  | 'exportFiles'
  | 'exportReport'
  | 'readBundle'
  | 'importBundle'
  | 'importWeights'
  | 'sendBundle'
>;

const steps = 20;

async function* work(
  step: string,
  stepMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<BundleStep, void> {
  for (let done = 0; done < steps; done += 1) {
    signal?.throwIfAborted();
    yield { type: 'progress', step, done, total: steps };
    await wait(stepMs);
  }
}

/** Bundles of made-up bytes go out; what comes in is counted and thrown away. */
export function createFakeBundles(known: () => string[], stepMs: number): FakeBundles {
  const going = new Map<string, Blob>();
  const coming = new Map<string, { missing: number; whole: PromiseWithResolvers<undefined> }>();
  let begun = 0;
  async function* send(
    text: string,
    step: string,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<BundleStep, void> {
    yield* work(step, stepMs, signal);
    const bundleId = `export-${(begun += 1)}`;
    const bundle = new Blob([text, new Uint8Array(3 * bundlePieceBytes)]);
    going.set(bundleId, bundle);
    yield { type: 'ready', bundleId, bytes: bundle.size };
  }

  async function* take(
    bytes: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<BundleStep, void> {
    const bundleId = `import-${(begun += 1)}`;
    const whole = Promise.withResolvers<undefined>();
    coming.set(bundleId, { missing: bytes, whole });
    yield { type: 'ready', bundleId, bytes };
    await whole.promise;
    yield* work('Storing runs', stepMs, signal);
  }

  return {
    exportBundle: ({ runIds }, { signal }) => send(runIds.join('\n'), 'Copying runs', signal),
    exportFiles: ({ format }, { signal }) => send(format, 'Reading predictions and maps', signal),
    exportReport: ({ studyId }, { signal }) => send(studyId, 'Drawing figures', signal),
    readBundle: ({ bundleId, offset }) =>
      Promise.resolve((going.get(bundleId) ?? new Blob()).slice(offset, offset + bundlePieceBytes)),
    async *importBundle({ bytes }, { signal }) {
      yield* take(bytes, signal);
      return { imported: [], skipped: known().slice(0, 1), inBin: [], absent: [] };
    },
    async *importWeights({ bytes }, { signal }) {
      yield* take(bytes, signal);
      const [runId = ''] = known();
      return { runId, layout: 'pytorch', epsilon: 1e-5 };
    },
    sendBundle: async ({ bundleId, piece }) => {
      await wait(stepMs);
      const bundle = coming.get(bundleId);
      if (bundle === undefined) return;
      bundle.missing -= piece.size;
      if (bundle.missing === 0) bundle.whole.resolve(undefined);
    },
  };
}
