import type { Metric } from '../metrics/metric.ts';

/** What a measure asks of an explanation. */
export const trustQuestions = [
  'sanity',
  'faithfulness',
  'robustness',
  'complexity',
  'localisation',
  'agreement',
] as const;
export type TrustQuestion = (typeof trustQuestions)[number];

/** A question as documents head it, and what its measures can and cannot show. */
export interface QuestionWords {
  title: string;
  shows: string;
  cannot: string;
}

/** A number that an audit has for each image and each way to explain. */
export interface TrustMeasure extends Metric {
  question: TrustQuestion;
  /** Images that have no value, in words. */
  undefinedWhere: string;
  /** Who described it first; empty for plain comparisons. */
  source: string;
  /**
   * Whether it needs a network that is asked for maps again: maps that no network made, such as the image
   * itself, have none.
   */
  ofNetwork: boolean;
}

/** The same descriptor with what most have. */
export const trustMeasure = <
  Given extends Omit<TrustMeasure, 'kind' | 'unit' | 'decimals' | 'ofNetwork'> &
    Partial<Pick<TrustMeasure, 'unit' | 'ofNetwork'>>,
>(
  given: Given,
) => ({ kind: 'index' as const, unit: '' as const, decimals: 3, ofNetwork: false, ...given });
