import { seedSchema } from '../../../core/config/runConfig.ts';
import { measureSizes, countPasses } from '../../../core/explainers/cost.ts';
import type { ExplainedSizes } from '../../../core/explainers/explainer.ts';
import {
  chooseExplainers,
  optionSettings,
  readOptions,
  type ChosenExplainer,
} from '../../../core/explainers/options.ts';
import type { ExplainerName } from '../../../core/explainers/registry.ts';
import type { RunSummary } from '../../../core/records.ts';
import type { QueryCodec } from '../../composables/useQueryParam.ts';
import { toUserError, type UserError } from '../../composables/userError.ts';
import type { ExampleHistory } from '../../examples/exampleHistory.ts';

/** Images that a network may see for what is computed without being asked for. */
const quickPasses = 2;

/** A method with its own options. */
export const withDefaults = (name: ExplainerName): ChosenExplainer => ({
  name,
  options: { ...readOptions(name, {}) },
});

/** A method with options as the URL has them, `key=value`; those of other methods are left alone. */
export function readChoice(
  name: ExplainerName,
  texts: readonly string[],
): { method: ChosenExplainer; problem: UserError | null } {
  const known = optionSettings(name);
  const own = texts.filter((text) => known.has(text.slice(0, text.indexOf('='))));
  try {
    const [method = withDefaults(name)] = chooseExplainers([name], own);
    return { method, problem: null };
  } catch (error) {
    return { method: withDefaults(name), problem: toUserError(error) };
  }
}

/** What the cost of explaining an example of a run rests on; null while the run is not known. */
export const sizesOf = (
  run: RunSummary | undefined,
  { imageSize, channels, classNames }: ExampleHistory,
): ExplainedSizes | null =>
  run === undefined
    ? null
    : measureSizes({
        ...{ model: run.config.model, targetLayer: run.config.cam.targetLayer },
        ...{ imageSize, channels, classes: classNames.length },
      });

/** Whether it takes so little that it is computed as soon as it may be looked at. */
export const isQuick = (method: ChosenExplainer, sizes: ExplainedSizes): boolean =>
  countPasses([method], sizes) <= quickPasses;

/** Methods by their names, the one chosen with its options. */
export const listMethods = (
  names: readonly ExplainerName[],
  chosen: ChosenExplainer,
): ChosenExplainer[] => names.map((name) => (name === chosen.name ? chosen : withDefaults(name)));

/** The seed as the URL has it. */
export const seedParam: QueryCodec<number> = {
  parse: (text) => seedSchema.safeParse(Number(text ?? 0)).data ?? 0,
  format: (seed) => (seed === 0 ? null : String(seed)),
};
