import { basename, extname, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { z } from 'zod';
import { buildWeightsConfig } from '../../core/config/weightsConfig.ts';
import { AfterimageError } from '../../core/errors.ts';
import { layoutOwners } from '../../core/formats/foreignWeights.ts';
import { modelNames, type ModelName } from '../../core/models/network.ts';
import { loadSourceFile } from '../platform/files.ts';
import { importWeights } from '../workbench/importWeights.ts';
import { boundedText, collect, nameLength, oneOf, seed } from './arguments.ts';
import { noteSteps } from './datasetsCommand.ts';
import { reportRuns } from './runsList.ts';
import { withSession } from './session.ts';

interface ImportWeightsFlags {
  model: ModelName;
  dataSet: string;
  names?: string;
  batchNormEpsilon?: number;
  set: string[];
  seed: number;
  name?: string;
}

/** Far more than the names of any network's layers take. */
const mostNameBytes = 2 ** 20;

const namesSchema = z.record(z.string(), z.string());

const positive = (text: string): number => {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It takes a number above 0.');
};

/** What the file calls the layers, from a JSON file. */
async function loadNames(path: string | undefined): Promise<Record<string, string>> {
  if (path === undefined) return {};
  const text = new TextDecoder().decode(await loadSourceFile(path, mostNameBytes));
  try {
    return namesSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${path} is not a JSON object of names.`,
      'Write what the file calls each layer: {"conv1": "features.0", "dense2": "classifier.3"}.',
      error,
    );
  }
}

export function addImportWeights(parent: Command): void {
  parent
    .command('import-weights')
    .description('make a run of weights that PyTorch or Keras saved, evaluated on the test images')
    .argument('<file>', 'a safetensors file')
    .requiredOption('--model <name>', modelNames.join(', '), oneOf(modelNames))
    .requiredOption('--data-set <name>', 'of the library: what it is evaluated on')
    .option('--names <file>', 'JSON: what the file calls each layer, {"conv1": "features.0", …}')
    .option(
      '--batch-norm-epsilon <value>',
      'that the weights were trained with; 0.001 where names are Keras’s, else 0.00001',
      positive,
    )
    .option('--set <key=value>', 'settings of the run, as of train', collect, [])
    .option('--seed <n>', 'of the untrained network that is epoch 0', seed, 1)
    .option('--name <name>', 'of the run; else the file’s', boundedText(nameLength))
    .addHelpText(
      'after',
      `
The weights become epoch 1 of a run, which can be explained, compared and exported as any other; epoch
0 is the untrained network of the seed. Layers are found by the names that the model has here (conv1,
bn1, dense1, …; "summary" lists them), or by what --names calls them; a name may also stand for one
weight ("conv1/kernel"). Kernels are taken in PyTorch's or in Keras's layout, whichever fits. The network
must have been trained on pixels / 255, normalised with the data set's mean and standard deviation.`,
    )
    .action(async (file: string, options: ImportWeightsFlags, command: Command) => {
      const { model, dataSet, set } = options;
      const config = buildWeightsConfig({ model, dataset: dataSet, settings: set });
      const names = await loadNames(options.names);
      const path = resolve(file);
      const name = options.name ?? basename(path, extname(path));
      const run = { name, experiment: name, config, seed: options.seed };
      await withSession(command, async (session) => {
        const { runId, layout, epsilon } = await importWeights(
          { path, run, names, epsilon: options.batchNormEpsilon ?? null },
          session.workbench,
          { onProgress: noteSteps(session.output) },
        );
        session.output.note(
          `Kernels in ${layoutOwners[layout]} layout, batch norms with epsilon ${epsilon}.`,
        );
        reportRuns(session, [runId]);
      });
    });
}
