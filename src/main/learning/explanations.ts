import { joinFloats } from '../../core/arrays.ts';
import { AfterimageError, factsOf, type ErrorFacts } from '../../core/errors.ts';
import { countPasses, measureSizes } from '../../core/explainers/cost.ts';
import type { ConceptsRequest } from '../../core/explainers/concepts.ts';
import type { ExplainedImage } from '../../core/explainers/explainedImage.ts';
import type {
  Explanation,
  ExplanationOutcome,
  ExplanationsRequest,
  Likeness,
} from '../../core/explainers/explanation.ts';
import { readOptions, type ChosenExplainer } from '../../core/explainers/options.ts';
import { explainers, type ExplainerName } from '../../core/explainers/registry.ts';
import { decodeSafetensors } from '../../core/formats/safetensors.ts';
import { describeModel } from '../../core/models/network.ts';
import { scaleLevels, valuesPerImage } from '../../core/pixels.ts';
import { Random } from '../../core/random.ts';
import type { Report } from '../platform/threads.ts';
import type { Engine } from './engine/engine.ts';
import { openExplainable, type Explainable } from './explainers/explainable.ts';
import { imagesAtOnce, type Method, type Question } from './explainers/method.ts';
import { explainBy } from './explainers/registry.ts';
import { flattenParameters } from './model/parameters.ts';

/** One map by one method; an explainer's own options, which the names of both tie together. */
function explainOne(
  network: Explainable,
  question: Question,
  { name, options }: ChosenExplainer,
): Float32Array {
  const compute = explainBy[name] as Method<ExplainerName>;
  return compute(network, question, readOptions(name, options));
}

type NetworkFacts = Omit<ExplainedImage, 'image'>;

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
  request: NetworkFacts,
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
const identify = (request: NetworkFacts): string => {
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
): Pick<Explanation, 'map' | 'likeness' | 'durationMs'> | { problem: ErrorFacts } {
  const begun = performance.now();
  let likeness: Likeness | null = null;
  const tell = (told: Likeness): void => {
    likeness = told;
  };
  try {
    const map = explainOne(network, { ...question, tell }, chosen);
    return { map, likeness, durationMs: performance.now() - begun };
  } catch (error) {
    if (error instanceof AfterimageError) return { problem: factsOf(error) };
    throw error;
  }
}

/** Answers one request after the other. */
export interface Explaining {
  explain: (request: ExplanationsRequest, report?: Report) => ExplanationOutcome[];
  /** Relevance of every channel of the target layer for each image, [N, K]. */
  weighChannels: (request: ConceptsRequest, report?: Report) => Float32Array;
}

/** The network of one request stays open for the next: most are about one run, or of the same model. */
function keepNetwork(engine: Engine) {
  let network: OpenNetwork | null = null;
  let onImages: (images: number) => void = () => undefined;
  return {
    use: (request: NetworkFacts): OpenNetwork => {
      const identity = identify(request);
      if (network?.identity !== identity) {
        network?.close();
        network = openNetwork(engine, request, identity, (images) => {
          onImages(images);
        });
      }
      return network;
    },
    /** Told from now on how many images the network has seen. */
    count: (told: (images: number) => void): void => {
      onImages = told;
    },
  };
}

/**
 * What computes every method asked for at every epoch, epoch by epoch. What is drawn at random is drawn
 * anew from the seed for each map, so that epochs differ by their weights alone.
 */
export function createExplaining(engine: Engine): Explaining {
  const { use, count } = keepNetwork(engine);
  return {
    explain: (request, report = () => undefined) => {
      const { explainable, setWeights } = use(request);
      const total = countPasses(
        request.epochs.flatMap(({ methods }) => methods),
        measureSizes(request),
      );
      const [image, background] = [scaleLevels(request.image), scaleLevels(request.background)];
      let done = 0;
      return request.epochs.flatMap(({ epoch, targetClass, weights, methods }) => {
        setWeights(weights);
        return methods.map((chosen): ExplanationOutcome => {
          const { name: method, options } = chosen;
          const step = `${explainers[method].title}, epoch ${epoch}`;
          count((images) => {
            done += images;
            report({ step, done, total });
          });
          const random = Random.fromSeed(request.seed);
          const outcome = attempt(explainable, { image, background, targetClass, random }, chosen);
          return { method, options, epoch, targetClass, ...outcome };
        });
      });
    },
    weighChannels: (request, report = () => undefined) => {
      const { explainable, setWeights } = use(request);
      setWeights(request.weights);
      const [step, total] = ['Relevance of channels', request.targets.length] as const;
      let done = 0;
      count((images) => {
        done += images;
        report({ step, done, total });
      });
      const values = valuesPerImage(request);
      const parts: Float32Array[] = [];
      // As float32 all of them together may be more than the memory holds.
      for (let from = 0; from < total; from += imagesAtOnce) {
        const to = Math.min(total, from + imagesAtOnce);
        const images = scaleLevels(request.images.subarray(from * values, to * values));
        const targets = request.targets.subarray(from, to);
        parts.push(explainable.channelRelevance(images, targets, request.rule));
      }
      return joinFloats(parts);
    },
  };
}
