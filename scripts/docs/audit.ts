import { referenceMaps, referenceNames } from '../../src/core/trust/audit.ts';
import { trustQuestions, type TrustQuestion } from '../../src/core/trust/measure.ts';
import {
  measuresOf,
  questionWords,
  trustMeasures,
  type TrustMeasureName,
} from '../../src/core/trust/measures.ts';
import { writeTable } from './markdown.ts';

const betterWords = { higher: 'higher', lower: 'lower', none: '–' } as const;

function writeMeasure(name: TrustMeasureName): string[] {
  const { heading, symbol, definition, better, undefinedWhere, source } = trustMeasures[name];
  return [
    `\`${name}\``,
    heading,
    `\`${symbol}\``,
    definition,
    betterWords[better ?? 'none'],
    undefinedWhere,
    source === '' ? '–' : source,
  ];
}

const columns = ['name', 'heading', 'formula', 'definition', 'better', 'undefined where', 'source'];

function writeQuestion(question: TrustQuestion): string[] {
  const { title, shows, cannot } = questionWords[question];
  return [
    `## ${title}`,
    `**What it shows.** ${shows}`,
    `**What it cannot.** ${cannot}`,
    writeTable(columns, measuresOf(question).map(writeMeasure)),
  ];
}

/** What an audit measures, as the measures' descriptors have it. */
export const writeAudit = (): string =>
  [
    '# Audits of explanations',
    '`audit --run RUN --methods gradcam,lrp` measures, for test images drawn by the seed, whether the maps of a method can be trusted, and keeps every value of every image with the run; `audit show` reads it, `table --which audit --runs A[,B]` tells one run or tests two on the same images. Each image is explained for the class that the epoch predicts. Everything is a number with an interval: none of them is a verdict.',
    'M is the map at the image’s size, M⁺ what of it speaks for the class, x the image’s luminance in [0, 1], p the class’s probability. Similarities are of absolute values, since methods without a sign stand beside others. Pixels of equal value come in an order drawn by the seed.',
    'A method is audited once per epoch: an audit of other images, or with another seed, takes the place of what was known of that epoch, so that the methods of an epoch compare. Networks with more than ten layers that have weights are randomised in ten groups of neighbours.',
    '## Maps that no network made',
    'They stand beside the methods in every audit: a method that scores no better than one of them shows no more than that one does.',
    writeTable(
      ['name', 'map'],
      referenceNames.map((name) => [`\`${name}\``, referenceMaps[name].description]),
    ),
    ...trustQuestions.flatMap(writeQuestion),
  ].join('\n\n');
