import type { Pen } from './pen.ts';

/** Draws the heading in the middle, on as many lines as it takes. @returns where it ends, pt */
export function drawHeading(pen: Pen, topPt: number): number {
  const { heading, style } = pen.options;
  if (heading === undefined) return topPt;
  const lines = pen.wrap(heading, style.widthPt, 'bold');
  lines.forEach((line, i) => {
    const baseline = topPt + pen.sizePt * 0.8 + i * pen.linePt;
    pen.text(line, style.widthPt / 2, baseline, { anchor: 'middle', weight: 'bold' });
  });
  return topPt + lines.length * pen.linePt + pen.sizePt * 0.35;
}
