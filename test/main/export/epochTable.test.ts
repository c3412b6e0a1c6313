import { expect, it } from 'vitest';
import { epochMetricNames } from '../../../src/core/metrics/epochMetrics.ts';
import { buildEpochTable } from '../../../src/main/export/epochTable.ts';
import { describeRun } from '../../../src/main/export/runDocument.ts';
import { formatTable } from '../../../src/main/export/tableFormats.ts';
import { buildMetrics } from '../../support/epochMetrics.ts';
import { buildRun } from '../../support/reportRuns.ts';

it('has every metric of the catalogue with all its digits, as the JSON has it, and what means are over', () => {
  const epochs = [0, 1, 2].map((epoch) => {
    const metrics = buildMetrics({ epoch, validationLoss: 1 / (3 + epoch), testImages: 500 });
    const mean = metrics.mapMeans.iou;
    if (mean === undefined) throw new Error('no IoU');
    return { ...metrics, mapMeans: { ...metrics.mapMeans, iou: { ...mean, undefinedImages: 7 } } };
  });
  const run = buildRun({ epochs });
  const [head = '', ...lines] = formatTable(buildEpochTable(run), 'csv').trimEnd().split('\r\n');
  const keys = head.split(',');
  expect(keys).toEqual(expect.arrayContaining([...epochMetricNames, 'epoch', 'iouN']));
  lines.forEach((line, i) => {
    const cells = line.split(',');
    const documented = describeRun(run).epochs[i];
    for (const name of ['epoch', 'testImages', ...epochMetricNames] as const) {
      const value = documented?.[name] ?? '';
      expect([name, cells[keys.indexOf(name)]]).toEqual([name, String(value)]);
    }
    expect(cells[keys.indexOf('iouN')]).toBe('493');
  });
  expect(lines).toHaveLength(3);
});
