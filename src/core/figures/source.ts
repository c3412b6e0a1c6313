import type { AuditedMethod } from '../trust/audit.ts';
import type { PredictionColumns } from './columns.ts';
import type { ConceptTable } from '../explainers/concepts.ts';
import type { Explanation } from '../explainers/explanation.ts';
import type { LrpRule } from '../explainers/lrpRules.ts';
import type { ChosenExplainer } from '../explainers/options.ts';
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
  /** Maps of one image by each of the methods, in their order; computed unless they are kept. */
  explain: (
    runId: string,
    exampleId: number,
    query: {
      epoch: number;
      target: 'predicted' | 'label' | number;
      methods: readonly ChosenExplainer[];
      /** Of what they draw at random. */
      seed: number;
    },
  ) => Promise<readonly Explanation[]>;
  /** Relevance of the target layer's channels for `examples` test images at most. */
  weighChannels: (
    runId: string,
    query: { epoch: number; target: 'predicted' | 'label'; examples: number; rule: LrpRule },
  ) => Promise<ConceptTable>;
  /** [imageSize, imageSize], or [imageSize, imageSize, 3] of colours, 0 to 255, of the test split. */
  loadImage: (runId: string, exampleId: number) => Promise<Uint8Array>;
}
