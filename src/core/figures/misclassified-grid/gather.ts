import type { ExampleGridData } from '../maps/exampleGrid.ts';
import { gatherExampleGrid } from '../maps/gatherExampleGrid.ts';
import type { FigureSource } from '../source.ts';
import type { MisclassifiedGridSpec } from './spec.ts';

export const gather = (
  spec: MisclassifiedGridSpec,
  source: FigureSource,
): Promise<ExampleGridData> =>
  gatherExampleGrid(spec, source, {
    filter: 'misclassified',
    descending: true,
    lacking: 'misclassified test image',
  });
