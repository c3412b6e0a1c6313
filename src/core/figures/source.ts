import type { AuditedMethod } from '../trust/audit.ts';
import type { PredictionColumns } from './columns.ts';
import type { DatasetRecord, Example, ExampleQuery, Run } from '../records.ts';

/** One image at some epochs of a run, as it is stored. */
export interface ExampleFrames {
  label: number;
  /** Ascending by epoch. */
  frames: {
    epoch: number;
    targetClass: number;
    predictedClass: number;
    confidence: number;
    /** Of the predicted class's map; null where undefined. */
    inputCorrelation: number | null;
    mapSize: number;
    /** [mapSize, mapSize] */
    camMap: Float32Array;
  }[];
}

/** The history as figures see it. All but `resolveRun` take exact ids; NOT_FOUND says what is missing. */
export interface FigureSource {
  resolveRun: (idOrName: string) => string;
  getRun: (runId: string) => Run;
  getDataset: (runId: string) => DatasetRecord;
  getPredictions: (runId: string, epoch: number) => PredictionColumns;
  getFrames: (
    runId: string,
    exampleId: number,
    epoch: number | 'all',
    target: 'predicted' | 'label',
  ) => ExampleFrames;
  /** What was audited at an epoch; nothing where nobody did. */
  getAudits: (runId: string, epoch: number) => AuditedMethod[];
  listExamples: (query: ExampleQuery) => Example[];
  /** [imageSize, imageSize], or [imageSize, imageSize, 3] of colours, 0 to 255, of the test split. */
  loadImage: (runId: string, exampleId: number) => Promise<Uint8Array>;
}
