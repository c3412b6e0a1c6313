import { relative } from 'node:path';
import { Random } from '../../src/core/random.ts';
import { ownMutators } from './mutators.ts';
import type { Mutator, NodePath } from './syntax.ts';

/** Texts of messages, and what they are made of. */
const left: ReadonlySet<string> = new Set(['StringLiteral', 'Regex']);

/** What places mutants: Stryker, or a stand-in. */
export interface Instrumenter {
  /** What it asks for mutants, in its own list: what is put into it is asked as well. */
  mutators: Mutator[];
  /** Asks them for the mutants of files. */
  instrument: (files: readonly string[]) => Promise<unknown>;
}

interface Listed {
  file: string;
  line: number;
  /** Names one mutant, as long as its file stays the same. */
  key: string;
}

/** Where a mutant of a node is, and which of those that are there. */
function describe({ node, hub }: NodePath, name: string, index: number): Listed {
  const file = relative(process.cwd(), hub.file.opts.filename);
  if (!node.loc) throw new Error(`${file} has a ${node.type} of no place`);
  const { start, end } = node.loc;
  const place = `${start.line}:${start.column}-${end.line}:${end.column}`;
  return { file, line: start.line, key: `${file}:${place} ${name} ${index}` };
}

/** The mutator, of which only the mutants are left that are wanted. */
const select = (mutator: Mutator, isWanted: (mutant: Listed) => boolean): Mutator => ({
  ...mutator,
  *mutate(path, context) {
    let index = 0;
    for (const replacement of mutator.mutate(path, context)) {
      if (isWanted(describe(path, mutator.name, index))) yield replacement;
      index += 1;
    }
  },
});

const replace = (mutators: Mutator[], others: readonly Mutator[]): void => {
  mutators.splice(0, Infinity, ...others);
};

async function listMutants(
  files: readonly string[],
  { mutators, instrument }: Instrumenter,
): Promise<Listed[]> {
  const listed: Listed[] = [];
  const list = (mutant: Listed): boolean => {
    listed.push(mutant);
    return false;
  };
  const all = [...mutators];
  replace(
    mutators,
    all.map((mutator) => select(mutator, list)),
  );
  await instrument(files);
  replace(mutators, all);
  if (listed.length === 0) throw new Error('no mutant was found: is its list still Stryker’s own?');
  return listed;
}

/** One of the mutants of each line, lines in a random order. */
function drawByLine(mutants: readonly Listed[], random: Random): Listed[] {
  const lines = [...Map.groupBy(mutants, ({ file, line }) => `${file}:${line}`).values()];
  const order = random.shuffle(Uint32Array.from(lines.keys()));
  return Array.from(order, (at) => {
    const here = lines[at] ?? [];
    return here[Math.floor(random.uniform(0, here.length))] as Listed;
  });
}

/**
 * Makes an instrumenter's next run place `count` mutants of `files` and no others, as `seed` draws them: as
 * many of each folder as of the next, each of a line of its own.
 *
 * @returns the files that have one
 */
export async function chooseMutants(
  files: readonly string[],
  { seed, count, folderOf }: { seed: number; count: number; folderOf: (file: string) => string },
  instrumenter: Instrumenter,
): Promise<string[]> {
  const { mutators } = instrumenter;
  const kept = mutators.filter(({ name }) => !left.has(name));
  replace(mutators, [...kept, ...ownMutators]);
  const random = Random.fromSeed(seed);
  const mutants = await listMutants(files, instrumenter);
  const queues = [...Map.groupBy(mutants, ({ file }) => folderOf(file)).values()].map((folder) =>
    drawByLine(folder, random),
  );
  const longest = Math.max(...queues.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) =>
    queues.flatMap((queue) => queue[turn] ?? []),
  );
  const chosen = turns.flat().slice(0, count);
  const keys = new Set(chosen.map(({ key }) => key));
  const all = [...mutators];
  replace(
    mutators,
    all.map((mutator) => select(mutator, ({ key }) => keys.has(key))),
  );
  return [...new Set(chosen.map(({ file }) => file))];
}
