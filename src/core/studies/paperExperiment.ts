import { paradigmOf } from '../config/objectives.ts';
import { presets } from '../config/presets.ts';
import { changeSettings } from '../config/settingValues.ts';
import type { Study } from './study.ts';

/**
 * The paper's experiment as a study: C and R on MNIST, all else the same. Its runs are called `NAME C` and
 * `NAME R`.
 *
 * @param changes by setting, of both
 */
export const planPaperExperiment = (
  name: string,
  changes: Readonly<Record<string, number>>,
  seeds: readonly number[],
): Study => ({
  ...{ name, question: '', factors: [], seeds: [...seeds] },
  bases: (['mnist-c', 'mnist-r'] as const).map((preset) => ({
    name: paradigmOf(presets[preset]),
    config: changeSettings(presets[preset], changes),
  })),
  runPrefix: name,
});
