/**
 * What a comparison of two runs costs on 10,000 test images, and how long it keeps the process from
 * other work: `node bench/statistics.ts` (half a minute). Figures: bench/README.md.
 */
import { cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createCamReconstructor, dequantizeCamMap } from '../src/core/maps/cam.ts';
import { derivedMetricNames } from '../src/core/metrics/exampleMetrics.ts';
import { measureStoredMaps, type StoredMaps } from '../src/core/metrics/mapMeasures.ts';
import { Random } from '../src/core/random.ts';
import { bootstrapMeans } from '../src/core/statistics/bootstrap.ts';
import { compute } from '../src/main/platform/longTask.ts';
import { print, time } from './measure.ts';
import { cells, count, makeExamples, mapSize, randomBytes } from './storeData.ts';

const imageSize = 28;
const resamples = 10_000;
const measures = 8;

async function measure(
  name: string,
  baselineMs: number,
  work: Generator<number, unknown, void>,
  total: number,
): Promise<void> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const began = performance.now();
  await compute(work, { step: name, total }, {});
  const durationMs = performance.now() - began;
  delays.disable();
  const pauses = [delays.percentile(50), delays.percentile(99), delays.max].map((ns) =>
    (ns / 1e6).toFixed(0),
  );
  print(name, (durationMs / 1000).toFixed(2), (durationMs / baselineMs).toFixed(1), ...pauses);
}

const { camLevels, camScales } = makeExamples(5);
const maps: StoredMaps = {
  mapSize,
  imageSize,
  channels: 1,
  levels: camLevels,
  scales: camScales,
  images: randomBytes(count * imageSize ** 2),
};

const reconstructAll = (): void => {
  const reconstruct = createCamReconstructor(mapSize, imageSize);
  const cam = new Float32Array(imageSize ** 2);
  for (const [i, scale] of camScales.entries()) {
    reconstruct(dequantizeCamMap(camLevels.subarray(i * cells, (i + 1) * cells), scale), cam);
  }
};

const random = Random.fromSeed(1);
const columns = Array.from({ length: measures }, () =>
  Float64Array.from({ length: count }, () => random.uniform(-1, 1)),
);
const drawAll = (): void => {
  const drawn = new Uint32Array(count);
  for (let b = 0; b < resamples; b += 1) random.fillIndices(drawn, count);
};

console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores, load ${loadavg().join(' ')}`);
print('', 's', 'against the baseline', 'pause: median, ms', '99%', 'longest');
print(...new Array<string>(6).fill('---'));
// Twice: the first time is also the compiler's.
for (let round = 1; round <= 2; round += 1) {
  await measure(
    'map metrics',
    time(reconstructAll),
    measureStoredMaps(derivedMetricNames, maps),
    count,
  );
  const bootstrap = bootstrapMeans(columns, { resamples, random });
  await measure('bootstrap', time(drawAll), bootstrap, resamples);
}
