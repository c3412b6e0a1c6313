import { z } from 'zod';
import { runIdSchema } from '../core/records.ts';
import { epochChoiceSchema } from '../core/statistics/comparison.ts';

/** What is asked for besides the runs, of which each format takes some. */
export type ExportChoice = 'epoch' | 'resized' | 'withData';

/** What people choose a format by. What writes it is its line in `src/main/export/formats/registry.ts`. */
export interface RunFormat {
  title: string;
  /** What will be there, in a line. */
  description: string;
  /** How its file is called after the dot; null for a folder. */
  extension: string | null;
  /** Whether it holds one run and no more, and one epoch. */
  isOfOneRun: boolean;
  isOfOneEpoch: boolean;
  takes: readonly ExportChoice[];
}

/** What `runs export` and the window write; the first is the usual one. */
export const runFormats = {
  bundle: {
    title: 'Bundle',
    description: 'a file with everything that the runs stored, for "runs import"',
    extension: 'afterimage',
    isOfOneRun: false,
    isOfOneEpoch: false,
    takes: ['withData'],
  },
  npz: {
    title: 'NumPy archive',
    description: 'a NumPy archive: predictions, maps of the chosen epochs, images, split indices',
    extension: 'npz',
    isOfOneRun: true,
    isOfOneEpoch: false,
    takes: ['epoch', 'resized'],
  },
  parquet: {
    title: 'Parquet tables',
    description:
      'a folder with examples.parquet (test images of the chosen epochs) and epochs.parquet (all epochs)',
    extension: null,
    isOfOneRun: false,
    isOfOneEpoch: false,
    takes: ['epoch'],
  },
  tensorboard: {
    title: 'TensorBoard',
    description: 'a folder with event files: scalars of every epoch, settings as hparams, notes',
    extension: null,
    isOfOneRun: false,
    isOfOneEpoch: false,
    takes: [],
  },
  onnx: {
    title: 'ONNX network',
    description:
      'the network of an epoch for ONNX runtimes: images in, logits and probabilities out',
    extension: 'onnx',
    isOfOneRun: true,
    isOfOneEpoch: true,
    takes: ['epoch'],
  },
} as const satisfies Record<string, RunFormat>;

export type RunFormatName = keyof typeof runFormats;
export const runFormatNames = Object.keys(runFormats) as [RunFormatName, ...RunFormatName[]];
export const [usualFormat] = runFormatNames;
export const formatOf = (name: RunFormatName): RunFormat => runFormats[name];

/** Which epochs are meant of each run. */
export const exportedEpochsSchema = z.union([
  z.literal('all'),
  z.array(epochChoiceSchema).min(1).max(10_000),
]);
export type ExportedEpochs = z.infer<typeof exportedEpochsSchema>;

/** Runs for other programs, as one file: what is a folder crosses as a ZIP archive of it. */
export const exportFilesSchema = z.strictObject({
  runIds: z.array(runIdSchema).min(1).max(10_000),
  format: z.enum(runFormatNames).exclude(['bundle']),
  epochs: exportedEpochsSchema.default(['best']),
  /** Maps at the image's size besides the native ones. */
  resized: z.boolean().default(false),
});
export type ExportFiles = z.infer<typeof exportFilesSchema>;

/** What an export is called, without its ending. */
export const nameExport = (runIds: readonly string[]): string =>
  (runIds.length === 1 ? runIds[0] : undefined) ?? 'runs';
