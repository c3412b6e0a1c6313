import type { Command } from 'commander';
import { findClass, nameClass } from '../../core/classNames.ts';
import { findMaximisers, rankChannels, channelsOf } from '../../core/explainers/concepts.ts';
import { lrpRules, type LrpRule } from '../../core/explainers/lrpRules.ts';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import type { EpochConcepts } from '../workbench/concepts.ts';
import type { ExplainedTarget } from '../workbench/explanations.ts';
import { epochOrAll, oneOf, wholeNumber } from './arguments.ts';
import { progressLine } from './progressLine.ts';
import { withSession, type Session } from './session.ts';
import { storedEpoch } from '../workbench/storedEpoch.ts';

interface ConceptsOptions {
  run: string;
  epoch: EpochChoice | 'all';
  class: string;
  rule: LrpRule;
  examples: number;
  channels: number;
  images: number;
}

/** The document of one epoch: channels, most relevant first, each with the images that maximise it. */
function describeConcepts(
  concepts: EpochConcepts,
  { channels, images }: ConceptsOptions,
  classNames: readonly string[],
) {
  const { epoch, layer, exampleIds, targets, relevance } = concepts;
  const all = channelsOf(concepts);
  return {
    ...{ epoch, layer, examples: exampleIds.length },
    channels: rankChannels(concepts)
      .slice(0, channels)
      .map((ranked) => ({
        ...ranked,
        images: findMaximisers(concepts, ranked.channel, images).map((place) => ({
          exampleId: exampleIds[place] ?? 0,
          targetClass: targets[place] ?? 0,
          targetName: nameClass(classNames, targets[place] ?? 0),
          relevance: relevance[place * all + ranked.channel] ?? 0,
        })),
      })),
  };
}

async function weighAll(session: Session, options: ConceptsOptions, runId: string) {
  const { history, datasets, concepts } = session.workbench;
  const { classNames, name } = datasets.recordOf(runId);
  const target: ExplainedTarget =
    options.class === 'predicted' || options.class === 'label'
      ? options.class
      : findClass(options.class, classNames, name);
  const epochs =
    options.epoch === 'all'
      ? history.weights.list(runId)
      : [storedEpoch(history, runId, options.epoch)];
  const { rule, examples } = options;
  const progress = progressLine(session.output);
  const weighed: EpochConcepts[] = [];
  try {
    for (const epoch of epochs) {
      const query = { runId, epoch, target, rule, examples };
      weighed.push(await concepts.weigh(query, { onProgress: progress.show }));
    }
  } finally {
    progress.end();
  }
  return weighed.map((one) => describeConcepts(one, options, classNames));
}

async function showConcepts(session: Session, options: ConceptsOptions): Promise<void> {
  const { output, json, workbench } = session;
  const list = await weighAll(session, options, workbench.history.runs.resolve(options.run));
  if (json) {
    output.json({ concepts: list });
    return;
  }
  for (const { epoch, layer, examples, channels } of list) {
    output.text(`Epoch ${epoch}, layer ${layer}, ${examples} test images`);
    for (const { channel, share, relevance, images } of channels) {
      const shown = images.map(({ exampleId, targetName }) => `${exampleId} (${targetName})`);
      output.text(
        `  channel ${channel}  ${(100 * share).toFixed(1)}%  mean ${relevance.toPrecision(3)}  ${shown.join(', ')}`,
      );
    }
  }
}

export function addConceptsCommand(program: Command): void {
  program
    .command('concepts')
    .description('the channels of a run’s target layer by relevance, each with its images')
    .requiredOption('--run <run>', 'id, the beginning of one, or a name')
    .option('--epoch <best|last|n|all>', 'whose network', epochOrAll, 'best')
    .option('--class <target>', 'predicted, label, or the name of any class', 'predicted')
    .option('--rule <name>', `one of ${lrpRules.join(', ')}`, oneOf(lrpRules), 'composite')
    .option('--examples <n>', 'most test images, evenly spaced', wholeNumber(1), 500)
    .option('--channels <n>', 'most channels', wholeNumber(1), 8)
    .option('--images <n>', 'most images of each', wholeNumber(1), 6)
    .addHelpText(
      'after',
      '\nRelevance is of the class’s logit, handed back to the layer by layer-wise relevance propagation\nand summed over positions. A channel’s own map of an image: explain --method crp --option channel=N.',
    )
    .action(async (options: ConceptsOptions, command: Command) => {
      await withSession(command, (session) => showConcepts(session, options));
    });
}
