import {
  describeExampleGrid,
  drawExampleGrid,
  tabulateExampleGrid,
  type ExampleGridData,
} from './exampleGrid.ts';
import type { Figure } from './figure.ts';

/** The most confident of the wrong predictions. */
export const misclassifiedGrid: Figure<ExampleGridData> = {
  draw: drawExampleGrid,
  caption: (data) =>
    describeExampleGrid(
      data,
      `The ${data.examples.length} most confident of the ${data.found} wrong predictions`,
    ),
  tabulate: tabulateExampleGrid,
};
