import type { FigureSource } from '../../src/core/figures/source.ts';
import type { WorkbenchApi } from '../../src/main/router.ts';
import { doFigureJob } from '../../src/main/workbench/figureMaking.ts';
import { buildFiguresApi } from '../../src/main/workbench/figuresApi.ts';
import { dequantizeCamMap } from '../../src/core/maps/cam.ts';
import type { SavedFigure } from '../../src/shared/figureCalls.ts';
import type { WorkbenchEvent } from '../../src/shared/events.ts';
import { AfterimageError } from '../../src/core/errors.ts';
import { parseFigureSpec } from '../../src/core/figures/spec.ts';
import type { DatasetRecord, Example, Run } from '../../src/core/records.ts';
import { fakeExplaining } from './fakeExplaining.ts';
import { drawDigit, mapSize } from './fakeDigits.ts';
import { countOf, fakeExample, labelOf, listFakeExamples, mapOf } from './fakeExamples.ts';
import {
  byName,
  recordedMetricNames,
  type RecordedMetricName,
} from '../../src/core/metrics/exampleMetrics.ts';

import { listFakeAudits } from './fakeAudits.ts';

interface Parts {
  find: (runId: string) => Run;
  dataset: DatasetRecord;
  publish: (event: WorkbenchEvent) => void;
}

const metricOf = (examples: readonly Example[], name: RecordedMetricName): Float32Array =>
  Float32Array.from(examples, (example) => example[name] ?? NaN);

/** The made-up runs as figures read them. */
function createFakeSource({ find, dataset }: Parts): FigureSource {
  return {
    resolveRun: (id) => find(id).id,
    getRun: find,
    getDataset: () => dataset,
    getPredictions: (runId, epoch) => {
      const run = find(runId);
      const ids = Array.from({ length: countOf(run) }, (_, id) => id);
      const examples = ids.map((id) => fakeExample(run, id, epoch));
      return {
        epoch,
        classes: dataset.classNames.length,
        exampleIds: Uint32Array.from(ids),
        labels: Uint8Array.from(examples, ({ label }) => label),
        probabilities: Float32Array.from(examples.flatMap(({ probabilities }) => probabilities)),
        measures: byName(recordedMetricNames, (name) => metricOf(examples, name)),
      };
    },
    getAudits: (runId, epoch) => listFakeAudits(find(runId), epoch),
    getFrames: (runId, exampleId, epoch, target) => {
      const run = find(runId);
      if (exampleId >= countOf(run)) {
        throw new AfterimageError(
          'NOT_FOUND',
          `Run ${run.name} has no test image ${exampleId}.`,
          `Choose one from 0 to ${countOf(run) - 1}.`,
        );
      }
      const epochs = epoch === 'all' ? run.epochs.map((metrics) => metrics.epoch) : [epoch];
      return {
        label: labelOf(exampleId),
        frames: epochs.map((number) => {
          const example = fakeExample(run, exampleId, number);
          const { predictedClass, confidence, inputCorrelation } = example;
          const targetClass = target === 'label' ? example.label : predictedClass;
          const camMap = dequantizeCamMap(mapOf(run, example, targetClass), 1);
          const shown = { predictedClass, confidence, inputCorrelation, mapSize, camMap };
          return { epoch: number, targetClass, ...shown };
        }),
      };
    },
    listExamples: (query) => listFakeExamples(find(query.runId), query),
    explain: (runId, exampleId, query) =>
      fakeExplaining.explanations.explain({ runId, exampleId, ...query }, {}),
    weighChannels: (runId, query) => fakeExplaining.concepts.weigh({ runId, ...query }, {}),
    loadImage: (_, exampleId) => Promise.resolve(drawDigit(labelOf(exampleId), exampleId)),
  };
}

/** Figures of made-up runs, drawn by the same code as real ones, in this thread. */
export function buildFakeFigures(parts: Parts): WorkbenchApi['figures'] {
  const saved = new Map<string, SavedFigure>();
  const source = createFakeSource(parts);
  let count = 0;
  const put = (id: string, name: string, specification: unknown): SavedFigure => {
    const time = '2026-03-02T10:00:00.000Z';
    const spec = { ...parseFigureSpec(specification) };
    const figure = { id, name, specification: spec, createdAt: time, changedAt: time };
    saved.set(id, figure);
    return figure;
  };
  return buildFiguresApi({
    figures: {
      list: () => [...saved.values()].toReversed(),
      insert: (name, spec) => put(`figure-${(count += 1)}`, name, spec),
      change: (id, name, spec) => put(id, name, spec),
      rename: (id, name) => put(id, name, saved.get(id)?.specification),
      remove: (id) => saved.delete(id),
    },
    source,
    worker: { run: (job) => doFigureJob(job, { source, version: '0.1.0' }) },
    publish: parts.publish,
  });
}
