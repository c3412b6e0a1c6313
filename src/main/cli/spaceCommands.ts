import type { Command } from 'commander';
import { invalidArgument } from '../../core/errors.ts';
import { finishTask } from '../platform/longTask.ts';
import type { History } from '../store/history.ts';
import { noteSteps } from './datasetsCommand.ts';
import { withSession, type Session } from './session.ts';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

interface Choice {
  all?: boolean;
  weights?: boolean;
  checkpoints?: boolean;
}

/** Runs by what a person calls them, and with `--all` those of `list`; INVALID_ARGUMENT if there is neither. */
function chooseRuns(
  history: History,
  names: readonly string[],
  { all, list }: { all: boolean; list: () => string[] },
  remedy: string,
): string[] {
  if (names.length === 0 && !all) throw invalidArgument('No run is named.', remedy);
  const named = names.map((name) => history.runs.resolve(name));
  return [...new Set([...(all ? list() : []), ...named])];
}

/** Says, after `work`, what was done and what the history takes now. */
async function reportSpace(
  { workbench, output, json }: Session,
  work: () => Promise<{ document: Record<string, unknown>; words: string }>,
): Promise<void> {
  const before = workbench.history.info().bytes;
  const { document, words } = await work();
  const { bytes } = workbench.history.info();
  if (json) output.json({ ...document, bytes });
  else {
    const change = `the history takes ${megabytes(bytes)} MB, before ${megabytes(before)} MB`;
    output.text(`${words}; ${change}`);
  }
}

const purge = (session: Session, names: readonly string[], choice: Choice): Promise<void> =>
  reportSpace(session, async () => {
    const { history, api } = session.workbench;
    const list = (): string[] => history.runs.listSummaries({ deleted: true }).map(({ id }) => id);
    const runIds = chooseRuns(
      history,
      names,
      { all: choice.all === true, list },
      'Name runs of the bin, which "runs list --deleted" shows, or give --all.',
    );
    if (runIds.length > 0) await api.runs.purge({ runIds }, {});
    return { document: { purged: runIds }, words: `${runIds.length} runs removed for good` };
  });

const thin = (session: Session, names: readonly string[], choice: Choice): Promise<void> =>
  reportSpace(session, async () => {
    const { history, api } = session.workbench;
    const { weights = false, checkpoints = false } = choice;
    if (!weights && !checkpoints) {
      throw invalidArgument('Nothing is to be given up.', 'Give --weights, --checkpoints or both.');
    }
    const runIds = chooseRuns(
      history,
      names,
      { all: choice.all === true, list: () => history.space.listThinnable() },
      'Name runs, which "runs list --sizes" shows, or give --all.',
    );
    if (runIds.length > 0) {
      const stream = await api.runs.thin({ runIds, weights, checkpoints }, {});
      await finishTask(stream, noteSteps(session.output));
    }
    return { document: { thinned: runIds }, words: `${runIds.length} runs thinned` };
  });

const compact = (session: Session): Promise<void> =>
  reportSpace(session, async () => {
    const stream = await session.workbench.api.history.compact({}, {});
    await finishTask(stream, noteSteps(session.output));
    return { document: {}, words: 'Free space given back' };
  });

/** `runs purge` and `runs thin`. */
export function addSpaceOfRuns(parent: Command): void {
  parent
    .command('purge')
    .description('remove runs of the bin for good and give their space back')
    .argument('[run...]', 'id, the beginning of one, or a name; each lies in the bin')
    .option('--all', 'every run of the bin')
    .action(async (names: string[], choice: Choice, command: Command) => {
      await withSession(command, (session) => purge(session, names, choice));
    });
  parent
    .command('thin')
    .description('give up what runs can do without, and give its space back')
    .argument('[run...]', 'id, the beginning of one, or a name')
    .option('--all', 'every run, in the bin or not, that neither waits nor trains')
    .option(
      '--weights',
      'weights of all epochs but the best and the last; what was computed from them stays',
    )
    .option(
      '--checkpoints',
      'checkpoints of completed runs, which "resume --epochs" then trains again first',
    )
    .action(async (names: string[], choice: Choice, command: Command) => {
      await withSession(command, (session) => thin(session, names, choice));
    });
}

/** `compact` */
export function addCompact(program: Command): void {
  program
    .command('compact')
    .description('give the free space of the history’s file back, as after a purge that was killed')
    .action(async (_: unknown, command: Command) => {
      await withSession(command, compact);
    });
}
