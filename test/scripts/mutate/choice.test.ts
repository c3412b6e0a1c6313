import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { chooseMutants, type Instrumenter } from '../../../scripts/mutate/choice.ts';
import type { Mutator, Node, NodePath } from '../../../scripts/mutate/syntax.ts';

const folders = ['store', 'training', 'transports'];
const files = folders.flatMap((name) => ['a', 'b'].map((file) => `src/main/${name}/${file}.ts`));
const folderOf = (file: string): string => file.split('/')[2] ?? '';
const linesOfFile = 10;

/** Two of every node, as of Stryker's own; one of a kind that is left out. */
const doubling: Mutator = {
  name: 'Doubling',
  *mutate({ node }) {
    yield node;
    yield node;
  },
};
const texts: Mutator = {
  name: 'StringLiteral',
  *mutate({ node }) {
    yield node;
  },
};

/** A statement and a number on each line of a file. */
function listNodes(file: string): NodePath[] {
  const hub = { file: { opts: { filename: resolve(file) } } };
  return Array.from({ length: linesOfFile }, (_, i) => {
    const place = (column: number) => ({
      loc: { start: { line: i + 1, column }, end: { line: i + 1, column: column + 1 } },
    });
    const nodes: Node[] = [
      { type: 'ExpressionStatement', ...place(0) },
      { type: 'NumericLiteral', value: i, ...place(4) },
    ];
    return nodes.map((node) => ({ node, key: 'init', hub }));
  }).flat();
}

interface Placed {
  file: string;
  line: number;
  mutator: string;
}

/** Places what the mutators yield, as Stryker does. */
function createInstrumenter(): Instrumenter & { place: () => Placed[] } {
  const mutators = [doubling, texts];
  const place = (): Placed[] =>
    files.flatMap((file) =>
      listNodes(file).flatMap((path) =>
        mutators.flatMap((mutator) =>
          Array.from(mutator.mutate(path, {}), () => ({
            file,
            line: path.node.loc?.start.line ?? 0,
            mutator: mutator.name,
          })),
        ),
      ),
    );
  return { mutators, place, instrument: () => Promise.resolve(place()) };
}

async function choose(
  seed: number,
  count: number,
): Promise<{ chosen: string[]; placed: Placed[] }> {
  const instrumenter = createInstrumenter();
  const chosen = await chooseMutants(files, { seed, count, folderOf }, instrumenter);
  return { chosen, placed: instrumenter.place() };
}

test('as many mutants are tried as are wanted, evenly by folder, no two of a line', async () => {
  const { chosen, placed } = await choose(1, 9);
  expect(placed).toHaveLength(9);
  expect(new Set(placed.map(({ file }) => file))).toEqual(new Set(chosen));
  const byFolder = Map.groupBy(placed, ({ file }) => folderOf(file));
  expect([...byFolder.values()].map(({ length }) => length)).toEqual([3, 3, 3]);
  expect(new Set(placed.map(({ file, line }) => `${file}:${line}`)).size).toBe(9);
});

test('every line is drawn from, own mutators beside Stryker’s, and texts are left out', async () => {
  const { placed } = await choose(1, 1000);
  expect(placed).toHaveLength(files.length * linesOfFile);
  expect(new Set(placed.map(({ mutator }) => mutator))).toEqual(
    new Set(['Doubling', 'StatementRemoval', 'NumericLiteral']),
  );
});

test('the same seed draws the same mutants, another one others', async () => {
  const [first, again, other] = await Promise.all([choose(1, 9), choose(1, 9), choose(2, 9)]);
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('a list of mutators that nobody asks is no list of mutants', async () => {
  const deaf = { mutators: [doubling], instrument: () => Promise.resolve() };
  await expect(chooseMutants(files, { seed: 1, count: 9, folderOf }, deaf)).rejects.toThrow(
    'no mutant was found',
  );
});
