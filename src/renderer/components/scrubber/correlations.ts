import { createMapMeasures } from '../../../core/metrics/mapMeasures.ts';
import { computeLuminance } from '../../../core/pixels.ts';
import { explainedClass, mapsFor } from '../../examples/exampleHistory.ts';
import type { TargetClass } from '../../examples/exampleHistory.ts';
import { camReader } from '../../maps/storedMaps.ts';
import type { ScrubberSide } from './useScrubber.ts';

const kept = new WeakMap<ScrubberSide, { target: TargetClass; values: Float32Array }>();

/**
 * How each epoch's map of the class shown agrees with the image, [E]: stored where that is the predicted
 * class, else computed from the 8-bit map; NaN where undefined or where the image is not here.
 */
export function readCorrelations(side: ScrubberSide, target: TargetClass): Float32Array {
  if (target === 'predicted') return side.history.measures.inputCorrelation;
  const known = kept.get(side);
  if (known?.target === target) return known.values;
  const values = computeCorrelations(side, target);
  kept.set(side, { target, values });
  return values;
}

function computeCorrelations({ history, rule }: ScrubberSide, target: TargetClass): Float32Array {
  const { image, imageSize, channels, mask, predictedClasses, measures } = history;
  const measure = createMapMeasures(['inputCorrelation'], imageSize, rule);
  const luminance = image === null ? null : computeLuminance(image, channels);
  const cam = new Float32Array(imageSize ** 2);
  return measures.inputCorrelation.map((stored, index) => {
    if (explainedClass(history, index, target) === predictedClasses[index]) return stored;
    if (luminance === null) return Number.NaN;
    const maps = mapsFor(history, index, target);
    return measure(camReader(maps.mapSize, imageSize)(maps, index, cam), luminance, mask)
      .inputCorrelation;
  });
}
