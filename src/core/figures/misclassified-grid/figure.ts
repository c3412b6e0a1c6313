import {
  describeExampleGrid,
  drawExampleGrid,
  tabulateExampleGrid,
  type ExampleGridData,
} from '../maps/exampleGrid.ts';
import type { Figure } from '../figure.ts';
import { gather } from './gather.ts';
import type { MisclassifiedGridSpec } from './spec.ts';

/** The most confident of the wrong predictions. */
export const figure: Figure<MisclassifiedGridSpec, ExampleGridData> = {
  gather,
  draw: drawExampleGrid,
  caption: (data) =>
    describeExampleGrid(
      data,
      `The ${data.examples.length} most confident of the ${data.found} wrong predictions`,
    ),
  tabulate: tabulateExampleGrid,
};
