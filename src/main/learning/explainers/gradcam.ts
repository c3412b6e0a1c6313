import { computeAlpha, computeCamMap } from '../cam/gradCam.ts';
import type { Explain } from './explain.ts';

/** Grad-CAM, by the same functions as the map that runs train on. */
export const explainByGradcam: Explain = ({ ops, activations, head, targets }) => {
  const { alpha } = computeAlpha(head, activations, () => targets);
  return computeCamMap(ops, activations, alpha);
};
