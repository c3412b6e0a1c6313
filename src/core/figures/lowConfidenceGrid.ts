import {
  describeExampleGrid,
  drawExampleGrid,
  tabulateExampleGrid,
  type ExampleGridData,
} from './exampleGrid.ts';
import type { Figure } from './figure.ts';

/** The least confident of the right predictions. */
export const lowConfidenceGrid: Figure<ExampleGridData> = {
  draw: drawExampleGrid,
  caption: (data) =>
    describeExampleGrid(
      data,
      `The ${data.examples.length} least confident of the ${data.found} right predictions with a confidence below ${data.threshold}`,
    ),
  tabulate: tabulateExampleGrid,
};
