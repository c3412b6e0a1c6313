import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AfterimageError } from '../../core/errors.ts';
import { parseFigureSpec } from '../../core/figures/spec.ts';
import { computeSha256 } from '../platform/hashes.ts';
import { buildFigure, encodeFigure, figureFormats, type BuiltFigure } from './figureBuild.ts';
import { creatorOf, readFigureRecord, stemOf, type FigureRecord } from './figureRecord.ts';
import type { FigureSource } from '../../core/figures/source.ts';

export interface Verification {
  /** Whether the history yields the same data and drawing, and the files beside are these. */
  same: boolean;
  /** In words, one per difference. */
  differences: string[];
  /** What has become of the runs since, whether or not the figure shows it. */
  changes: string[];
  /** Files beside the record that were compared. */
  checked: string[];
}

/** What the run's classes are called now; null where the run is gone. */
function findNames(runId: string, source: FigureSource): string[] | null {
  try {
    return source.getDataset(runId).classNames;
  } catch (error) {
    if (error instanceof AfterimageError) return null;
    throw error;
  }
}

/** Classes that have other names now; a data set is known by any of the figure's runs on it. */
function describeNames({ runs, datasets }: FigureRecord, source: FigureSource): string[] {
  return datasets.flatMap(({ id, name, classNames }) => {
    const users = runs.filter(({ datasetId }) => datasetId === id);
    const [now = classNames] = users.flatMap((run) => {
      const names = findNames(run.id, source);
      return names === null ? [] : [names];
    });
    return classNames.flatMap((before, label) =>
      before === now[label] ? [] : [`class ${before} of ${name} is now called ${now[label] ?? ''}`],
    );
  });
}

/** What has changed about the runs of a figure and their data since it was drawn. */
function describeChanges(record: FigureRecord, source: FigureSource): string[] {
  const changes = record.runs.flatMap(({ id, name, lastEpoch }) => {
    try {
      const run = source.getRun(id);
      const last = run.epochs.at(-1)?.epoch ?? null;
      return [
        ...(run.name === name ? [] : [`run ${name} is now called ${run.name}`]),
        ...(last === lastEpoch
          ? []
          : [
              `run ${run.name} now ends with epoch ${last ?? 'none'}, then with ${lastEpoch ?? 'none'}`,
            ]),
        ...(run.deletedAt === null ? [] : [`run ${run.name} lies in the bin`]),
      ];
    } catch (error) {
      if (!(error instanceof AfterimageError)) throw error;
      return [`run ${name} (${id}) is gone`];
    }
  });
  return [...changes, ...describeNames(record, source)];
}

/** Compares the files beside a record with what the figure looks like today. */
async function compareFiles(
  stem: string,
  figure: BuiltFigure,
  record: FigureRecord,
): Promise<Pick<Verification, 'checked' | 'differences'>> {
  const checked: string[] = [];
  const differences: string[] = [];
  const compare = async (path: string, today: () => Promise<string | Uint8Array>) => {
    const stored = await readFile(path).catch(() => null);
    if (stored === null) return;
    checked.push(path);
    if (computeSha256(stored) !== computeSha256(await today())) {
      differences.push(`${path} is not the file that this specification gives today`);
    }
  };
  for (const format of figureFormats) {
    const encode = () => encodeFigure(figure, format, creatorOf(record.application));
    await compare(`${stem}.${format}`, encode);
  }
  await compare(`${stem}.csv`, () => Promise.resolve(figure.csv));
  return { checked, differences };
}

/** The figure of a record as the history yields it now, or why it does not. */
async function rebuild(
  { specification }: FigureRecord,
  source: FigureSource,
): Promise<BuiltFigure | string> {
  try {
    return await buildFigure(parseFigureSpec(specification), source);
  } catch (error) {
    if (error instanceof AfterimageError) return error.message.replace(/\.$/, '');
    throw error;
  }
}

/**
 * Builds the figure of a record again and says whether the history still yields it.
 *
 * @param path the record, or a file beside it
 * @param version of the application now
 */
export async function verifyFigure(
  path: string,
  source: FigureSource,
  version: string,
): Promise<Verification> {
  const record = await readFigureRecord(path);
  const changes = describeChanges(record, source);
  const figure = await rebuild(record, source);
  if (typeof figure === 'string')
    return { same: false, differences: [figure], changes, checked: [] };
  const differences: string[] = [];
  if (computeSha256(figure.csv) !== record.dataHash) {
    differences.push('the history yields other numbers than were drawn');
  } else if (computeSha256(figure.svg) !== record.drawingHash) {
    const versions =
      record.application === version
        ? ''
        : ` (drawn by version ${record.application}, now ${version})`;
    differences.push(`the numbers are the same, but not the drawing${versions}`);
  }
  const files = await compareFiles(stemOf(resolve(path)), figure, record);
  differences.push(...files.differences);
  return { same: differences.length === 0, differences, changes, checked: files.checked };
}
