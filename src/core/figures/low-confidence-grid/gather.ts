import type { ExampleGridData } from '../maps/exampleGrid.ts';
import { gatherExampleGrid } from '../maps/gatherExampleGrid.ts';
import type { FigureSource } from '../source.ts';
import type { LowConfidenceGridSpec } from './spec.ts';

export const gather = (
  spec: LowConfidenceGridSpec,
  source: FigureSource,
): Promise<ExampleGridData> =>
  gatherExampleGrid(spec, source, {
    filter: 'true-low-confidence',
    descending: false,
    lacking: `right prediction with a confidence below ${spec.threshold}`,
  });
