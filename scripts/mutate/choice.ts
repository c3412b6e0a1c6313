import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { Instrumenter, type babel } from '@stryker-mutator/instrumenter';
import { Random } from '../../src/core/random.ts';
import { ownMutators, type Mutator, type Node } from './mutators.ts';

/** Texts of messages, and what they are made of. */
const left: ReadonlySet<string> = new Set(['StringLiteral', 'Regex']);

/** A logger that says nothing: of no interest while mutants are only listed. */
export const silent = {
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false },
  ...{ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
};

function ignore(): void {
  // Says nothing.
}

interface Listed {
  file: string;
  line: number;
  /** Names one mutant, as long as its file stays the same. */
  key: string;
}

/** Stryker's own list, which is no part of its interface but the one way to add a mutator to it. */
async function loadMutators(): Promise<Mutator[]> {
  const url = new URL('mutators/mutate.js', import.meta.resolve('@stryker-mutator/instrumenter'));
  const { allMutators } = (await import(url.href)) as { allMutators: Mutator[] };
  return allMutators;
}

/** Where a mutant of a node is, and which of those that are there. */
function describe(path: babel.NodePath, name: string, index: number): Listed {
  const { filename } = (path.hub as unknown as { file: { opts: { filename: string } } }).file.opts;
  const file = relative(process.cwd(), filename);
  const { start, end } = path.node.loc as NonNullable<Node['loc']>;
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

async function listMutants(files: readonly string[], mutators: Mutator[]): Promise<Listed[]> {
  const listed: Listed[] = [];
  const list = (mutant: Listed): boolean => {
    listed.push(mutant);
    return false;
  };
  const all = mutators.splice(0);
  mutators.push(...all.map((mutator) => select(mutator, list)));
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const sources = contents.map((content, i) => ({
    name: `${process.cwd()}/${files[i] ?? ''}`,
    content,
    mutate: true,
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  await new Instrumenter(silent).instrument(sources, options);
  mutators.splice(0, Infinity, ...all);
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
 * Makes Stryker's next run try `count` mutants of `files` and no others, as `seed` draws them: as many of
 * each folder as of the next, each of a line of its own.
 *
 * @returns the files that have one
 */
export async function chooseMutants(
  files: readonly string[],
  { seed, count, folderOf }: { seed: number; count: number; folderOf: (file: string) => string },
): Promise<string[]> {
  const mutators = await loadMutators();
  const kept = mutators.filter(({ name }) => !left.has(name));
  mutators.splice(0, Infinity, ...kept, ...ownMutators);
  const random = Random.fromSeed(seed);
  const mutants = await listMutants(files, mutators);
  const queues = [...Map.groupBy(mutants, ({ file }) => folderOf(file)).values()].map((folder) =>
    drawByLine(folder, random),
  );
  const longest = Math.max(...queues.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, turn) =>
    queues.flatMap((queue) => queue[turn] ?? []),
  );
  const chosen = turns.flat().slice(0, count);
  const keys = new Set(chosen.map(({ key }) => key));
  const all = mutators.splice(0);
  mutators.push(...all.map((mutator) => select(mutator, ({ key }) => keys.has(key))));
  return [...new Set(chosen.map(({ file }) => file))];
}
