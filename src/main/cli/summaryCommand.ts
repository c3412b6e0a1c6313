import type { Command } from 'commander';
import { expandOverrides } from '../../core/config/configOverrides.ts';
import { runConfigSchema } from '../../core/config/runConfig.ts';
import {
  findLeastImageSize,
  modelNames,
  type ModelName,
  type ModelSettings,
} from '../../core/models/network.ts';
import {
  describeCounting,
  paperFlops,
  summarizeModel,
  type ModelSummary,
} from '../../core/models/summary.ts';
import { AfterimageError } from '../../core/errors.ts';
import { collect, oneOf, wholeNumber } from './arguments.ts';

interface SummaryFlags {
  model: ModelName;
  set: string[];
  imageSize: number;
  channels: number;
  classes: number;
}

/** The model with the settings that were given, as `train --set` takes them. */
function chooseModel({ model, set }: SummaryFlags): ModelSettings {
  const base = { name: 'The summary', config: runConfigSchema.parse({}) };
  const [variants = []] = expandOverrides([base], [`model=${model}`, ...set]);
  const [variant, ...others] = variants;
  if (variant !== undefined && others.length === 0) return variant.config.model;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${set.join(' ')} names ${variants.length} networks.`,
    'Give each setting one value.',
  );
}

const count = (value: number): string => value.toLocaleString('en');

/** Names and numbers in columns as wide as the widest. */
function alignRows(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const pad = (text: string, i: number): string =>
    i < 2 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join('  '));
}

function writeSummary(summary: ModelSummary, model: ModelName): string {
  const { targetLayers } = summary;
  const isTarget = (name: string): boolean => targetLayers.some((layer) => layer.name === name);
  const usual = targetLayers.find(({ isDefault }) => isDefault);
  const size = String(usual?.mapSize ?? '');
  const rows = summary.layers.map(({ name, output, parameters, macs }) => [
    `${name}${isTarget(name) ? ' *' : ''}`,
    ...[output.join('x'), count(parameters), count(macs)],
  ]);
  const lines = [
    ...alignRows([['layer', 'output', 'parameters', 'MACs'], ...rows]),
    `parameters ${count(summary.parameters)}, MACs ${count(summary.macs)}, FLOPs ${count(summary.flops)}`,
    `* can be the target layer; it is ${usual?.name ?? ''}, with a map of ${size} x ${size}, unless another is chosen`,
    describeCounting([model]),
    ...(model === 'paper-cnn' ? [`The paper states ${count(paperFlops)} FLOPs at 28 × 28.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function addSummary(program: Command): void {
  program
    .command('summary')
    .description('size and cost of a network, and the layers that can be explained')
    .option('--model <name>', modelNames.join(', '), oneOf(modelNames), 'paper-cnn')
    .option('--set <key=value>', 'a setting of the model, such as depth=8', collect, [])
    .option('--image-size <n>', 'pixels a side', wholeNumber(1, 1024), 28)
    .option('--channels <n>', '1 for grey images, 3 for colour', wholeNumber(1, 4), 1)
    .option('--classes <n>', 'classes', wholeNumber(2, 256), 10)
    .action((options: SummaryFlags, command: Command) => {
      const { imageSize, channels, classes } = options;
      const model = chooseModel(options);
      const least = findLeastImageSize(model);
      if (imageSize < least) {
        throw new AfterimageError(
          'INVALID_ARGUMENT',
          `${model.name} leaves no map of images of ${imageSize} x ${imageSize} pixels; it needs ${least} x ${least} at least.`,
          `Write --image-size ${least} or more.`,
        );
      }
      const summary = summarizeModel(model, { imageSize, channels }, classes);
      const { json }: { json?: boolean } = command.optsWithGlobals();
      const flopsCounting = describeCounting([model.name]);
      process.stdout.write(
        json === true
          ? `${JSON.stringify({ ...summary, paperFlops, flopsCounting })}\n`
          : writeSummary(summary, model.name),
      );
    });
}
