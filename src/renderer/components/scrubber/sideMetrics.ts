import {
  byName,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../../core/metrics/exampleMetrics.ts';
import { createMapMeasures } from '../../../core/metrics/mapMeasures.ts';
import { computeLuminance } from '../../../core/pixels.ts';
import { shownCam, shownMap } from './useScrubber.ts';
import type { Scrubber, ScrubberSide } from './useScrubber.ts';

/** What the table says of one run at the cursor. */
export interface SideMetrics {
  /** How the map agrees with its image; NaN where undefined, or where the image is not here. */
  measures: Record<RecordedMetricName, number>;
  /** Stored epoch that is shown: the last one where the run has fewer than the cursor's. */
  epoch: number;
  predictedClass: number;
  confidence: number;
  /** Largest value of the native map. */
  mapMaximum: number;
  /** False where the figures belong to another map than the stored ones and were computed here. */
  isStored: boolean;
}

/**
 * The figures that are stored for the predicted class, for any other map shown: from the 8-bit map, so
 * that they may differ from those of the unquantised one in the third digit.
 */
function measureShown(scrubber: Scrubber, side: ScrubberSide): SideMetrics['measures'] {
  const { image, mask, imageSize, channels } = side.history;
  if (image === null) return byName(recordedMetricNames, () => Number.NaN);
  const measure = createMapMeasures(recordedMetricNames, imageSize, side.rule);
  return measure(shownCam(scrubber, side), computeLuminance(image, channels), mask);
}

export function readSideMetrics(scrubber: Scrubber, side: ScrubberSide): SideMetrics {
  const index = scrubber.indexOf(side);
  const { history } = side;
  const { explained, scale } = shownMap(scrubber, side);
  const predictedClass = history.predictedClasses[index] ?? 0;
  const isStored = explained === predictedClass;
  return {
    measures: isStored
      ? byName(recordedMetricNames, (name) => history.measures[name][index] ?? Number.NaN)
      : measureShown(scrubber, side),
    epoch: history.epochs[index] ?? 0,
    predictedClass,
    confidence: history.confidence[index] ?? Number.NaN,
    mapMaximum: scale,
    isStored,
  };
}
