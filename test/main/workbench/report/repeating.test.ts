import { expect, it } from 'vitest';
import { presets } from '../../../../src/core/config/presets.ts';
import type { EngineInfo } from '../../../../src/core/records.ts';
import { describeRepeating } from '../../../../src/main/workbench/report/repeating.ts';
import { buildMetrics } from '../../../support/epochMetrics.ts';
import { buildRun } from '../../../support/reportRuns.ts';

const study = {
  ...{ name: 'two ways', question: '', factors: [], seeds: [1, 2] },
  bases: [{ name: 'C', config: presets['mnist-c'] }],
};
const engine = { name: 'native', threads: 2 } as EngineInfo;
const untrained = buildMetrics({ epoch: 0, trainLoss: null });
const trained = buildRun({
  ...{ name: 'trained', engine, config: presets['mnist-c'] },
  epochs: [untrained, buildMetrics({ epoch: 1, trainLoss: 0.5 })],
});
const imported = buildRun({
  ...{ name: 'brought', engine: { ...engine, name: 'wasm' }, config: presets['mnist-c'] },
  epochs: [untrained, buildMetrics({ epoch: 1, trainLoss: null })],
});

const textOf = (runs: Parameters<typeof describeRepeating>[1]): string =>
  describeRepeating(study, runs, '1.2.3')
    .flatMap((block) =>
      block.kind === 'text' ? block.text : block.kind === 'commands' ? block.lines : [],
    )
    .join('\n');

it('trains again what was trained, by its engine', () => {
  const text = textOf([trained]);
  expect(text).toContain("study create 'two ways' --file study.json\n");
  expect(text).toContain("study run 'two ways' --engine native --threads 2\n");
  expect(text).not.toContain('imported');
});

it('trains nothing for weights that were imported, and says where they are from', () => {
  const text = textOf([imported]);
  expect(text).toContain('Nothing was trained for brought: their weights were imported.');
  expect(text).toContain("study create 'two ways' --runs brought\n");
  expect(text).not.toContain('study run');
  expect(text).not.toContain('study.json');
});

it('tells the two apart where a study has both', () => {
  const text = textOf([trained, imported]);
  expect(text).toContain('Nothing was trained for brought:');
  expect(text).toContain("study run 'two ways' --engine native --threads 2\n");
  expect(text).not.toContain('wasm');
});
