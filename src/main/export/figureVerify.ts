import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AfterimageError } from '../../core/errors.ts';
import {
  describeFigureVersion,
  figureVersion,
  respecify,
  restateTable,
} from '../../core/figures/figureVersion.ts';
import { parseFigureSpec } from '../../core/figures/spec.ts';
import { computeSha256 } from '../platform/hashes.ts';
import { parseCsv } from './csv.ts';
import {
  buildFigure,
  encodeFigure,
  figureFormats,
  type BuiltFigure,
  type FigureFormat,
} from './figureBuild.ts';
import { creatorOf, readFigureRecord, stemOf, type FigureRecord } from './figureRecord.ts';
import type { FigureSource } from '../../core/figures/source.ts';

export interface Verification {
  /**
   * `same`: data, drawing and files, to the byte; `sameNumbers`: the numbers, while another version
   * of the application drew them in its own way; else `different`.
   */
  verdict: 'same' | 'sameNumbers' | 'different';
  /** Whether the verdict is `same`. */
  same: boolean;
  /** Which version drew the figure, in words; null where today's drawing is the same. */
  drawing: string | null;
  /** In words, one per difference. */
  differences: string[];
  /** What has become of the runs since, whether or not the figure shows it. */
  changes: string[];
  /** Files beside the record that were compared. */
  checked: string[];
  /** Files beside that another version wrote and whose checksums the record does not have. */
  unchecked: string[];
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

type Compared = Pick<Verification, 'checked' | 'unchecked' | 'differences'>;

/** Reads a file beside a record; null where there is none. */
const readBeside = (path: string): Promise<Uint8Array | null> => readFile(path).catch(() => null);

/**
 * Compares the files beside a record with their checksums.
 *
 * @param expect the checksum that a file must have, null where nobody knows; and what it means
 */
async function compareFiles(
  stem: string,
  expect: (ending: FigureFormat | 'csv') => Promise<string | null>,
  meaning: string,
): Promise<Compared> {
  const compared: Compared = { checked: [], unchecked: [], differences: [] };
  for (const ending of [...figureFormats, 'csv'] as const) {
    const path = `${stem}.${ending}`;
    const stored = await readBeside(path);
    if (stored === null) continue;
    const expected = await expect(ending);
    compared[expected === null ? 'unchecked' : 'checked'].push(path);
    if (expected !== null && expected !== computeSha256(stored)) {
      compared.differences.push(`${path} is not the file that ${meaning}`);
    }
  }
  return compared;
}

/** The files as this version makes them. */
const compareToday = (stem: string, figure: BuiltFigure, { application }: FigureRecord) =>
  compareFiles(
    stem,
    async (ending) =>
      computeSha256(
        ending === 'csv' ? figure.csv : await encodeFigure(figure, ending, creatorOf(application)),
      ),
    'this specification gives today',
  );

/** The files as another version made them, by what its record says. */
const compareWritten = (stem: string, { dataHash, drawingHash, files }: FigureRecord) =>
  compareFiles(
    stem,
    (ending) =>
      Promise.resolve(
        { csv: dataHash, svg: drawingHash, pdf: files['pdf'], png: files['png'] }[ending] ?? null,
      ),
    'was drawn',
  );

const otherNumbers = 'the history yields other numbers than were drawn';

/** How today's numbers differ from those that were drawn; null where they are the same. */
async function compareNumbers(
  stem: string,
  { specification, csv }: BuiltFigure,
  { dataHash, figureVersion }: FigureRecord,
): Promise<string | null> {
  if (computeSha256(csv) === dataHash) return null;
  const drawnBy = { template: specification.template, version: figureVersion };
  const today = parseCsv(csv);
  if (restateTable(drawnBy, today, today) === null) return otherNumbers;
  const path = `${stem}.csv`;
  const stored = await readBeside(path);
  if (stored === null || computeSha256(stored) !== dataHash) {
    return `the table is another one, and ${path}, which would tell numbers from layout, is not here as it was drawn`;
  }
  const then = restateTable(drawnBy, parseCsv(new TextDecoder().decode(stored)), today);
  return isDeepStrictEqual(then, today) ? null : otherNumbers;
}

/** The figure of a record as the history yields it now, or why it does not. */
async function rebuild(
  { specification, figureVersion: version }: FigureRecord,
  source: FigureSource,
): Promise<BuiltFigure | string> {
  try {
    const spec = respecify(parseFigureSpec(specification), version, source);
    return await buildFigure(spec, source);
  } catch (error) {
    if (error instanceof AfterimageError) return error.message.replace(/\.$/, '');
    throw error;
  }
}

/** What the verdict rests on: the numbers first, then the drawing, then the files. */
async function compareFigure(
  stem: string,
  figure: BuiltFigure,
  record: FigureRecord,
): Promise<Compared & { drawing: string | null }> {
  const numbers = await compareNumbers(stem, figure, record);
  const isDrawnSame =
    computeSha256(figure.csv) === record.dataHash &&
    computeSha256(figure.svg) === record.drawingHash;
  const isOther = record.figureVersion !== figureVersion && !isDrawnSame;
  const found: string[] = [];
  if (numbers !== null) found.push(numbers);
  else if (!isDrawnSame && !isOther) found.push('the numbers are the same, but not the drawing');
  const { differences, ...files } = await (isOther
    ? compareWritten(stem, record)
    : compareToday(stem, figure, record));
  const drawing = isOther ? describeFigureVersion(record.figureVersion) : null;
  return { ...files, differences: [...found, ...differences], drawing };
}

function judge({ differences, drawing }: Pick<Verification, 'differences' | 'drawing'>) {
  if (differences.length > 0) return 'different';
  return drawing === null ? 'same' : 'sameNumbers';
}

/**
 * Builds the figure of a record again and says whether the history still yields it. A figure that
 * another version of the application drew is held to its numbers, and its files to their checksums.
 *
 * @param path the record, or a file beside it
 */
export async function verifyFigure(path: string, source: FigureSource): Promise<Verification> {
  const record = await readFigureRecord(path);
  const changes = describeChanges(record, source);
  const figure = await rebuild(record, source);
  const compared =
    typeof figure === 'string'
      ? { differences: [figure], checked: [], unchecked: [], drawing: null }
      : await compareFigure(stemOf(resolve(path)), figure, record);
  const verdict = judge(compared);
  return { verdict, same: verdict === 'same', ...compared, changes };
}
