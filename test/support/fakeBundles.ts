import { setTimeout as wait } from 'node:timers/promises';
import type { WorkbenchApi } from '../../src/main/router.ts';
import type { BundleStep } from '../../src/shared/bundleCalls.ts';
import { bundlePieceBytes } from '../../src/shared/bundleCalls.ts';

type FakeBundles = Pick<
  WorkbenchApi['runs'],
  'exportBundle' | 'readBundle' | 'importBundle' | 'sendBundle'
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
  return {
    async *exportBundle({ runIds }, { signal }) {
      yield* work('Copying runs', stepMs, signal);
      const bundleId = `export-${(begun += 1)}`;
      const bundle = new Blob([runIds.join('\n'), new Uint8Array(3 * bundlePieceBytes)]);
      going.set(bundleId, bundle);
      yield { type: 'ready', bundleId, bytes: bundle.size };
    },
    readBundle: ({ bundleId, offset }) =>
      Promise.resolve((going.get(bundleId) ?? new Blob()).slice(offset, offset + bundlePieceBytes)),
    async *importBundle({ bytes }, { signal }) {
      const bundleId = `import-${(begun += 1)}`;
      const whole = Promise.withResolvers<undefined>();
      coming.set(bundleId, { missing: bytes, whole });
      yield { type: 'ready', bundleId, bytes };
      await whole.promise;
      yield* work('Storing runs', stepMs, signal);
      return { imported: [], skipped: known().slice(0, 1), inBin: [], absent: [] };
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
