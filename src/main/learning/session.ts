import * as tf from '@tensorflow/tfjs';
import type { DatasetContent } from '../../core/formats/datasetFile.ts';
import type { MaskRule } from '../../core/metrics/foreground.ts';
import type { PixelFormat } from '../../core/pixels.ts';
import type { Random } from '../../core/random.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import { makeBatch } from './dataset/batches.ts';
import { createExtraInputs, type ExtraInputs } from './dataset/extraInputs.ts';
import type { Engine, Program } from './engine/engine.ts';
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
import { buildTrainStep, stateSizes } from './step.ts';

type Evaluation = 'validate' | 'predict' | 'mapLabels' | `output of ${string}`;

/** How a configuration becomes what is trained; whoever adds a model or a term of their own, gives theirs. */
export interface Making {
  describeModel: typeof describeModel;
  buildObjective: typeof buildObjective;
}

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
    this.#objective = objective;
    const none = new Uint32Array(0);
    this.#extras = {
      train: createExtraInputs(dataset.train, dataset, config.cam, reference),
      test: createExtraInputs(dataset.test, dataset, config.cam, none),
    };
    this.#predictionNeeds = needsForMasks(config.cam);
    this.#program = engine.load(
      {
        train: buildTrainStep({ ...parts, objective, optimizer }),
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

  /** One optimizer step on the training images at `indices`; `scalars` as the optimizer gives them. */
  train(indices: Uint32Array, dropoutMask: Float32Array, scalars: readonly number[]): BatchTerms {
    const mask = tf.tensor2d(dropoutMask, [indices.length, this.model.features]);
    const batch = this.#makeBatch('train', indices, this.#objective.needs);
    const given = [...batch, mask, ...scalars.map((value) => tf.scalar(value))];
    const [terms] = this.#program.run('train', given);
    tf.dispose(given);
    return this.#readTerms(terms);
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
