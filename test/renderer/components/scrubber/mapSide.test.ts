import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  layOutStage,
  mapSide,
  placeInColumns,
} from '../../../../src/renderer/components/scrubber/mapSide.ts';

const anyCase = fc.record({
  width: fc.integer({ min: 700, max: 2400 }),
  height: fc.integer({ min: 420, max: 1400 }),
  rows: fc.constantFrom(1, 2),
  imageSize: fc.constantFrom(28, 32, 64),
  ratio: fc.constantFrom(1, 1.25, 1.5, 2),
});

it('gives every map pixel the same whole number of device pixels, unless uneven ones make it legible', () => {
  fc.assert(
    fc.property(anyCase, ({ width, height, rows, imageSize, ratio }) => {
      const side = mapSide({ width, height }, 3, rows, imageSize, ratio);
      const pixel = (side * ratio) / imageSize;
      const next = (Math.floor(pixel) * imageSize) / ratio;
      if (next < 200 && side >= 200) return;
      expect(Math.abs(pixel - Math.round(pixel))).toBeLessThan(1e-9);
      expect(pixel).toBeGreaterThanOrEqual(1);
    }),
  );
});

it('fits the room', () => {
  expect(mapSide({ width: 880, height: 400 }, 3, 1, 28, 1)).toBe(280);
  expect(mapSide({ width: 880, height: 460 }, 3, 2, 28, 1)).toBe(168);
  expect(mapSide({ width: 880, height: 400 }, 3, 1, 28, 2)).toBe(280);
  // On a low window the maps stay large enough to be read, and the view scrolls.
  expect(mapSide({ width: 880, height: 100 }, 3, 1, 28, 1)).toBe(112);
  // 7 pixels for each of 28 are 196: legible maps need uneven ones.
  expect(mapSide({ width: 640, height: 400 }, 3, 1, 28, 1)).toBe(205);
});

it('shrinks images that are larger than their room', () => {
  expect(mapSide({ width: 624, height: 400 }, 3, 1, 512, 1)).toBe(200);
  expect(mapSide({ width: 0, height: 0 }, 3, 1, 28, 1)).toBe(0);
});

describe('the stage', () => {
  const content = { runs: 2, frames: 16, figuresPerRun: 1, imageSize: 28 };

  it('of two runs has legible maps on a small window, and larger ones on a larger', () => {
    // What the tool bar leaves of 1280 x 800.
    const small = layOutStage({ width: 1184, height: 644 }, content, 1);
    expect(small).toMatchObject({ arrangement: 'line', columns: 4, side: 224 });
    const large = layOutStage({ width: 1824, height: 960 }, content, 1);
    expect(large.side).toBeGreaterThan(small.side + 100);
  });

  it.each([
    { runs: 3, columns: 4, panel: 'beside' },
    { runs: 4, columns: 5, panel: 'within' },
  ])('of $runs runs has legible maps on a small window, side by side', ({ runs, ...expected }) => {
    const stage = layOutStage({ width: 1184, height: 644 }, { ...content, runs }, 1);
    expect(stage).toMatchObject({ arrangement: 'columns', ...expected });
    expect(stage.side).toBeGreaterThanOrEqual(200);
    // One level is seen whole, and that there is another one.
    expect(stage.height).toBeGreaterThan(stage.side + 46 + 12);
  });

  it('stays within its width on any window, with maps of a size', () => {
    const anyStage = fc.record({
      width: fc.integer({ min: 250, max: 2400 }),
      height: fc.integer({ min: 100, max: 1300 }),
      runs: fc.integer({ min: 1, max: 6 }),
      figuresPerRun: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(anyStage, ({ width, height, ...more }) => {
        const stage = layOutStage({ width, height }, { ...content, ...more }, 1);
        expect(stage.columns * (stage.side + 12) - 12).toBeLessThanOrEqual(width);
        expect(stage.side).toBeGreaterThanOrEqual(more.runs < 3 ? 112 : 200);
      }),
    );
  });

  it('has a column for the input and for each run, and bands below where there are more', () => {
    const at = (slot: number, level: number) => placeInColumns({ slot, level }, 3, 2);
    expect(at(0, 0)).toEqual({ column: 1, row: 1 });
    expect(at(2, 1)).toEqual({ column: 3, row: 2 });
    expect(at(3, 0)).toEqual({ column: 1, row: 3 });
    expect(at(4, 1)).toEqual({ column: 2, row: 4 });
  });

  it('lets the film grow with the window, after the maps', () => {
    const thumbnailAt = (height: number): number =>
      layOutStage({ width: 1824, height }, content, 1).thumbnail;
    expect(thumbnailAt(640)).toBe(40);
    expect(thumbnailAt(960)).toBeGreaterThan(60);
    expect(layOutStage({ width: 1824, height: 2000 }, { ...content, runs: 1 }, 1).thumbnail).toBe(
      112,
    );
  });

  it('stands in rows where that makes the maps larger', () => {
    const both = { ...content, figuresPerRun: 2 };
    expect(layOutStage({ width: 1000, height: 1400 }, both, 1).arrangement).toBe('rows');
    expect(layOutStage({ width: 2400, height: 700 }, both, 1)).toMatchObject({
      arrangement: 'line',
      columns: 6,
    });
  });

  it('takes no more than its room with the film below, whatever the window', () => {
    const anyStage = fc.record({
      width: fc.integer({ min: 900, max: 2400 }),
      height: fc.integer({ min: 640, max: 1300 }),
      runs: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(anyStage, ({ width, height, runs }) => {
        const stage = layOutStage({ width, height }, { ...content, runs }, 1);
        const rows = stage.arrangement === 'rows' ? runs : 1;
        // The film of one run is 240 high at the least, that of two 300.
        expect(rows * (stage.side + 46)).toBeLessThanOrEqual(height - 180 - 60 * runs);
        expect(stage.columns * (stage.side + 12) + 220).toBeLessThanOrEqual(width);
      }),
    );
  });
});
