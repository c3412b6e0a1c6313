import { epochMetrics } from '../../src/core/metrics/epochMetrics.ts';
import { exampleMetrics } from '../../src/core/metrics/exampleMetrics.ts';
import { capitalTitle, type ExampleMetric, type Metric } from '../../src/core/metrics/metric.ts';
import { predictionSetMetrics } from '../../src/core/metrics/predictionSetMetrics.ts';
import { writeTable } from './markdown.ts';

const writeRange = ({ range: [least, most] }: Metric): string =>
  most === Infinity ? `from ${least}` : `${least} to ${most}`;

const writeBetter = ({ better }: Metric): string => better ?? '–';

const writeSource = (metric: ExampleMetric): string => {
  if (metric.of === 'prediction') return 'the stored probabilities';
  return metric.recorded
    ? 'stored with every epoch'
    : 'computed from the stored maps when asked for';
};

/** Every metric as its descriptor has it. */
export function writeMetrics(): string {
  const ofExamples = Object.entries(exampleMetrics).map(([name, metric]) => [
    `\`${name}\``,
    capitalTitle(metric),
    metric.definition,
    metric.symbol,
    writeRange(metric),
    writeBetter(metric),
    'undefinedWhere' in metric ? metric.undefinedWhere : '–',
    writeSource(metric),
  ]);
  const ofEpochs = Object.entries(epochMetrics).map(([name, metric]) => [
    `\`${name}\``,
    capitalTitle(metric),
    metric.definition,
    metric.unit === '' ? '–' : metric.unit,
    writeRange(metric),
    writeBetter(metric),
  ]);
  const ofPredictions = Object.entries(predictionSetMetrics).map(([name, metric]) => [
    `\`${name}\``,
    capitalTitle(metric),
    metric.definition,
    writeRange(metric),
    writeBetter(metric),
  ]);
  return `# Metrics

Names as commands, CSV and JSON have them. Shares are stored plain and printed as percentages.

## Of each test image

By the rule of all measures of maps, none has a value for a map that is zero everywhere. A run’s value is
the mean over the images that have one; every table and caption says how many those are where they are not
all. x is the image and cam its map at the image’s size, both in [0, 1]; p are the probabilities.

${writeTable(['name', 'title', 'definition', 'formula', 'range', 'better', 'undefined where', 'known from'], ofExamples)}

## Of each epoch

Epoch 0 is the untrained network, which has no training figures.

${writeTable(['name', 'title', 'definition', 'unit', 'range', 'better'], ofEpochs)}

## Of all predictions of an epoch

Computed from the stored probabilities when asked for; no means of what single images have, so that two runs
are not compared on them image by image. Over seeds they are tested where they are named.

${writeTable(['name', 'title', 'definition', 'range', 'better'], ofPredictions)}
`;
}
