import type { ModelTerm } from '../../models/model.ts';
import { modelTerms } from '../../models/registry.ts';
import { lossTermNames, type LossTermName } from '../../config/objectives.ts';
import { objectiveTerms } from '../../config/objectives/registry.ts';
import type { EpochMetric } from '../metric.ts';

interface TermText {
  title: string;
  symbol: string;
  definition: string;
}

const descriptors = new Map<string, Omit<ModelTerm, 'weight'>>(
  [...objectiveTerms, ...modelTerms].map((term) => [term.name, term]),
);

/** What a term is called, and what its mean is; the symbol is what its formula defines. */
function textOf(term: LossTermName): TermText {
  if (term === 'crossEntropy') return { title: 'cross-entropy', symbol: 'LCE', definition: 'mean' };
  const { word = term, formula = '' } = descriptors.get(term) ?? {};
  const title = `${word} term`;
  const [symbol = ''] = formula.split(' = ');
  return { title, symbol, definition: `mean unweighted ${title}` };
}

/** The word for a term, in messages as in charts. */
export const termTitle = (term: LossTermName): string => textOf(term).title;

type Split = 'train' | 'validation';
export type TermMetricName<S extends Split> = `${S}${Capitalize<LossTermName>}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const splitWords = { train: 'training', validation: 'validation' } as const;

const loss = {
  about: 'loss',
  unit: 'nats',
  kind: 'loss',
  decimals: 4,
  range: [0, Infinity],
} as const;

function describeTerm(split: Split, term: LossTermName): EpochMetric {
  const { title, symbol, definition } = textOf(term);
  const words = splitWords[split];
  return {
    ...loss,
    title: `${words} ${title}`,
    heading: `${capital(words)} ${title}`,
    symbol,
    definition: `${definition} over the ${words} images`,
    unit: term === 'crossEntropy' ? 'nats' : '',
    better: null,
    read: ({ terms }) => terms[split][term] ?? null,
  };
}

const nameTerm = <S extends Split>(split: S, term: LossTermName) =>
  `${split}${capital(term)}` as TermMetricName<S>;

/** `trainCrossEntropy`, `trainContrastive`, ... */
export const termMetricNames = <S extends Split>(split: S): TermMetricName<S>[] =>
  lossTermNames.map((term) => nameTerm(split, term));

/** A metric for every term of every objective. */
export const describeTerms = <S extends Split>(split: S): Record<TermMetricName<S>, EpochMetric> =>
  Object.fromEntries(
    lossTermNames.map((term) => [nameTerm(split, term), describeTerm(split, term)]),
  ) as Record<TermMetricName<S>, EpochMetric>;

export const trainLoss = {
  ...loss,
  title: 'training loss',
  heading: 'Training loss',
  symbol: 'L',
  definition: 'mean objective over the training images',
  unit: '',
  better: null,
  isObjective: true,
  read: (metrics) => metrics.trainLoss,
} as const satisfies EpochMetric;

export const validationLoss = {
  ...loss,
  title: 'validation loss',
  heading: 'Validation loss',
  short: 'Val. loss',
  symbol: 'L',
  definition: 'mean objective over the validation images',
  unit: '',
  better: null,
  isObjective: true,
  read: (metrics) => metrics.validationLoss,
} as const satisfies EpochMetric;

export const testCrossEntropy = {
  ...loss,
  title: 'test cross-entropy',
  heading: 'Cross-entropy',
  symbol: 'LCE',
  definition: 'mean over the test images',
  better: 'lower',
  compared: true,
  read: (metrics) => metrics.testCrossEntropy,
} as const satisfies EpochMetric;
