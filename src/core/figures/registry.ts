import { accuracyFidelity } from './accuracy-fidelity/spec.ts';
import { camEvolution } from './cam-evolution/spec.ts';
import { camPair } from './cam-pair/spec.ts';
import { conceptAtlas } from './concept-atlas/spec.ts';
import { confidenceHistogram } from './confidence-histogram/spec.ts';
import { confusionMatrix } from './confusion-matrix/spec.ts';
import { explainerGrid } from './explainer-grid/spec.ts';
import { deletionInsertion } from './deletion-insertion/spec.ts';
import { lowConfidenceGrid } from './low-confidence-grid/spec.ts';
import { metricDistribution } from './metric-distribution/spec.ts';
import { methodAgreement } from './method-agreement/spec.ts';
import { misclassifiedGrid } from './misclassified-grid/spec.ts';
import { paradigmGrid } from './paradigm-grid/spec.ts';
import { reliabilityDiagram } from './reliability-diagram/spec.ts';
import { sanityCascade } from './sanity-cascade/spec.ts';
import { trainingCurves } from './training-curves/spec.ts';

/**
 * Every template, in the order in which people choose. A new one is a folder and its line here:
 * specifications, their schema, titles, gathering and drawing follow from it. `load` fetches how it is
 * drawn, which whoever only writes specifications, such as the window, does without.
 */
export const registry = {
  'cam-pair': camPair,
  'cam-evolution': camEvolution,
  'paradigm-grid': paradigmGrid,
  'low-confidence-grid': lowConfidenceGrid,
  'misclassified-grid': misclassifiedGrid,
  'explainer-grid': explainerGrid,
  'concept-atlas': conceptAtlas,
  'training-curves': trainingCurves,
  'confusion-matrix': confusionMatrix,
  'reliability-diagram': reliabilityDiagram,
  'confidence-histogram': confidenceHistogram,
  'accuracy-fidelity': accuracyFidelity,
  'metric-distribution': metricDistribution,
  'sanity-cascade': sanityCascade,
  'deletion-insertion': deletionInsertion,
  'method-agreement': methodAgreement,
} as const;

export type Template = keyof typeof registry;
