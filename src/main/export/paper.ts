import { join, resolve } from 'node:path';
import { AfterimageError } from '../../shared/errors.ts';
import { parseFigureSpec } from '../../shared/figures/spec.ts';
import type { Example, ExampleFilter, ExampleSort, Run } from '../../shared/records.ts';
import type { FigureSource } from './figureSource.ts';
import { writeFigure, writeOutput, type FigureMaker } from './figureFiles.ts';
import { requireOneDataset, requireTwoRuns, resolveEpoch } from './figureRuns.ts';
import { buildPaperTex, type PaperFigure } from './paperTex.ts';
import { buildCostTable, buildPerformanceTable } from './tables.ts';
import { formatTable } from './tableFormats.ts';

/** One of the four kinds of prediction that the paper shows, and how its image is chosen. */
interface Kind {
  /** `{threshold}` stands for the run's. */
  note: string;
  filters: ExampleFilter[];
  sort: ExampleSort;
  descending: boolean;
}

const kinds: Kind[] = [
  {
    note: 'The most confident right prediction.',
    filters: [],
    sort: 'confidence',
    descending: true,
  },
  {
    note: 'The least confident right prediction with a confidence below {threshold}.',
    filters: ['true-low-confidence'],
    sort: 'confidence',
    descending: false,
  },
  {
    note: 'The least confident misclassification, with a confidence below {threshold}.',
    filters: ['misclassified', 'low-confidence'],
    sort: 'confidence',
    descending: false,
  },
  {
    note: 'The most confident misclassification.',
    filters: ['misclassified'],
    sort: 'confidence',
    descending: true,
  },
];

const describeKind = ({ note }: Kind, { config }: Run): string =>
  note.replace('{threshold}', String(config.lowConfidenceThreshold));

function findExample(source: FigureSource, run: Run, kind: Kind): Example {
  const epoch = resolveEpoch(run, 'best');
  const examples = source.listExamples({
    runId: run.id,
    epoch,
    filters: kind.filters,
    label: null,
    predictedClass: null,
    threshold: run.config.lowConfidenceThreshold,
    sort: kind.sort,
    descending: kind.descending,
    limit: null,
  });
  const found = kind.filters.length === 0 ? examples.find(({ correct }) => correct) : examples[0];
  if (found !== undefined) return found;
  throw new AfterimageError(
    'NOT_FOUND',
    `Run ${run.name} has no image for "${describeKind(kind, run)}" after epoch ${epoch}.`,
    'Choose a run that was evaluated on more images.',
  );
}

/** One run under C and one under R, in this order whatever the order given. */
function findPair(names: readonly string[], source: FigureSource): [Run, Run] {
  const runs = names.map((name) => source.getRun(source.resolveRun(name)));
  const [c, r] = (['C', 'R'] as const).map((paradigm) =>
    runs.filter(({ config }) => config.paradigm === paradigm),
  );
  if (runs.length !== 2 || c?.length !== 1 || r?.length !== 1) {
    const given = runs.map(({ name, config }) => `${name} (${config.paradigm})`).join(', ');
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `The paper compares one run under C with one under R, not ${given}.`,
      'Give two runs, such as --runs C,R.',
    );
  }
  const pair = requireTwoRuns([...c, ...r]);
  requireOneDataset(pair, source);
  return pair;
}

/** Figure 1 to 8: every kind of prediction under C, then under R. */
async function writeFigures(
  pair: readonly Run[],
  folder: string,
  maker: FigureMaker,
): Promise<{ figures: PaperFigure[]; files: string[] }> {
  const figures: PaperFigure[] = [];
  const files: string[] = [];
  const wanted = kinds.flatMap((kind) => pair.map((run) => ({ kind, run })));
  for (const [i, { kind, run }] of wanted.entries()) {
    const { exampleId, epoch } = findExample(maker.source, run, kind);
    const spec = parseFigureSpec({
      template: 'cam-pair',
      run: run.id,
      example: exampleId,
      epoch,
      note: describeKind(kind, run),
    });
    const stem = `figure-${i + 1}`;
    const paths = ['svg', 'pdf', 'png'].map((format) => join(folder, `${stem}.${format}`));
    const written = await writeFigure(spec, paths, maker);
    files.push(...written.files);
    figures.push({ file: `${stem}.pdf`, label: `fig:${stem}`, caption: written.figure.caption });
  }
  return { figures, files };
}

async function writeTables(
  pair: readonly Run[],
  folder: string,
  maker: FigureMaker,
): Promise<string[]> {
  const shapes = pair.map(({ id }) => {
    const { imageSize, classNames } = maker.source.getDataset(id);
    return { imageSize, classes: classNames.length };
  });
  const tables = [buildPerformanceTable(pair), buildCostTable(pair, shapes)];
  const files: string[] = [];
  for (const [i, table] of tables.entries()) {
    for (const format of ['tex', 'md', 'csv'] as const) {
      const path = join(folder, `table-${i + 1}.${format}`);
      await writeOutput(path, formatTable(table, format));
      files.push(path);
    }
  }
  return files;
}

/**
 * Writes the paper's eight figures and two tables from a run under C and one under R, and a
 * figures.tex that shows them all.
 *
 * @returns every file written
 */
export async function writePaper(
  runNames: readonly string[],
  out: string,
  maker: FigureMaker,
): Promise<string[]> {
  const folder = resolve(out);
  const pair = findPair(runNames, maker.source);
  const { figures, files } = await writeFigures(pair, folder, maker);
  files.push(...(await writeTables(pair, folder, maker)));
  const tex = join(folder, 'figures.tex');
  await writeOutput(tex, buildPaperTex(figures, ['table-1.tex', 'table-2.tex']));
  return [...files, tex];
}
