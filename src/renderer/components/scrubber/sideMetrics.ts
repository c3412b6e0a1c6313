import { computeShownMetrics } from '../../maps/mapMetrics.ts';
import type { MapMetrics } from '../../maps/mapMetrics.ts';
import { shownCam, shownMap } from './useScrubber.ts';
import type { Scrubber, ScrubberSide } from './useScrubber.ts';

/** What the table says of one run at the cursor. */
export interface SideMetrics extends MapMetrics {
  /** Stored epoch that is shown: the last one where the run has fewer than the cursor's. */
  epoch: number;
  predictedClass: number;
  confidence: number;
  /** Largest value of the native map. */
  mapMaximum: number;
  /** False where the figures belong to another map than the stored ones and were computed here. */
  isStored: boolean;
}

/** Of a map that no epoch stored figures of, without the image. */
const unknown: MapMetrics = {
  inputCorrelation: Number.NaN,
  energyInside: Number.NaN,
  iou: Number.NaN,
};

export function readSideMetrics(scrubber: Scrubber, side: ScrubberSide): SideMetrics {
  const index = scrubber.indexOf(side);
  const { history } = side;
  const { explained, scale } = shownMap(scrubber, side);
  const predictedClass = history.predictedClasses[index] ?? 0;
  const isStored = explained === predictedClass;
  const metrics = isStored
    ? {
        inputCorrelation: history.inputCorrelation[index] ?? Number.NaN,
        energyInside: history.energyInside[index] ?? Number.NaN,
        iou: history.iou[index] ?? Number.NaN,
      }
    : history.image === null
      ? unknown
      : computeShownMetrics(shownCam(scrubber, side), history.image);
  return {
    ...metrics,
    epoch: history.epochs[index] ?? 0,
    predictedClass,
    confidence: history.confidence[index] ?? Number.NaN,
    mapMaximum: scale,
    isStored,
  };
}
