import { expect, it } from 'vitest';
import { buildPaperCnn } from '../../src/main/learning/model/cnn.ts';
import { totalSize } from '../../src/main/learning/model/parameters.ts';
import { summarizePaperCnn } from '../../src/core/modelSummary.ts';

it('counts the parameters and MACs that the paper states', () => {
  const summary = summarizePaperCnn(28, 10);
  expect(summary.parameters).toBe(390_858);
  expect(summary.macs).toBe(7_748_608);
  expect(summary.flops).toBeGreaterThan(2 * summary.macs);
});

it.each([28, 32, 64])('counts what the model of %i pixels really has', (imageSize) => {
  const model = buildPaperCnn(imageSize, 10);
  expect(summarizePaperCnn(imageSize, 10).parameters).toBe(totalSize(model.parameters));
});
