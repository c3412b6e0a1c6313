import { trustMeasure } from './measure.ts';
import { sensitivityRadius } from './sensitivity.ts';

/** Maps of changed images that max-sensitivity looks at: the true maximum is no less. */
export const sensitivityDraws = 8;

const noMap = 'the map is all zero';
const noMask = 'nothing in the map speaks for the class, or the image’s mask is empty';

interface PlaceWords {
  title: string;
  heading: string;
  symbol: string;
  definition: string;
  source: string;
}

const place = (words: PlaceWords) =>
  trustMeasure({
    question: 'localisation',
    ...words,
    better: 'higher',
    range: [0, 1],
    undefinedWhere: noMask,
  });

const gain = (of: string, words: Pick<PlaceWords, 'heading' | 'symbol'>, chance: string) =>
  trustMeasure({
    question: 'localisation',
    title: `${of} above chance`,
    ...words,
    definition: `${of} less ${chance}`,
    better: 'higher',
    range: [-1, 1],
    undefinedWhere: noMask,
    source: '',
  });
const share =
  'the mask’s share of the image, which a map that does not know the mask has on average';

/** Robustness and complexity. */
export const plainMeasures = {
  maxSensitivity: trustMeasure({
    question: 'robustness',
    title: 'max-sensitivity',
    heading: 'Max-sens.',
    symbol: 'max ‖M(x + δ) − M(x)‖ / ‖M(x)‖',
    definition: `largest change of the map over ${sensitivityDraws} images whose values differ by up to ${sensitivityRadius}, as a share of the map’s length; the class stays`,
    better: 'lower',
    range: [0, Number.POSITIVE_INFINITY],
    undefinedWhere: noMap,
    source: 'Yeh et al., On the (In)fidelity and Sensitivity of Explanations (2019)',
    ofNetwork: true,
  }),
  entropy: trustMeasure({
    question: 'complexity',
    title: 'entropy',
    heading: 'Entropy',
    symbol: '−Σ q ln q, q = |M| / Σ |M|',
    definition: 'entropy of how the map’s absolute values spread over the pixels',
    unit: 'nats',
    better: 'lower',
    range: [0, Number.POSITIVE_INFINITY],
    undefinedWhere: noMap,
    source: 'Bhatt, Weller and Moura, Evaluating and Aggregating Feature-based Explanations (2020)',
  }),
  gini: trustMeasure({
    question: 'complexity',
    title: 'sparseness',
    heading: 'Gini',
    symbol: 'Gini(|M|)',
    definition: 'Gini index of the map’s absolute values: 0 where all are alike, 1 for a point',
    better: 'higher',
    range: [0, 1],
    undefinedWhere: noMap,
    source: 'Chalasani et al., Concise Explanations of Neural Networks (2020)',
  }),
};

/** Where a map lies against the run's mask. */
export const placeMeasures = {
  pointing: place({
    title: 'pointing game',
    heading: 'Pointing',
    symbol: '[argmax M ∈ mask]',
    definition: 'share of images whose map is largest inside the mask; ties count by their share',
    source: 'Zhang et al., Top-down Neural Attention by Excitation Backprop (2016)',
  }),
  energyInside: place({
    title: 'energy inside',
    heading: 'Energy',
    symbol: 'Σ M⁺ [mask] / Σ M⁺',
    definition: 'share of what speaks for the class that lies inside the mask',
    source: 'Wang et al., Score-CAM (2020)',
  }),
  iou: place({
    title: 'IoU',
    heading: 'IoU',
    symbol: '|M⁺ > ½ ∩ mask| / |∪|',
    definition: 'intersection over union of the map above half of its maximum and the mask',
    source: '',
  }),
  topInside: place({
    title: 'top pixels inside',
    heading: 'Top inside',
    symbol: '|top ∩ mask| / |mask|',
    definition:
      'share inside the mask of as many pixels of the largest values as the mask has; ties count by their share',
    source: 'Arras, Osman and Samek, CLEVR-XAI (2022)',
  }),
  pointingGain: gain(
    'pointing game',
    { heading: 'Pointing +', symbol: 'pointing − |mask|' },
    share,
  ),
  energyGain: gain('energy inside', { heading: 'Energy +', symbol: 'energy − |mask|' }, share),
  iouGain: gain(
    'IoU',
    { heading: 'IoU +', symbol: 'IoU − chance' },
    'that of two areas as large that lie without regard to each other',
  ),
  topGain: gain('top pixels inside', { heading: 'Top +', symbol: 'top − |mask|' }, share),
};

/** Whether methods, and epochs, say the same. */
export const agreementMeasures = {
  agreement: trustMeasure({
    question: 'agreement',
    title: 'agreement with the other methods',
    heading: 'Agreement ρ',
    symbol: 'meanₘ ρ(|M|, |Mₘ|)',
    definition:
      'Spearman’s correlation of the absolute values of this map and those of the other methods audited, mean over them',
    better: null,
    range: [-1, 1],
    undefinedWhere: 'a map is constant, or no other method was audited',
    source: 'Krishna et al., The Disagreement Problem in Explainable Machine Learning (2022)',
    ofNetwork: true,
  }),
  stability: trustMeasure({
    question: 'agreement',
    title: 'stability since the epoch audited before',
    heading: 'Stability ρ',
    symbol: 'ρ(|Mₑ|, |Mₑ₋₁|)',
    definition:
      'Spearman’s correlation of the absolute values of this map and that of the epoch audited before it',
    better: null,
    range: [-1, 1],
    undefinedWhere: 'a map is constant, or no earlier epoch was audited with it',
    source: '',
    ofNetwork: true,
  }),
};
