import {
  describeExampleGrid,
  drawExampleGrid,
  tabulateExampleGrid,
  type ExampleGridData,
} from '../maps/exampleGrid.ts';
import type { Figure } from '../figure.ts';
import { gather } from './gather.ts';
import type { LowConfidenceGridSpec } from './spec.ts';

/** The least confident of the right predictions. */
export const figure: Figure<LowConfidenceGridSpec, ExampleGridData> = {
  gather,
  draw: drawExampleGrid,
  caption: (data) =>
    describeExampleGrid(
      data,
      `The ${data.examples.length} least confident of the ${data.found} right predictions with a confidence below ${data.threshold}`,
    ),
  tabulate: tabulateExampleGrid,
};
