import type { ExplainerName } from '../../../core/explainers/registry.ts';
import type { Explain } from './explain.ts';
import { explainByGradcam } from './gradcam.ts';
import { explainByLayercam } from './layercam.ts';

/** What computes each explainer's maps. */
export const explainBy: Readonly<Record<ExplainerName, Explain>> = {
  gradcam: explainByGradcam,
  layercam: explainByLayercam,
};
