import { describe, expect, it } from 'vitest';
import { readExampleHistory } from '../../src/renderer/examples/exampleHistory.ts';
import { TensorReader } from '../../src/renderer/examples/tensorFile.ts';
import {
  datasetRecordSchema,
  exampleQuerySchema,
  exampleSchema,
  runSchema,
  runSummarySchema,
} from '../../src/core/records.ts';
import { createFakeWorkbench } from '../support/fakeWorkbench.ts';
import { gather } from '../support/pieces.ts';

/** The double that development, screenshots and the tests of stores stand on keeps the contract. */
describe('the fake workbench', () => {
  const { api } = createFakeWorkbench({ runs: 30, now: 0 });

  it('gives records of the contract', async () => {
    for (const summary of await gather(api.runs.list({ deleted: false }, {}))) {
      expect(() => runSummarySchema.parse(summary)).not.toThrow();
      const run = runSchema.parse(await api.runs.get({ runId: summary.id }, {}));
      expect(run.epochs).toHaveLength(summary.validationLosses.length);
    }
    for (const dataset of await api.datasets.list({}, {})) datasetRecordSchema.parse(dataset);
  });

  it('answers queries for examples as the contract says', async () => {
    const query = exampleQuerySchema.parse({
      runId: 'run-0028',
      filters: ['misclassified', 'low-confidence'],
      sort: 'confidence',
    });
    const examples = exampleSchema.array().parse(await api.examples.list(query, {}));
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.every(({ correct, confidence }) => !correct && confidence < 0.6)).toBe(true);
    const confidences = examples.map(({ confidence }) => confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => a - b));
  });

  it('tells an example’s history as its list does', async () => {
    const runId = 'run-0028';
    const blob = await api.examples.history({ runId, exampleId: 13 }, {});
    const history = readExampleHistory(await TensorReader.fromBlob(blob, 'history'), runId, 13);
    const { epochs } = await api.runs.get({ runId }, {});
    expect([...history.epochs]).toEqual(epochs.map(({ epoch }) => epoch));
  });
});
