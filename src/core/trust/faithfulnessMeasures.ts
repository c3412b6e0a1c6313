import { trustMeasure } from './measure.ts';
import { removalBaselines, removedShares, type RemovalBaseline } from './removal.ts';

const percents = removedShares.map((share) => share * 100).join(', ');
const petsiuk = 'Petsiuk, Das and Saenko, RISE (2018)';
const never = 'never';

export const baselineWords: Readonly<Record<RemovalBaseline, string>> = {
  black: 'black',
  mean: 'the data set’s mean',
  blur: 'the image blurred by a tenth of its height',
};

const deletion = (baseline: RemovalBaseline) =>
  trustMeasure({
    question: 'faithfulness',
    title: `deletion, ${baseline}`,
    heading: `Deletion, ${baseline}`,
    symbol: 'AUC p(x \\ top)',
    definition: `area under the class’s probability while the pixels of the largest values become ${baselineWords[baseline]}, at ${percents} percent of them`,
    better: 'lower',
    range: [0, 1],
    undefinedWhere: never,
    source: petsiuk,
  });

const insertion = (baseline: RemovalBaseline) =>
  trustMeasure({
    question: 'faithfulness',
    title: `insertion, ${baseline}`,
    heading: `Insertion, ${baseline}`,
    symbol: 'AUC p(top)',
    definition: `area under the class’s probability while the pixels of the largest values return to an image of ${baselineWords[baseline]}, at ${percents} percent of them`,
    better: 'higher',
    range: [0, 1],
    undefinedWhere: never,
    source: petsiuk,
  });

const named = <Prefix extends string, Measure>(
  prefix: Prefix,
  make: (baseline: RemovalBaseline) => Measure,
) =>
  Object.fromEntries(
    removalBaselines.map((name) => [
      `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      make(name),
    ]),
  ) as Record<`${Prefix}${Capitalize<RemovalBaseline>}`, Measure>;

/** Whether the class's probability follows what a map calls important. */
export const faithfulnessMeasures = {
  ...named('deletion', deletion),
  ...named('insertion', insertion),
  road: trustMeasure({
    question: 'faithfulness',
    title: 'ROAD',
    heading: 'ROAD',
    symbol: '½ meanₛ (p(least first) − p(most first))',
    definition:
      'half of what the class’s probability keeps when the least important pixels are imputed rather than the most important ones, mean over 10, 30, 50, 70 and 90 percent of them',
    better: 'higher',
    range: [-0.5, 0.5],
    undefinedWhere: never,
    source: 'Rong et al., ROAD: Remove and Debias (2022)',
  }),
  drop: trustMeasure({
    question: 'faithfulness',
    title: 'average drop',
    heading: 'Drop',
    symbol: 'max(0, p(x) − p(x M)) / p(x)',
    definition:
      'share of the class’s probability that is lost where the image is multiplied by what of the map speaks for the class',
    better: 'lower',
    range: [0, 1],
    undefinedWhere: never,
    source: 'Chattopadhay et al., Grad-CAM++ (2018)',
  }),
  increase: trustMeasure({
    question: 'faithfulness',
    title: 'average increase',
    heading: 'Increase',
    symbol: '[p(x M) > p(x)]',
    definition: 'share of images whose class becomes more probable by that multiplication',
    better: 'higher',
    range: [0, 1],
    undefinedWhere: never,
    source: 'Chattopadhay et al., Grad-CAM++ (2018)',
  }),
};
