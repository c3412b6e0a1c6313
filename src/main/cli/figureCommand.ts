import { realpath } from 'node:fs/promises';
import type { Command } from 'commander';
import { AfterimageError } from '../../core/errors.ts';
import {
  figureSpecJsonSchema,
  type EpochChoice,
  type FigureSpec,
} from '../../core/figures/spec.ts';
import { venueNames, type VenueName } from '../../core/figures/style.ts';
import { formatOf, listFigureFiles, writeFigure, type FigureMaker } from '../export/figureFiles.ts';
import { readFigureSpec } from '../export/figureRecord.ts';
import { verifyFigure, type Verification } from '../export/figureVerify.ts';
import { writePaper } from '../export/paper.ts';
import { version } from '../version.ts';
import { DatasetCache } from '../workbench/datasetsApi.ts';
import { createFigureSource } from '../workbench/figureSource.ts';
import { collect, epochChoice, listOf, oneOf, wholeNumber } from './arguments.ts';
import { withSession, type Session } from './session.ts';

const createMaker = ({ workbench }: Session): FigureMaker => ({
  source: createFigureSource(workbench.history, new DatasetCache(workbench.library), workbench),
  version,
});

function report({ output, json }: Session, caption: string | null, files: readonly string[]): void {
  if (json) output.json({ ...(caption !== null && { caption }), files });
  else output.text([...(caption === null ? [] : [caption, '']), ...files].join('\n'));
}

interface DrawFlags {
  out: string[];
  embedFonts?: boolean;
}

/** With the fonts inside its SVG; INVALID_ARGUMENT where none is wanted. */
function withFonts(spec: FigureSpec, paths: readonly string[]): FigureSpec {
  if (paths.some((path) => formatOf(path) === 'svg')) {
    return { ...spec, style: { ...spec.style, embedFonts: true } };
  }
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    '--embed-fonts is about an SVG, and none is asked for.',
    'Add --out F.svg, or leave the option away: a PDF has its fonts inside.',
  );
}

/** INVALID_ARGUMENT where a figure would be written over its specification; a record is written anew. */
async function checkSpecStays(specPath: string, paths: readonly string[]): Promise<void> {
  const spec = await realpath(specPath);
  if (spec.endsWith('.figure.json')) return;
  for (const path of listFigureFiles(paths)) {
    if ((await realpath(path).catch(() => null)) !== spec) continue;
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${path} is the specification, which the figure would be written over.`,
      'Choose another name for the figure; its data goes to the .csv beside it.',
    );
  }
}

async function drawFigure(session: Session, specPath: string, flags: DrawFlags): Promise<void> {
  const { out: paths, embedFonts = false } = flags;
  if (paths.length === 0) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      'The figure has nowhere to go.',
      'Give --out F.svg, F.pdf or F.png.',
    );
  }
  const spec = await readFigureSpec(specPath);
  await checkSpecStays(specPath, paths);
  const chosen = embedFonts ? withFonts(spec, paths) : spec;
  const { figure, files } = await writeFigure(chosen, paths, createMaker(session));
  report(session, figure.caption, files);
}

/** What was found, for people. */
function sayVerified({ verdict, drawing, checked, unchecked }: Verification): string[] {
  const files = `${checked.length} ${checked.length === 1 ? 'file' : 'files'} beside it`;
  if (verdict === 'same') return [`the same: data, drawing and ${files}`];
  return [
    `the same numbers, ${drawing ?? ''}`,
    `${files} as ${checked.length === 1 ? 'it was' : 'they were'} written`,
    ...unchecked.map((path) => `not compared, since the record has no checksum of it: ${path}`),
  ];
}

async function verify(session: Session, path: string): Promise<void> {
  const result = await verifyFigure(path, createMaker(session).source);
  if (session.json) session.output.json(result);
  if (result.verdict === 'different') {
    const { differences, drawing, changes } = result;
    const reasons = [...differences, ...(drawing === null ? [] : [drawing]), ...changes];
    throw new AfterimageError(
      'CONFLICT',
      `${path} is not what the history yields: ${reasons.join('; ')}.`,
      'Draw the figure again, or bring back the history that it was made from.',
    );
  }
  if (!session.json) session.output.text([...sayVerified(result), ...result.changes].join('\n'));
}

interface PaperFlags {
  runs: string[];
  out: string;
  fashionRuns?: string[];
  example?: number;
  epoch: EpochChoice;
  venue: VenueName;
  sideBySide?: boolean;
}

async function drawPaper(session: Session, flags: PaperFlags): Promise<void> {
  const { out, fashionRuns = null, example = null, sideBySide = false, ...rest } = flags;
  const options = { ...rest, fashionRuns, example, sideBySide };
  const { files, leftOut } = await writePaper(options, out, createMaker(session));
  if (leftOut !== null) session.output.note(`${leftOut} Give them with --fashion-runs C,R.`);
  report(session, null, files);
}

/** `figure`: one figure from its specification; `figures`: all that a paper needs. */
export function addFigureCommands(program: Command): void {
  const figure = program
    .command('figure')
    .description('draw a figure from its specification, or from the .figure.json beside one')
    .argument('<spec>', 'JSON file')
    .option('--out <file>', 'F.svg, F.pdf or F.png; may be given several times', collect, [])
    .option('--embed-fonts', 'put what it uses of its fonts into the SVG')
    .action(async (spec: string, options: DrawFlags, command: Command) => {
      await withSession(command, (session) => drawFigure(session, spec, options));
    });
  figure
    .command('verify')
    .description('whether the history still yields a figure')
    .argument('<file>', 'F.figure.json, or a figure beside it')
    .action(async (path: string, _: unknown, command: Command) => {
      await withSession(command, (session) => verify(session, path));
    });
  figure
    .command('schema')
    .description('the JSON schema of specifications')
    .action(() => {
      process.stdout.write(`${JSON.stringify(figureSpecJsonSchema(), null, 2)}\n`);
    });
  program
    .command('figures')
    .description('all figures that a paper needs')
    .command('paper')
    .description("the paper's figures and two tables, and a figures.tex that shows them")
    .requiredOption('--runs <C,R>', 'a run under C and one under R', listOf(String))
    .requiredOption('--out <folder>')
    .option('--fashion-runs <C,R>', 'two on a second data set, for figures 5 and 6', listOf(String))
    .option('--example <n>', 'test image of figures 1 to 4', wholeNumber(0))
    .option('--epoch <best|last|n>', 'late epoch', epochChoice, 'best')
    .option('--venue <name>', venueNames.join(', '), oneOf(venueNames), 'ieee')
    .option('--side-by-side', 'C beside R in one figure')
    .action(async (options: PaperFlags, command: Command) => {
      await withSession(command, (session) => drawPaper(session, options));
    });
}
