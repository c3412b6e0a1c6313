import { version } from '../../version.ts';
import type { DatasetLibrary } from '../../datasets/library.ts';
import type { History } from '../../store/history.ts';
import { describeStudy } from '../../../core/studies/progress.ts';
import { DatasetCache } from '../datasetsApi.ts';
import { DerivedMetrics } from '../derivedMetrics.ts';
import { createFigureSource, type FigureExplaining } from '../figureSource.ts';
import { RunDatasets } from '../runDatasets.ts';
import type { ReportParts, ReportRequest } from './gatherReport.ts';

/** What reports are made with, of an open history. */
export function openReportParts(
  history: History,
  library: DatasetLibrary,
  explaining: FigureExplaining,
): ReportParts {
  const cache = new DatasetCache(library);
  return {
    history,
    derivedMetrics: new DerivedMetrics(history, new RunDatasets(history, cache)),
    maker: { source: createFigureSource(history, cache, explaining), version },
  };
}

/** A study's report: of those of its planned runs that are done. */
export function requestOfStudy({ studies }: History, studyId: string): ReportRequest {
  const { study, cells } = describeStudy(studies.get(studyId), studies.listRuns(studyId));
  const done = cells.filter(({ state }) => state === 'done');
  return {
    title: study.name,
    question: study.question,
    runIds: done.flatMap(({ run }) => run?.id ?? []),
    study,
    missing: cells.filter(({ state }) => state !== 'done').map(({ name }) => name),
  };
}
