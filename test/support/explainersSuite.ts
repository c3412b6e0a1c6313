import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainers, type ExplainerName } from '../../src/core/explainers/registry.ts';
import type { SettingValue } from '../../src/core/config/settings.ts';
import { lrpRules } from '../../src/core/explainers/lrpRules.ts';
import { readOptions } from '../../src/core/explainers/options.ts';
import { reconstructCam } from '../../src/core/maps/cam.ts';
import { Random } from '../../src/core/random.ts';
import type { Engine } from '../../src/main/learning/engine/engine.ts';
import { explainBy } from '../../src/main/learning/explainers/registry.ts';
import { projectOnFirstComponent } from '../../src/main/learning/explainers/eigencam.ts';
import { fitSlopes } from '../../src/main/learning/explainers/lime.ts';
import type { Method } from '../../src/main/learning/explainers/method.ts';
import { relativeError } from './golden.ts';
import { explainerCases, openGolden } from './explainerGolden.ts';

/** float32 against float64, through three blocks and back. */
const tolerance = 1e-4;
const layerMethods = ['gradcam', 'gradcam++', 'hirescam', 'layercam', 'xgradcam'] as const;

/** What the field's own libraries give, on an engine that opens in a `beforeAll` of the caller. */
export function describeExplainers(getEngine: () => Engine, cases = explainerCases): void {
  describe.each(cases)('explainers of $name', (golden) => {
    let opened: ReturnType<typeof openGolden>;
    let seen = 0;
    const image = Float32Array.from(golden.image.flat());
    const background = Float32Array.from(golden.background?.flat(2) ?? []);
    const { targetClass } = golden;

    const explain = (
      name: ExplainerName,
      options: Record<string, SettingValue> = {},
    ): Float32Array => {
      const before = seen;
      const chosen = readOptions(name, options);
      const question = { image, background, targetClass, random: Random.fromSeed(1) };
      const compute = explainBy[name] as Method<ExplainerName>;
      const map = compute(opened.explainable, question, chosen);
      // What the descriptor says of the cost is what it costs.
      const sizes = { imageSize: golden.imageSize, channels: opened.explainable.layer.channels };
      const passes = explainers[name].passes(chosen as never, sizes);
      if (name === 'kernel-shap') expect(seen - before).toBeLessThanOrEqual(passes);
      else expect(seen - before).toBe(passes);
      return map;
    };
    const enlarge = (native: number[][]): Float32Array =>
      reconstructCam(Float32Array.from(native.flat()), native.length, golden.imageSize);

    beforeAll(() => {
      opened = openGolden(getEngine(), golden, (images) => {
        seen += images;
      });
    });
    afterAll(() => {
      opened.close();
    });

    it('the network is the one that the values are of', () => {
      expect(relativeError(opened.explainable.logits(image), golden.logits)).toBeLessThan(1e-5);
    });

    it.each(layerMethods)('%s', (name) => {
      const native = opened.explainable.layerMap(image, targetClass, name);
      expect(relativeError(native, golden.cams[name])).toBeLessThan(tolerance);
      expect(relativeError(explain(name), [...enlarge(golden.cams[name])])).toBeLessThan(tolerance);
    });

    it('the methods of the layer asked at once give what each gives', () => {
      const { layerMap, layerMaps } = opened.explainable;
      const together = layerMaps(image, targetClass);
      expect([...together.keys()]).toEqual([...layerMethods]);
      for (const [name, map] of together) expect(map).toEqual(layerMap(image, targetClass, name));
    });

    it('eigencam, but for the sign, which a component has not', () => {
      const { activations, layer } = opened.explainable;
      const ours = projectOnFirstComponent(activations(image), layer.channels);
      const theirs = golden.cams.eigencam;
      const sign = Math.max(...theirs.flat()) < -Math.min(...theirs.flat()) ? -1 : 1;
      const turned = theirs.map((row) => row.map((value) => sign * value));
      expect(relativeError(ours, turned)).toBeLessThan(tolerance);
      const positive = turned.map((row) => row.map((value) => Math.max(0, value)));
      expect(relativeError(explain('eigencam'), [...enlarge(positive)])).toBeLessThan(tolerance);
    });

    it.each(['scorecam', 'ablationcam'] as const)('%s', (name) => {
      const expected = [...enlarge(golden.cams[name])];
      expect(Math.max(...expected)).toBeGreaterThan(0.5);
      expect(relativeError(explain(name), expected)).toBeLessThan(tolerance);
    });

    it.each(['gradient', 'gradient-x-input'] as const)('%s', (name) => {
      expect(relativeError(explain(name), golden.maps[name])).toBeLessThan(tolerance);
    });

    it('integrated-gradients', () => {
      const map = explain('integrated-gradients', { steps: 32 });
      expect(relativeError(map, golden.maps['integrated-gradients'])).toBeLessThan(tolerance);
    });

    it('integrated-gradients add up to what the image’s logit has over the baseline’s', () => {
      const { logits } = opened.explainable;
      const gain =
        (logits(image)[targetClass] ?? 0) - (logits(image.map(() => 0))[targetClass] ?? 0);
      const sum = explain('integrated-gradients', { steps: 500 }).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum - gain)).toBeLessThan(0.01 * Math.abs(gain));
    });

    it('occlusion', () => {
      const options = { window: 3, stride: 2, score: 'logit' };
      expect(relativeError(explain('occlusion', options), golden.maps.occlusion)).toBeLessThan(
        tolerance,
      );
    });

    it.each(lrpRules)('lrp and crp by the rule %s', (rule) => {
      const { heatmap, channels, channel, conditional } = golden.relevance[rule];
      expect(relativeError(explain('lrp', { rule }), heatmap)).toBeLessThan(tolerance);
      const ranked = opened.explainable.channelRelevance(image, [targetClass], rule);
      expect(relativeError(ranked, channels)).toBeLessThan(tolerance);
      const through = explain('crp', { rule, channel });
      expect(relativeError(through, conditional)).toBeLessThan(tolerance);
      const most = explain('crp', { rule, channel: channels.indexOf(Math.max(...channels)) });
      expect(explain('crp', { rule })).toEqual(most);
    });

    const { segments, sampled } = golden;
    it.skipIf(!segments)('kernel-shap: the exact Shapley values of a grid’s cells', () => {
      const { side = 0, shapley = [] } = segments ?? {};
      const options = { segments: 'grid', count: side ** 2, samples: 2 ** (side ** 2) };
      const expected = spreadCells(shapley, side, golden.imageSize);
      expect(relativeError(explain('kernel-shap', options), expected)).toBeLessThan(tolerance);
    });

    it.skipIf(!segments)('lime: the slopes of given combinations', () => {
      const { masks = [], scores = [], lime = [] } = segments ?? {};
      const slopes = fitSlopes(
        masks.map((mask) => Uint8Array.from(mask)),
        scores,
        0.25,
      );
      expect(relativeError(slopes, lime)).toBeLessThan(tolerance);
    });

    const draws = [
      { name: 'smoothgrad', options: { samples: 600 } },
      { name: 'gradient-shap', options: { samples: 600 } },
      { name: 'rise', options: { samples: 600, cells: 4 } },
    ] as const;
    it.skipIf(!sampled).each(draws)('$name, within what its draws leave open', (draw) => {
      const { mean = [], deviation = [], samples = 1 } = sampled?.[draw.name] ?? {};
      const map = explain(draw.name, draw.options);
      const errors = mean.flat().map((value, i) => {
        const spread = deviation.flat()[i] ?? 0;
        const standard = spread * Math.sqrt(1 / samples + 1 / draw.options.samples);
        return ((map[i] ?? Number.NaN) - value) / Math.max(standard, 1e-9);
      });
      const root = Math.sqrt(errors.reduce((sum, z) => sum + z ** 2, 0) / errors.length);
      expect(root).toBeLessThan(1.5);
      expect(Math.max(...errors.map(Math.abs))).toBeLessThan(5);
    });
  });
}

/** Each pixel with the value of its cell, of side x side. */
function spreadCells(values: readonly number[], side: number, imageSize: number): number[] {
  const cellOf = (position: number): number => Math.floor((position * side) / imageSize);
  return Array.from(
    { length: imageSize ** 2 },
    (_, i) => values[cellOf(Math.floor(i / imageSize)) * side + cellOf(i % imageSize)] ?? 0,
  );
}
