import { z } from 'zod';
import { faithfulnessMeasures } from './faithfulnessMeasures.ts';
import { agreementMeasures, placeMeasures, plainMeasures } from './mapMeasures.ts';
import type { QuestionWords, TrustMeasure, TrustQuestion } from './measure.ts';
import { sanityMeasures } from './sanityMeasures.ts';

const registry = {
  ...sanityMeasures,
  ...faithfulnessMeasures,
  ...plainMeasures,
  ...placeMeasures,
  ...agreementMeasures,
} satisfies Record<string, TrustMeasure>;

export type TrustMeasureName = keyof typeof registry;
/** What an audit says of each image, by the names that tables, calls and stored audits know it by. */
export const trustMeasures: Readonly<Record<TrustMeasureName, TrustMeasure>> = registry;
export const trustMeasureNames = Object.keys(registry) as [TrustMeasureName, ...TrustMeasureName[]];
export const trustMeasureSchema = z.enum(trustMeasureNames);

export const questionWords: Readonly<Record<TrustQuestion, QuestionWords>> = {
  sanity: {
    title: 'Sanity: does the map depend on what was learned?',
    shows:
      'A map that hardly changes when the network’s layers are replaced by random ones says more of the image and the architecture than of what was learned. Its similarity to the image and to its edges says what it then looks like.',
    cannot:
      'A map that changes is not thereby right: noise changes too. Nor is one that looks like the image wrong for that alone, where what the class depends on is the object. Rank correlation over a mostly black image counts the background as much as the object.',
  },
  faithfulness: {
    title: 'Faithfulness: does the class’s probability follow the map?',
    shows:
      'Where pixels that the map calls important are taken away, the class’s probability should fall sooner than for other pixels, and rise sooner where they return.',
    cannot:
      'The network has never seen images with parts taken away: what falls may be an answer to the gap. On a black background, pixels made black are no removal at all, so the same areas with the mean and with a blur stand beside it, and ROAD hides the gap. Areas of two networks compare with care, since one may be surer of everything; the image, its edges and chance as maps are the measure for each.',
  },
  robustness: {
    title: 'Robustness: does the map keep still?',
    shows: 'How much a map moves under noise that hardly changes the image.',
    cannot:
      'A map that never moves may say nothing at all, and one that moves may follow a network that does. Of few draws, the largest change is a lower bound.',
  },
  complexity: {
    title: 'Complexity: how much must a reader look at?',
    shows: 'Whether a map points at few pixels or spreads over many.',
    cannot: 'Nothing of whether they are the right ones.',
  },
  localisation: {
    title: 'Localisation: does the map lie on the object?',
    shows:
      'How much of a map lies inside the mask of the run’s configuration, and how much more than for a map that does not know the mask.',
    cannot:
      'Nothing of what the network looks at: a run that is trained to put its maps on the mask has them there. The mask is the image’s bright part, not what a person would mark.',
  },
  agreement: {
    title: 'Agreement: do methods, and epochs, say the same?',
    shows: 'Whether a conclusion hangs on the choice of method or of epoch.',
    cannot: 'Which of them is right: methods of one family share their faults.',
  },
};

/** The measures of a question, in order. */
export const measuresOf = (question: TrustQuestion): TrustMeasureName[] =>
  trustMeasureNames.filter((name) => trustMeasures[name].question === question);
