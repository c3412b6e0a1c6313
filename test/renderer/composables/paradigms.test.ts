import { expect, it } from 'vitest';
import { styleSeries } from '../../../src/core/figures/charts/chart.ts';
import { lookOf } from '../../../src/renderer/composables/paradigms.ts';
import {
  assignSeriesStyles,
  assignSeriesTokens,
} from '../../../src/renderer/composables/seriesColors.ts';
import { presets } from '../../../src/core/config/presets.ts';
import type { RunConfig } from '../../../src/core/config/runConfig.ts';

/** Under terms that the application does not have. */
const third = {
  ...presets['mnist-c'],
  objective: { sharpness: { weight: 1 } },
} as unknown as RunConfig;

it('a third paradigm is called by its terms, and has a colour that is neither C’s nor R’s', () => {
  expect(lookOf('sharpness+triplet').title).toBe('Cross-entropy and sharpness, triplet');
  const configs = [third, presets['mnist-c'], presets['mnist-r'], third];
  const runs = configs.map((config, i) => ({ id: String(i), config }));
  expect([...assignSeriesTokens(runs).values()]).toEqual([
    '--series-1',
    '--paradigm-c',
    '--paradigm-r',
    '--series-1-2',
  ]);
  const colors = styleSeries(['sharpness', 'C', 'R', 'sharpness']).map(({ color }) => color);
  expect(colors.slice(1, 3)).toEqual(['#0072b2', '#d55e00']);
  expect(new Set(colors).size).toBe(4);
});

it('keeps a paradigm’s colour whatever is beside it, and tells twelve of its runs apart', () => {
  const runs = Array.from({ length: 12 }, (_, i) => ({
    id: `r${i}`,
    config: presets['mnist-r'],
  }));
  const alone = assignSeriesStyles(runs);
  const beside = assignSeriesStyles([{ id: 'c', config: presets['mnist-c'] }, ...runs]);
  for (const { id } of runs) expect(beside.get(id)).toEqual(alone.get(id));
  const styles = [...alone.values()];
  expect(styles.every(({ token }) => token.startsWith('--paradigm-r'))).toBe(true);
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(12);
});
