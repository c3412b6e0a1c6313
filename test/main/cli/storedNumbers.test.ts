import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bicubicMatrix } from '../../../src/core/maps/bicubic.ts';
import {
  camFrameSchema,
  exampleSchema,
  type CamFrame,
  type Example,
} from '../../../src/core/records.ts';
import { decodeSafetensors, type NamedTensor } from '../../../src/core/formats/safetensors.ts';
import { readHere, runHere } from '../../support/commands.ts';
import { makeTemporaryFolder, readTestDigit, removeFolder } from '../../support/digits.ts';
import { predict, type PlainPrediction } from '../../support/plainCnn.ts';

/** Images that are checked, of 100: every fifth one. */
const every = 5;

const dataDir = makeTemporaryFolder();
let weights: Record<string, NamedTensor> = {};
let examples: Example[] = [];

const readFrame = async (exampleId: number, target: 'predicted' | 'label'): Promise<CamFrame> => {
  const words = ['cam', '--run', 'checked', '--example', String(exampleId), '--class', target];
  const { frames } = z
    .strictObject({ frames: z.array(camFrameSchema).length(1) })
    .parse(await readHere(dataDir, ...words, '--epoch', '1'));
  return frames[0] as CamFrame;
};

const predictions = new Map<number, PlainPrediction>();

/** What the stored weights say of a test image, which they see with MNIST's usual normalisation. */
function predictTestDigit(exampleId: number): PlainPrediction {
  const known = predictions.get(exampleId);
  if (known) return known;
  const { pixels } = readTestDigit(exampleId);
  const image = Float64Array.from(pixels, (byte) => (byte / 255 - 0.1307) / 0.3081);
  const prediction = predict(image, weights);
  predictions.set(exampleId, prediction);
  return prediction;
}

beforeAll(async () => {
  const sizes = ['--train-examples', '600', '--test-examples', '100', '--epochs', '1'];
  const training = [
    'train',
    '--preset',
    'mnist-r',
    ...sizes,
    '--name',
    'checked',
    '--engine',
    'wasm',
  ];
  const { code, stderr } = await runHere(dataDir, ...training);
  expect(code, stderr).toBe(0);
  const file = join(dataDir, 'weights.safetensors');
  const words = ['weights', '--run', 'checked', '--epoch', '1', '--out', file];
  const written = await readHere(dataDir, ...words);
  weights = decodeSafetensors(await readFile(file), file).tensors;
  const digest = createHash('sha256');
  for (const { values } of Object.values(weights)) digest.update(values);
  expect(written).toMatchObject({ epoch: 1, file, sha256: digest.digest('hex') });
  examples = z
    .strictObject({ examples: z.array(exampleSchema) })
    .parse(await readHere(dataDir, 'examples', '--run', 'checked', '--epoch', '1')).examples;
}, 60_000);
afterAll(() => {
  removeFolder(dataDir);
});

it('evaluates a stratified part of the test split under the ids of the whole', () => {
  expect(examples).toHaveLength(100);
  expect(Math.max(...examples.map(({ exampleId }) => exampleId))).toBeGreaterThan(1000);
  for (const { exampleId, label } of examples) expect(readTestDigit(exampleId).label).toBe(label);
});

it('stores the probabilities that the stored weights give', () => {
  const checked = examples.filter((_, i) => i % every === 0);
  for (const example of checked) {
    const plain = predictTestDigit(example.exampleId);
    example.probabilities.forEach((probability, k) => {
      expect(Math.abs(probability - (plain.probabilities[k] ?? Number.NaN))).toBeLessThan(1e-4);
    });
    expect(example.predictedClass).toBe(plain.predictedClass);
    expect(example.confidence).toBeCloseTo(Math.max(...plain.probabilities), 4);
  }
});

/** Sum over both axes of R M R^T in doubles, clipped and divided by its maximum. */
function reconstruct(map: Float64Array): Float64Array {
  const matrix = bicubicMatrix(28, 7);
  const raw = Float64Array.from({ length: 784 }, (_, p) => {
    const [y, x] = [Math.floor(p / 28), p % 28];
    let sum = 0;
    for (let cell = 0; cell < 49; cell += 1) {
      const [i, j] = [Math.floor(cell / 7), cell % 7];
      sum += (matrix[y * 7 + i] ?? 0) * (map[cell] ?? 0) * (matrix[x * 7 + j] ?? 0);
    }
    return Math.max(0, sum);
  });
  const largest = Math.max(...raw) + 1e-7;
  return raw.map((value) => value / largest);
}

/** Pearson's correlation. */
function correlate(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    const [da, db] = [(a[i] ?? 0) - ma, (b[i] ?? 0) - mb];
    [ab, aa, bb] = [ab + da * db, aa + da * da, bb + db * db];
  }
  return ab / Math.sqrt(aa * bb);
}

describe('the map of an image', () => {
  it.each(['predicted', 'label'] as const)(
    'is the Grad-CAM of its %s class, by hand',
    async (target) => {
      // Wrong ones as well: only theirs differ between the two.
      const wrong = examples.filter(({ correct }) => !correct).slice(0, 2);
      for (const { exampleId, label } of [...examples.slice(0, 2), ...wrong]) {
        const plain = predictTestDigit(exampleId);
        const frame = await readFrame(exampleId, target);
        const targetClass = target === 'label' ? label : plain.predictedClass;
        expect(frame.targetClass).toBe(targetClass);
        const expected = plain.camMapOf(targetClass);
        const largest = Math.max(...expected);
        // Eight bits: half a level of the largest value.
        const tolerance = largest * (0.5 / 255 + 1e-3);
        frame.map.flat().forEach((value, p) => {
          expect(Math.abs(value - (expected[p] ?? Number.NaN))).toBeLessThan(tolerance);
        });
        expect(Math.max(...frame.map.flat())).toBeCloseTo(largest, 3);
      }
    },
  );

  it('has the metrics of the cam that the weights give', () => {
    for (const example of examples.filter((_, i) => i % every === 0)) {
      const { pixels } = readTestDigit(example.exampleId);
      const plain = predictTestDigit(example.exampleId);
      const cam = reconstruct(plain.camMapOf(plain.predictedClass));
      const image = Float64Array.from(pixels, (byte) => byte / 255);
      const mask = image.map((x) => (x > 0.5 ? 1 : 0));
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
      const inside = sum(cam.map((value, p) => value * (mask[p] ?? 0)));
      expect(example.inputCorrelation).toBeCloseTo(correlate(cam, image), 3);
      expect(example.energyInside).toBeCloseTo(inside / sum(cam), 3);
      expect(example.maskArea).toBeCloseTo(sum(mask) / 784, 6);
      const bright = cam.map((value) => (value > 0.5 ? 1 : 0));
      const both = sum(bright.map((value, p) => value * (mask[p] ?? 0)));
      const union = sum(bright) + sum(mask) - both;
      // One pixel may fall on the other side of a half by rounding.
      expect(Math.abs((example.iou ?? Number.NaN) - both / union)).toBeLessThan(2 / union);
    }
  });
});
