import { AfterimageError, factsOf, type ErrorFacts } from '../../core/errors.ts';
import { countPasses, measureSizes } from '../../core/explainers/cost.ts';
import type { ExplanationOutcome, ExplanationsRequest } from '../../core/explainers/explanation.ts';
import { readOptions, type ChosenExplainer } from '../../core/explainers/options.ts';
import { explainers, type ExplainerName } from '../../core/explainers/registry.ts';
import { decodeSafetensors } from '../../core/formats/safetensors.ts';
import { describeModel } from '../../core/models/network.ts';
import { Random } from '../../core/random.ts';
import type { Report } from '../platform/threads.ts';
import type { Engine } from './engine/engine.ts';
import { openExplainable, type Explainable } from './explainers/explainable.ts';
import type { Method, Question } from './explainers/method.ts';
import { explainBy } from './explainers/registry.ts';
import { flattenParameters } from './model/parameters.ts';

const toShares = (levels: Uint8Array): Float32Array =>
  Float32Array.from(levels, (level) => level / 255);

/** One map by one method; an explainer's own options, which the names of both tie together. */
function explainOne(
  network: Explainable,
  question: Question,
  { name, options }: ChosenExplainer,
): Float32Array {
  const compute = explainBy[name] as Method<ExplainerName>;
  return compute(network, question, readOptions(name, options));
}

/** A network that stays on the engine from one request to the next. */
interface OpenNetwork {
  /** What tells it from others. */
  identity: string;
  explainable: Explainable;
  setWeights: (file: Uint8Array) => void;
  close: () => void;
}

function openNetwork(
  engine: Engine,
  request: ExplanationsRequest,
  identity: string,
  onImages: (images: number) => void,
): OpenNetwork {
  const { classes, targetLayer } = request;
  const model = describeModel(request.model, request, classes);
  const parts = { engine, model, targetLayer, normalization: request, onImages };
  const { explainable, setWeights, close } = openExplainable(parts);
  return {
    ...{ identity, explainable, close },
    setWeights: (file) => {
      const { tensors } = decodeSafetensors(file, 'the weights of an epoch');
      setWeights([model.parameters, model.statistics].map((p) => flattenParameters(tensors, p)));
    },
  };
}

/** All that a network is before it has weights. */
const identify = (request: ExplanationsRequest): string => {
  const { model, targetLayer, classes, imageSize, channels, mean, standardDeviation } = request;
  return JSON.stringify([
    ...[model, targetLayer, classes, imageSize, channels],
    ...[mean, standardDeviation],
  ]);
};

/** A method's map, or why it cannot give one; what is no user's mistake is thrown. */
function attempt(
  network: Explainable,
  question: Question,
  chosen: ChosenExplainer,
): { map: Float32Array; durationMs: number } | { problem: ErrorFacts } {
  const begun = performance.now();
  try {
    const map = explainOne(network, question, chosen);
    return { map, durationMs: performance.now() - begun };
  } catch (error) {
    if (error instanceof AfterimageError) return { problem: factsOf(error) };
    throw error;
  }
}

/** Explains one request after the other. */
export type Explaining = (request: ExplanationsRequest, report?: Report) => ExplanationOutcome[];

/**
 * What computes every method asked for at every epoch, epoch by epoch. What is drawn at random is drawn
 * anew from the seed for each map, so that epochs differ by their weights alone. The network stays open
 * for the next request: most are about the same run, or one of the same model.
 */
export function createExplaining(engine: Engine): Explaining {
  let network: OpenNetwork | null = null;
  let onImages: (images: number) => void = () => undefined;
  const use = (request: ExplanationsRequest): OpenNetwork => {
    const identity = identify(request);
    if (network?.identity !== identity) {
      network?.close();
      network = openNetwork(engine, request, identity, (images) => {
        onImages(images);
      });
    }
    return network;
  };
  return (request, report = () => undefined) => {
    const { explainable, setWeights } = use(request);
    const methods = request.epochs.flatMap((epoch) => epoch.methods);
    const total = countPasses(methods, measureSizes(request));
    const [image, background] = [toShares(request.image), toShares(request.background)];
    let done = 0;
    return request.epochs.flatMap(({ epoch, targetClass, weights, methods }) => {
      setWeights(weights);
      return methods.map((chosen): ExplanationOutcome => {
        const { name: method, options } = chosen;
        const step = `${explainers[method].title}, epoch ${epoch}`;
        onImages = (images) => {
          done += images;
          report({ step, done, total });
        };
        const random = Random.fromSeed(request.seed);
        const outcome = attempt(explainable, { image, background, targetClass, random }, chosen);
        return { method, options, epoch, targetClass, ...outcome };
      });
    });
  };
}
