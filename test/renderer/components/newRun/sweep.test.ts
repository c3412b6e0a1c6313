import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyIgnored } from '../../../../src/renderer/components/newRun/relevance.ts';
import { countRuns, expandSweep } from '../../../../src/renderer/components/newRun/sweep.ts';
import type { Sweep } from '../../../../src/renderer/components/newRun/sweep.ts';
import { presets } from '../../../../src/core/config/presets.ts';
import { newRunSchema } from '../../../../src/shared/contract.ts';
import type { RunConfigKey } from '../../../../src/core/config/runConfig.ts';

const sweepOf = (
  changes: Partial<Record<RunConfigKey, readonly unknown[]>>,
  seeds = [1],
): Sweep => ({
  values: new Map(
    Object.entries({ ...presets['mnist-r'] }).map(([key, value]) => [
      key as RunConfigKey,
      (changes[key as RunConfigKey] ?? [value]) as Sweep['seeds'],
    ]),
  ),
  seeds,
  name: 'mnist-r',
  experiment: 'weights',
});

describe('expandSweep', () => {
  it('runs every configuration with every seed', () => {
    const runs = expandSweep(sweepOf({ camWeight: [0.1, 10], epochs: [3, 5] }, [1, 2]));
    expect(runs.map(({ config, seed }) => [config.camWeight, config.epochs, seed])).toEqual([
      [0.1, 3, 1],
      [0.1, 3, 2],
      [0.1, 5, 1],
      [0.1, 5, 2],
      [10, 3, 1],
      [10, 3, 2],
      [10, 5, 1],
      [10, 5, 2],
    ]);
    expect(runs[0]?.name).toBe('mnist-r camWeight 0.1 epochs 3 seed 1');
  });

  it('names nothing that all runs share', () => {
    expect(expandSweep(sweepOf({})).map(({ name }) => name)).toEqual(['mnist-r seed 1']);
  });

  it('makes as many runs as it counts, all of them valid and none named like another', () => {
    const distinct = { minLength: 1, maxLength: 3 };
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), distinct),
        fc.uniqueArray(fc.constantFrom(null, 1, 1000), distinct),
        fc.uniqueArray(fc.integer({ min: 0, max: 2 ** 31 - 1 }), distinct),
        (camWeight, trainExamples, seeds) => {
          const sweep = { ...sweepOf({ camWeight, trainExamples }, seeds), name: 'x'.repeat(300) };
          const runs = expandSweep(sweep);
          expect(runs).toHaveLength(countRuns(sweep));
          expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
          for (const run of runs) expect(newRunSchema.safeParse(run).success).toBe(true);
        },
      ),
    );
  });
});

describe('whyIgnored', () => {
  const why = (key: RunConfigKey, values: Partial<Record<RunConfigKey, string[] | null>>): string =>
    whyIgnored(key, (other) => values[other] ?? null);

  it('names what makes a field change nothing', () => {
    expect(why('camWeight', { paradigm: ['C'] })).toBe('Paradigm C does not use it.');
    expect(why('momentum', { optimizer: ['rmsprop', 'adam'] })).toBe('Only SGD uses it.');
    expect(why('margin', { paradigm: ['R'], pairing: ['matched'] })).toContain('no margin');
  });

  it('says nothing where one run of the sweep uses it', () => {
    expect(why('camWeight', { paradigm: ['C', 'R'] })).toBe('');
    expect(why('scheduleFactor', { schedule: ['constant', 'step'] })).toBe('');
    expect(why('learningRate', { paradigm: ['C'] })).toBe('');
    expect(why('camWeight', { paradigm: null })).toBe('');
  });
});
