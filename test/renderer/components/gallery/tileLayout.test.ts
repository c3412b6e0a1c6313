import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  moveTile,
  scrollToTile,
  tileAt,
  tileLayout,
  tileOrigin,
  visibleRows,
} from '../../../../src/renderer/components/gallery/tileLayout.ts';

const tile = { imageSize: 84, captionHeight: 30 };
const anyLayout = fc
  .record({ count: fc.nat(10_000), width: fc.integer({ min: 40, max: 2500 }) })
  .map(({ count, width }) => tileLayout(count, width, tile));

it('fills the width with whole tiles', () => {
  const layout = tileLayout(100, 1000, tile);
  expect(layout).toMatchObject({ columns: 10, rows: 10, columnWidth: 100, rowHeight: 122 });
  expect(tileLayout(3, 20, tile)).toMatchObject({ columns: 1, rows: 3, columnWidth: 84 });
});

it('sets two images side by side in one tile', () => {
  const layout = tileLayout(100, 1000, { ...tile, panes: 2 });
  expect(layout).toMatchObject({ tileWidth: 172, columns: 5, rows: 20, columnWidth: 201 });
  expect([tileAt(layout, 171, 0), tileAt(layout, 172, 0), tileAt(layout, 201, 0)]).toEqual([
    0,
    null,
    1,
  ]);
});

it('finds a tile where it drew it, and nothing between tiles', () => {
  fc.assert(
    fc.property(anyLayout, fc.nat(9999), (layout, wish) => {
      fc.pre(layout.count > 0);
      const index = wish % layout.count;
      const { x, y } = tileOrigin(layout, index);
      expect(tileAt(layout, x, y)).toBe(index);
      expect(tileAt(layout, x + 83, y + 113)).toBe(index);
      expect(tileAt(layout, x + 84, y)).toBeNull();
      expect(tileAt(layout, x, y + 114)).toBeNull();
    }),
  );
});

it('finds nothing beyond the last tile', () => {
  const layout = tileLayout(12, 1000, tile);
  expect(tileAt(layout, 250, 130)).toBeNull();
  expect(tileAt(layout, 1150, 10)).toBeNull();
  expect(tileAt(layout, -1, 10)).toBeNull();
});

it('draws the rows in sight, and no more than are there', () => {
  const layout = tileLayout(100, 1000, tile);
  expect(visibleRows(layout, 0, 244, 1)).toEqual({ first: 0, end: 3 });
  expect(visibleRows(layout, 600, 244, 0)).toEqual({ first: 4, end: 7 });
  expect(visibleRows(layout, 90_000, 244, 0)).toEqual({ first: 10, end: 10 });
  expect(visibleRows(tileLayout(0, 1000, tile), 0, 244, 2)).toEqual({ first: 0, end: 0 });
});

it('moves with the keys and stays inside', () => {
  const layout = tileLayout(12, 480, tile);
  const move = (index: number, key: string) => moveTile(layout, index, key, 2);
  expect(layout.columns).toBe(5);
  expect([move(0, 'ArrowRight'), move(0, 'ArrowLeft'), move(11, 'ArrowRight')]).toEqual([1, 0, 11]);
  expect([move(2, 'ArrowDown'), move(2, 'ArrowUp'), move(9, 'ArrowDown')]).toEqual([7, 2, 9]);
  expect([move(3, 'End'), move(3, 'Home'), move(0, 'PageDown')]).toEqual([11, 0, 10]);
  expect(move(3, 'x')).toBeNull();
  expect(moveTile(tileLayout(0, 480, tile), 0, 'End', 2)).toBeNull();
});

it('scrolls only as far as it must', () => {
  const layout = tileLayout(100, 1000, tile);
  expect(scrollToTile(layout, 55, 0, 400)).toBe(6 * 122 - 400);
  expect(scrollToTile(layout, 5, 500, 400)).toBe(0);
  expect(scrollToTile(layout, 25, 200, 400)).toBe(200);
});
