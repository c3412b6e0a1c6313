import type {
  Explanation,
  ExplanationsRequest,
  Likeness,
} from '../../core/explainers/explanation.ts';
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

/** Images that the network sees for all that is asked. */
function countPasses(
  { methods, epochs, imageSize }: ExplanationsRequest,
  channels: number,
): number {
  const passes = methods.map(({ name, options }) =>
    explainers[name].passes(readOptions(name, options) as never, { imageSize, channels }),
  );
  return passes.reduce((sum, count) => sum + count, 0) * epochs.length;
}

/**
 * Every method at every epoch, epoch by epoch. What is drawn at random is drawn anew from the seed for
 * each map, so that epochs differ by their weights alone.
 */
export function computeExplanations(
  engine: Engine,
  request: ExplanationsRequest,
  report: Report = () => undefined,
): Explanation[] {
  const { classes, targetLayer, methods, epochs, seed } = request;
  const model = describeModel(request.model, request, classes);
  let [step, done, total] = ['', 0, 0];
  const onImages = (images: number): void => {
    done += images;
    report({ step, done, total });
  };
  const parts = { engine, model, targetLayer, normalization: request, onImages };
  const { explainable, setWeights, close } = openExplainable(parts);
  total = countPasses(request, explainable.layer.channels);
  const [image, background] = [toShares(request.image), toShares(request.background)];
  try {
    return epochs.flatMap(({ epoch, targetClass, weights }) => {
      const { tensors } = decodeSafetensors(weights, 'the weights of an epoch');
      setWeights([model.parameters, model.statistics].map((p) => flattenParameters(tensors, p)));
      return methods.map((chosen): Explanation => {
        step = `${explainers[chosen.name].title}, epoch ${epoch}`;
        const begun = performance.now();
        let likeness: Likeness | null = null;
        const tell = (told: Likeness): void => {
          likeness = told;
        };
        const random = Random.fromSeed(seed);
        const map = explainOne(
          explainable,
          { image, background, targetClass, random, tell },
          chosen,
        );
        const durationMs = performance.now() - begun;
        return {
          method: chosen.name,
          options: chosen.options,
          epoch,
          targetClass,
          map,
          likeness,
          durationMs,
        };
      });
    });
  } finally {
    close();
  }
}
