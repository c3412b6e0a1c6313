import type { Api } from '../api.ts';
import { bundlePieceBytes } from '../../shared/bundleCalls.ts';
import type { BundleStep, ImportResult } from '../../shared/bundleCalls.ts';
import type { ImportedWeights } from '../../shared/contract.ts';
import { usualFormat } from '../../shared/exportCalls.ts';
import type { ExportedEpochs, RunFormatName } from '../../shared/exportCalls.ts';
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

/** Runs, and as what they leave; a format takes some of the choices. */
export interface RunsExport {
  runIds: string[];
  format: RunFormatName;
  epochs: ExportedEpochs;
  resized: boolean;
  withData: boolean;
}

/** As what runs leave unless something else is chosen. */
export const usualExport = (runIds: readonly string[]): RunsExport => ({
  runIds: [...runIds],
  ...{ format: usualFormat, epochs: ['best'], resized: false, withData: false },
});

const beginExport = (
  runs: Calls,
  { runIds, format, epochs, resized, withData }: RunsExport,
  signal: AbortSignal,
) =>
  format === 'bundle'
    ? runs.exportBundle({ runIds, withData }, { signal })
    : runs.exportFiles({ runIds, format, epochs, resized }, { signal });

/** A file that leaves. Blobs do not lie in the page's memory: browsers put large ones on the disk. */
async function* receiveFile(
  runs: Calls,
  steps: AsyncIterable<BundleStep>,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, Blob, void> {
  const pieces: Blob[] = [];
  for await (const step of steps) {
    if (step.type === 'progress') yield step;
    else pieces.push(...(yield* readPieces(runs, step, signal)));
  }
  return new Blob(pieces);
}

/** Runs as one file. */
export async function* receiveRuns(
  runs: Calls,
  wanted: RunsExport,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, Blob, void> {
  return yield* receiveFile(runs, await beginExport(runs, wanted, signal), signal);
}

/** The report of a study, a ZIP archive. */
export async function* receiveReport(
  runs: Calls,
  studyId: string,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, Blob, void> {
  return yield* receiveFile(runs, await runs.exportReport({ studyId }, { signal }), signal);
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

/** Sends a file when the workbench is ready for it, and gives what came of it. */
async function* sendFile<Result>(
  runs: Calls,
  steps: AsyncIterator<BundleStep, Result, void>,
  file: File,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, Result, void> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      if (step.value.type === 'progress') yield step.value;
      else yield* sendPieces(runs, step.value.bundleId, file, signal);
    }
  } finally {
    // Leaving before the end, as when a piece was refused, lets the workbench remove what it has.
    await steps.return?.();
  }
}

/** Gives a bundle to the workbench; what of it was new, what was there already. */
export async function* sendBundle(
  runs: Calls,
  file: File,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, ImportResult, void> {
  const steps = await runs.importBundle({ name: file.name, bytes: file.size }, { signal });
  // oxlint-disable-next-line typescript/no-unsafe-return -- to it, what a delegate returns is any
  return yield* sendFile(runs, steps, file, signal);
}

/** What is to be known of weights besides their file. */
export type WeightsChoices = Omit<Parameters<Calls['importWeights']>[0], 'name' | 'bytes'>;

/** Gives weights to the workbench; the run that they became. */
export async function* sendWeights(
  runs: Calls,
  file: File,
  choices: WeightsChoices,
  signal: AbortSignal,
): AsyncGenerator<LongTaskProgress, ImportedWeights, void> {
  const sent = { name: file.name, bytes: file.size, ...choices };
  const steps = await runs.importWeights(sent, { signal });
  // oxlint-disable-next-line typescript/no-unsafe-return -- to it, what a delegate returns is any
  return yield* sendFile(runs, steps, file, signal);
}
