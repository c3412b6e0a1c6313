import { invalidArgument } from '../errors.ts';
import type { ModelName } from '../models/network.ts';
import { expandOverrides } from './configOverrides.ts';
import { runConfigSchema, type RunConfig } from './runConfig.ts';

/**
 * The configuration of the run that imported weights become: one, without training.
 *
 * @param settings `key=value`, as `--set` takes them
 * @throws AfterimageError INVALID_ARGUMENT where they are no settings of one run
 */
export function buildWeightsConfig(choice: {
  model: ModelName;
  /** Of the library, by name. */
  dataset: string;
  settings: readonly string[];
}): RunConfig {
  const { model, dataset, settings } = choice;
  const base = { name: 'The run', config: runConfigSchema.parse({}) };
  const [variants = []] = expandOverrides([base], [`model=${model}`, 'epochs=1', ...settings]);
  const [variant, ...others] = variants;
  if (variant === undefined || others.length > 0) {
    throw invalidArgument(
      `${settings.join(' ')} makes ${variants.length} runs of one file.`,
      'Give each setting one value.',
    );
  }
  return runConfigSchema.parse({ ...variant.config, data: { ...variant.config.data, dataset } });
}
