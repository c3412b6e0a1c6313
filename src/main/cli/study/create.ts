import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readFactors } from '../../../core/config/configOverrides.ts';
import { AfterimageError, invalidArgument } from '../../../core/errors.ts';
import type { StudyDetail } from '../../../core/studies/progress.ts';
import { parseStudy, type Study } from '../../../core/studies/study.ts';
import { boundedText, collect, nameLength, noteLength } from '../arguments.ts';
import { withSession, type Session } from '../session.ts';
import { describe, describeEstimate, estimateStudy } from './listing.ts';
import {
  addPlanOptions,
  basesOf,
  overridesOf,
  readTogether,
  type PlanOptions,
} from './planOptions.ts';

interface CreateOptions extends PlanOptions {
  question: string;
  together: string[];
  like?: string;
  runs?: string;
  file?: string;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AfterimageError(
      'NOT_FOUND',
      `${path} cannot be read (${why}).`,
      'Name a file that can.',
    );
  }
}

/** A text as it is, or with @ before it the content of a file. */
export async function readQuestion(text: string): Promise<string> {
  const question = text.startsWith('@') ? await readText(text.slice(1)) : text;
  if (question.length <= noteLength) return question.trim();
  throw invalidArgument(
    `The question has ${question.length} characters.`,
    `It takes up to ${noteLength}.`,
  );
}

async function readPlan(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AfterimageError(
      'CORRUPT_INPUT',
      `${path} is no JSON.`,
      '“study show NAME --json” prints a study; its field "study" is what a file holds.',
    );
  }
}

function listBases({ workbench }: Session, { preset = [], like }: CreateOptions) {
  const { runs } = workbench.history;
  const run = like === undefined ? null : runs.getSummary(runs.resolve(like));
  const bases = [
    ...basesOf(preset),
    ...(run === null ? [] : [{ name: run.name, config: run.config }]),
  ];
  if (bases.length > 0) return bases;
  throw invalidArgument(
    'A study needs something to begin from.',
    'Give --preset, --like RUN, --runs or --file.',
  );
}

async function planStudy(session: Session, name: string, options: CreateOptions): Promise<Study> {
  const question = await readQuestion(options.question);
  if (options.file !== undefined) {
    const plan = await readPlan(options.file);
    const asked = question === '' ? {} : { question };
    return parseStudy({ question: '', factors: [], ...(plan as object), name, ...asked });
  }
  const bases = listBases(session, options);
  const together = options.together.map((text) => readTogether(bases, text));
  const factors = [...readFactors(bases, overridesOf(options)), ...together];
  return { name, question, bases, factors, seeds: options.seeds };
}

async function make(session: Session, name: string, options: CreateOptions): Promise<StudyDetail> {
  const { studies } = session.workbench.api;
  if (options.runs === undefined) {
    const study = await planStudy(session, name, options);
    return studies.create({ study, isRenamed: false }, {});
  }
  const { runs } = session.workbench.history;
  const runIds = options.runs.split(',').map((run) => runs.resolve(run.trim()));
  const question = await readQuestion(options.question);
  return studies.adopt({ name, question, runIds: [...new Set(runIds)] }, {});
}

async function create(session: Session, name: string, options: CreateOptions): Promise<void> {
  const detail = await make(session, name, options);
  if (session.json) {
    session.output.json(detail);
    return;
  }
  session.output.text(describe(session, detail));
  session.output.note(describeEstimate(await estimateStudy(session, detail.id)));
  if (detail.counts.done < detail.planned) {
    session.output.note(`Train it with: study run ${JSON.stringify(name)}`);
  }
}

/** `study create` */
export function addCreate(parent: Command): void {
  const command = parent
    .command('create')
    .description(
      'plan every combination of presets, values of settings and seeds; nothing is trained yet',
    )
    .argument('<name>', 'of the study', boundedText(nameLength));
  addPlanOptions(command)
    .option(
      '--together <keys=rows>',
      'settings that vary together, such as camWeight,epochs=0.1,2;1,3; may be given several times',
      collect,
      [],
    )
    .option('--question <text>', 'what it asks (Markdown), or @FILE', '')
    .option('--like <run>', 'begin from the configuration of a run')
    .option('--runs <runs>', 'make it of runs that are there, between commas')
    .option('--file <file>', 'a plan as JSON: the field "study" of “study show --json”')
    .action(async (name: string, options: CreateOptions, called: Command) => {
      await withSession(called, (session) => create(session, name, options));
    });
}
