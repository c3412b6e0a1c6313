import type { Explainer } from '../../src/core/explainers/explainer.ts';
import { explainerFamilies, familyTitles } from '../../src/core/explainers/explainer.ts';
import { optionSettings } from '../../src/core/explainers/options.ts';
import {
  explainerNames,
  explainers,
  type ExplainerName,
} from '../../src/core/explainers/registry.ts';
import { describeRange } from '../../src/core/config/settingWords.ts';
import { writeTable } from './markdown.ts';

const writeOptions = (name: ExplainerName): string[] => {
  const rows = [...optionSettings(name)].map(([key, setting]) => [
    `\`${key}\``,
    describeRange(setting),
    setting.unit ?? '–',
    String(setting.fallback),
    setting.description,
  ]);
  return rows.length === 0
    ? []
    : [writeTable(['option', 'values', 'unit', 'default', 'meaning'], rows)];
};

function writeExplainer(name: ExplainerName): string[] {
  const { title, description, formula, source, cost, signed, random }: Explainer = explainers[name];
  const facts = [
    `Cost: ${cost}.`,
    signed ? 'Negative where a pixel speaks against the class.' : 'Never negative.',
    ...(random ? ['Drawn at random: the same seed gives the same map.'] : []),
  ];
  return [
    `### ${title}: \`${name}\``,
    description,
    `\`${formula}\``,
    `${facts.join(' ')} Source: ${source}.`,
    ...writeOptions(name),
  ];
}

/** Every way to explain, as its descriptor has it. */
export const writeExplainers = (): string =>
  [
    '# Ways to explain',
    'Names and options as `explain --method NAME --option KEY=VALUE` and the calls have them. y is the logit of the class explained, s its score where that can be chosen, x the image in [0, 1], A the activations of the run’s target layer. Every map has the image’s size; those of a layer are enlarged bicubically and divided by their maximum, as all class activation maps here, the others are as computed. A pass is one image through the network.',
    ...explainerFamilies.flatMap((family) => {
      const names = explainerNames.filter((name) => explainers[name].family === family);
      return names.length === 0
        ? []
        : [`## ${familyTitles[family]}`, ...names.flatMap(writeExplainer)];
    }),
  ].join('\n\n');
