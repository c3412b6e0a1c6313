import { estimatePoints, gatherAudits } from '../charts/gatherAudits.ts';
import type { FigureSource } from '../source.ts';
import type { DeletionInsertionData, Line } from './figure.ts';
import type { DeletionInsertionSpec } from './spec.ts';

export function gather(spec: DeletionInsertionSpec, source: FigureSource): DeletionInsertionData {
  const { method, baseline } = spec;
  const sides = gatherAudits(spec, source).map((side) => {
    const lines = [method, 'image', 'chance'] as const;
    return {
      ...{ run: side.run, epoch: side.epoch, images: side.images },
      lines: lines.map((name): Line => ({
        name,
        deletion: estimatePoints(side, name, `deletion/${baseline}`),
        insertion: estimatePoints(side, name, `insertion/${baseline}`),
      })),
    };
  });
  return { method, baseline, sides };
}
