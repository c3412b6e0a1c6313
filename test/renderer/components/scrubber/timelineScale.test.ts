import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  filmRowHeight,
  filmStrip,
  frameAtX,
  frameX,
  labelStride,
  timelineScale,
} from '../../../../src/renderer/components/scrubber/timelineScale.ts';

const anyScale = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 200, max: 2500 }))
  .map(([frames, width]) => ({ scale: timelineScale(frames, width), width }));

it('finds the frame whose centre it drew', () => {
  fc.assert(
    fc.property(anyScale, fc.nat(999), ({ scale }, wish) => {
      const frame = wish % scale.frames;
      expect(frameAtX(scale, frameX(scale, frame))).toBe(frame);
    }),
  );
});

it('stays inside the width and at the ends beyond it', () => {
  fc.assert(
    fc.property(anyScale, ({ scale, width }) => {
      expect(scale.width).toBeLessThanOrEqual(width + 1e-6);
      expect(frameAtX(scale, -50)).toBe(0);
      expect(frameAtX(scale, width + 50)).toBe(scale.frames - 1);
    }),
  );
});

it('draws thumbnails that do not overlap', () => {
  fc.assert(
    fc.property(anyScale, ({ scale }) => {
      const { stride, thumbnailSize } = filmStrip(scale, 64);
      expect(thumbnailSize).toBeLessThan(stride * scale.cellWidth);
      expect(thumbnailSize).toBeGreaterThanOrEqual(18);
    }),
  );
});

it('spreads few epochs over the whole width and shows 50 of them on a wide screen', () => {
  expect(timelineScale(4, 1200)).toEqual({ frames: 4, cellWidth: 300, width: 1200 });
  expect(filmStrip(timelineScale(4, 1200), 64)).toEqual({
    stride: 1,
    thumbnailSize: 64,
    captionLines: 1,
  });
  expect(filmStrip(timelineScale(50, 1100), 64)).toEqual({
    stride: 1,
    thumbnailSize: 19,
    captionLines: 2,
  });
  expect(filmStrip(timelineScale(100, 1000), 64).stride).toBe(3);
  expect(frameAtX(timelineScale(0, 0), 10)).toBe(0);
});

it('takes as much height as its parts', () => {
  const wide = timelineScale(12, 1200);
  expect(filmRowHeight(filmStrip(wide, 64))).toBe(14 + 64 + 13 + 4);
  expect(filmRowHeight(filmStrip(wide, 32))).toBe(14 + 32 + 13 + 4);
  expect(filmRowHeight(filmStrip(timelineScale(50, 1100), 64))).toBe(14 + 19 + 26 + 4);
});

it('labels round numbers of frames', () => {
  expect(labelStride(timelineScale(10, 1000), 30)).toBe(1);
  expect(labelStride(timelineScale(100, 1000), 30)).toBe(5);
  expect(labelStride(timelineScale(1000, 1000), 30)).toBe(50);
});
