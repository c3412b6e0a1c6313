import type { Api } from '../api.ts';
import { bundlePieceBytes } from '../../shared/bundleCalls.ts';
import type { BundleStep, ImportResult } from '../../shared/bundleCalls.ts';
import type { LongTaskProgress } from '../../shared/longTask.ts';

type Calls = Api['client']['runs'];
type Ready = Extract<BundleStep, { type: 'ready' }>;

async function* readPieces(
  runs: Calls,
  { bundleId, bytes }: Ready,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, Blob[], void> {
  const pieces: Blob[] = [];
  for (let offset = 0; offset < bytes;) {
    yield { step: 'Receiving the file', done: offset, total: bytes };
    const piece = await runs.readBundle({ bundleId, offset }, { signal });
    pieces.push(piece);
    offset += piece.size;
  }
  return pieces;
}

/** Runs as one file. Blobs do not lie in the page's memory: browsers put large ones on the disk. */
export async function* receiveBundle(
  runs: Calls,
  runIds: string[],
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, Blob, void> {
  const pieces: Blob[] = [];
  for await (const step of await runs.exportBundle({ runIds }, { signal })) {
    if (step.type === 'progress') yield step;
    else pieces.push(...(yield* readPieces(runs, step, signal)));
  }
  return new Blob(pieces);
}

async function* sendPieces(
  runs: Calls,
  bundleId: string,
  file: File,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, void, void> {
  for (let offset = 0; offset < file.size; offset += bundlePieceBytes) {
    yield { step: 'Sending the file', done: offset, total: file.size };
    const piece = file.slice(offset, offset + bundlePieceBytes);
    await runs.sendBundle({ bundleId, offset, piece }, { signal });
  }
}

/** Gives a bundle to the workbench; what of it was new, what was there already. */
export async function* sendBundle(
  runs: Calls,
  file: File,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, ImportResult, void> {
  const steps = await runs.importBundle({ name: file.name, bytes: file.size }, { signal });
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      if (step.value.type === 'progress') yield step.value;
      else yield* sendPieces(runs, step.value.bundleId, file, signal);
    }
  } finally {
    // Leaving before the end, as when a piece was refused, lets the workbench remove what it has.
    await steps.return(undefined);
  }
}
