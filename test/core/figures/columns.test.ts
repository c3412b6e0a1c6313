import { describe, expect, it } from 'vitest';
import { byName, recordedMetricNames } from '../../../src/core/metrics/exampleMetrics.ts';
import { decideAll } from '../../../src/core/figures/columns.ts';

describe('confidence', () => {
  it('is that of the first of equal classes', () => {
    const decisions = decideAll({
      epoch: 1,
      classes: 2,
      exampleIds: Uint32Array.of(3, 5),
      labels: Uint8Array.of(1, 1),
      probabilities: Float32Array.of(0.5, 0.5, 0.25, 0.75),
      measures: byName(recordedMetricNames, () => new Float32Array(2)),
    });
    expect(Array.from(decisions.predictedClasses)).toEqual([0, 1]);
    expect(Array.from(decisions.confidence)).toEqual([0.5, 0.75]);
    expect(decisions.correct).toEqual([false, true]);
  });
});
