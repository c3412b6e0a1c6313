import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import { decodeSafetensors, encodeSafetensors } from '../../core/formats/safetensors.ts';
import { numericsVersion } from '../../core/numericsVersion.ts';
import { Random } from '../../core/random.ts';
import type { EngineInfo, EpochMetrics } from '../../core/records.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import type { EpochResult, Split } from '../../shared/trainerEvents.ts';
import type { Report } from '../platform/threads.ts';
import { cut } from './dataset/batches.ts';
import type { Engine } from './engine/engine.ts';
import { flattenParameters, nameParameters } from './model/parameters.ts';
import { TrainingSession } from './session.ts';
import { evaluateTestImages } from './testEvaluation.ts';
import { summarizeExamples } from './testMetrics.ts';
import { addTerms, meansOf, noSums } from './trainingProgress.ts';

/** What a run of imported weights is evaluated from. */
export interface ImportedWeightsRequest {
  config: RunConfig;
  seed: number;
  datasetPath: string;
  split: Split;
  /** A safetensors file with the network's own names and layout. */
  weights: Uint8Array;
}

/** An epoch, but for the checkpoint, which there is none of. */
export type EvaluatedEpoch = Omit<EpochResult, 'checkpoint'>;

export interface ImportedWeights {
  engine: EngineInfo;
  /** The untrained network of the seed, then that of the weights. */
  epochs: [EvaluatedEpoch, EvaluatedEpoch];
}

const validationBatchSize = 200;

type Evaluate = (epoch: number) => Promise<EvaluatedEpoch>;

/** Evaluates the session's state as an epoch that no step of training came before. */
function evaluator(
  session: TrainingSession,
  dataset: DatasetContent,
  { config, seed, split }: ImportedWeightsRequest,
  report: Report,
): Evaluate {
  return async (epoch) => {
    const began = performance.now();
    let sums = noSums;
    for (const part of cut(split.validation, validationBatchSize)) {
      sums = addTerms(sums, session.validate(part), part.length);
    }
    const validation = meansOf(sums);
    const step = epoch === 0 ? 'The untrained network' : 'The imported weights';
    const done = (batch: number, batches: number): Promise<void> => {
      report({ step, done: batch, total: batches });
      return Promise.resolve();
    };
    const test = await evaluateTestImages(session, dataset.test, split.test, done);
    const durationMs = performance.now() - began;
    const metrics: EpochMetrics = {
      ...{ epoch, trainLoss: null, trainAccuracy: null, learningRate: null, imagesPerSecond: null },
      validationLoss: validation.loss,
      terms: { train: {}, validation: validation.terms },
      validationAccuracy: validation.accuracy,
      testCrossEntropy: test.crossEntropy,
      ...summarizeExamples(test.examples, config.evaluation.lowConfidenceThreshold),
      ...{ nanBatches: 0, durationMs, evaluationMs: durationMs, numericsVersion },
    };
    const [parameters, statistics] = session.readState();
    const tensors = {
      ...nameParameters(parameters ?? new Float32Array(0), session.model.parameters),
      ...nameParameters(statistics ?? new Float32Array(0), session.model.statistics),
    };
    const metadata = { seed: String(seed), epoch: String(epoch), model: config.model.name };
    return { metrics, examples: test.examples, weights: encodeSafetensors({ tensors, metadata }) };
  };
}

/** Evaluates weights that were trained elsewhere as an epoch behind the untrained network. */
export async function evaluateImported(
  engine: Engine,
  dataset: DatasetContent,
  request: ImportedWeightsRequest,
  report: Report = () => undefined,
): Promise<ImportedWeights> {
  const session = new TrainingSession(engine, request.config, dataset, request.split.train);
  try {
    const evaluate = evaluator(session, dataset, request, report);
    const [first, second, ...slots] = session.initialState(Random.fromSeed(request.seed));
    session.writeState([first, second, ...slots] as Float32Array[]);
    const untrained = await evaluate(0);
    const { tensors } = decodeSafetensors(request.weights, 'the imported weights');
    const { parameters, statistics } = session.model;
    const state = [parameters, statistics].map((specs) => flattenParameters(tensors, specs));
    session.writeState([...state, ...slots]);
    return { engine: engine.info, epochs: [untrained, await evaluate(1)] };
  } finally {
    session.close();
  }
}
