import { expect, it } from 'vitest';
import { multiplyPanels } from '../../../../../../src/main/learning/engine/wasm/matrix/panels.ts';
import type { Compute } from '../../../../../../src/main/learning/engine/wasm/threads/compute.ts';

type Call = [name: string, args: Record<string, number>];

/** What panels of a product ask of the module, of one thread; 3 rows, depth 5, 2 planes of 11 columns. */
function listCalls(thread: number, from: number, to: number, transposed = { a: 0, b: 0 }): Call[] {
  const calls: Call[] = [];
  const names = ['product', 'productOfTransposed', 'transpose', 'copyRows'];
  const functions = Object.fromEntries(
    names.map((name) => [name, (args: Record<string, number>) => calls.push([name, args])]),
  );
  const args = {
    ...{ a: 1000, aLine: 20, aPlane: 60, aTransposed: transposed.a },
    ...{ b: 2000, bLine: 44, bPlane: 220, bTransposed: transposed.b },
    ...{
      c: 3000,
      cLine: 44,
      cPlane: 132,
      rows: 3,
      depth: 5,
      columns: 11,
      accumulate: 0,
    },
    ...{ memory: 4000, placeBytes: 160, byPart: 0, loan: 1 },
  };
  const viewOf = () => new Float32Array(0);
  const compute = { functions, thread, prepared: { loan: 0 }, viewOf } as unknown as Compute;
  multiplyPanels.run(compute, args, from, to);
  return calls;
}

// A panel has 8 columns of 5 floats: 160 bytes, one for each thread.
it.each([
  [0, 4000],
  [1, 4160],
  [3, 4480],
])('thread %i copies its panel to its own memory, and multiplies it there', (thread, target) => {
  expect(listCalls(thread, 0, 1)).toEqual([
    ['copyRows', { source: 2000, sourceStep: 44, target, targetStep: 32, rows: 5, bytes: 32 }],
    [
      'product',
      {
        ...{ a: 1000, aLine: 20, aPlane: 0, b: target, bLine: 32, bPlane: 0 },
        ...{ c: 3000, cLine: 44, cPlane: 0, planes: 1, rows: 3, depth: 5, columns: 8 },
        accumulate: 0,
      },
    ],
  ]);
});

it('panels go from left to right, plane by plane, the last of each as wide as what is left', () => {
  const calls = listCalls(0, 1, 4);
  expect(calls.filter(([name]) => name === 'copyRows').map(([, args]) => args)).toMatchObject([
    { source: 2000 + 32, targetStep: 12, bytes: 12 },
    { source: 2000 + 220, targetStep: 32, bytes: 32 },
    { source: 2000 + 220 + 32, targetStep: 12, bytes: 12 },
  ]);
  expect(calls.filter(([name]) => name === 'product').map(([, args]) => args)).toMatchObject([
    { a: 1000, c: 3000 + 32, columns: 3, bLine: 12 },
    { a: 1060, c: 3000 + 132, columns: 8, bLine: 32 },
    { a: 1060, c: 3000 + 132 + 32, columns: 3, bLine: 12 },
  ]);
});

it('a right matrix that lies there turned is turned back, and a left one read as it lies', () => {
  const calls = listCalls(0, 1, 2, { a: 1, b: 1 });
  expect(calls.map(([name]) => name)).toEqual(['transpose', 'productOfTransposed']);
  expect(calls[0]?.[1]).toEqual({
    ...{ source: 2000 + 8 * 44, sourceLine: 44, target: 4000, rows: 3, columns: 5 },
  });
});
