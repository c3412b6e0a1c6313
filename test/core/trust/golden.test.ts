import { describe, expect, it } from 'vitest';
import { computeEntropy, computeGini } from '../../../src/core/trust/complexity.ts';
import { testFaithfulness, fillImage } from '../../../src/core/trust/faithfulness.ts';
import { blurImage, detectEdges } from '../../../src/core/trust/filters.ts';
import { imputePixels } from '../../../src/core/trust/imputation.ts';
import { localise } from '../../../src/core/trust/localisation.ts';
import { correlateRanks } from '../../../src/core/trust/ranks.ts';
import { countPixels, imputedShares, removedShares } from '../../../src/core/trust/removal.ts';
import { computeMaxSensitivity } from '../../../src/core/trust/sensitivity.ts';
import { computeMask, defaultMask } from '../../../src/core/metrics/foreground.ts';
import { Random } from '../../../src/core/random.ts';
import {
  auditGolden as golden,
  auditImages as images,
  auditMaps as maps,
  auditPattern,
  auditSize as imageSize,
  predictLinearly,
} from '../../support/auditGolden.ts';

const format = { imageSize, channels: 1 } as const;
const pixels = imageSize ** 2;

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], digits = 5): void => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));
};

describe.each([0, 1, 2])('image %i', (i) => {
  const image = images[i] as Float32Array;
  const map = maps[i] as Float32Array;
  const target = golden.targets[i] as number;

  it('has the entropy and the Gini index that Quantus gives', () => {
    expect(computeEntropy(map)).toBeCloseTo(golden.entropy[i] as number, 5);
    expect(computeGini(map)).toBeCloseTo(golden.gini[i] as number, 5);
  });

  it('is localised as Quantus says', () => {
    const found = localise(map, image, computeMask(defaultMask, image));
    expect(found.pointing).toBe(Number(golden.pointing[i]));
    expect(found.energyInside).toBeCloseTo(golden.energyInside[i] as number, 5);
    expect(found.topInside).toBeCloseTo(golden.topInside[i] as number, 5);
  });

  it('loses its class pixel by pixel as Quantus flips them', () => {
    const baselines = {
      black: fillImage(format, [0]),
      mean: fillImage(format, [0.25]),
      blur: blurImage(image, { ...format, deviation: 1 }),
    };
    const scoreOf = (x: Float32Array): number => predictLinearly(x)[target] as number;
    const seen: number[] = [];
    const { curves } = testFaithfulness(
      {
        ...{ ...format, image, baselines, random: Random.fromSeed(1), noise: 0 },
        imageScore: scoreOf(image),
        baselineScores: { black: scoreOf(baselines.black), mean: 0, blur: 0 },
        score: (count, fill) =>
          Array.from({ length: count }, (_, index) => {
            const made = new Float32Array(pixels).fill(9);
            fill(made, index);
            const probabilities = predictLinearly(made);
            seen.push(probabilities.indexOf(Math.max(...probabilities)));
            return probabilities[target] as number;
          }),
      },
      map,
    );
    const inner = removedShares.slice(1, -1);
    const flipped = (steps: readonly number[]): number[] =>
      inner.map((share) => steps[countPixels(share, pixels) - 1] as number);
    expectClose(curves.deletion.black.slice(1, -1), flipped(golden.deletionBlack[i] as number[]));
    expectClose(curves.deletion.mean.slice(1, -1), flipped(golden.deletionMean[i] as number[]));
    expect(curves.deletion.black.at(-1)).toBeCloseTo(golden.deletionBlack[i]?.at(-1) as number, 5);
    // What is left of ROAD's images once the six curves are passed.
    const predicted = seen.slice(6 * inner.length, -1).map((k) => Number(k === target));
    expect(predicted.slice(0, imputedShares.length)).toEqual(golden.road[i]);
    expect(predicted.slice(imputedShares.length)).toEqual(golden.roadLeast[i]);
  });

  it('is imputed as Quantus solves for it', () => {
    const share = [0.3, 0.5, 0.9][i] as number;
    const order = Uint32Array.from(map, (_, p) => p).sort((a, b) => (map[b] ?? 0) - (map[a] ?? 0));
    const imputed = image.slice();
    const removed = order.subarray(0, countPixels(share, pixels));
    imputePixels(imputed, removed, format, { random: Random.fromSeed(1), noise: 0 });
    expectClose(imputed, (golden.imputed[i] as number[][]).flat(), 3);
  });

  it('has the max-sensitivity that Quantus gives under the same noise', () => {
    const explain = (x: Float32Array): Float32Array => x.map((v) => v ** 2 - 0.2 * v);
    const noise = (step: number): number[] =>
      auditPattern(3 * pixels, 20 + step).slice(i * pixels, (i + 1) * pixels);
    const others = [0, 1, 2, 3].map((step) =>
      explain(image.map((value, p) => value + ((noise(step)[p] as number) * 2 - 1) * 0.1)),
    );
    const expected = golden.maxSensitivity[i] as number;
    expect(computeMaxSensitivity(explain(image), others)).toBeCloseTo(expected, 5);
  });

  it('correlates by ranks as SciPy says, ties included', () => {
    const rounded = image.map((value) => Math.round(value * 10) / 10);
    expect(correlateRanks(map.map(Math.abs), rounded)).toBeCloseTo(golden.spearman[i] as number, 5);
  });

  it('has the edges and the blur that scikit-image and SciPy give', () => {
    expectClose(detectEdges(image, imageSize), (golden.sobel[i] as number[][]).flat());
    const blurred = blurImage(image, { ...format, deviation: 1.3 });
    expectClose(blurred, (golden.blur[i] as number[][]).flat());
  });
});
