import { expect, test } from 'vitest';
import { drawMaskOutline } from '../../../src/core/maps/maskOutline.ts';
import { Random } from '../../../src/core/random.ts';

/** Unit edges of a path, `x y h` to the right or `x y v` downwards. */
function edgesOf(path: string): string[] {
  return [...path.matchAll(/M(\d+) (\d+)([HV])(\d+)/g)].flatMap(([, x, y, way, end]) => {
    const [column, row] = [Number(x), Number(y)];
    const length = Number(end) - (way === 'H' ? column : row);
    return Array.from({ length }, (_, i) =>
      way === 'H' ? `${column + i} ${row} h` : `${column} ${row + i} v`,
    );
  });
}

test('one pixel has four edges, also in a corner', () => {
  const mask = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1);
  expect(edgesOf(drawMaskOutline(mask, 3)).sort()).toEqual(['2 2 h', '2 2 v', '2 3 h', '3 2 v']);
});

test('edges in line are one stroke; an empty mask has none', () => {
  expect(drawMaskOutline(new Uint8Array(4).fill(1), 2)).toBe('M0 0H2M0 0V2M0 2H2M2 0V2');
  expect(drawMaskOutline(new Uint8Array(4), 2)).toBe('');
});

test('each pair of neighbours that differ has its edge once, and no other pair', () => {
  const size = 9;
  const random = Random.fromSeed(3);
  const mask = Uint8Array.from({ length: size ** 2 }, () => Number(random.uniform(0, 1) > 0.5));
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : (mask[y * size + x] ?? 0);
  const places = Array.from({ length: (size + 1) ** 2 }, (_, i) => [
    i % (size + 1),
    Math.floor(i / (size + 1)),
  ]);
  const expected = places.flatMap(([x = 0, y = 0]) => [
    ...(x < size && at(x, y - 1) !== at(x, y) ? [`${x} ${y} h`] : []),
    ...(y < size && at(x - 1, y) !== at(x, y) ? [`${x} ${y} v`] : []),
  ]);
  expect(edgesOf(drawMaskOutline(mask, size)).sort()).toEqual(expected.sort());
});
