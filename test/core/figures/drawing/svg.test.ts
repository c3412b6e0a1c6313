import { describe, expect, it } from 'vitest';
import type { Drawing, Shape } from '../../../../src/core/figures/drawing/shapes.ts';
import { writeSvg } from '../../../../src/core/figures/drawing/svg.ts';
import { readDrawing } from '../../../support/drawnSvg.ts';

const sheet = (...shapes: Shape[]): Drawing => ({
  widthPt: 20,
  heightPt: 10.5,
  title: 'A & <b>',
  background: null,
  font: 'sans',
  shapes,
});

/** The first element of a kind that the shapes are written as, by its attributes. */
function attributesOf(name: string, ...shapes: Shape[]): Record<string, string> {
  const [element] = Array.from(readDrawing(sheet(...shapes)).getElementsByTagName(name));
  return Object.fromEntries(Array.from(element?.attributes ?? [], (one) => [one.name, one.value]));
}

const stroke = { color: '#123456', widthPt: 0.5 };

describe('an SVG', () => {
  it('has the drawing’s size in points, its title, and a background only where there is one', () => {
    const svg = readDrawing(sheet());
    expect(svg.getAttribute('viewBox')).toBe('0 0 20 10.5');
    expect(svg.getAttribute('height')).toBe('10.5pt');
    expect(svg.getElementsByTagName('title')[0]?.textContent).toBe('A & <b>');
    expect(svg.getElementsByTagName('rect')).toHaveLength(0);
    const white = readDrawing({ ...sheet(), background: '#ffffff' });
    expect(white.getElementsByTagName('rect')[0]?.getAttribute('width')).toBe('20');
  });

  it('paints nothing that a shape does not say', () => {
    const place = { x: 1, y: 2, width: 3, height: 4 };
    const bare = { x: '1', y: '2', width: '3', height: '4', fill: 'none' };
    expect(attributesOf('rect', { kind: 'rect', ...place })).toEqual(bare);
    expect(
      attributesOf('rect', { kind: 'rect', ...place, fill: '#ff0000', fillOpacity: 0.5, stroke }),
    ).toEqual({
      ...bare,
      fill: '#ff0000',
      'fill-opacity': '0.5',
      stroke: '#123456',
      'stroke-width': '0.5',
    });
  });

  it('breaks a line where it has dashes, and no other', () => {
    const line = (dashes: number[]): Shape => ({
      kind: 'line',
      from: [0, 1],
      to: [2, 3],
      stroke: { ...stroke, dashes },
    });
    const plain = attributesOf('line', line([]));
    expect(plain).toMatchObject({ x1: '0', y1: '1', x2: '2', y2: '3' });
    expect(plain).not.toHaveProperty('stroke-dasharray');
    expect(attributesOf('line', line([4, 1.5]))['stroke-dasharray']).toBe('4 1.5');
  });

  it('lifts the pen between lines of one shape', () => {
    const lines = [
      [
        [0, 0],
        [1, 2],
      ],
      [
        [3, 4],
        [5, 6],
        [7, 8],
      ],
    ] as const;
    const joined = { ...stroke, hasRoundJoins: true };
    expect(attributesOf('path', { kind: 'polyline', lines, stroke: joined })).toMatchObject({
      d: 'M0 0L1 2M3 4L5 6L7 8',
      fill: 'none',
      'stroke-linejoin': 'round',
    });
  });

  it('turns a group about its origin, so that its x axis points upwards', () => {
    const shapes: Shape[] = [{ kind: 'circle', x: 0, y: 0, radius: 1, fill: '#000000' }];
    const group = { kind: 'group', x: 3, y: 4.5, shapes } as const;
    expect(attributesOf('g', { ...group, isUpwards: false })).toEqual({
      transform: 'translate(3 4.5)',
    });
    expect(attributesOf('g', { ...group, isUpwards: true })['transform']).toMatch(
      /^translate\(3 4\.50*\) rotate\(-90\)$/,
    );
  });

  it('escapes what XML gives a meaning', () => {
    const text: Shape = {
      kind: 'text',
      text: '<R&D>',
      x: 0,
      y: 0,
      sizePt: 8,
      weight: 'normal',
      anchor: 'start',
      isUpwards: false,
      fill: '#000000',
    };
    expect(writeSvg(sheet(text))).toContain('>&lt;R&amp;D&gt;</text>');
  });
});
