import type { Command } from 'commander';
import { findClass, nameClass } from '../../core/classNames.ts';
import { describeLikeness } from '../../core/explainers/describeLikeness.ts';
import type { Explanation } from '../../core/explainers/explanation.ts';
import { chooseExplainers, type ChosenExplainer } from '../../core/explainers/options.ts';
import { explainerNames, explainers, type ExplainerName } from '../../core/explainers/registry.ts';
import { AfterimageError } from '../../core/errors.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import { drawExplanations, packExplanations } from '../export/explanationFiles.ts';
import { saveOutput } from '../platform/files.ts';
import type { ExplainedTarget } from '../workbench/explanations.ts';
import { collect, epochOrAll, listOf, oneOf, seed, wholeNumber } from './arguments.ts';
import { shade, toRows } from './mapText.ts';
import { progressLine } from './progressLine.ts';
import { storedEpoch } from '../workbench/storedEpoch.ts';
import { withSession, type Session } from './session.ts';

interface ExplainOptions {
  run: string;
  example: number;
  method: ExplainerName[];
  epoch: EpochChoice | 'all';
  class: string;
  seed: number;
  option: string[];
  out?: string;
}

const writers: Readonly<
  Record<string, (list: readonly Explanation[], size: number) => Uint8Array | Promise<Uint8Array>>
> = { npz: packExplanations, png: drawExplanations };

/** How a file of that name is written; INVALID_ARGUMENT for an ending that says nothing. */
function chooseWriter(path: string): (typeof writers)[string] {
  const writer = writers[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  if (writer !== undefined) return writer;
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `${path} is neither an .npz nor a .png.`,
    'NPZ holds the numbers, PNG shows them.',
  );
}

async function compute(
  session: Session,
  options: ExplainOptions,
  methods: readonly ChosenExplainer[],
): Promise<Explanation[]> {
  const { history, datasets, explanations } = session.workbench;
  const runId = history.runs.resolve(options.run);
  const { classNames, name } = datasets.recordOf(runId);
  const target: ExplainedTarget =
    options.class === 'predicted' || options.class === 'label'
      ? options.class
      : findClass(options.class, classNames, name);
  const epoch = options.epoch === 'all' ? 'all' : storedEpoch(history, runId, options.epoch);
  const progress = progressLine(session.output);
  try {
    return await explanations.explain(
      { runId, exampleId: options.example, epoch, target, methods, seed: options.seed },
      { onProgress: progress.show },
    );
  } finally {
    progress.end();
  }
}

/** A map in characters; where it has a sign, that stands before each. */
function drawText({ method, map }: Explanation, size: number): string {
  const most = map.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const sign = (value: number): string => (value < 0 ? '-' : ' ');
  const cell = explainers[method].signed
    ? (value: number) => `${sign(value)}${shade(Math.abs(value) / most)}`
    : (value: number) => shade(value / most).repeat(2);
  return toRows(map, size)
    .map((row) => row.map(cell).join(''))
    .join('\n');
}

/** What can be said of the options before anything is opened. */
const checkOptions = ({ method, option, out }: ExplainOptions) => ({
  methods: chooseExplainers(method, option),
  write: out === undefined ? null : chooseWriter(out),
});

async function explain(
  session: Session,
  options: ExplainOptions,
  { methods, write }: ReturnType<typeof checkOptions>,
): Promise<void> {
  const { output, json, workbench } = session;
  const list = await compute(session, options, methods);
  const { classNames } = workbench.datasets.recordOf(workbench.history.runs.resolve(options.run));
  const size = Math.sqrt(list[0]?.map.length ?? 0);
  if (options.out !== undefined && write !== null) {
    await saveOutput(options.out, await write(list, size));
  }
  const named = list.map(({ map, ...facts }) => ({
    ...{ ...facts, targetName: nameClass(classNames, facts.targetClass) },
    ...(options.out === undefined && { map: toRows(map, size) }),
  }));
  if (json) {
    output.json({ explanations: named, ...(options.out !== undefined && { file: options.out }) });
    return;
  }
  list.forEach((one) => {
    const targetName = nameClass(classNames, one.targetClass);
    output.text(
      `${explainers[one.method].title}, epoch ${one.epoch}, class ${targetName}, ${Math.round(one.durationMs)} ms`,
    );
    if (one.likeness !== null) output.text(describeLikeness(one.likeness, one.epoch));
    if (options.out === undefined) output.text(drawText(one, size));
  });
}

export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('what epochs’ networks make of one test image, by any method')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .requiredOption('--example <k>', 'exampleId', wholeNumber(0))
    .requiredOption(
      '--method <names>',
      `between commas, of ${explainerNames.join(', ')}`,
      listOf(oneOf(explainerNames)),
    )
    .option('--epoch <best|last|n|all>', 'whose network', epochOrAll, 'best')
    .option('--class <target>', 'predicted, label, or the name of any class', 'predicted')
    .option('--seed <n>', 'of what is drawn at random', seed, 0)
    .option(
      '--option <key=value>',
      'of the methods that have it; may be given several times',
      collect,
      [],
    )
    .option('--out <file>', 'F.npz: the numbers; F.png: a picture, a row for each method')
    .addHelpText(
      'after',
      '\nMethods, their options, formulas and costs are in docs/explainers.md. Maps have the image’s size;\nthose of gradients, perturbation and relevance are negative where a pixel speaks against the class.',
    )
    .action(async (options: ExplainOptions, command: Command) => {
      const checked = checkOptions(options);
      await withSession(command, (session) => explain(session, options, checked));
    });
}
