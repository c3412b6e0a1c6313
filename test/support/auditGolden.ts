import { readFileSync } from 'node:fs';
import { softmax } from '../../src/core/softmax.ts';

export interface AuditGolden {
  targets: number[];
  entropy: number[];
  gini: number[];
  pointing: boolean[];
  energyInside: number[];
  topInside: number[];
  deletionBlack: number[][];
  deletionMean: number[][];
  imputed: number[][][];
  road: number[][];
  roadLeast: number[][];
  maxSensitivity: number[];
  spearman: number[];
  sobel: number[][][];
  blur: number[][][];
}

/** Values made by test/golden/make_audit.py with Quantus, SciPy and scikit-image. */
export const auditGolden = JSON.parse(
  readFileSync(new URL('../golden/audit.json', import.meta.url), 'utf8'),
) as AuditGolden;

/** The patterns of the script. */
export const auditPattern = (length: number, k: number): number[] =>
  Array.from({ length }, (_, p) => (((p + 1) * (387 + 58 * k)) % 1009) / 1009);

export const auditSize = 8;
const pixels = auditSize ** 2;
export const auditImages = [0, 1, 2].map((k) => Float32Array.from(auditPattern(pixels, k)));
export const auditMaps = [3, 4, 5].map((k) =>
  Float32Array.from(auditPattern(pixels, k), (value) => value - 0.3),
);

const classes = 3;
const weights = auditPattern(pixels * classes, 7).map((value) => 2 * (value - 0.5));
/** The probabilities [classes] that the script's linear network gives. */
export const predictLinearly = (image: ArrayLike<number>): Float64Array =>
  softmax(
    Float32Array.from({ length: classes }, (_, k) =>
      Array.from(image).reduce((sum, x, p) => sum + x * (weights[k * pixels + p] ?? 0), 0),
    ),
  );
