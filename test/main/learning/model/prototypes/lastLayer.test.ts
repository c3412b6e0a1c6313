import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  measureLastLayer,
  optimizeLastLayer,
  type LastLayerProblem,
} from '../../../../../src/main/learning/model/prototypes/lastLayer.ts';

interface Golden extends Pick<LastLayerProblem, 'classes'> {
  labels: number[];
  similarities: number[];
  cases: { sparsityWeight: number; start: number; optimum: number; zeros: number }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../../../../golden/last-layer.json', import.meta.url), 'utf8'),
) as Golden;

/** 1 from the two prototypes of a class, -0.5 from those of others. */
const start = Float32Array.from({ length: 18 }, (_, i) => (Math.floor(i / 6) === i % 3 ? 1 : -0.5));

it('by hand: two images, of which one is told apart', () => {
  const problem = {
    similarities: Float32Array.from([2, 1, 1, 1]),
    labels: Uint8Array.from([0, 1]),
    ...{ classes: 2, sparsityWeight: 0.1 },
  };
  // Logits (2 - 0.5, -1 + 1) and (0.5, 0.5); of other classes' prototypes there are two weights of 0.5.
  const expected = (Math.log(1 + Math.exp(-1.5)) + Math.log(2)) / 2 + 0.1;
  expect(measureLastLayer(problem, [1, -0.5, -0.5, 1])).toBeCloseTo(expected, 12);
});

describe.each(golden.cases)('with a sparsity weight of $sparsityWeight', (expected) => {
  const problem: LastLayerProblem = {
    similarities: Float32Array.from(golden.similarities),
    labels: Uint8Array.from(golden.labels),
    classes: golden.classes,
    sparsityWeight: expected.sparsityWeight,
  };

  it('reaches the optimum that SciPy finds, with as many weights at 0', () => {
    expect(measureLastLayer(problem, start)).toBeCloseTo(expected.start, 6);
    const kernels = optimizeLastLayer(problem, start);
    let kernel: Float32Array = start;
    for (let i = 0; i < 500; i += 1) kernel = kernels.next().value;
    expect(measureLastLayer(problem, kernel)).toBeCloseTo(expected.optimum, 6);
    expect(kernel.filter((weight) => Math.abs(weight) < 1e-6)).toHaveLength(expected.zeros);
  });

  it('is nowhere worse than where it begins, and soon most of the way there', () => {
    const kernels = optimizeLastLayer(problem, start);
    const values = Array.from({ length: 20 }, () =>
      measureLastLayer(problem, kernels.next().value),
    );
    expect(Math.max(...values)).toBeLessThan(expected.start);
    const left = ((values.at(-1) ?? 0) - expected.optimum) / (expected.start - expected.optimum);
    expect(left).toBeLessThan(0.3);
  });
});
