import { describe, expect, it } from 'vitest';
import type { Pen } from '../../../../src/core/figures/drawing/pen.ts';
import { drawSheet, toXmlText } from '../../../../src/core/figures/drawing/pen.ts';
import type { GroupShape } from '../../../../src/core/figures/drawing/shapes.ts';
import { writeSvg } from '../../../../src/core/figures/drawing/svg.ts';
import { buildOptions } from '../../../support/figureData.ts';

/** One character is one point wide. */
const options = { ...buildOptions('cam-pair'), measureText: (text: string) => text.length };

function draw(work: (pen: Pen) => void): string {
  const drawing = drawSheet(options, (pen) => {
    work(pen);
    return 10;
  });
  return writeSvg(drawing);
}

function withPen<T>(work: (pen: Pen) => T): T {
  const results: T[] = [];
  draw((pen) => results.push(work(pen)));
  if (results[0] === undefined) throw new Error('nothing was drawn');
  return results[0];
}

describe('the page', () => {
  const limited = { ...options, style: { ...options.style, tallestPt: 50 } };

  it('is filled to its height, and a figure that is taller is refused with both heights', () => {
    expect(drawSheet(limited, () => 40).heightPt).toBeLessThanOrEqual(50);
    // 72 pt are an inch.
    expect(() => drawSheet(limited, () => 72)).toThrow(/25\.4 mm tall.* leaves 1\d\.\d mm/);
  });

  it('leaves less under a heading', () => {
    const headed = { ...limited, heading: 'A heading' };
    expect(() => drawSheet(headed, (pen) => pen.style.tallestPt)).not.toThrow();
    expect(() => drawSheet(headed, () => 49)).toThrow(/mm tall/);
  });
});

describe('text', () => {
  it('loses its middle where it does not fit, so that its end still tells it apart', () => {
    expect(withPen((pen) => pen.fit('mnist-c seed 1', 14))).toBe('mnist-c seed 1');
    expect(withPen((pen) => pen.fit('mnist-c seed 1', 9))).toBe('mnis…ed 1');
    expect(withPen((pen) => pen.fit('mnist-c seed 1', 1))).toBe('m');
  });

  it('has the first wording that fits, and is cut where none does', () => {
    const wordings = ['label boot', 'boot'];
    const chosen = [10, 9, 4, 3].map((width) => withPen((pen) => pen.choose(wordings, width)));
    expect(chosen).toEqual(['label boot', 'boot', 'boot', 'b…t']);
  });

  it('is broken between words, and a word too long for a line loses its middle', () => {
    expect(withPen((pen) => pen.wrap('one two  three', 7))).toEqual(['one two', 'three']);
    expect(withPen((pen) => pen.wrap('one extraordinary', 5))).toEqual(['one', 'ex…ry']);
  });

  it('does not cut a character in two', () => {
    expect(withPen((pen) => pen.fit('😀😀😀', 5))).toBe('😀…😀');
  });

  it('is escaped', () => {
    expect(
      draw((pen) => {
        pen.text('<a> & "b"', 0, 0);
      }),
    ).toContain('>&lt;a&gt; &amp; "b"</text>');
  });

  it('folds white space, as viewers do, and replaces what XML cannot hold', () => {
    expect(toXmlText(' a \t\n b ')).toBe('a b');
    expect(toXmlText('a\u0000b\ud800c\ufffe')).toBe('a\ufffdb\ufffdc\ufffd');
  });
});

describe('a drawing', () => {
  const drawing = drawSheet(options, (pen) => {
    pen.at(1 / 3, 2 / 3).line(0.0004, 0.0006, 1, 1, { widthPt: 1.2000000000000002 });
    pen.polyline([[0, 0], [1.23456, 1], null, null, [2, 2]], { fill: '#000000' });
    pen.polyline([null], { fill: '#000000' });
    return 10;
  });
  const [group, polyline, ...others] = (drawing.shapes[0] as GroupShape).shapes;

  it('has its lengths to a thousandth of a point', () => {
    expect(group).toMatchObject({ x: 0.333, y: 0.667 });
    expect((group as GroupShape).shapes[0]).toMatchObject({
      from: [0, 0.001],
      stroke: { color: '#000000', widthPt: 1.2 },
    });
  });

  it('has a line for every time that the pen is put down, and none where it never is', () => {
    expect(polyline).toMatchObject({
      kind: 'polyline',
      lines: [
        [
          [0, 0],
          [1.235, 1],
        ],
        [[2, 2]],
      ],
    });
    expect(others).toEqual([]);
  });

  it('is data alone: a copy of it is the same drawing', () => {
    expect(writeSvg(structuredClone(drawing))).toBe(writeSvg(drawing));
  });
});

describe('a sheet', () => {
  it('has its width in points, one user unit each', () => {
    const svg = draw(() => undefined);
    expect(svg).toContain('width="251.059pt"');
    expect(svg).toMatch(/viewBox="0 0 251.059 1\d(\.\d+)?"/);
  });
});
