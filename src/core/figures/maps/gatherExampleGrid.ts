import { AfterimageError } from '../../errors.ts';
import type { ExampleQuery, Run } from '../../records.ts';
import type { ExampleGridFields } from '../fields.ts';
import { findRun, labelRun, resolveEpoch } from '../runs.ts';
import type { FigureSource } from '../source.ts';
import type { ExampleGridData } from './exampleGrid.ts';
import { showImage, showOneMap } from './gather.ts';

/** Which images a grid shows. */
export interface ExampleChoice {
  filter: ExampleQuery['filters'][number];
  /** Whether the most confident come first. */
  descending: boolean;
  /** What a run lacks where there are none, such as `misclassified test image`. */
  lacking: string;
}

const nothingFound = (run: Run, epoch: number, lacking: string): AfterimageError =>
  new AfterimageError(
    'NOT_FOUND',
    `Run ${run.name} has no ${lacking} after epoch ${epoch}.`,
    'Choose another epoch or threshold.',
  );

/** Images of one run by their confidence; NOT_FOUND where there are none. */
export async function gatherExampleGrid(
  spec: ExampleGridFields,
  source: FigureSource,
  { filter, descending, lacking }: ExampleChoice,
): Promise<ExampleGridData> {
  const run = findRun(source, spec.run);
  const epoch = resolveEpoch(run, spec.epoch);
  const found = source.listExamples({
    runId: run.id,
    epoch,
    filters: [filter],
    label: null,
    predictedClass: null,
    threshold: spec.threshold,
    sort: 'confidence',
    descending,
    limit: null,
  });
  if (found.length === 0) throw nothingFound(run, epoch, lacking);
  const examples = found.slice(0, spec.count).map(async ({ exampleId }) => ({
    image: await showImage(source, run, exampleId),
    map: showOneMap(source, run, exampleId, epoch, 'predicted'),
  }));
  return {
    run: labelRun(run),
    threshold: spec.threshold,
    evaluated: source.getPredictions(run.id, epoch).exampleIds.length,
    found: found.length,
    examples: await Promise.all(examples),
    perRow: spec.perRow,
  };
}
