import type { PredictionColumns } from '../../../core/figures/columns.ts';
import type { DatasetContent } from '../../../core/formats/datasetFile.ts';
import type { DatasetRecord, ExampleMark, Run } from '../../../core/records.ts';
import type { Split } from '../../../shared/trainerEvents.ts';

/** Predictions and maps of an epoch, as the history has them. */
export interface ExportedExamples extends PredictionColumns {
  /** [N] */
  maskArea: Float32Array;
  mapSize: number;
  /** [N, mapSize, mapSize], of the predicted classes. */
  camLevels: Uint8Array;
  /** [N] */
  camScales: Float32Array;
}

/** A run, and what can be read of it when it is needed. */
export interface ExportedRun {
  run: Run;
  dataset: DatasetRecord;
  split: Split;
  /** What people say of images of the test split, by exampleId. */
  marks: readonly ExampleMark[];
  /** Stored epochs that were chosen. */
  epochs: readonly number[];
  loadImages: () => Promise<DatasetContent>;
  readExamples: (epoch: number) => ExportedExamples;
  /** A safetensors file. */
  readWeights: (epoch: number) => Uint8Array;
}

/** What is exported. */
export interface ExportSource {
  /** Opened only by formats that read them: a bundle takes runs that have not begun. */
  openRuns: () => readonly ExportedRun[];
  /** Writes the runs as they are stored, which only the history can. */
  writeBundle: (path: string) => Promise<void>;
}

/** What is asked for besides the runs; each format takes some of it. */
export interface ExportOptions {
  /** Where it goes: a file, or a folder. */
  out: string;
  /** Maps at the image's size besides the native ones. */
  resized: boolean;
}

/** Writes runs in a format of `runFormats`. @returns paths of what was written */
export type WriteRuns = (source: ExportSource, options: ExportOptions) => Promise<string[]>;

/** The run of a format that holds one. */
export function onlyRun({ openRuns }: ExportSource): ExportedRun {
  const [run] = openRuns();
  if (run === undefined) throw new RangeError('onlyRun: there is none');
  return run;
}

/** A run's record without its epochs, as JSON: what a file says of where its numbers come from. */
export const describeRun = (run: Run): string => JSON.stringify({ ...run, epochs: undefined });
