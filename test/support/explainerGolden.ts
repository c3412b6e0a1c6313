import { readFileSync } from 'node:fs';
import { describeNetwork, type Network } from '../../src/core/models/network.ts';
import { sizeOf, type ParameterSpec } from '../../src/core/models/layers.ts';
import { listCnnLayers } from '../../src/core/models/paperCnn.ts';
import {
  layerGradientMethods,
  type LayerGradientMethod,
} from '../../src/core/explainers/registry.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { openExplainable } from '../../src/main/learning/explainers/explainable.ts';

type Map = number[][];
interface Relevance {
  heatmap: Map;
  channels: number[];
  channel: number;
  conditional: Map;
}

export interface ExplainerCase {
  name: string;
  seed: number;
  channels: number[];
  hidden: number;
  classes: number;
  imageSize: number;
  layer: string;
  mean: number;
  standardDeviation: number;
  spread: number;
  image: Map;
  logits: number[];
  targetClass: number;
  /** Native. */
  cams: Record<LayerGradientMethod | 'eigencam' | 'scorecam' | 'ablationcam', Map>;
  maps: Record<'gradient' | 'gradient-x-input' | 'integrated-gradients' | 'occlusion', Map>;
  relevance: Record<'epsilon' | 'z-plus' | 'composite', Relevance>;
  background?: Map[];
  /** Means over so many samples, and the samples' standard deviation. */
  sampled?: Record<
    'smoothgrad' | 'gradient-shap' | 'rise',
    { mean: Map; deviation: Map; samples: number }
  >;
  segments?: {
    side: number;
    shapley: number[];
    masks: number[][];
    scores: number[];
    lime: number[];
  };
}

const file = new URL('../golden/explainers.json', import.meta.url);
/** Values made by test/golden/make_explainers.py with the field's libraries. */
export const explainerCases = (JSON.parse(readFileSync(file, 'utf8')) as { cases: ExplainerCase[] })
  .cases;

/** The generator of the script that made the values. */
function createDraws(seed: number): (low: number, high: number) => number {
  let state = seed;
  return (low, high) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return low + (high - low) * (state / 2 ** 32);
  };
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  bias: [-0.1, 0.1],
  gamma: [0.7, 1.3],
  beta: [-0.2, 0.3],
  mean: [-0.2, 0.2],
  variance: [0.5, 1.5],
};

/** The network of a case, and its weights as the script drew them. */
export function buildGoldenNetwork(of: ExplainerCase): { model: Network; state: Float32Array[] } {
  const { channels, hidden, classes, imageSize, spread } = of;
  const model = describeNetwork(listCnnLayers({ channels, hidden, classes }), { imageSize });
  const draw = createDraws(of.seed);
  const fill = (specs: readonly ParameterSpec[]): Float32Array =>
    Float32Array.from(
      specs.flatMap(({ name, shape }) => {
        const bound = spread * Math.sqrt(3 / sizeOf(shape.slice(0, -1)));
        const [low, high] = ranges[name.slice(name.indexOf('/') + 1)] ?? [-bound, bound];
        return Array.from({ length: sizeOf(shape) }, () => draw(low, high));
      }),
    );
  return { model, state: [fill(model.parameters), fill(model.statistics)] };
}

/** The same network on an engine, for explainers. */
export function openGolden(engine: Engine, of: ExplainerCase, onImages?: (images: number) => void) {
  const { model, state } = buildGoldenNetwork(of);
  const { mean, standardDeviation } = of;
  const opened = openExplainable({
    ...{ engine, model, targetLayer: of.layer, normalization: { mean, standardDeviation } },
    ...{ together: layerGradientMethods, ...(onImages && { onImages }) },
  });
  opened.setWeights(state);
  return opened;
}
