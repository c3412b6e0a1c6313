import * as tf from '@tensorflow/tfjs';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import type { MaskRule } from '../../core/metrics/foreground.ts';
import type { PixelFormat } from '../../core/pixels.ts';
import type { Random } from '../../core/random.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { positionLength, positionOf, type StepPlace } from '../../core/stepDraws.ts';
import { feedBatch, makeBatch } from './dataset/batches.ts';
import { createExtraInputs, type ExtraInputs } from './dataset/extraInputs.ts';
import type { Engine, Program } from './engine/engine.ts';
import { callsAtOnce, type Feed } from './engine/feed.ts';
import { explainByGradcam } from './explainers/gradcam.ts';
import {
  buildCamMapStep,
  buildOutputStep,
  buildPredictionStep,
  buildValidationStep,
} from './evaluate.ts';
import { describeModel, type Network } from '../../core/models/network.ts';
import { buildAfterEpoch, type AfterEpoch } from './model/afterEpoch.ts';
import { initializeParameters } from './model/parameters.ts';
import { readTerms, type BatchTerms } from './objective/batchTerms.ts';
import { buildObjective } from './objective/buildObjective.ts';
import { needsForMasks } from './objective/masks.ts';
import { listInputs, type ExtraInput, type Objective } from './objective/objective.ts';
import { buildOptimizer, type Optimizer } from './optimizer/optimizer.ts';
import { buildTrainStep, drawMask, stateSizes } from './step.ts';

type Evaluation = 'validate' | 'predict' | 'mapLabels' | `output of ${string}`;

/** One optimizer step. */
export interface TrainingStep {
  /** Training images. */
  indices: Uint32Array;
  /** Whose random numbers it draws. */
  place: StepPlace;
  /** As the optimizer gives them. */
  scalars: readonly number[];
}

/** How a configuration becomes what is trained; whoever adds a model or a term of their own, gives theirs. */
export interface Making {
  describeModel: typeof describeModel;
  buildObjective: typeof buildObjective;
}

const dropoutOf = (model: RunConfig['model']): number => ('dropout' in model ? model.dropout : 0);

/**
 * A network in training on an engine, with its state; it knows nothing of epochs, files or events.
 */
export class TrainingSession {
  readonly model: Network;
  readonly optimizer: Optimizer;
  /** What of an image is inside. */
  readonly rule: MaskRule;
  /** What the model does after an epoch's steps; null for nothing. */
  readonly afterEpoch: AfterEpoch | null;
  readonly #dataset: DatasetContent;
  readonly #objective: Objective;
  readonly #extras: Readonly<Record<'train' | 'test', ExtraInputs>>;
  readonly #predictionNeeds: readonly ExtraInput[];
  /** Images of an evaluation batch at most. */
  readonly evaluationBatch: number;
  readonly #batchSize: number;
  readonly #program: Program<Evaluation | 'train'>;

  /**
   * @param reference indices of the training images that class means are taken over
   * @param making what networks and objectives are made with
   */
  constructor(
    engine: Engine,
    config: RunConfig,
    dataset: DatasetContent,
    reference: Uint32Array = new Uint32Array(0),
    making: Making = { describeModel, buildObjective },
  ) {
    const { ops } = engine;
    const model = making.describeModel(config.model, dataset, dataset.classNames.length);
    const objective = making.buildObjective(ops, config);
    const optimizer = buildOptimizer(config.optimizer);
    const { targetLayer } = config.cam;
    const parts = { model, targetLayer, normalization: dataset, ops, rule: config.cam };
    this.model = model;
    this.optimizer = optimizer;
    this.rule = config.cam;
    this.afterEpoch = buildAfterEpoch(config.model);
    this.#dataset = dataset;
    this.evaluationBatch = engine.evaluationBatch;
    this.#batchSize = config.training.batchSize;
    this.#objective = objective;
    const none = new Uint32Array(0);
    this.#extras = {
      train: createExtraInputs(dataset.train, dataset, config.cam, reference),
      test: createExtraInputs(dataset.test, dataset, config.cam, none),
    };
    this.#predictionNeeds = needsForMasks(config.cam);
    this.#program = engine.load(
      {
        train: drawMask(buildTrainStep({ ...parts, objective, optimizer }), {
          ops,
          features: model.features,
          dropout: dropoutOf(config.model),
        }),
        validate: buildValidationStep(parts, objective),
        predict: buildPredictionStep(parts),
        mapLabels: buildCamMapStep(parts, explainByGradcam),
        ...Object.fromEntries(
          (this.afterEpoch?.layers ?? []).map((layer) => [
            `output of ${layer}`,
            buildOutputStep(parts, layer),
          ]),
        ),
      },
      this.stateSizes,
    );
  }

  get stateSizes(): number[] {
    return stateSizes(this.model, this.optimizer);
  }

  /** Of the images that it learns from. */
  get format(): PixelFormat {
    return this.#dataset;
  }

  /** A fresh state: initial weights and statistics, optimizer slots at zero. */
  initialState(random: Random): Float32Array[] {
    return [
      initializeParameters(this.model.parameters, random),
      initializeParameters(this.model.statistics, random),
      ...this.stateSizes.slice(2).map((size) => new Float32Array(size)),
    ];
  }

  readState(): Float32Array[] {
    return this.#program.readState();
  }

  writeState(state: readonly Float32Array[]): void {
    this.#program.writeState(state);
  }

  /**
   * Steps that are worth being given at once: those of an epoch in as few equal parts as are small enough.
   *
   * @param steps of whole batches in an epoch
   */
  stepsAtOnce(steps: number): number {
    const place = { seed: 0, epoch: 0, step: 0 };
    const indices = new Uint32Array(this.#batchSize);
    const most = callsAtOnce(this.#feedSteps([{ indices, place, scalars: [] }]));
    const whole = Math.max(1, steps);
    return Math.ceil(whole / Math.ceil(whole / most));
  }

  /**
   * Optimizer steps one after the other, all of as many images -> what each adds to its epoch.
   *
   * @param atOnce how many whole batches are usually given together
   */
  train(steps: readonly TrainingStep[], atOnce?: number): BatchTerms[] {
    const [first] = steps;
    if (first === undefined) return [];
    const isWhole = first.indices.length === this.#batchSize;
    const feeds = this.#feedSteps(steps);
    const rows = this.#program.repeat('train', steps.length, feeds, isWhole ? atOnce : 0);
    const length = rows.length / steps.length;
    return steps.map((_, i) =>
      readTerms(this.#objective, rows.subarray(i * length, (i + 1) * length)),
    );
  }

  /** The objective on the training-split images at `indices`, in evaluation mode. */
  validate(indices: Uint32Array): BatchTerms {
    const [terms] = this.#evaluate(
      'validate',
      this.#makeBatch('train', indices, this.#objective.needs),
    );
    return this.#readTerms(terms);
  }

  /** Predictions, maps and map metrics of test images: see `buildPredictionStep`. */
  predict(indices: Uint32Array): tf.Tensor[] {
    return this.#evaluate('predict', this.#makeBatch('test', indices, this.#predictionNeeds));
  }

  /** The maps of test images for their labels. */
  computeLabelMaps(indices: Uint32Array): tf.Tensor {
    const [camMap] = this.#evaluate('mapLabels', this.#makeBatch('test', indices));
    return camMap as tf.Tensor;
  }

  /** What a layer that `afterEpoch` asks for makes of training images, in evaluation mode. */
  outputsOf(layer: string, indices: Uint32Array): Float32Array {
    const [images, labels] = this.#makeBatch('train', indices);
    labels?.dispose();
    const [output] = this.#evaluate(`output of ${layer}`, [images as tf.Tensor]);
    const values = output?.dataSync<'float32'>().slice() ?? new Float32Array(0);
    output?.dispose();
    return values;
  }

  /** Of training images. */
  labelsOf(indices: Uint32Array): Uint8Array {
    const { labels } = this.#dataset.train;
    return Uint8Array.from(indices, (index) => labels[index] ?? 0);
  }

  close(): void {
    this.#program.close();
  }

  #feedSteps(steps: readonly TrainingStep[]): Feed[] {
    const { needs } = this.#objective;
    const images = steps[0]?.indices.length ?? 0;
    const indices = new Uint32Array(steps.length * images);
    const positions = new Int32Array(steps.length * positionLength);
    for (const [i, step] of steps.entries()) {
      indices.set(step.indices, i * images);
      positions.set(positionOf(step.place, 'dropout'), i * positionLength);
    }
    const { classNames } = this.#dataset;
    const batch = feedBatch(this.#dataset.train, indices, this.#dataset, classNames.length);
    const extras = needs.map((name): Feed => {
      const rows = this.#extras.train[name](indices);
      const values = rows.dataSync<'float32'>();
      rows.dispose();
      return { values, shape: [images, ...rows.shape.slice(1)] };
    });
    const ofStep = ({ shape, ...feed }: Feed): Feed => ({
      ...feed,
      shape: [images, ...shape.slice(1)],
    });
    const scalars = Float32Array.from(steps.flatMap((step) => step.scalars));
    return [
      ...[ofStep(batch.images), ofStep(batch.labels), ...extras],
      { values: positions, shape: [positionLength] },
      { values: scalars, shape: [scalars.length / steps.length] },
    ];
  }

  #readTerms(vector: tf.Tensor | undefined): BatchTerms {
    const values = vector?.dataSync() ?? [];
    vector?.dispose();
    return readTerms(this.#objective, values);
  }

  /** Images and labels, and what is needed besides. */
  #makeBatch(
    split: 'train' | 'test',
    indices: Uint32Array,
    needs: readonly ExtraInput[] = [],
  ): tf.Tensor[] {
    const dataset = this.#dataset;
    const batch = makeBatch(dataset[split], indices, dataset, dataset.classNames.length);
    const extras = Object.fromEntries(
      needs.map((name) => [name, this.#extras[split][name](indices)]),
    ) as Partial<Record<ExtraInput, tf.Tensor3D>>;
    return listInputs({ ...batch, ...extras }, needs);
  }

  #evaluate(name: Evaluation, inputs: tf.Tensor[]): tf.Tensor[] {
    const outputs = this.#program.run(name, inputs);
    tf.dispose(inputs);
    return outputs;
  }
}
