import { z } from 'zod';
import { confidence } from './examples/confidence.ts';
import { confidenceMargin } from './examples/confidenceMargin.ts';
import { absoluteDistance, squaredDistance } from './examples/distances.ts';
import { energyInside } from './examples/energyInside.ts';
import { inputCorrelation } from './examples/inputCorrelation.ts';
import { iou } from './examples/iou.ts';
import { pointing } from './examples/pointing.ts';
import { ssim } from './examples/ssim.ts';
import type { ExampleMetric, MapMetric } from './metric.ts';

/** What each test image has of its own at each epoch. A new metric is a file in `examples/` and a line here. */
const registry = {
  confidence,
  confidenceMargin,
  inputCorrelation,
  energyInside,
  iou,
  ssim,
  absoluteDistance,
  squaredDistance,
  pointing,
} as const satisfies Record<string, ExampleMetric>;

type Registry = typeof registry;
type NameWith<Trait> = {
  [K in keyof Registry]: Registry[K] extends Trait ? K : never;
}[keyof Registry];

export type ExampleMetricName = keyof Registry;
/** Those that follow from the probabilities, which every image has. */
export type PredictionMetricName = NameWith<{ of: 'prediction' }>;
/** Those that compare a map with its image. */
export type MapMetricName = NameWith<{ of: 'map' }>;
/** Those of them that are stored with every epoch, and the others, computed when asked for. */
export type RecordedMetricName = NameWith<{ recorded: true }>;
export type DerivedMetricName = NameWith<{ recorded: false }>;
/** Those of which runs have means that are compared. */
export type ComparedExampleMetricName = NameWith<{ compared: true }>;
/** Those that need no map to be read. */
export type ReadyMetricName = Exclude<ExampleMetricName, DerivedMetricName>;

type Names<Name> = [Name, ...Name[]];
const pick = <Name extends ExampleMetricName>(passes: (metric: ExampleMetric) => boolean) =>
  (Object.keys(registry) as Name[]).filter((name) => passes(registry[name])) as Names<Name>;

export const exampleMetrics: Readonly<Record<ExampleMetricName, ExampleMetric>> = registry;
export const mapMetrics: Readonly<Record<MapMetricName, MapMetric>> = registry;

export const exampleMetricNames = pick<ExampleMetricName>(() => true);
export const predictionMetricNames = pick<PredictionMetricName>(({ of }) => of === 'prediction');
export const mapMetricNames = pick<MapMetricName>(({ of }) => of === 'map');
export const recordedMetricNames = pick<RecordedMetricName>(
  (metric) => metric.of === 'map' && metric.recorded,
);
export const derivedMetricNames = pick<DerivedMetricName>(
  (metric) => metric.of === 'map' && !metric.recorded,
);
export const comparedExampleMetricNames = pick<ComparedExampleMetricName>(
  ({ compared }) => compared,
);
export const readyMetricNames = pick<ReadyMetricName>(
  (metric) => metric.of === 'prediction' || metric.recorded,
);

const isIn =
  <Name extends string>(names: readonly Name[]) =>
  (name: string): name is Name =>
    names.some((known) => known === name);

export const isRecorded = isIn(recordedMetricNames);
export const isDerived = isIn(derivedMetricNames);
export const isMapMetric = isIn(mapMetricNames);

export const comparedExampleMetricSchema = z.enum(comparedExampleMetricNames);
export const readyMetricSchema = z.enum(readyMetricNames);

/** A value of each of some metrics. */
export const byName = <Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name, index: number) => Value,
): Record<Name, Value> =>
  Object.fromEntries(names.map((name, index) => [name, valueOf(name, index)])) as Record<
    Name,
    Value
  >;
