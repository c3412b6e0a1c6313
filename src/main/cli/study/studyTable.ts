import { joinRanges } from '../../../core/ranges.ts';
import { shortKey } from '../../../core/config/settingKeys.ts';
import { listSeeds, listVaried } from '../../../core/studies/varied.ts';
import type { StudyCell, StudyDetail, StudySummary } from '../../../core/studies/progress.ts';
import { describeCounts } from '../../../core/studies/states.ts';
import type { Study } from '../../../core/studies/study.ts';
import type { RunSummary } from '../../../core/records.ts';
import type { Table } from '../../export/table.ts';
import { judged, metricCell, number, toTable, type ListColumn } from '../runsList.ts';
import type { Session } from '../session.ts';

const studyColumns: readonly ListColumn<StudySummary>[] = [
  ['id', ({ id }) => ({ text: id })],
  ['name', ({ name }) => ({ text: name })],
  ['state', ({ state }) => ({ text: state })],
  ['runs', ({ planned }) => number(planned)],
  ['of them', ({ counts }) => ({ text: describeCounts(counts) })],
];

export const tabulateStudies = (studies: readonly StudySummary[]): Table =>
  toTable(
    `${studies.length} ${studies.length === 1 ? 'study' : 'studies'}`,
    'studies',
    studies,
    studyColumns,
  );

interface Row {
  cell: StudyCell;
  run: RunSummary | null;
}

const cellColumns: readonly ListColumn<Row>[] = [
  ['planned run', ({ cell }) => ({ text: cell.label })],
  ['state', ({ cell }) => ({ text: cell.state })],
  ['run', ({ cell }) => ({ text: cell.run?.id ?? '' })],
  ['epochs', ({ run }) => number(run?.last?.epoch)],
  ['accuracy %', ({ run }) => run && metricCell('testAccuracy', judged(run))],
  ['false', ({ run }) => run && metricCell('falsePredictions', judged(run))],
  ['true low-conf.', ({ run }) => run && metricCell('trueLowConfidence', judged(run))],
  ['input corr.', ({ run }) => run && metricCell('inputCorrelation', judged(run))],
];

/** Every planned run with the one that stands for it. */
export function tabulateCells({ workbench }: Session, { cells, planned }: StudyDetail): Table {
  const { runs } = workbench.history;
  const rows = cells.map((cell) => ({
    cell,
    run: cell.run === null ? null : runs.getSummary(cell.run.id),
  }));
  return toTable(`${planned} planned runs, figures of the best epoch`, 'plan', rows, cellColumns);
}

/** `contrastive.weight: 0.1, 1` for each setting in which planned runs differ. */
export const describeFactors = (study: Study): string[] =>
  listVaried(study).map(
    ({ path, values }) => `${shortKey(path)}: ${values.map((value) => value ?? 'none').join(', ')}`,
  );

/** The seeds of all planned runs in words. */
export const describeSeeds = (study: Study): string => joinRanges(listSeeds(study));
